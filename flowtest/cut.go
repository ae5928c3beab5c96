package flowtest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"time"

	"gopkg.in/yaml.v3"

	"github.com/lockstep-flows/lockstep/engine"
	"github.com/lockstep-flows/lockstep/engine/journal"
	"github.com/lockstep-flows/lockstep/engine/value"
)

// CutOptions say how a test is cut out of a journal.
type CutOptions struct {
	// Name is that of the test.
	Name string
	// Flow names the flow file, relative to Dir; "" puts the journal's flows into the test.
	Flow, Dir string
}

// Cutting is a test that was cut out of a journal.
type Cutting struct {
	// Text is the test file.
	Text []byte
	// Exact says that it had to say after how many deliveries each event comes.
	Exact bool
	// Result is what came of running it.
	Result *Result
	// Notes are what it lacks.
	Notes []string
}

// maxCut is how many events a test may have.
const maxCut = 100_000

// Cut makes a test of a journal: its events become steps, what was answered becomes
// replies, its effects become expectations. The test is run; if it does not pass, it
// is made again with the exact order of events and deliveries.
func Cut(ctx context.Context, r *journal.Reader, o CutOptions) (*Cutting, error) {
	c := &cutter{o: o, h: r.Header, env: value.NewObject(), modules: value.NewObject(), asked: map[uint64]request{}, count: map[string]uint64{}}
	if err := c.read(r); err != nil {
		return nil, err
	}
	if err := c.flows(); err != nil {
		return nil, err
	}
	out := &Cutting{Notes: c.notes}
	for _, exact := range []bool{false, true} {
		text, err := c.write(exact)
		if err != nil {
			return nil, err
		}
		out.Text, out.Exact = text, exact
		if out.Result, err = c.try(ctx, text); err != nil {
			return nil, err
		}
		if out.Result.Passed() {
			break
		}
	}
	return out, nil
}

type request struct {
	node, kind string
	number     uint64
}

// cutter holds what was read of a journal.
type cutter struct {
	o       CutOptions
	h       *journal.Header
	env     *value.Object
	modules *value.Object
	start   float64
	events  []*journal.Record
	asked   map[uint64]request
	count   map[string]uint64
	effects []*journal.Record
	suite   *Suite
	notes   []string
}

func (c *cutter) read(r *journal.Reader) error {
	for {
		rec, err := r.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		switch rec.Kind {
		case journal.EventRecord:
			if rec.Event.Kind == engine.EventStart {
				c.start = rec.Event.Time
				continue
			}
			if c.events = append(c.events, rec); len(c.events) > maxCut {
				return fmt.Errorf("the journal has more than %d events: that is no test", maxCut)
			}
		case journal.EffectRecord:
			c.effect(rec)
		case journal.EnvRecord:
			if rec.Value.IsString() {
				c.env.Set(rec.Name, rec.Value)
			}
		case journal.ModuleRecord:
			c.modules.Set(rec.Name, rec.Value)
		}
	}
	if c.start == 0 {
		return errors.New("the journal has no start: nothing ran")
	}
	if len(c.h.Missing) > 0 {
		c.notes = append(c.notes, fmt.Sprintf("functionGlobalContext had code that a journal cannot hold (%s): add user-dir: to the test", sortedList(c.h.Missing)))
	}
	if r.Torn {
		c.notes = append(c.notes, "the journal ends within a line: the test ends there, too")
	}
	return nil
}

func (c *cutter) effect(rec *journal.Record) {
	f := rec.Effect
	if f.Request != 0 && f.Kind != "cancel" {
		key := f.Node + "\n" + f.Kind
		c.count[key]++
		c.asked[f.Request] = request{f.Node, f.Kind, c.count[key]}
	}
	c.effects = append(c.effects, rec)
}

// flows compiles the flows, to name nodes.
func (c *cutter) flows() error {
	f := &File{Path: "journal", Inline: c.inline()}
	if c.o.Flow != "" {
		f.Inline, f.Flows = nil, []string{c.o.Flow}
	}
	s, err := newSuite(f, c.dir())
	c.suite = s
	return err
}

func (c *cutter) dir() string {
	if c.o.Dir == "" {
		return "."
	}
	return filepath.Clean(c.o.Dir)
}

