package determinism

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"

	"github.com/lockstep-flows/lockstep/engine/value"
)

// Morocco's summer time ends in a newer tz database than value.ZoneVersion, which
// newer releases of Node.js have: there the two differ from this time on, and before 1970.
const (
	casablanca = "Africa/Casablanca"
	newerRules = 1_767_225_600_000
)

// TestDates holds local times in many zones to those of Node.js: the recorded ones
// or, with LOCKSTEP_NODE, many fresh ones.
func TestDates(t *testing.T) {
	var text []byte
	var err error
	if node := os.Getenv(nodeVar); node != "" {
		text, err = exec.CommandContext(t.Context(), node, "dates.mjs", "5000").Output()
	} else {
		text, err = os.ReadFile("testdata/dates.txt")
	}
	if err != nil {
		t.Fatal(err)
	}
	n, wrong := 0, map[string]int{}
	for in := bufio.NewScanner(strings.NewReader(string(text))); in.Scan(); n++ {
		p := strings.Split(in.Text(), "\t")
		zone, err := value.LoadZone(p[0])
		if err != nil {
			t.Fatal(err)
		}
		ms, err := strconv.ParseFloat(p[1], 64)
		if err != nil {
			t.Fatal(err)
		}
		f := value.Fields(ms, zone)
		got := fmt.Sprintf("%v,%v,%v,%v,%v,%v\t%s", f.Year, f.Month, f.Day, f.Hour, f.Minute, f.Second, value.DateString(ms, zone))
		if p[0] == casablanca && (ms < 0 || ms > newerRules) {
			continue
		}
		if want := p[3] + "\t" + p[4]; got != want {
			if wrong[p[0]]++; wrong[p[0]] <= 2 {
				t.Errorf("%s %s:\n got %s\nwant %s", p[0], p[1], got, want)
			}
		}
	}
	if n < 1000 {
		t.Errorf("only %d dates", n)
	}
	if len(wrong) > 0 {
		t.Errorf("of %d: %v", n, wrong)
	}
}
