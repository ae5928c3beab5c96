package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"runtime/pprof"
	"time"

	"github.com/lockstep-flows/lockstep/engine"
	"github.com/lockstep-flows/lockstep/engine/flow"
	"github.com/lockstep-flows/lockstep/engine/live"
	"github.com/lockstep-flows/lockstep/nodes"
)

func main() {
	b, _ := os.ReadFile(os.Args[1])
	reg := nodes.Core()
	doc, err := flow.Parse("f", b)
	if err != nil {
		panic(err)
	}
	g, err := flow.Compile(func(t string) bool { return reg.Known(t) || engine.Inert(t) }, doc)
	if err != nil {
		panic(err)
	}
	w := live.NewWatchdog(time.Minute)
	e, _ := engine.New(g, reg, engine.Options{Seed: 1, Guard: w})
	h, err := live.NewHTTP(live.HTTPOptions{Addr: "127.0.0.1:18990"})
	if err != nil {
		panic(err)
	}
	l := live.New(live.Options{Performers: []live.Performer{h}})
	go func() {
		time.Sleep(300 * time.Millisecond)
		f, _ := os.Create("/tmp/h/cpu.out")
		pprof.StartCPUProfile(f)
		out, _ := exec.Command("wrk", "-t1", "-c50", "-d5s", "http://127.0.0.1:18990/ready").CombinedOutput()
		fmt.Println(string(out))
		pprof.StopCPUProfile()
		l.Stop()
	}()
	_ = engine.Run(context.Background(), e, l, l)
}