// inline are the nodes of the journal's flows in one list.
func (c *cutter) inline() *value.Array {
	out := value.NewArray()
	for _, v := range c.h.Flows {
		if o := v.Object(); o != nil {
			v = o.Get("flows")
		}
		for _, e := range value.Elements(v) {
			out.Append(e)
		}
	}
	return out
}

// try runs the test.
func (c *cutter) try(ctx context.Context, text []byte) (*Result, error) {
	f, err := Parse("the test", text)
	if err != nil {
		return nil, fmt.Errorf("the test that was cut cannot be read: %w", err)
	}
	s, err := newSuite(f, c.dir())
	if err != nil {
		return nil, err
	}
	return s.Run(ctx, s.Tests[0], RunOptions{}), nil
}

// write writes the test file.
func (c *cutter) write(exact bool) ([]byte, error) {
	name := c.o.Name
	if name == "" {
		name = "as recorded"
	}
	top := mapping()
	if c.o.Flow != "" {
		put(top, "flow", text(c.o.Flow))
	}
	put(top, "given", c.given())
	test := mapping()
	put(test, "name", text(name))
	put(test, "steps", c.steps(exact))
	put(test, "expect", c.expectations())
	put(top, "tests", &yaml.Node{Kind: yaml.SequenceNode, Content: []*yaml.Node{test}})
	if c.o.Flow == "" {
		put(top, "flow", yamlOf(value.Of(c.inline())))
	}
	var b bytes.Buffer
	enc := yaml.NewEncoder(&b)
	enc.SetIndent(2)
	err := errors.Join(enc.Encode(top), enc.Close())
	return b.Bytes(), err
}

