package js

import (
	"math"
	"strings"
	"unsafe"

	"github.com/dop251/goja"

	"github.com/lockstep-flows/lockstep/engine/value"
)

// Built-in functions of goja that make integers of their arguments do so by a
// conversion of Go's that, from 2⁶³ on, gives another result on each architecture:
// of strings where they want a position, of everything where they want 32 bits. They
// get such arguments in a form that goja converts as V8 does.

// positions are the functions that take positions, and which arguments are positions.
var positions = []struct {
	object, names string
	from, to      int
}{
	{"String.prototype", "at charAt charCodeAt codePointAt padStart padEnd repeat", 0, 1},
	{"String.prototype", "slice substring substr", 0, 2},
	{"String.prototype", "endsWith includes indexOf startsWith", 1, 2},
	{"Array.prototype", "at flat with", 0, 1},
	{"Array.prototype", "slice splice toSpliced", 0, 2},
	{"Array.prototype", "copyWithin", 0, 3},
	{"Array.prototype", "fill", 1, 3},
	{"Array.prototype", "includes indexOf lastIndexOf", 1, 2},
	{"TypedArray.prototype", "at with", 0, 1},
	{"TypedArray.prototype", "slice subarray", 0, 2},
	{"TypedArray.prototype", "copyWithin", 0, 3},
	{"TypedArray.prototype", "fill", 1, 3},
	{"TypedArray.prototype", "includes indexOf lastIndexOf set", 1, 2},
	{"ArrayBuffer.prototype", "slice", 0, 2},
}

// lowBits are the functions that take numbers as 32 bits or less.
var lowBits = []struct {
	object, name string
	from, to     int
}{
	{"Math", "clz32", 0, 1}, {"Math", "imul", 0, 2}, {"global", "parseInt", 1, 2},
	{"String", "fromCharCode", 0, math.MaxInt}, {"String.prototype", "split", 1, 2},
}

// installIntegers gives the functions of the tables arguments they convert rightly.
func (r *Runtime) installIntegers() {
	for _, p := range positions {
		o := r.homeOf(p.object)
		for _, name := range strings.Fields(p.names) {
			r.prepare(o, name, p.from, p.to, r.position)
		}
	}
	r.globals.Get("parseInt") // Number has it too: it is made before
	r.recode(r.globals, "parseInt", func(old nativeCall) nativeCall {
		return func(c goja.FunctionCall) goja.Value {
			s := c.Argument(0).ToString()
			v := old(goja.FunctionCall{This: c.This, Arguments: []goja.Value{s, c.Argument(1)}})
			if v == r.ints[smallInts] && strings.HasPrefix(value.TrimStart(text(s)), "-") {
				return r.number(math.Copysign(0, -1)) // goja gives 0
			}
			return v
		}
	})
	for _, b := range lowBits {
		r.prepare(r.homeOf(b.object), b.name, b.from, b.to, r.wrapped)
	}
}

// prepare passes the arguments from one on and before another through a conversion,
// unless they are small integers.
func (r *Runtime) prepare(o *goja.Object, name string, from, to int, convert func(goja.Value) goja.Value) {
	integer := r.typed.integer
	r.recode(o, name, func(old nativeCall) nativeCall {
		return func(c goja.FunctionCall) goja.Value {
			copied := false
			for i := from; i < to && i < len(c.Arguments); i++ {
				a := c.Arguments[i]
				if tabOf(a) == integer {
					continue
				}
				if v := convert(a); v != a {
					if !copied {
						c.Arguments, copied = append([]goja.Value(nil), c.Arguments...), true
					}
					c.Arguments[i] = v
				}
			}
			return old(c)
		}
	})
}

// position gives a string that is a huge number as that number.
func (r *Runtime) position(v goja.Value) goja.Value {
	if s, ok := v.(goja.String); ok {
		if f := s.ToFloat(); math.Abs(f) >= hugeInt {
			return r.vm.ToValue(f)
		}
	}
	return v
}

// installViews makes DataView store numbers as typed arrays do.
func (r *Runtime) installViews() {
	proto := r.builtin("DataView").Get("prototype").(*goja.Object)
	for _, name := range [...]string{"setInt8", "setUint8", "setInt16", "setUint16", "setInt32", "setUint32", "setFloat32", "setFloat64"} {
		convert := r.wrapped
		if strings.HasPrefix(name, "setFloat") {
			convert = r.float
		}
		r.recode(proto, name, func(old nativeCall) nativeCall {
			return func(c goja.FunctionCall) goja.Value {
				at, v, little := c.Argument(0), c.Argument(1), c.Argument(2)
				if tabOf(v) == r.typed.integer {
					return old(c)
				}
				if o, ok := at.(*goja.Object); ok {
					at = o.ToNumber() // before the number is converted
				}
				c.Arguments = []goja.Value{at, convert(v), little}
				return old(c)
			}
		})
	}
}

// floatValue gives a number in goja's form for those that are no integers.
func (r *Runtime) floatValue(f float64) (v goja.Value) {
	*(*iface)(unsafe.Pointer(&v)) = iface{tabOf(r.vm.ToValue(1.5)), unsafe.Pointer(&f)}
	return v
}

// float is ToNumber, with the bits V8 gives NaN.
func (r *Runtime) float(v goja.Value) goja.Value {
	if v = v.ToNumber(); v.ToFloat() != v.ToFloat() {
		return r.nan
	}
	return v
}
