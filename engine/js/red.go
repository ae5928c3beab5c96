package js

import (
	"math"
	"strings"

	"github.com/dop251/goja"

	"github.com/lockstep-flows/lockstep/engine/value"
)

// redObject makes RED, which has nothing but util.
func (f *Function) redObject() goja.Value {
	r := f.r
	util := r.vm.NewObject()
	set := func(name string, fn func(goja.FunctionCall) goja.Value) { _ = util.Set(name, r.nativeFunc(name, fn)) }
	set("encodeObject", f.encodeObject)
	set("ensureString", func(c goja.FunctionCall) goja.Value { return r.str(r.ensureString(c.Argument(0))) })
	set("ensureBuffer", func(c goja.FunctionCall) goja.Value {
		if o, ok := c.Argument(0).(*goja.Object); ok && r.isBuffer(o) {
			return o
		}
		return r.newBuffer(utf8Bytes(r.ensureString(c.Argument(0))))
	})
	set("cloneMessage", func(c goja.FunctionCall) goja.Value {
		r.chargeTree(c.Argument(0))
		v := f.leaving(c.Argument(0))
		if o := v.Object(); o != nil {
			return r.toJS(value.Of(value.CloneMessage(o)))
		}
		return r.toJS(value.Clone(v))
	})
	set("compareObjects", func(c goja.FunctionCall) goja.Value {
		r.chargeTree(c.Argument(0))
		a, b := f.leaving(c.Argument(0)), f.leaving(c.Argument(1))
		return r.boolean(value.StrictEqual(a, b) || value.DeepEqual(a, b))
	})
	set("generateId", func(goja.FunctionCall) goja.Value { return r.str(r.newID()) })
	for _, kind := range []string{"Message", "Object"} {
		set("get"+kind+"Property", func(c goja.FunctionCall) goja.Value { return f.getProperty(c, kind == "Message") })
		set("set"+kind+"Property", func(c goja.FunctionCall) goja.Value { return f.setProperty(c, kind == "Message") })
	}
	set("evaluateNodeProperty", f.evaluateNodeProperty)
	set("normalisePropertyExpression", f.normalise)
	set("normaliseNodeTypeName", func(c goja.FunctionCall) goja.Value {
		return r.str(typeName(text(c.Argument(0).ToString())))
	})
	set("prepareJSONataExpression", func(c goja.FunctionCall) goja.Value {
		o := r.vm.NewObject()
		_ = o.Set("expression", c.Argument(0))
		return o
	})
	set("evaluateJSONataExpression", f.evaluateJSONata)
	set("parseContextStore", f.parseContextStore)
	set("getSetting", func(goja.FunctionCall) goja.Value { return r.undefined })
	red := r.vm.NewObject()
	_ = red.Set("util", util)
	return red
}

func (r *Runtime) ensureString(v goja.Value) string {
	o, ok := v.(*goja.Object)
	if !ok {
		return text(v.ToString())
	}
	if r.isBuffer(o) {
		b, _ := o.Export().([]byte)
		return value.Text(b)
	}
	if _, isFn := goja.AssertFunction(o); isFn {
		return text(o.ToString())
	}
	s, ok, err := value.Stringify(r.copyOut(o), "")
	if err != nil {
		r.throwValue(err)
	}
	if !ok {
		return "undefined"
	}
	return s
}

func (f *Function) path(v goja.Value, msgPrefix bool) value.Path {
	expr := text(v.ToString())
	if msgPrefix {
		expr = strings.TrimPrefix(expr, "msg.")
	}
	p, err := value.ParsePath(expr)
	if err != nil {
		f.r.throwValue(err)
	}
	return p
}

func (f *Function) getProperty(c goja.FunctionCall, msgPrefix bool) goja.Value {
	root := f.leaving(c.Argument(0))
	v, err := value.GetPath(root, f.path(c.Argument(1), msgPrefix), root)
	if err != nil {
		f.r.throwValue(err)
	}
	return f.r.toJS(v)
}

func (f *Function) setProperty(c goja.FunctionCall, msgPrefix bool) goja.Value {
	root, v := f.leaving(c.Argument(0)), f.leaving(c.Argument(2))
	create := !v.IsUndefined()
	if c.Argument(3) != f.r.undefined {
		create = c.Argument(3).ToBoolean()
	}
	ok, err := value.SetPath(root, f.path(c.Argument(1), msgPrefix), v, create, root)
	if err != nil {
		f.r.throwValue(err)
	}
	return f.r.boolean(ok)
}

func (f *Function) normalise(c goja.FunctionCall) goja.Value {
	r := f.r
	expr := text(c.Argument(0).ToString())
	msg := f.leaving(c.Argument(1))
	if c.Argument(2).ToBoolean() {
		s, err := value.NormalisePath(expr, msg)
		if err != nil {
			r.throwValue(err)
		}
		return r.str(s)
	}
	p, err := value.ParsePath(expr)
	if err != nil {
		r.throwValue(err)
	}
	_ = p
	full, err := value.NormalisePath(expr, msg)
	if err != nil {
		r.throwValue(err)
	}
	return r.toJS(value.Of(pathParts(full)))
}

