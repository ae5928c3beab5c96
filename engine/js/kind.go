package js

import (
	"reflect"
	"unsafe"

	"github.com/dop251/goja"
)

// kind tells goja's implementations of objects apart.
type kind uint8

const (
	kindOther kind = iota
	kindPlain
	kindArray
	kindSparse
	kindDynamic
	kindFunction
	kindTyped
	kindBytes // ArrayBuffer
	kindView  // DataView
	kindDate
	kindRegExp
	kindError
	kindMap
	kindSet
	kindProxy
	kindPromise
	kindBoxed
)

var kindNames = map[string]kind{
	"*goja.baseObject": kindPlain, "*goja.arrayObject": kindArray, "*goja.sparseArrayObject": kindSparse,
	"*goja.dynamicObject": kindDynamic, "*goja.dynamicArray": kindDynamic,
	"*goja.typedArrayObject": kindTyped, "*goja.arrayBufferObject": kindBytes, "*goja.dataViewObject": kindView,
	"*goja.dateObject": kindDate, "*goja.regexpObject": kindRegExp, "*goja.errorObject": kindError,
	"*goja.mapObject": kindMap, "*goja.setObject": kindSet, "*goja.proxyObject": kindProxy, "*goja.Promise": kindPromise,
	"*goja.primitiveValueObject": kindBoxed, "*goja.stringObject": kindBoxed,
}

// kindOf gives the kind of an object; the answer per implementation is remembered.
func (r *Runtime) kindOf(o *goja.Object) kind {
	tab := selfOf(o).tab
	if k, ok := r.kinds[tab]; ok {
		return k
	}
	k := kindNames[reflect.ValueOf(o).Elem().FieldByName("self").Elem().Type().String()]
	if k == kindOther {
		if _, ok := goja.AssertFunction(o); ok {
			k = kindFunction
		}
	}
	r.kinds[tab] = k
	return k
}

type kindTable map[unsafe.Pointer]kind
