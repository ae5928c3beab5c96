package value

import (
	"encoding/base64"
	"math"
	"math/big"
)

// DecodeTagged reads tagged JSON, the form in which the drive protocol carries
// values that JSON has not: {"$t":"date","v":0}, {"$t":"undefined"} and so on.
func DecodeTagged(text []byte) (Value, error) {
	v, err := ParseJSON(Text(text))
	if err != nil {
		return Undefined, err
	}
	return FromTagged(v), nil
}

// FromTagged gives the value that parsed tagged JSON stands for. The objects and
// arrays of v are used for the result and changed in place. A malformed tag
// gives undefined.
func FromTagged(v Value) Value {
	var d tagReader
	return d.read(v)
}

// tagReader keeps the containers that are open, for circular references.
type tagReader struct {
	open []Value
}

func (d *tagReader) read(v Value) Value {
	switch v.kind {
	case KindArray:
		d.elems(v, v.Array().Elems)
		return v
	case KindObject:
		o := v.Object()
		tag, ok := o.Lookup("$t")
		if ok {
			return d.tagged(tag.Str(), o)
		}
		d.open = append(d.open, v)
		for i := range o.list() {
			if k := o.props[i].Value.kind; k == KindObject || k == KindArray {
				o.props[i].Value = d.read(o.props[i].Value)
			}
		}
		d.open = d.open[:len(d.open)-1]
	}
	return v
}

// elems reads list in place as the contents of the container v.
func (d *tagReader) elems(v Value, list []Value) {
	d.open = append(d.open, v)
	for i := range list {
		list[i] = d.read(list[i])
	}
	d.open = d.open[:len(d.open)-1]
}

func (d *tagReader) tagged(tag string, o *Object) Value {
	v := o.Get("v")
	switch tag {
	case "number":
		return taggedNumber(v.Str())
	case "bigint":
		if b, ok := new(big.Int).SetString(v.Str(), 10); ok {
			return BigInt(b)
		}
	case "date":
		if !v.IsNumber() {
			return NewDate(math.NaN())
		}
		return NewDate(v.Num())
	case "buffer":
		return Bytes(unbase64(v.Str()))
	case "typedarray":
		return Of(&TypedArray{Class: o.Get("k").Str(), B: unbase64(v.Str())})
	case "arraybuffer":
		return Of(&TypedArray{Class: "ArrayBuffer", B: unbase64(v.Str())})
	case "regexp":
		return Of(&RegExp{Source: o.Get("source").Str(), Flags: o.Get("flags").Str()})
	case "boxed":
		return d.read(v)
	case "symbol":
		return Symbol(v.Str())
	case "function":
		return Live(inertFunction{o.Get("name").Str()})
	case "opaque":
		return Of(&Handle{Class: o.Get("class").Str(), Props: NewObject()})
	case "circular":
		if path := o.Get("path").Array(); path != nil && path.Len() < len(d.open) {
			return d.open[path.Len()]
		}
	case "error", "map", "set", "object":
		return d.container(tag, o, v.Array())
	}
	return Undefined // undefined, hole, truncated
}

func taggedNumber(s string) Value {
	if s == "-0" {
		return Num(math.Copysign(0, -1))
	}
	return Num(ParseNumber(s))
}

func unbase64(s string) []byte {
	b, err := base64.StdEncoding.DecodeString(s)
	if err != nil {
		b, _ = base64.RawStdEncoding.DecodeString(s)
	}
	if b == nil {
		b = []byte{}
	}
	return b
}

func (d *tagReader) container(tag string, o *Object, list *Array) Value {
	if list == nil {
		list = NewArray()
	}
	switch tag {
	case "error":
		return d.error(o)
	case "map":
		m := &Map{Pairs: make([][2]Value, 0, list.Len())}
		d.open = append(d.open, Of(m))
		for _, e := range list.Elems {
			m.Pairs = append(m.Pairs, [2]Value{d.read(Index(e, 0)), d.read(Index(e, 1))})
		}
		d.open = d.open[:len(d.open)-1]
		return Of(m)
	case "set":
		s := &Set{Items: list.Elems}
		d.elems(Of(s), s.Items)
		return Of(s)
	}
	out := NewObject(list.Len())
	d.pairs(Of(out), out, list)
	return Of(out)
}

// pairs sets the [key, value] pairs of list in o, as the contents of v.
func (d *tagReader) pairs(v Value, o *Object, list *Array) {
	d.open = append(d.open, v)
	for _, e := range list.Elems {
		o.Set(Index(e, 0).Str(), d.read(Index(e, 1)))
	}
	d.open = d.open[:len(d.open)-1]
}

func (d *tagReader) error(o *Object) Value {
	e := NewError(o.Get("name").Str(), o.Get("message").Str())
	if e.Stack = o.Get("stack").Str(); e.Stack == "" {
		e.Stack = e.Error() // as an error that is made there gets one
	}
	v := Of(e)
	d.open = append(d.open, v)
	for _, k := range []string{"code", "cause"} {
		if x, ok := o.Lookup(k); ok {
			e.SetProp(k, d.read(x))
		}
	}
	d.open = d.open[:len(d.open)-1]
	if list := o.Get("props").Array(); list != nil {
		if e.Props == nil {
			e.Props = NewObject()
		}
		d.pairs(v, e.Props, list)
	}
	return v
}

// inertFunction stands for a function that could not cross to us: it is there,
// but it cannot be called.
type inertFunction struct{ name string }

func (f inertFunction) TypeOf() string { return "function" }
func (f inertFunction) Class() string  { return "Function" }
func (f inertFunction) Get(key string) (Value, error) {
	if key == "name" {
		return Str(f.name), nil
	}
	return Undefined, nil
}
func (f inertFunction) Set(string, Value) error { return nil }
func (f inertFunction) Delete(string) error     { return nil }
func (f inertFunction) Keys() []string          { return nil }
func (f inertFunction) IsArray() bool           { return false }
func (f inertFunction) ToString() (string, error) {
	return "function " + f.name + "() { [native code] }", nil
}
func (f inertFunction) ToJSON(string) (Value, error) { return Live(f), nil }
func (f inertFunction) Snapshot() Value              { return Live(f) }
func (f inertFunction) Clone(*Cloner) Value          { return Live(f) }
func (f inertFunction) Same(other Foreign) bool      { return other == Foreign(f) }
