package worker

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// BenchmarkSolutions installs 1,000 solutions, each with the flow of the demo, which begins
// once and then waits, and gives what they take of memory and, while nothing happens, of a
// processor.
func BenchmarkSolutions(b *testing.B) {
	text, err := os.ReadFile(filepath.Join("..", "demo", "flow.json"))
	if err != nil {
		b.Fatal(err)
	}
	const count = 1000
	for range b.N {
		s := newStory(b)
		s.pauses = Pauses{}
		work := s.publish(strings.ReplaceAll(string(text), `"repeat": "2"`, `"repeat": ""`))
		for i := range count {
			n := strconv.Itoa(i)
			s.chain.solutions = append(s.chain.solutions, Solution{ID: "sol" + n, Name: "Sol " + n, Group: "grp", Status: "Active", WorkLogic: work, JSON: `{}`})
		}
		defer debug.SetGCPercent(debug.SetGCPercent(40)) // as lockstep worker does
		w, stop := s.run()
		s.until("all solutions", func() bool { return len(w.names()) == count })
		time.Sleep(3 * time.Second)
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		before, from := cpu(b), time.Now()
		time.Sleep(5 * time.Second)
		idle := float64(cpu(b)-before) / float64(time.Since(from))
		b.ReportMetric(float64(m.HeapAlloc+m.StackInuse)/1e6, "MB-live")
		b.ReportMetric(resident(b), "MB-rss")
		b.ReportMetric(idle*100, "%-idle")
		stop()
	}
}

func cpu(b *testing.B) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func resident(b *testing.B) float64 {
	text, err := os.ReadFile("/proc/self/status")
	if err != nil {
		b.Skip("there is no /proc here")
	}
	for line := range strings.Lines(string(text)) {
		var kb float64
		if _, err := fmt.Sscanf(line, "VmRSS: %f kB", &kb); err == nil {
			return kb / 1e3
		}
	}
	return 0
}
