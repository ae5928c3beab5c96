package common

import (
	"os"
	"strings"
	"testing"
	"time"
)

// TestCron holds cron expressions to what Node-RED's library gives: testdata/cron.mjs.
func TestCron(t *testing.T) {
	data, err := os.ReadFile("testdata/cron.txt")
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(string(data)), "\n")
	if len(lines) < 100 {
		t.Fatalf("only %d vectors", len(lines))
	}
	for _, l := range lines {
		f := strings.Split(l, "\t")
		zone, err := time.LoadLocation(f[0])
		if err != nil {
			t.Fatal(err)
		}
		start, err := time.Parse(time.RFC3339Nano, f[2])
		if err != nil {
			t.Fatal(err)
		}
		if got := nextFive(f[1], start.In(zone)); got != f[3] {
			t.Errorf("%s, %q from %s:\n got %s\nwant %s", f[0], f[1], f[2], got, f[3])
		}
	}
}

func nextFive(expr string, at time.Time) string {
	p, err := parseCron(expr)
	if err != nil {
		first, _, _ := strings.Cut(err.Error(), "\n")
		return "error: " + first
	}
	var out []string
	for i := 0; i < 5 && !at.IsZero(); i++ {
		if at = p.Next(at); at.IsZero() {
			out = append(out, "none")
			break
		}
		out = append(out, at.UTC().Format("2006-01-02T15:04:05.000Z"))
	}
	return strings.Join(out, " ")
}
