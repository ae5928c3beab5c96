package js

import (
	"math"
	"math/big"
	"reflect"
	"strings"
	"sync"

	"github.com/dop251/goja"

	"github.com/lockstep-flows/lockstep/engine/value"
)

var (
	typeInt    = reflect.TypeOf(int64(0))
	typeFloat  = reflect.TypeOf(float64(0))
	typeBool   = reflect.TypeOf(false)
	typeBigInt = reflect.TypeOf((*big.Int)(nil))
)

// toJS gives the JavaScript view of a value. Containers are shared, not copied.
func (r *Runtime) toJS(v value.Value) goja.Value {
	switch v.Kind() {
	case value.KindUndefined:
		return r.undefined
	case value.KindNull:
		return r.null
	case value.KindBool:
		if v.Bool() {
			return r.yes
		}
		return r.no
	case value.KindNumber:
		return r.number(v.Num())
	case value.KindString:
		return r.str(v.Str())
	case value.KindObject:
		o := v.Object()
		if w, ok := o.Wrapper().(*goja.Object); ok {
			return w
		}
		return r.wrapObject(o)
	case value.KindArray:
		a := v.Array()
		if w, ok := a.Wrapper().(*goja.Object); ok {
			return w
		}
		return r.wrapArray(a)
	case value.KindForeign:
		if l, ok := v.Foreign().(*live); ok && l.r == r {
			return l.o
		}
		if fn, ok := v.Foreign().(value.Callable); ok {
			return r.callableToJS(fn)
		}
		return r.toJS(v.Foreign().Snapshot())
	}
	return r.specialToJS(v)
}

// number gives a JavaScript number.
func (r *Runtime) number(f float64) goja.Value {
	if i := int64(f); float64(i) == f && i >= -smallInts && i < smallInts && (i != 0 || !math.Signbit(f)) {
		return r.ints[i+smallInts]
	}
	return r.vm.ToValue(f)
}

// smallInts is the range of integers kept ready as goja values.
const smallInts = 512

// readyInts is a table of them, made once: goja's numbers belong to no runtime.
var readyInts = sync.OnceValue(func() *[2 * smallInts]goja.Value {
	var t [2 * smallInts]goja.Value
	vm := goja.New()
	for i := range t {
		t[i] = vm.ToValue(int64(i - smallInts))
	}
	return &t
})

// str gives a JavaScript string; ordinary text is not copied.
func (r *Runtime) str(s string) goja.Value {
	if s == "" {
		return r.empty
	}
	if hasSurrogate(s) {
		return goja.StringFromUTF16(value.UTF16(s))
	}
	return r.vm.ToValue(s)
}

// hasSurrogate reports whether WTF-8 text has a lone surrogate.
func hasSurrogate(s string) bool {
	for {
		i := strings.IndexByte(s, 0xED)
		if i < 0 || i+1 >= len(s) {
			return false
		}
		if s[i+1] >= 0xA0 {
			return true
		}
		s = s[i+1:]
	}
}

// text gives a goja string as WTF-8.
func text(v goja.Value) string {
	s := v.String()
	if !strings.Contains(s, "\uFFFD") {
		return s
	}
	str, ok := v.(goja.String)
	if !ok {
		return s
	}
	units := make([]uint16, str.Length())
	for i := range units {
		units[i] = str.CharAt(i)
	}
	return value.FromUTF16(units)
}

// fromJS gives a value that leaves JavaScript: primitives as they are, containers
// as the data they are or become.
func (r *Runtime) fromJS(v goja.Value) value.Value {
	if o, ok := v.(*goja.Object); ok {
		return r.adopt(o)
	}
	return r.primitive(v)
}

// primitive converts everything but objects.
func (r *Runtime) primitive(v goja.Value) value.Value {
	if v == nil {
		return value.Undefined
	}
	if s, ok := v.(goja.String); ok {
		return value.Str(text(s))
	}
	switch v.ExportType() {
	case typeInt:
		return value.Num(float64(v.ToInteger()))
	case typeFloat:
		return value.Num(v.ToFloat())
	case typeBool:
		return value.Bool(v.ToBoolean())
	case typeBigInt:
		if b, ok := v.Export().(*big.Int); ok {
			return value.BigInt(b)
		}
	}
	if goja.IsNull(v) {
		return value.Null
	}
	if s, ok := v.(*goja.Symbol); ok {
		return value.Symbol(symbolName(s))
	}
	return value.Undefined
}

// symbolName is a symbol's description.
func symbolName(s *goja.Symbol) string {
	t := s.String()
	if strings.HasPrefix(t, "Symbol(") && strings.HasSuffix(t, ")") {
		return t[len("Symbol(") : len(t)-1]
	}
	return t
}
