package js

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"unsafe"

	"github.com/dop251/goja"
	"github.com/dop251/goja/unistring"
)

// A function object takes 1 KB, and a flow uses few of those that are changed here. goja
// makes what its own objects have when it is first asked for, by a template that all
// runtimes share. An object whose properties are changed gets a template of its own, with
// the changes in it: they too are made when they are first asked for.

// factory makes a property.
type factory = func(*goja.Runtime) goja.Value

// template mirrors goja's objectTemplate.
type template struct {
	propNames    []unistring.String
	props        map[unistring.String]factory
	symProps     map[*goja.Symbol]factory         //nolint:unused // copied with the rest, as are the next
	symPropNames []*goja.Symbol                   //nolint:unused // see symProps
	protoFactory func(*goja.Runtime) *goja.Object //nolint:unused // see symProps
}

// templatedLayout mirrors goja's templatedObject, which is the first part of its function
// and array objects with a template, too.
type templatedLayout struct {
	base              baseLayout
	tmpl              *template
	protoMaterialised bool
}

// propertyLayout mirrors goja's valueProperty.
type propertyLayout struct {
	value                                        goja.Value
	writable, configurable, enumerable, accessor bool
	getterFunc, setterFunc                       *goja.Object
}

// templates are the kinds of objects that have a template, and those that have one of
// their own.
type templates struct {
	object, function, array unsafe.Pointer
	own                     map[*goja.Object]*template
}

// findTemplates compares the mirrors with goja's types.
func (r *Runtime) findTemplates() error {
	impl := func(o *goja.Object) reflect.Type {
		return reflect.ValueOf(o).Elem().FieldByName("self").Elem().Elem().Type()
	}
	math, _ := r.vm.Get("Math").(*goja.Object)
	fn, _ := r.vm.Get("Object").(*goja.Object)
	for _, o := range []*goja.Object{fn, r.arrayProto} {
		if f, ok := impl(o).FieldByName("templatedObject"); !ok || f.Offset != 0 || f.Type != impl(math) {
			return fmt.Errorf("js: goja's objects with a template have another layout than the pinned version's")
		}
	}
	tmpl, ok := impl(math).FieldByName("tmpl")
	if !ok {
		return fmt.Errorf("js: goja's objects have no template")
	}
	sample := r.vm.NewObject()
	_ = sample.DefineAccessorProperty("x", r.vm.ToValue(func(goja.FunctionCall) goja.Value { return nil }), nil, 0, 0)
	var property reflect.Type
	for it := reflect.ValueOf(sample).Elem().FieldByName("self").Elem().Elem().FieldByName("values").MapRange(); it.Next(); {
		property = it.Value().Elem().Type().Elem()
	}
	for _, err := range []error{
		sameField(impl(math), reflect.TypeFor[templatedLayout](), "tmpl", "protoMaterialised"),
		sameField(tmpl.Type.Elem(), reflect.TypeFor[template](), "propNames", "props", "symProps", "symPropNames", "protoFactory"),
		sameField(property, reflect.TypeFor[propertyLayout](), "value", "writable", "configurable", "enumerable", "accessor", "getterFunc", "setterFunc"),
	} {
		if err != nil {
			return err
		}
	}
	r.templates = templates{object: selfOf(math).tab, function: selfOf(fn).tab, array: selfOf(r.arrayProto).tab, own: map[*goja.Object]*template{}}
	return nil
}

// templateOf gives the template of an object, which is its own from now on; nil if it has
// none.
func (r *Runtime) templateOf(o *goja.Object) *template {
	self := selfOf(o)
	t := &r.templates
	if self.tab != t.object && self.tab != t.function && self.tab != t.array {
		return nil
	}
	if own := t.own[o]; own != nil {
		return own
	}
	l := (*templatedLayout)(self.data)
	own := *l.tmpl
	own.props, own.propNames = maps.Clone(own.props), slices.Clip(own.propNames)
	l.tmpl, t.own[o] = &own, &own
	return &own
}

// onFirst changes a property of a built-in object: when it is first asked for, or now if
// it has been made. change is given what goja has there, undefined if it has nothing.
func (r *Runtime) onFirst(o *goja.Object, name string, change func(old goja.Value) goja.Value) {
	key := unistring.String(name)
	t := r.templateOf(o)
	if t != nil {
		base := &(*templatedLayout)(selfOf(o).data).base
		make := t.props[key]
		_, made := base.values[key]
		switch {
		case made || make == nil && base.propNames != nil:
		case make == nil:
			t.propNames = append(t.propNames, key)
			t.props[key] = func(*goja.Runtime) goja.Value { return r.property(change(r.undefined)) }
			return
		default:
			t.props[key] = func(vm *goja.Runtime) goja.Value {
				v := make(vm)
				if tabOf(v) != r.tabs.property {
					return change(v)
				}
				p := (*propertyLayout)((*iface)(unsafe.Pointer(&v)).data)
				p.value = change(p.value)
				return v
			}
			return
		}
	}
	old := o.Get(name)
	if old == nil {
		old = r.undefined
	}
	if v := change(old); v != old {
		r.define(o, name, v)
	}
}

// instead puts a value in the place of a property of a built-in object, made when it is
// first asked for.
func (r *Runtime) instead(o *goja.Object, name string, value func() goja.Value) {
	key := unistring.String(name)
	if t := r.templateOf(o); t != nil {
		base := &(*templatedLayout)(selfOf(o).data).base
		_, known := t.props[key]
		if _, made := base.values[key]; !made && (known || base.propNames == nil) {
			if !known {
				t.propNames = append(t.propNames, key)
			}
			t.props[key] = func(*goja.Runtime) goja.Value { return r.property(value()) }
			return
		}
	}
	r.define(o, name, value())
}

// property is what a method is kept as: it can be changed, and does not show.
func (r *Runtime) property(v goja.Value) (p goja.Value) {
	*(*iface)(unsafe.Pointer(&p)) = iface{r.tabs.property, unsafe.Pointer(&propertyLayout{value: v, writable: true, configurable: true})}
	return p
}