func (c *cutter) given() *yaml.Node {
	g := mapping()
	put(g, "time", yamlOf(value.Num(c.start)))
	put(g, "zone", text(c.h.Zone))
	put(g, "seed", &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!int", Value: fmt.Sprint(c.h.Seed)})
	put(g, "simulate", yamlOf(value.False))
	for _, x := range []struct {
		key string
		o   *value.Object
	}{{"env", c.env}, {"modules", c.modules}, {"settings", c.h.Settings}, {"globals", c.h.Globals}, {"machine", c.h.Machine}} {
		if x.o != nil && x.o.Len() > 0 {
			put(g, x.key, yamlOf(value.Of(x.o)))
		}
	}
	if len(c.h.Credentials) > 0 {
		creds := mapping()
		for _, id := range sortedNames(c.h.Credentials) {
			put(creds, id, yamlOf(value.Of(c.h.Credentials[id])))
		}
		put(g, "credentials", creds)
	}
	c.stores(g)
	return g
}

func (c *cutter) stores(g *yaml.Node) {
	if len(c.h.Stores) == 0 {
		return
	}
	list, data := &yaml.Node{Kind: yaml.SequenceNode}, mapping()
	for _, s := range c.h.Stores {
		m := mapping()
		put(m, "name", text(s.Name))
		put(m, "saved", yamlOf(value.Bool(s.Saved)))
		put(m, "uncached", yamlOf(value.Bool(s.Uncached)))
		put(m, "delay", text(span(s.Delay)))
		list.Content = append(list.Content, m)
		scopes := mapping()
		for _, k := range sortedNames(s.Data) {
			if s.Data[k].Len() > 0 {
				put(scopes, k, yamlOf(value.Of(s.Data[k])))
			}
		}
		if len(scopes.Content) > 0 {
			put(data, s.Name, mapping("scope", scopes))
		}
	}
	put(g, "stores", list)
	if c.h.DefaultStore != "" {
		put(g, "default-store", text(c.h.DefaultStore))
	}
	if len(data.Content) > 0 {
		put(g, "context", mapping("stores", data))
	}
}

// steps are the events.
func (c *cutter) steps(exact bool) *yaml.Node {
	out := &yaml.Node{Kind: yaml.SequenceNode}
	for _, rec := range c.events {
		ev := rec.Event
		var verb string
		var what any
		switch ev.Kind {
		case engine.EventMessage:
			verb, what = c.message(ev)
		case engine.EventReply:
			q := c.asked[ev.Request]
			if q.kind == "" {
				continue
			}
			m := mapping("node", text(c.name(q.node)), "kind", text(q.kind))
			if q.number > 1 {
				put(m, "number", yamlOf(value.Num(float64(q.number))))
			}
			if !ev.Body.IsUndefined() {
				put(m, "body", yamlOf(ev.Body))
			}
			if ev.Last {
				put(m, "last", yamlOf(value.True))
			}
			verb, what = "reply", m
		case engine.EventStop:
			verb, what = "stop", yamlOf(value.True)
		case engine.EventTick:
			if !exact {
				continue
			}
			verb, what = "event", mapping("kind", text("tick"))
		default:
			verb, what = "event", mapping("kind", text(journal.EventName(ev.Kind)), "target", text(ev.Target), "body", yamlOf(ev.Body))
		}
		step := mapping("at", text(time.Duration((ev.Time-c.start)*float64(time.Millisecond)).String()))
		if exact {
			put(step, "turns", yamlOf(value.Num(float64(rec.Deliveries))))
		}
		put(step, verb, what)
		out.Content = append(out.Content, step)
	}
	if n := len(c.events); !exact && n > 0 && c.events[n-1].Event.Kind == engine.EventTick { // time went on after the last event
		out.Content = append(out.Content, mapping("at", text(time.Duration((c.events[n-1].Event.Time-c.start)*float64(time.Millisecond)).String()), "event", mapping("kind", text("tick"))))
	}
	return out
}

func (c *cutter) message(ev engine.Event) (string, any) {
	if ev.Body.Object() == nil {
		return "event", mapping("kind", text("message"), "target", text(ev.Target), "body", yamlOf(ev.Body))
	}
	m := mapping("node", text(c.name(ev.Target)))
	if ev.Body.Object().Len() > 0 {
		put(m, "msg", yamlOf(ev.Body))
	}
	return "inject", m
}

// name is how a test names a node: by its name if that says which.
func (c *cutter) name(id string) string {
	n := c.suite.Graph.ByID(id)
	if n == nil || n.Name == "" {
		return id
	}
	if found, err := c.suite.Node(n.Name); err == nil && found == n {
		return n.Name
	}
	return id
}

// unsaid are the effects that a test does not expect: they open what comes in, or
// are the engine's own.
func unsaid(f engine.Effect) bool {
	if streams[f.Kind] || f.Kind == "cancel" || f.Kind == "context.save" || f.Kind == "context.delete" {
		return true
	}
	level := f.Body.Object()
	return f.Kind == "log" && (level == nil || level.Get("level").Num() > 30)
}

// expectations are what left the flow, by node and kind.
func (c *cutter) expectations() *yaml.Node {
	out := &yaml.Node{Kind: yaml.SequenceNode}
	lists := map[string]*yaml.Node{}
	for _, rec := range c.effects {
		f := rec.Effect
		if unsaid(f) {
			continue
		}
		key := f.Node + "\n" + f.Kind
		if lists[key] == nil {
			lists[key] = &yaml.Node{Kind: yaml.SequenceNode}
			out.Content = append(out.Content, mapping("value", text(c.asking(f)), "is", lists[key]))
		}
		lists[key].Content = append(lists[key].Content, plainNode(told(f)))
	}
	return out
}

// asking is the expression whose value the effects of a node and kind are.
func (c *cutter) asking(f engine.Effect) string {
	if f.Node == "" {
		return fmt.Sprintf(`map(filter(effects(%q), .node == "" and (.kind != "log" or .body.level <= 30)), .body)`, f.Kind)
	}
	name := c.name(f.Node)
	switch f.Kind {
	case "debug":
		return fmt.Sprintf("debug(%q)", name)
	case "status":
		return fmt.Sprintf("statuses(%q)", name)
	case "log":
		return fmt.Sprintf(`map(filter(logs(%q), .level in ["fatal", "error", "warn"]), .msg)`, name)
	}
	return fmt.Sprintf("map(effects(%q, %q), .body)", f.Kind, name)
}

// told is what that expression gives for one effect.
func told(f engine.Effect) any {
	switch o := f.Body.Object(); {
	case f.Node == "" || o == nil:
	case f.Kind == "debug":
		return debugValue(o)
	case f.Kind == "log":
		return plain(o.Get("msg"))
	}
	return plain(readable(f.Body))
}

func sortedNames[V any](m map[string]V) []string {
	out := make(map[string]any, len(m))
	for k := range m {
		out[k] = nil
	}
	return sortedKeys(out)
}
