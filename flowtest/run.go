package flowtest

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"github.com/lockstep-flows/lockstep/engine"
	"github.com/lockstep-flows/lockstep/engine/js"
	"github.com/lockstep-flows/lockstep/engine/value"
	"github.com/lockstep-flows/lockstep/nodes/function"
)

// DefaultTime is when tests begin if they do not say: 2026-01-01T00:00:00Z.
const DefaultTime = 1767225600000

// Result is what came of a test.
type Result struct {
	File, Name string
	Place
	// Skipped says why it did not run, "" if it did.
	Skipped string
	// Failures are empty if it passed.
	Failures []Failure
}

// Passed reports whether all that was expected came true.
func (r *Result) Passed() bool { return len(r.Failures) == 0 }

// Failure is something that a test expected in vain.
type Failure struct {
	Place
	Text string
	// Details are lines that say more: values of parts, differences, last messages.
	Details []string
}

// RunOptions say how tests run.
type RunOptions struct {
	// Snapshots are those of the file; nil: they cannot be used.
	Snapshots *Snapshots
	// Cover counts what runs; nil: nothing is counted.
	Cover *Cover
	// Guard ends code that never ends; it may be nil.
	Guard engine.Guard
}

// Run runs one test of the suite.
func (s *Suite) Run(ctx context.Context, t *Test, o RunOptions) *Result {
	res := &Result{File: s.Path, Name: t.Name, Place: t.Place, Skipped: t.Skip}
	if t.Skip == "" {
		r := &runner{s: s, t: t, opt: o, res: res, g: s.Given.over(t.Given), ctx: ctx}
		r.run()
	}
	return res
}

// runner is one test at work.
type runner struct {
	s   *Suite
	t   *Test
	g   Given
	opt RunOptions
	res *Result
	ctx context.Context

	e     *engine.Engine
	world *world
	seen  *seen
	start float64
	snaps int
	at    float64 // time of a step that does not wait for the deliveries before it
}

// now is the time of the step at work.
func (r *runner) now() float64 { return max(r.e.Now(), r.at) }

func (r *runner) fail(p Place, text string, details ...string) {
	r.res.Failures = append(r.res.Failures, Failure{p, text, details})
}

func (r *runner) run() {
	o, err := r.options()
	if err == nil {
		r.seen = newSeen(r.s, r.opt.Cover)
		o.Observer = r.seen
		r.e, err = engine.New(r.s.Graph, r.s.registry, o)
	}
	if err == nil {
		r.world, err = newWorld(r)
	}
	if err != nil {
		r.fail(r.t.Place, "the test cannot start: "+err.Error())
		return
	}
	defer r.world.close()
	r.e.Attach(r.world)
	r.start = r.g.Time
	if r.start == 0 {
		r.start = DefaultTime
	}
	r.seen.start = r.start
	r.e.Handle(engine.Event{Kind: engine.EventStart, Time: r.start})
	turns := int64(-1)
	if len(r.t.Steps) > 0 {
		turns = r.t.Steps[0].Turns
	}
	if !r.settle(r.t.Place, turns) {
		return
	}
	r.steps()
	r.unanswered()
}

// steps takes the steps until one cannot be taken.
func (r *runner) steps() {
	for i, st := range r.t.Steps {
		if r.ctx.Err() != nil {
			r.fail(st.Place, "the tests were interrupted")
			return
		}
		if at := r.start + st.At; st.At >= 0 && st.Turns >= 0 {
			r.at = at
		} else if st.At >= 0 && at > r.world.until {
			r.world.until = at
			if !r.settle(st.Place, -1) {
				return
			}
		}
		turns := int64(-1)
		if i+1 < len(r.t.Steps) {
			turns = r.t.Steps[i+1].Turns
		}
		if err := r.step(st); err != nil {
			r.fail(st.Place, err.Error())
			return
		}
		if st.Verb != "expect" && !r.settle(st.Place, turns) {
			return
		}
	}
}

// options are those of the engine.
func (r *runner) options() (engine.Options, error) {
	g := &r.g
	env := func(name string) (string, bool) {
		v, ok := g.Env[name]
		return v, ok
	}
	o := engine.Options{Seed: 1, Zone: time.UTC, Env: env, Settings: g.Settings, Globals: g.Globals, Machine: g.Machine, Guard: r.opt.Guard, DefaultStore: g.Default}
	if g.Seeded {
		o.Seed = g.Seed
	}
	if g.Zone != "" {
		var err error
		if o.Zone, err = value.LoadZone(g.Zone); err != nil {
			return o, err
		}
	}
	o.Stores = append(o.Stores, g.Stores...)
	o.Modules = func(name string) (string, error) { return js.Bundle(r.s.moduleDir(), name, true) }
	if r.s.UserDir != "" {
		if err := r.userDir(&o, env); err != nil {
			return o, err
		}
	}
	if bundle := o.Modules; len(g.Modules) > 0 {
		o.Modules = func(name string) (string, error) {
			if text, ok := g.Modules[name]; ok {
				return text, nil
			}
			return bundle(name)
		}
	}
	if err := r.context(&o); err != nil {
		return o, err
	}
	return o, r.credentials(&o)
}

