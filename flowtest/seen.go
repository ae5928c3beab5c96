package flowtest

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/lockstep-flows/lockstep/condition"
	"github.com/lockstep-flows/lockstep/engine"
	"github.com/lockstep-flows/lockstep/engine/flow"
	"github.com/lockstep-flows/lockstep/engine/value"
)

// seen is all that a test saw of the flow.
type seen struct {
	s        *Suite
	cover    *Cover
	start    float64
	received map[string][]*shot
	sent     map[string][]*shot
	errors   []*shot
	effects  []*shot
}

// shot is something as it was at its time.
type shot struct {
	node *flow.Node
	kind string
	port int
	time float64
	v    value.Value
	view any
	done bool
}

// plainView is the shot's value as conditions see it.
func (s *shot) plainView() any {
	if !s.done {
		s.view, s.done = plain(s.v), true
	}
	return s.view
}

// outside is what left the flow as conditions see it: bytes that are text show as text.
func (s *shot) outside() any {
	if !s.done {
		s.view, s.done = plain(readable(s.v)), true
	}
	return s.view
}

// readable gives a value with texts in the place of buffers that hold text.
func readable(v value.Value) value.Value {
	if b := v.Buffer(); b != nil && utf8.Valid(b.B) {
		return value.Str(string(b.B))
	}
	if a := v.Array(); a != nil {
		out := value.NewArray()
		for i := range a.Len() {
			out.Append(readable(a.At(i)))
		}
		return value.Of(out)
	}
	if o := v.Object(); o != nil {
		out := value.NewObject(o.Len())
		for i := range o.Len() {
			out.Set(o.At(i).Key, readable(o.At(i).Value))
		}
		return value.Of(out)
	}
	return v
}

func newSeen(s *Suite, c *Cover) *seen {
	return &seen{s: s, cover: c, received: map[string][]*shot{}, sent: map[string][]*shot{}}
}

// Input notes a message that a node gets.
func (s *seen) Input(c *engine.Call, m value.Value) {
	if s.cover != nil {
		s.cover.input(c.Def())
	}
	s.received[c.ID()] = append(s.received[c.ID()], &shot{node: c.Def(), time: c.Now(), v: message(m)})
}

// message copies a message without its id.
func message(m value.Value) value.Value {
	o := m.Object()
	if o == nil {
		return value.Clone(m)
	}
	o = value.CloneMessage(o)
	o.Delete("_msgid")
	o.Delete("res")
	return value.Of(o)
}

// Called notes messages that a node sends, and its errors.
func (s *seen) Called(c *engine.Call, method string, args ...value.Value) {
	switch method {
	case "send":
		if len(args) > 0 {
			s.send(c, args[0])
		}
	case "error":
		if len(args) > 0 {
			s.errors = append(s.errors, &shot{node: c.Def(), time: c.Now(), v: errorOf(args[0])})
		}
	}
}

// errorOf is the text and code of an error.
func errorOf(v value.Value) value.Value {
	text, code := value.Undefined, value.Undefined
	if v.IsObject() {
		text, _ = value.GetKey(v, "message")
		code, _ = value.GetKey(v, "code")
	}
	if text.IsNullish() {
		text = value.Str(value.ToString(v))
	}
	return value.Obj("message", value.ToString(text), "code", value.Clone(code))
}

func (s *seen) send(c *engine.Call, v value.Value) {
	a := v.Array()
	if a == nil {
		s.out(c, 0, v)
		return
	}
	for port, e := range a.Elems {
		if list := e.Array(); list != nil {
			for _, m := range list.Elems {
				s.out(c, port, m)
			}
			continue
		}
		s.out(c, port, e)
	}
}

func (s *seen) out(c *engine.Call, port int, m value.Value) {
	if m.IsNullish() || !m.IsObject() {
		return
	}
	if s.cover != nil {
		s.cover.output(c.Def(), port)
	}
	s.sent[c.ID()] = append(s.sent[c.ID()], &shot{node: c.Def(), port: port, time: c.Now(), v: message(m)})
}

func (s *seen) effect(f engine.Effect) {
	s.effects = append(s.effects, &shot{node: s.s.Graph.ByID(f.Node), kind: f.Kind, time: f.Time, v: f.Body})
}

// plain is a value as conditions see it. Buffers that hold text are shown as they
// are: {type, data}.
func plain(v value.Value) any { return condition.Of(v) }

func views(list []*shot) []any {
	out := make([]any, len(list))
	for i, s := range list {
		out[i] = s.plainView()
	}
	return out
}

// of are the effects of a kind, of a node if n is not nil.
func (s *seen) of(n *flow.Node, kinds ...string) (out []*shot) {
	for _, e := range s.effects {
		if slices.Contains(kinds, e.kind) && (n == nil || e.node == n) {
			out = append(out, e)
		}
	}
	return out
}

// debugValue is what a debug node showed.
func debugValue(o *value.Object) any {
	text, format := o.Get("msg"), o.Get("format").Str()
	if !text.IsString() {
		return plain(text)
	}
	switch {
	case strings.HasPrefix(format, "string"):
	case format == "undefined" || text.Str() == "(undefined)" && format == "undefined":
		return nil
	case format == "number" || format == "boolean" || format == "null" || strings.HasPrefix(format, "array") || strings.HasPrefix(format, "Object") || format == "error":
		if v, err := value.ParseJSON(text.Str()); err == nil {
			return plain(v)
		}
	}
	return text.Str()
}

// errorView is an error as conditions see it.
func (s *shot) errorView() any {
	o := s.v.Object()
	out := map[string]any{"node": "", "name": "", "type": "", "message": o.Get("message").Str(), "code": plain(o.Get("code"))}
	s.who(out)
	return out
}

func (s *shot) who(out map[string]any) {
	if s.node != nil {
		out["node"], out["name"], out["type"] = s.node.ID, s.node.Name, s.node.Type
	}
}

// logLevels are the names of levels.
var logLevels = map[float64]string{10: "fatal", 20: "error", 30: "warn", 40: "info", 50: "debug", 60: "trace"}

func (s *shot) logView() map[string]any {
	out := map[string]any{"node": "", "name": "", "type": "", "level": "", "msg": nil}
	if o := s.v.Object(); o != nil {
		out["level"] = logLevels[o.Get("level").Num()]
		out["msg"] = plain(o.Get("msg"))
	}
	s.who(out)
	return out
}

func (s *shot) effectView(start float64) map[string]any {
	out := map[string]any{"kind": s.kind, "node": "", "name": "", "type": "", "time": s.time - start, "body": s.outside()}
	s.who(out)
	return out
}
