package jsonata

import (
	"math"
	"strings"

	"github.com/lockstep-flows/lockstep/engine/regex"
	"github.com/lockstep-flows/lockstep/engine/value"
)

// matches is the state of the matches of one regular expression literal in one
// string.
type matches struct {
	f    *function
	str  string
	scan *regex.Scanner
	at   int // where the next match is looked for
}

// match calls a regular expression as a function: (str, fromIndex).
func (ev *evaluator) match(f *function, args []value.Value) (value.Value, error) {
	str := value.ToString(argument(args, 0))
	m := &matches{f: f, str: str, scan: f.node.re.Scan(str)}
	from := argument(args, 1)
	if value.Truthy(from) {
		m.at = int(math.Min(value.ToInteger(value.ToNumber(from)), 1<<30))
	}
	return m.find()
}

// find gives the next match as an object, undefined if there is none.
func (m *matches) find() (value.Value, error) {
	found, err := m.scan.Next(m.at)
	m.scan.Close()
	if err != nil || found == nil {
		m.at = 0
		return value.Undefined, err
	}
	m.at = found.End()
	groups := make([]value.Value, 0, len(found.Groups)-1)
	for _, g := range found.Groups[1:] {
		if g.Ok {
			groups = append(groups, value.Str(g.Text))
		} else {
			groups = append(groups, value.Undefined)
		}
	}
	return value.Obj("match", found.Text(), "start", found.Index(), "end", found.End(), "groups", value.Arr(groups...),
		"next", functionValue(&function{kind: funcNext, matches: m})), nil
}

// next is the next function of a match.
func (m *matches) next(*evaluator) (value.Value, error) {
	if m.at >= m.scan.Len() {
		return value.Undefined, nil
	}
	v, err := m.find()
	if err != nil || v.IsUndefined() {
		return v, err
	}
	if v.Object().Get("match").Str() == "" {
		return v, fail("D1004", "stack", "position", m.f.node.pos, "value", m.f.node.re.Source())
	}
	return v, nil
}

// matcher calls a matcher function and checks what it gives.
func (c *call) matcher(f value.Value, args ...value.Value) (value.Value, error) {
	if !isFunction(f) {
		return f, typeError("Cannot read properties of undefined (reading 'apply')")
	}
	v, err := c.callback(f, args)
	if err != nil || !value.Truthy(v) {
		return v, err
	}
	get := func(key string) value.Value { x, _ := value.GetKey(v, key); return x }
	if !(get("start").IsNumber() || get("end").IsNumber() || isArray(get("groups")) || isFunction(get("next"))) {
		return v, fail("T1010", "stack")
	}
	return v, nil
}

func field(v value.Value, key string) value.Value {
	x, err := value.GetKey(v, key)
	if err != nil {
		return value.Undefined
	}
	return x
}

func fnContains(c call) (value.Value, error) {
	str, token := c.arg(0), c.arg(1)
	if str.IsUndefined() || token.IsUndefined() {
		return value.Undefined, nil
	}
	if token.IsString() {
		return value.Bool(value.IndexOf(str.Str(), token.Str(), 0) >= 0), nil
	}
	v, err := c.matcher(token, str)
	return value.Bool(!v.IsUndefined()), err
}

// limit reads a limit argument: -1 is none. The error has the code given.
func (c *call) limit(i int, code string, order ...any) (int, error) {
	v := c.arg(i)
	if v.IsUndefined() {
		return -1, nil
	}
	f := v.Num()
	if f < 0 {
		return 0, fail(code, order...)
	}
	return int(math.Min(math.Ceil(f), 1<<31)), nil
}

func fnMatch(c call) (value.Value, error) {
	str := c.arg(0)
	if str.IsUndefined() {
		return str, nil
	}
	limit, err := c.limit(2, "D3040", "stack", "value", c.arg(2), "code", "index", 3)
	if err != nil {
		return str, err
	}
	var out []value.Value
	if limit == 0 {
		return c.ev.sequence(nil), nil
	}
	m, err := c.matcher(c.arg(1), str)
	for err == nil && !m.IsUndefined() && (limit < 0 || len(out) < limit) {
		out = append(out, value.Obj("match", field(m, "match"), "index", field(m, "start"), "groups", field(m, "groups")))
		m, err = c.matcher(field(m, "next"))
	}
	if err != nil {
		return str, err
	}
	return c.ev.sequence(out), nil
}

func fnSplit(c call) (value.Value, error) {
	str, sep := c.arg(0), c.arg(1)
	if str.IsUndefined() {
		return str, nil
	}
	limit, err := c.limit(2, "D3020", "stack", "value", c.arg(2), "index", 3)
	if err != nil || limit == 0 {
		return value.Arr(), err
	}
	if sep.IsString() {
		if f := c.arg(2); !f.IsUndefined() {
			limit = int(math.Min(f.Num(), 1<<31))
		}
		return splitText(str.Str(), sep.Str(), limit), nil
	}
	m, err := c.matcher(sep, str)
	if err != nil {
		return str, err
	}
	if m.IsUndefined() {
		return value.Arr(str), nil
	}
	var out []value.Value
	start := 0
	text := str.Str()
	for count := 0; ; count++ {
		if limit >= 0 && count >= limit {
			return value.Arr(out...), nil
		}
		if m.IsUndefined() {
			break
		}
		out = append(out, value.Str(substring(text, start, int(field(m, "start").Num()))))
		start = int(field(m, "end").Num())
		if m, err = c.matcher(field(m, "next")); err != nil {
			return str, err
		}
	}
	return value.Arr(append(out, value.Str(substring(text, start, value.UTF16Len(text))))...), nil
}

// substring is JavaScript's s.substring(from, to).
func substring(s string, from, to int) string {
	from, to = max(from, 0), max(to, 0)
	return value.Slice(s, min(from, to), max(from, to))
}

// splitText is s.split(sep, limit).
func splitText(s, sep string, limit int) value.Value {
	out := value.NewArray()
	full := func() bool { return limit >= 0 && out.Len() >= limit }
	if sep == "" {
		for i, n := 0, value.UTF16Len(s); i < n && !full(); i++ {
			out.Append(value.Str(value.Slice(s, i, i+1)))
		}
		return value.Of(out)
	}
	for !full() {
		at := strings.Index(s, sep)
		if at < 0 {
			out.Append(value.Str(s))
			break
		}
		out.Append(value.Str(s[:at]))
		s = s[at+len(sep):]
	}
	return value.Of(out)
}
