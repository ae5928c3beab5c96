package common

import (
	"time"

	"github.com/robfig/cron/v3"
)

// plan is when a cron expression is due.
type plan struct{ schedule cron.Schedule }

func parseCron(expr string) (plan, error) {
	p := cron.NewParser(cron.SecondOptional | cron.Minute | cron.Hour | cron.Dom | cron.Month | cron.Dow | cron.Descriptor)
	s, err := p.Parse(expr)
	return plan{s}, err
}

// next gives the next time after now (both in milliseconds since the Unix
// epoch); false if there is none.
func (p plan) next(now float64, zone *time.Location) (float64, bool) {
	t := p.schedule.Next(time.UnixMilli(int64(now)).In(zone))
	return float64(t.UnixMilli()), !t.IsZero()
}
