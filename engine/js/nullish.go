package js

import (
	"errors"
	"reflect"
	"strings"
	"unsafe"

	"github.com/dop251/goja"
	"github.com/dop251/goja/unistring"
)

// goja words errors about null as about undefined and does not say which it was.
// When it makes a TypeError the value still lies on the machine's stack, where
// the instruction that failed took it from: typeErrors looks there and gives the
// error V8's text. It costs nothing until an error is made.

// constructor is the Go function behind a native constructor.
type constructor = func(args []goja.Value, newTarget *goja.Object) *goja.Object

// watchTypeErrors puts nullText in front of the constructor of TypeErrors, where
// goja's own errors pass, too.
func (r *Runtime) watchTypeErrors() error {
	ctor := r.builtin("TypeError")
	_ = ctor.Get("name") // makes it, if goja has put that off
	self := reflect.ValueOf(ctor).Elem().FieldByName("self").Elem()
	if self.Kind() != reflect.Pointer {
		return errLayout
	}
	f, ok := self.Type().Elem().FieldByName("construct")
	if !ok || f.Type != reflect.TypeOf(constructor(nil)) || !r.hasMachine() {
		return errLayout
	}
	slot := (*constructor)(unsafe.Add(selfOf(ctor).data, f.Offset))
	original := *slot
	*slot = func(args []goja.Value, newTarget *goja.Object) *goja.Object {
		if len(args) == 1 {
			if s, ok := args[0].(goja.String); ok && aboutNullish(s.String()) {
				args = []goja.Value{r.str(r.nullText(text(s)))}
			}
		}
		return original(args, newTarget)
	}
	return nil
}

var errLayout = errors.New("js: goja has another layout than the pinned version's")

// hasMachine checks the fields that nullText reads.
func (r *Runtime) hasMachine() bool {
	vm := reflect.TypeOf(r.vm).Elem()
	m, ok := vm.FieldByName("vm")
	if !ok {
		return false
	}
	for name, kind := range map[string]reflect.Kind{"sp": reflect.Int, "pc": reflect.Int, "stack": reflect.Slice, "prg": reflect.Pointer} {
		if f, ok := m.Type.Elem().FieldByName(name); !ok || f.Type.Kind() != kind {
			return false
		}
	}
	prg, _ := m.Type.Elem().FieldByName("prg")
	code, ok := prg.Type.Elem().FieldByName("code")
	return ok && code.Type.Kind() == reflect.Slice
}

const (
	convertText   = "Cannot convert undefined or null to object"
	coercibleText = "Value is not object coercible"
)

func aboutNullish(s string) bool {
	return s == convertText || s == coercibleText || strings.HasPrefix(s, "Cannot read property '") ||
		strings.HasPrefix(s, "Cannot set property '")
}

// nullText gives goja's text s of an error that is being made as V8 words it.
func (r *Runtime) nullText(s string) string {
	m := machine{reflect.ValueOf(r.vm).Elem().FieldByName("vm").Elem()}
	instruction := m.instruction()
	if !instruction.IsValid() {
		return s
	}
	name := strings.TrimPrefix(instruction.Type().Name(), "_")
	base, key := "", ""
	switch {
	case strings.HasPrefix(name, "getProp"):
		base, key = m.nullish(1), propertyName(instruction)
	case strings.HasPrefix(name, "getElem"):
		at := 2
		if strings.Contains(name, "Recv") {
			at = 1
		}
		if base = m.nullish(at); base != "" && strings.HasPrefix(s, "Cannot read property '") {
			key = strings.TrimPrefix(s, "Cannot read property '")
			key = key[:strings.LastIndexByte(key, '\'')]
		}
	case strings.HasPrefix(name, "setProp"):
		if base = m.nullish(2); base != "" {
			return "Cannot set properties of " + base + " (setting '" + propertyName(instruction) + "')"
		}
	case strings.HasPrefix(name, "setElem"):
		if base = m.nullish(3); base != "" {
			return "Cannot set properties of " + base + " (setting '" + m.key(2) + "')"
		}
	case s == coercibleText:
		if base = m.nullish(1); base != "" {
			return s + ": " + base
		}
	}
	if base == "" || s == convertText || s == coercibleText {
		return s
	}
	return "Cannot read properties of " + base + " (reading '" + key + "')"
}

// propertyName is the name that an instruction holds: its kind is string.
func propertyName(instruction reflect.Value) string {
	if instruction.Kind() != reflect.String {
		return ""
	}
	return unistring.String(instruction.String()).String()
}

// machine reads goja's machine; its fields have no other door.
type machine struct{ v reflect.Value }

// instruction is the one at work; the zero Value if there is none.
func (m machine) instruction() (none reflect.Value) {
	prg, pc := m.v.FieldByName("prg"), int(m.v.FieldByName("pc").Int())
	if prg.IsNil() {
		return none
	}
	if code := prg.Elem().FieldByName("code"); pc >= 0 && pc < code.Len() && !code.Index(pc).IsNil() {
		op := code.Index(pc).Elem()
		if strings.HasPrefix(op.Type().String(), "*js.") { // one of ours, around goja's
			if next := op.Elem().FieldByName("next"); next.IsValid() {
				op = next.Elem()
			}
		}
		return op
	}
	return none
}

// at is the value that lies n deep on the stack, 1 is the top.
func (m machine) at(n int) (none reflect.Value) {
	stack, i := m.v.FieldByName("stack"), int(m.v.FieldByName("sp").Int())-n
	if i < 0 || i >= stack.Len() || stack.Index(i).IsNil() {
		return none
	}
	return stack.Index(i).Elem()
}

// nullish is "null" or "undefined" if that lies n deep on the stack, else "".
func (m machine) nullish(n int) string {
	v := m.at(n)
	switch {
	case !v.IsValid():
	case v.Type() == reflect.TypeOf(goja.Null()):
		return "null"
	case v.Type() == reflect.TypeOf(goja.Undefined()):
		return "undefined"
	}
	return ""
}

// key is the property key n deep on the stack as text, as far as it is simple.
func (m machine) key(n int) string {
	v := m.at(n)
	if !v.IsValid() {
		return ""
	}
	stack := m.v.FieldByName("stack")
	i := int(m.v.FieldByName("sp").Int()) - n
	p := (*goja.Value)(stack.Index(i).Addr().UnsafePointer())
	if _, isObject := (*p).(*goja.Object); isObject {
		return "[object Object]"
	}
	if s, ok := (*p).(*goja.Symbol); ok {
		return s.String()
	}
	return (*p).String()
}
