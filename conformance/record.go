package conformance

import (
	"context"
	"errors"
	"fmt"
	"sync"
)

// casesPerProcess is after how many cases a judge gets a fresh process.
const casesPerProcess = 100

// retries is how often a case is tried again on a machine that is too busy.
const retries = 5

// Recording is what a runtime did in one case.
type Recording struct {
	Case  *Case
	Lines []string // comparable with Case.Want
	Judge string   // name and version of the runtime
	Err   error    // the runtime broke
}

// Record plays cases on a judge, workers at a time, each in a process that serves many cases
// one after the other (the judge must know the request "reset", as the driver does). done is
// called for every case as it is finished, by one caller at a time.
func Record(ctx context.Context, judge Target, cases []*Case, workers int, done func(Recording)) {
	queue := make(chan *Case)
	var mu sync.Mutex
	var wg sync.WaitGroup
	for range workers {
		wg.Go(func() {
			r := &recorder{ctx: ctx, judge: judge}
			defer r.drop()
			for c := range queue {
				rec := r.record(c)
				mu.Lock()
				done(rec)
				mu.Unlock()
			}
		})
	}
	for _, c := range cases {
		queue <- c
	}
	close(queue)
	wg.Wait()
}

type recorder struct {
	ctx   context.Context //nolint:containedctx // lives as long as one Record
	judge Target
	conn  *Conn
	used  int
}

func (r *recorder) drop() {
	if r.conn != nil {
		_ = r.conn.Close()
		r.conn, r.used = nil, 0
	}
}

func (r *recorder) record(c *Case) Recording {
	out, err := r.play(c)
	for n := 0; err != nil && n < retries; n++ { // once more, in a fresh process
		r.drop()
		if out, err = r.play(c); !errors.Is(err, errOverslept) {
			break
		}
	}
	if err != nil {
		r.drop()
		return Recording{Case: c, Err: err}
	}
	rec := Recording{Case: c, Lines: out, Judge: r.conn.Judge()}
	if len(c.Settings) > 0 {
		r.drop() // Node-RED keeps some settings for the life of the process
	}
	return rec
}

func (r *recorder) play(c *Case) ([]string, error) {
	if r.used >= casesPerProcess {
		r.drop()
	}
	if r.conn == nil {
		conn, err := Dial(r.ctx, r.judge, "")
		if err != nil {
			return nil, err
		}
		r.conn = conn
	}
	r.used++
	result, err := r.conn.ask("reset")
	if err != nil {
		return nil, err
	}
	dir := result.str("dir")
	if dir == "" {
		return nil, errors.New("the judge made no working directory")
	}
	return r.conn.Play(c, dir)
}

// Run plays one case on a target of its own and compares it with the recording. dir is an empty
// folder. The result is empty if there is no difference.
func Run(ctx context.Context, t Target, c *Case, dir string) (string, error) {
	if len(c.Want) == 0 {
		return "", fmt.Errorf("case %s: not recorded yet", c.Name)
	}
	conn, err := Dial(ctx, t, dir)
	if err != nil {
		return "", fmt.Errorf("case %s: %w", c.Name, err)
	}
	got, err := conn.Play(c, dir)
	if cerr := conn.Close(); err == nil && cerr != nil {
		err = fmt.Errorf("case %s: ending the runtime: %w", c.Name, cerr)
	}
	if err != nil {
		return "", err
	}
	return Diff(c, got)
}
