package moment

import (
	"time"

	"github.com/lockstep-flows/lockstep/engine/value"
)

// Format formats a time (milliseconds since the Unix epoch) by a moment layout.
func Format(ms float64, layout string, zone *time.Location) string { return value.ISO(ms) }
