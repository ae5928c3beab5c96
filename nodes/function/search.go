package function

import (
	"errors"
	"strings"

	"github.com/lockstep-flows/lockstep/engine"
	"github.com/lockstep-flows/lockstep/engine/regex"
	"github.com/lockstep-flows/lockstep/engine/value"
)

// errSkip says that a rule is left out without a word.
var errSkip = errors.New("the rule does not apply")

// escapeRegExp makes a text a regular expression that finds just it.
func escapeRegExp(s string) string {
	var b strings.Builder
	for _, r := range s {
		if strings.ContainsRune(`-[]{}()*+?.,\^$|# `+"\t\n\r\v\f\u00a0\u2028\u2029\ufeff", r) {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// target is a place a rule reads and writes: a message property or a context value.
type target struct {
	scope string
	text  string
	path  value.Path
	err   error
}

func newTarget(scope, text string) target {
	t := target{scope: scope, text: text}
	if scope == "msg" {
		p := strings.TrimPrefix(text, "msg.")
		t.path, t.err = value.ParsePath(p)
	}
	return t
}

func (t *target) context(c *engine.Call, m *engine.Message) (engine.Context, string, string, error) {
	key, store, err := engine.ContextKey(t.text, m)
	if err != nil {
		return engine.Context{}, "", "", errSkip
	}
	if t.scope == "global" {
		return c.Context(engine.ContextGlobal), key, store, nil
	}
	return c.Context(engine.ContextFlow), key, store, nil
}

func (t *target) get(c *engine.Call, m *engine.Message) (value.Value, error) {
	if t.scope == "msg" {
		if t.err != nil {
			return value.Undefined, t.err
		}
		return value.GetPath(value.Of(m), t.path, value.Of(m))
	}
	ctx, key, store, err := t.context(c, m)
	if err != nil {
		return value.Undefined, err
	}
	return ctx.Get(key, store)
}

// set writes; it reports false if something above the place is no object.
func (t *target) set(c *engine.Call, m *engine.Message, v value.Value) (bool, error) {
	if t.scope == "msg" {
		if t.err != nil {
			return false, t.err
		}
		return value.SetPath(value.Of(m), t.path, v, !v.IsUndefined(), value.Of(m))
	}
	ctx, key, store, err := t.context(c, m)
	if err != nil {
		return false, err
	}
	return true, ctx.Set(key, v, store)
}

// search is what a change rule looks for.
type search struct {
	typ  string
	from value.Value
	re   *regex.Regexp
}

// dynamicSearch is the search of a rule whose From names a message property or a
// context value.
func (r *rule) dynamicSearch(c *engine.Call, m *engine.Message) (search, error) {
	v, err := engine.NewInput(r.FromT, r.From).Eval(c, m)
	if err != nil {
		return search{}, errSkip
	}
	s := search{from: v}
	switch v.Kind() {
	case value.KindNumber:
		s.typ = "num"
	case value.KindBool:
		s.typ = "bool"
	case value.KindRegExp:
		s.typ = "re"
		s.re, err = regex.Compile(v.RegExp().Source, v.RegExp().Flags)
	case value.KindString:
		s.typ = "str"
		s.re, err = regex.Compile(escapeRegExp(v.Str()), "g")
	default:
		// Node-RED reports this and then goes on, without a search.
		c.Error(value.ThrownError("Error", c.Text("change.errors.invalid-from", "error", "unsupported type: "+v.TypeOf())), m)
	}
	if err != nil {
		return s, value.ThrownError("Error", c.Text("change.errors.invalid-from", "error", engine.MessageOf(err)))
	}
	return s, nil
}

// replace gives the new value of current, and whether it is written at all.
func (s search) replace(current, to value.Value, boolTarget bool) (value.Value, bool) {
	switch current.Kind() {
	case value.KindString:
		exact := s.typ == "num" || s.typ == "bool" || s.typ == "str"
		if exact && value.StrictEqual(current, s.from) {
			return to, true
		}
		text := value.ToString(to)
		if s.re == nil {
			// String.replace with undefined looks for that word.
			return value.Str(strings.Replace(current.Str(), "undefined", text, 1)), true
		}
		out, err := s.re.Replace(current.Str(), text)
		if err != nil {
			return current, false
		}
		if boolTarget && out == text {
			return to, true
		}
		return value.Str(out), true
	case value.KindNumber:
		return to, s.typ == "num" && current.Num() == value.ToNumber(s.from)
	case value.KindBool:
		return to, s.typ == "bool" && value.StrictEqual(value.Str(value.ToString(current)), s.from)
	}
	return current, false
}
