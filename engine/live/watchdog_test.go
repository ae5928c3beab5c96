package live

import (
	"strings"
	"testing"
	"time"
)

func TestWatchdog(t *testing.T) {
	w := NewWatchdog(20 * time.Millisecond)
	defer w.Close()
	stopped := make(chan string, 1)
	stop := func(reason string) { stopped <- reason }
	for range 1000 {
		w.Enter(stop)
		if w.Leave() {
			t.Fatal("short code was stopped")
		}
	}
	w.Enter(stop)
	if reason := <-stopped; !strings.Contains(reason, "20ms") {
		t.Error(reason)
	}
	if !w.Leave() || w.Stopped() != 1 {
		t.Error("not told that it was stopped")
	}
	w.Enter(stop)
	if w.Leave() {
		t.Error("stopped twice")
	}
}

func BenchmarkWatchdog(b *testing.B) {
	w := NewWatchdog(time.Minute)
	defer w.Close()
	stop := func(string) {}
	for b.Loop() {
		w.Enter(stop)
		w.Leave()
	}
}
