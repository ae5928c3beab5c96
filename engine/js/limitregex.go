package js

import (
	"math"

	"github.com/dop251/goja"

	"github.com/lockstep-flows/lockstep/engine/regex"
)

// regexes are the expressions compiled by our engine, by flags, a slash and source,
// and the string they searched last.
type regexes struct {
	made map[string]*regex.Regexp
	last *regex.Scanner
	re   *regex.Regexp
	text goja.String
}

// maxRegexes bounds how many compiled expressions are kept.
const maxRegexes = 1000

// limitRegexes makes regular expressions run on our engine, counted.
func (r *Runtime) limitRegexes() {
	r.steps.regexes.made = map[string]*regex.Regexp{}
	exec := r.nativeFunc("exec", func(c goja.FunctionCall) goja.Value { return r.regexExec(c, "exec") })
	test := r.nativeFunc("test", func(c goja.FunctionCall) goja.Value {
		return r.boolean(r.regexExec(c, "test") != r.null)
	})
	one := r.ints[smallInts+1]
	for _, f := range []*goja.Object{exec, test} {
		_ = f.DefineDataProperty("length", one, goja.FLAG_FALSE, goja.FLAG_TRUE, goja.FLAG_FALSE)
	}
	if _, err := r.function("regexp")(r.undefined, exec, test); err != nil {
		panic(err)
	}
}

// regexExec is RegExp.prototype.exec.
func (r *Runtime) regexExec(c goja.FunctionCall, name string) goja.Value {
	o, ok := c.This.(*goja.Object)
	if ok && name == "test" { // the exec that a flow may have set counts
		if f, own := goja.AssertFunction(o.Get("exec")); own && (r.kindOf(o) != kindRegExp || o.Get("exec") != r.builtin("RegExp").Get("prototype").(*goja.Object).Get("exec")) {
			v, err := f(o, c.Argument(0).ToString())
			if err != nil {
				panic(err)
			}
			return v
		}
	}
	if !ok || r.kindOf(o) != kindRegExp {
		r.throw("TypeError", "Method RegExp.prototype.%s called on incompatible receiver %s", name, r.describe(c.This))
	}
	s := c.Argument(0).ToString().(goja.String)
	re := r.regexOf(o)
	moves := re.Global() || re.Sticky()
	at := clampSize(o.Get("lastIndex"))
	if !moves {
		at = 0
	}
	r.charge(1)
	var m *regex.Match
	if at <= int64(s.Length()) {
		m = r.find(re, s, int(at))
	}
	if m == nil {
		if moves {
			r.setLast(o, 0)
		}
		return r.null
	}
	if moves {
		r.setLast(o, m.End())
	}
	return r.matched(m, s)
}

func (r *Runtime) setLast(o *goja.Object, at int) {
	if err := o.Set("lastIndex", at); err != nil {
		panic(err)
	}
}

// regexOf gives the expression of a RegExp, compiled.
func (r *Runtime) regexOf(o *goja.Object) *regex.Regexp {
	flags, source := "", text(o.Get("source"))
	for _, f := range [...][2]string{{"global", "g"}, {"ignoreCase", "i"}, {"multiline", "m"}, {"dotAll", "s"}, {"unicode", "u"}, {"sticky", "y"}} {
		if o.Get(f[0]).ToBoolean() {
			flags += f[1]
		}
	}
	made := r.steps.regexes.made
	key := flags + "/" + source
	if re := made[key]; re != nil {
		return re
	}
	r.charge(int64(len(source)))
	re, err := regex.Compile(source, flags)
	if err != nil {
		r.throwValue(err)
	}
	if len(made) >= maxRegexes {
		clear(made)
	}
	made[key] = re
	return re
}

// find looks for a match and charges for it.
func (r *Runtime) find(re *regex.Regexp, s goja.String, from int) *regex.Match {
	x := &r.steps.regexes
	if x.last == nil || x.re != re || !x.text.SameAs(s) {
		r.charge(int64(s.Length()) / readPerStep)
		x.last, x.re, x.text = re.Scan(text(s)), re, s
	} else {
		r.charge(int64(s.Length()) / (readPerStep * readPerStep)) // for SameAs
	}
	most := times(r.steps.left, matchesPerStep)
	if r.steps.left > math.MaxInt32 {
		most = math.MaxInt32
	}
	m, took, err := x.last.NextWithin(from, int(min(most, math.MaxInt32)))
	x.last.Close()
	end := s.Length()
	if m != nil {
		end = m.Index()
	}
	r.charge(int64(took/matchesPerStep) + int64(max(0, end-from))/readPerStep)
	if err != nil {
		r.throwValue(err)
	}
	return m
}

// matched is what exec gives for a match.
func (r *Runtime) matched(m *regex.Match, s goja.String) goja.Value {
	list := make([]any, len(m.Groups))
	for i, g := range m.Groups {
		list[i] = r.undefined
		if g.Ok {
			list[i] = s.Substring(g.Start, g.End)
		}
	}
	r.charge(int64(len(list)) / 2)
	a := r.vm.NewArray(list...)
	groups := goja.Value(r.undefined)
	for i, name := range m.Names {
		if name == "" {
			continue
		}
		if groups == r.undefined {
			groups = r.vm.CreateObject(nil)
		}
		o := groups.(*goja.Object)
		if v := list[i+1].(goja.Value); v != r.undefined || o.Get(name) == nil {
			_ = o.Set(name, v)
		}
	}
	_ = a.Set("index", m.Index())
	_ = a.Set("input", s)
	_ = a.Set("groups", groups)
	return a
}
