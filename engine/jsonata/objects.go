package jsonata

import (
	"github.com/lockstep-flows/lockstep/engine/value"
)

func fnKeys(c call) (value.Value, error) {
	o := value.NewObject()
	keys, err := keysOf(c.arg(0), o, 0)
	if err != nil {
		return value.Undefined, err
	}
	out := make([]value.Value, len(keys))
	for i, k := range keys {
		out[i] = value.Str(k)
	}
	return c.ev.sequence(out), nil
}

// keysOf gives the keys of an object, or all those of the objects of an array.
func keysOf(v value.Value, seen *value.Object, depth int) ([]string, error) {
	if depth > maxData {
		return nil, errDepth()
	}
	if !isArray(v) {
		if !v.IsObject() || isFunction(v) {
			return nil, nil
		}
		return value.Keys(v), nil
	}
	merged := value.NewObject()
	for _, x := range elements(v) {
		keys, err := keysOf(x, seen, depth+1)
		if err != nil {
			return nil, err
		}
		for _, k := range keys {
			merged.Set(k, value.True)
		}
	}
	return merged.Keys(), nil
}

func fnLookup(c call) (value.Value, error) {
	return c.ev.lookup(c.arg(0), value.ToString(c.arg(1)))
}

func fnSpread(c call) (value.Value, error) { return c.ev.spread(c.arg(0), 0) }

// spread makes an object of each property.
func (ev *evaluator) spread(v value.Value, depth int) (value.Value, error) {
	if depth > maxData {
		return v, errDepth()
	}
	if isArray(v) {
		list := elements(v)
		if len(list) == 0 {
			return ev.sequence(nil), nil
		}
		var out []value.Value
		for _, x := range list {
			s, err := ev.spread(x, depth+1)
			if err != nil {
				return s, err
			}
			switch {
			case s.IsUndefined():
			case isArray(s):
				out = append(out, elements(s)...)
			default:
				out = append(out, s)
			}
		}
		return value.Arr(out...), nil
	}
	if !v.IsObject() || isFunction(v) {
		return v, nil
	}
	var out []value.Value
	err := each(v, func(k string, x value.Value) error {
		out = append(out, value.Obj(k, x))
		return nil
	})
	return ev.sequence(out), err
}

func fnMerge(c call) (value.Value, error) {
	if c.arg(0).IsUndefined() {
		return c.arg(0), nil
	}
	out := value.NewObject()
	for _, v := range elements(c.arg(0)) {
		if !v.IsObject() {
			continue
		}
		if err := each(v, func(k string, x value.Value) error { out.Set(k, x); return nil }); err != nil {
			return v, err
		}
	}
	return value.Of(out), nil
}

func fnEach(c call) (value.Value, error) {
	obj, f := c.arg(0), c.arg(1)
	var out []value.Value
	if obj.IsObject() && !isFunction(obj) {
		err := each(obj, func(k string, x value.Value) error {
			v, err := c.callback(f, hofArgs(f, x, value.Str(k), obj))
			if !v.IsUndefined() {
				out = append(out, v)
			}
			return err
		})
		if err != nil {
			return obj, err
		}
	}
	return c.ev.sequence(out), nil
}

func fnSift(c call) (value.Value, error) {
	obj, f := c.arg(0), c.arg(1)
	out := value.NewObject()
	if obj.IsObject() && !isFunction(obj) {
		err := each(obj, func(k string, x value.Value) error {
			if f.IsUndefined() {
				return typeError("Cannot read properties of undefined (reading 'arity')")
			}
			yes, err := c.test(f, x, value.Str(k), obj)
			if yes {
				out.Set(k, x)
			}
			return err
		})
		if err != nil {
			return obj, err
		}
	}
	if out.Len() == 0 {
		return value.Undefined, nil
	}
	return value.Of(out), nil
}

// fnClone is Node-RED's $clone, which copies messages.
func fnClone(c call) (value.Value, error) {
	if o := c.arg(0).Object(); o != nil {
		return value.Of(value.CloneMessage(o)), nil
	}
	return value.Clone(c.arg(0)), nil
}

func fnBoolean(c call) (value.Value, error) {
	if c.arg(0).IsUndefined() {
		return value.Undefined, nil
	}
	yes, err := boolean(c.arg(0))
	return value.Bool(yes), err
}

func fnNot(c call) (value.Value, error) {
	if c.arg(0).IsUndefined() {
		return value.Undefined, nil
	}
	yes, err := boolean(c.arg(0))
	return value.Bool(!yes), err
}

func fnExists(c call) (value.Value, error) { return value.Bool(!c.arg(0).IsUndefined()), nil }

func fnType(c call) (value.Value, error) {
	v := c.arg(0)
	switch v.Kind() {
	case value.KindUndefined:
		return v, nil
	case value.KindNull:
		return value.Str("null"), nil
	case value.KindNumber:
		if ok, err := isNumeric(v); ok || err != nil {
			return value.Str("number"), err
		}
		return value.Str("object"), nil
	case value.KindString:
		return value.Str("string"), nil
	case value.KindBool:
		return value.Str("boolean"), nil
	}
	switch {
	case isArray(v):
		return value.Str("array"), nil
	case isFunction(v):
		return value.Str("function"), nil
	}
	return value.Str("object"), nil
}

func fnError(c call) (value.Value, error) {
	return value.Undefined, fail("D3137", "stack", "message", either(c.arg(0), "$error() function evaluated"))
}

func fnAssert(c call) (value.Value, error) {
	if value.Truthy(c.arg(0)) {
		return value.Undefined, nil
	}
	return value.Undefined, fail("D3141", "stack", "message", either(c.arg(1), "$assert() statement failed"))
}

func either(v value.Value, text string) value.Value {
	if value.Truthy(v) {
		return v
	}
	return value.Str(text)
}

func fnEval(c call) (value.Value, error) {
	if c.arg(0).IsUndefined() {
		return value.Undefined, nil
	}
	in := c.input
	if focus := c.arg(1); !focus.IsUndefined() {
		in = focus
		if a := in.Array(); isArray(in) && (a == nil || !isSequence(a)) {
			in = value.Of(c.ev.marked([]value.Value{in}, markOuter))
		}
	}
	wrap := func(code string, err error) error {
		e := asError(err)
		addText(e)
		return fail(code, "stack", "code", "value", e.Message, "error", thrownValue(e))
	}
	tree, err := parse(c.arg(0).Str())
	if err != nil {
		return value.Undefined, wrap("D3120", err)
	}
	v, err := c.ev.eval(tree, in, c.env)
	if err != nil {
		return v, wrap("D3121", err)
	}
	return v, nil
}

// thrownValue is what JavaScript would catch: an object for errors with a code.
func thrownValue(e *value.Error) value.Value {
	if e.Name == "" && e.Props != nil {
		return value.Of(e.Props)
	}
	return value.Of(e)
}

func fnFlowContext(c call) (value.Value, error)   { return contextValue(c, c.ev.host.FlowContext) }
func fnGlobalContext(c call) (value.Value, error) { return contextValue(c, c.ev.host.GlobalContext) }

func contextValue(c call, get func(key, store string) (value.Value, error)) (value.Value, error) {
	if get == nil {
		return value.Str(""), nil
	}
	return get(value.ToString(c.arg(0)), c.arg(1).Str())
}

func fnEnv(c call) (value.Value, error) {
	if c.ev.host.Env == nil {
		return value.Str(""), nil
	}
	return c.ev.host.Env(value.ToString(c.arg(0))), nil
}