// pathParts takes a canonical path (a["b"][0]) apart.
func pathParts(s string) *value.Array {
	a := &value.Array{}
	first := strings.IndexByte(s, '[')
	if first < 0 {
		first = len(s)
	}
	a.Append(value.Str(s[:first]))
	for s = s[first:]; s != ""; {
		if q := s[1]; q == '"' || q == '\'' {
			end := strings.Index(s, string(q)+"]")
			a.Append(value.Str(s[2:end]))
			s = s[end+2:]
			continue
		}
		end := strings.IndexByte(s, ']')
		a.Append(value.Num(value.ParseNumber(s[1:end])))
		s = s[end+1:]
	}
	return a
}

// evaluateNodeProperty evaluates a typed value: value, type, node, msg, callback.
func (f *Function) evaluateNodeProperty(c goja.FunctionCall) goja.Value {
	r := f.r
	cb, _ := goja.AssertFunction(c.Argument(4))
	v, err := f.typed(f.leaving(c.Argument(0)), c.Argument(1).String(), f.leaving(c.Argument(3)))
	x := contextAPI{f: f, r: r}
	if cb == nil && err != nil {
		r.throwValue(err)
	}
	return x.answer(cb, err, r.toJS(v))
}

var anyTrue = value.NewPattern(`(?i)^true$`)

func (f *Function) typed(v value.Value, typ string, msg value.Value) (value.Value, error) {
	r := f.r
	switch typ {
	case "str":
		return value.Str(value.ToString(v)), nil
	case "num":
		return value.Num(value.ToNumber(v)), nil
	case "json":
		return value.ParseJSON(value.ToString(v))
	case "re":
		return value.Of(&value.RegExp{Source: value.ToString(v)}), nil
	case "date":
		switch {
		case !value.Truthy(v):
			return value.Num(math.Trunc(r.millis())), nil
		case v.Str() == "object":
			return value.NewDate(r.millis()), nil
		}
		return value.Str(value.ISO(r.millis())), nil
	case "msg":
		if !value.Truthy(msg) {
			return v, nil
		}
		p, err := value.ParsePath(strings.TrimPrefix(value.ToString(v), "msg."))
		if err != nil {
			return v, err
		}
		return value.GetPath(msg, p, msg)
	case "flow", "global":
		return f.host.Context(typ).Get(value.ToString(v), "")
	case "bool":
		return value.Bool(anyTrue.MatchString(value.ToString(v))), nil
	case "jsonata":
		return value.Undefined, value.NewError("Error", "Calls to RED.util.evaluateJSONataExpression must include a callback.")
	case "env":
		return f.host.Env(value.ToString(v)), nil
	}
	return v, nil
}

func (f *Function) evaluateJSONata(c goja.FunctionCall) goja.Value {
	r := f.r
	cb, ok := goja.AssertFunction(c.Argument(2))
	if !ok {
		r.throw("Error", "Calls to RED.util.evaluateJSONataExpression must include a callback.")
	}
	var v value.Value
	var err error = value.NewError("Error", "JSONata is not available")
	if o, ok := c.Argument(0).(*goja.Object); ok && r.options.JSONata != nil {
		v, err = r.options.JSONata(f.host, text(o.Get("expression").ToString()), f.leaving(c.Argument(1)))
	}
	args := []goja.Value{r.null, r.toJS(v)}
	if err != nil {
		args = []goja.Value{r.toJS(errorOf(err))}
	}
	if _, err := cb(r.undefined, args...); err != nil {
		panic(err)
	}
	return r.undefined
}

var contextStore = value.NewPattern(`^#:\((\S+?)\)::(.*)$`)

func (f *Function) parseContextStore(c goja.FunctionCall) goja.Value {
	o := f.r.vm.NewObject()
	key := text(c.Argument(0).ToString())
	if m := contextStore.FindStringSubmatch(key); m != nil {
		_ = o.Set("store", f.r.str(m[1]))
		key = m[2]
	}
	_ = o.Set("key", f.r.str(key))
	return o
}

func (f *Function) encodeObject(c goja.FunctionCall) goja.Value {
	o, ok := c.Argument(0).(*goja.Object)
	if !ok {
		return c.Argument(0)
	}
	limit := 1000
	if opt, ok := c.Argument(1).(*goja.Object); ok {
		if m := opt.Get("maxLength"); m != nil && m.ToBoolean() {
			limit = int(m.ToInteger())
		}
	}
	msg, format := value.EncodeDebug(f.leaving(o.Get("msg")), limit)
	_ = o.Set("msg", f.r.toJS(msg))
	_ = o.Set("format", f.r.str(format))
	return o
}

var notWord = value.NewPattern(`[^a-zA-Z0-9]+`)

// typeName is a node type's name in camel case.
func typeName(s string) string {
	words := strings.Fields(notWord.ReplaceAllString(s, " "))
	for i, w := range words {
		if i > 0 {
			words[i] = strings.ToUpper(w[:1]) + w[1:]
		} else {
			words[i] = strings.ToLower(w[:1]) + w[1:]
		}
	}
	return strings.Join(words, "")
}