func (s *Suite) moduleDir() string {
	if s.Inline == nil && len(s.FlowNames) > 0 {
		return filepath.Dir(s.FlowNames[0])
	}
	return s.dir
}

func (r *runner) userDir(o *engine.Options, env func(string) (string, bool)) error {
	d, err := r.s.userDir(r.g, env, o)
	if err != nil {
		return err
	}
	o.Settings, o.Globals = merged(d.NodeSettings(), r.g.Settings), d.Globals
	for i := range r.g.Globals.Len() {
		o.Globals.Set(r.g.Globals.At(i).Key, r.g.Globals.At(i).Value)
	}
	o.Credentials, o.Modules = d.Credentials, d.Module
	if len(o.Stores) == 0 {
		o.Stores, o.DefaultStore = d.Stores, d.DefaultStore
	}
	function.Share(o, d.Runtime)
	return nil
}

func (r *runner) credentials(o *engine.Options) error {
	all := joined(o.Credentials, nil)
	for name, c := range r.g.Credentials {
		id := name
		if n, err := r.s.Node(name); err == nil {
			id = n.ID
		} else if !r.s.Graph.Mentions(name) && !strings.Contains(name, "-") {
			return fmt.Errorf("credentials: %w", err)
		}
		all[id] = value.Clone(value.Of(c)).Object()
	}
	o.Credentials = all
	return nil
}

// context puts the context that is given into the stores the engine begins with.
func (r *runner) context(o *engine.Options) error {
	if len(r.g.Context) == 0 {
		return nil
	}
	if len(o.Stores) == 0 {
		o.Stores = []engine.ContextStore{{Name: "memory"}}
	}
	for i := range o.Stores {
		data := map[string]*value.Object{}
		for k, v := range o.Stores[i].Data {
			data[k] = value.Clone(value.Of(v)).Object()
		}
		o.Stores[i].Data = data
	}
	for _, e := range r.g.Context {
		st := storeOf(o, e.Store)
		if st == nil {
			return fmt.Errorf("there is no context store %q: name it in given: stores:", e.Store)
		}
		key, err := r.s.scopeKey(e)
		if err != nil {
			return err
		}
		if st.Data[key] == nil {
			st.Data[key] = value.NewObject()
		}
		st.Data[key].Set(e.Key, value.Clone(e.Value))
	}
	return nil
}

// storeOf finds a store by name, "" is the default one.
func storeOf(o *engine.Options, name string) *engine.ContextStore {
	if name == "" {
		if name = o.DefaultStore; name == "" {
			name = "default"
		}
		for i := range o.Stores {
			if o.Stores[i].Name == name {
				return &o.Stores[i]
			}
		}
		return &o.Stores[0]
	}
	for i := range o.Stores {
		if o.Stores[i].Name == name {
			return &o.Stores[i]
		}
	}
	return nil
}

// scopeKey is the name of a scope in a store.
func (s *Suite) scopeKey(e Entry) (string, error) {
	switch e.Scope {
	case "global":
		return "global", nil
	case "scope":
		return e.Owner, nil
	case "flow":
		if sc := s.scope(e.Owner); sc != nil {
			return sc.ID, nil
		}
		return "", fmt.Errorf("there is no flow %q", e.Owner)
	}
	n, err := s.Node(e.Owner)
	if err != nil {
		return "", err
	}
	id := n.ID
	if n.Alias != "" {
		id = n.Alias
	}
	return strings.TrimSuffix(id+":"+n.Z, ":"), nil
}

func (r *runner) contextOf(scope, owner string) (engine.Context, error) {
	switch scope {
	case "global":
		return r.e.GlobalContext(), nil
	case "node":
		n, err := r.s.Node(owner)
		if err != nil {
			return engine.Context{}, err
		}
		if c := r.e.Node(n.ID); c != nil {
			return c.Context(engine.ContextNode), nil
		}
		return engine.Context{}, fmt.Errorf("the node %s does not run", nodeText(n))
	}
	sc := r.s.scope(owner)
	if sc == nil {
		return engine.Context{}, fmt.Errorf("there is no flow %q", owner)
	}
	for _, n := range sc.Nodes {
		if c := r.e.Node(n.ID); c != nil {
			return c.Context(engine.ContextFlow), nil
		}
	}
	return engine.Context{}, fmt.Errorf("no node of the flow %q runs", owner)
}
