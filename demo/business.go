package demo

import (
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"time"
)

// Record is consumption of a site, or a certificate of what a plant generated, in an hour.
type Record struct {
	Hour int     `json:"hour"`
	Site string  `json:"site,omitempty"`
	ID   string  `json:"id,omitempty"`
	From string  `json:"plant,omitempty"`
	KWh  float64 `json:"kWh"`
}

// Day is the data of a round.
type Day struct {
	Day          string   `json:"day"`
	Consumption  []Record `json:"consumption"`
	Certificates []Record `json:"certificates"`
}

// Report is what the leading worker tells the business system: the root that was voted for,
// and the totals under it.
type Report struct {
	Root     string  `json:"root"`
	Consumed float64 `json:"consumed"`
	Matched  float64 `json:"matched"`
}

// firstDay is the day of the first round.
var firstDay = time.Date(2026, time.January, 1, 0, 0, 0, 0, time.UTC)

// data makes the records of a day, the same ones every time. Sites use more by day, plants
// of the sun give nothing by night, wind as it comes.
func data(day int) Day {
	r := rand.New(rand.NewPCG(uint64(day), 247)) //nolint:gosec // it is made-up data
	d := Day{Day: dayName(day)}
	kWh := func(x float64) float64 { return math.Round(math.Max(x, 0)*1000) / 1000 }
	for h := range 24 {
		sun := math.Max(0, math.Sin(float64(h-6)/12*math.Pi))
		work := 0.4
		if h >= 7 && h < 19 {
			work = 1
		}
		for _, s := range []struct {
			name string
			size float64
		}{{"bakery", 55}, {"cold store", 38}, {"school", 24}} {
			d.Consumption = append(d.Consumption, Record{Hour: h, Site: s.name, KWh: kWh(s.size * work * (0.8 + float64(0.4*r.Float64())))})
		}
		for _, p := range []struct {
			name   string
			output float64
		}{{"solar-3", 90 * sun}, {"wind-1", 45 * r.Float64()}, {"hydro-2", 22}} {
			if x := kWh(p.output * (0.9 + float64(0.2*r.Float64()))); x > 0 {
				d.Certificates = append(d.Certificates, Record{Hour: h, ID: fmt.Sprintf("%s/%s/%02d", p.name, d.Day, h), From: p.name, KWh: x})
			}
		}
	}
	return d
}

func dayName(day int) string { return firstDay.AddDate(0, 0, day).Format(time.DateOnly) }

// round names a round by its day; dayOf is the way back.
func roundName(day int) string { return "matching-" + dayName(day) }

func dayOf(round string) (int, bool) {
	t, err := time.Parse(time.DateOnly, strings.TrimPrefix(round, "matching-"))
	if err != nil || !strings.HasPrefix(round, "matching-") {
		return 0, false
	}
	day := int(t.Sub(firstDay) / (24 * time.Hour))
	return day, day >= 0
}

// business is the system whose data the workers match.
type business struct {
	// may reports whether a worker may vote in a round now.
	may func(round, worker string) bool
	// settled is the result of a round, "" while there is none.
	settled func(round string) string

	mu      sync.Mutex
	opened  int // days
	reports map[string]Report
}

func (b *business) routes(m *http.ServeMux) {
	m.HandleFunc("GET /api/v1/voting-round/{solution}/{worker}/latest", b.latest)
	m.HandleFunc("GET /rounds/{round}", b.round)
	m.HandleFunc("POST /rounds/{round}/report", b.report)
}

// latest tells a worker in which round it may vote.
func (b *business) latest(w http.ResponseWriter, r *http.Request) {
	b.mu.Lock()
	day := b.opened - 1
	b.mu.Unlock()
	if name := roundName(day); day >= 0 && r.PathValue("solution") == solution && b.may(name, r.PathValue("worker")) {
		answer(w, http.StatusOK, map[string]string{"votingRoundId": name})
		return
	}
	answer(w, http.StatusNotFound, map[string]string{"message": "there is no round to vote in"})
}

func (b *business) round(w http.ResponseWriter, r *http.Request) {
	day, ok := dayOf(r.PathValue("round"))
	b.mu.Lock()
	ok = ok && day < b.opened
	b.mu.Unlock()
	if !ok {
		answer(w, http.StatusNotFound, map[string]string{"message": "there is no such round"})
		return
	}
	answer(w, http.StatusOK, data(day))
}

// report takes what a worker says about a round, if it is what the chain has settled on.
func (b *business) report(w http.ResponseWriter, r *http.Request) {
	var p Report
	round := r.PathValue("round")
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, 1<<16)).Decode(&p); err != nil {
		answer(w, http.StatusBadRequest, map[string]string{"message": "it is no report"})
		return
	}
	if s := b.settled(round); s == "" || s != resultOf(p.Root) {
		answer(w, http.StatusConflict, map[string]string{"message": "it is not what the round was settled with"})
		return
	}
	b.mu.Lock()
	b.reports[round] = p
	b.mu.Unlock()
	answer(w, http.StatusOK, map[string]string{"message": "thank you"})
}

func (b *business) reported(round string) (Report, bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	r, ok := b.reports[round]
	return r, ok
}

func answer(w http.ResponseWriter, status int, v any) {
	text, err := json.Marshal(v)
	if err != nil {
		http.Error(w, "it cannot be shown", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write(text) // who went away cannot be told
}
