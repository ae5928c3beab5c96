package main

import (
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/lockstep-flows/lockstep/chain/keys"
)

// BenchmarkWorkerReady starts the program as a worker with one solution: how long it takes from
// the start of the process until the solution runs, and what memory it takes then.
func BenchmarkWorkerReady(b *testing.B) {
	program := filepath.Join(b.TempDir(), "lockstep")
	if out, err := exec.Command("go", "build", "-trimpath", "-ldflags", "-s -w", "-o", program, ".").CombinedOutput(); err != nil {
		b.Fatalf("%v\n%s", err, out)
	}
	d := devChain(b, fast)
	url, cids := services(b, d.url, askedFlow)
	pair, err := keys.FromURI("//Dave//worker", keys.Sr25519)
	if err != nil {
		b.Fatal(err)
	}
	d.prepare(cids[0], pair.AccountID())
	time.Sleep(2 * time.Second) // the subscription counts from the next period on
	var rss float64
	for b.Loop() {
		b.StopTimer()
		env, endpoints, _ := settings(b, b.TempDir(), d.url, url, "")
		b.StartTimer()
		cmd := exec.Command(program, "worker", "--env-file", env)
		if err := cmd.Start(); err != nil {
			b.Fatal(err)
		}
		for end := time.Now().Add(20 * time.Second); ; time.Sleep(time.Millisecond) {
			res, err := http.Post(endpoints+"/api/vote", "application/json", strings.NewReader(`{"result":"x","votingRoundID":"r"}`))
			if err == nil {
				_ = res.Body.Close() // its status is enough
				if res.StatusCode == http.StatusOK {
					break
				}
			}
			if time.Now().After(end) {
				b.Fatal("it is not ready")
			}
		}
		b.StopTimer()
		time.Sleep(2 * time.Second)
		rss = max(rss, resident(b, cmd.Process.Pid))
		_ = cmd.Process.Kill()
		_ = cmd.Wait() // it was killed
		b.StartTimer()
	}
	b.ReportMetric(rss, "MB-rss")
}

func resident(b *testing.B, pid int) float64 {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
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
