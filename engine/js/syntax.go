package js

import (
	"reflect"
	"regexp"
	"strconv"

	"github.com/dop251/goja"
	"github.com/dop251/goja/ast"
	"github.com/dop251/goja/parser"

	"github.com/lockstep-flows/lockstep/engine/value"
)

var doneCall = regexp.MustCompile(`node\.done\s*\(\s*\)`)

// callsDone reports whether a body calls node.done() itself: then it is not called
// when the function returns.
func callsDone(body string) bool {
	if !doneCall.MatchString(body) {
		return false
	}
	p, err := goja.Parse("", "(async function(){\n"+body+"\n})", parser.WithDisableSourceMaps)
	if err != nil {
		return true
	}
	found := false
	inspect(reflect.ValueOf(p).Elem(), func(n ast.Node) {
		c, ok := n.(*ast.CallExpression)
		if !ok {
			return
		}
		d, ok := c.Callee.(*ast.DotExpression)
		if !ok {
			return
		}
		id, ok := d.Left.(*ast.Identifier)
		found = found || ok && id.Name == "node" && d.Identifier.Name == "done"
	})
	return found
}

// inspect calls fn for every node of a tree.
func inspect(v reflect.Value, fn func(ast.Node)) {
	switch v.Kind() {
	case reflect.Interface:
		if !v.IsNil() {
			inspect(v.Elem(), fn)
		}
	case reflect.Pointer:
		if v.IsNil() || v.Type() == fileType {
			return
		}
		if n, ok := v.Interface().(ast.Node); ok {
			fn(n)
		}
		if v.Elem().Kind() == reflect.Struct {
			inspect(v.Elem(), fn)
		}
	case reflect.Slice:
		for i := 0; i < v.Len(); i++ {
			inspect(v.Index(i), fn)
		}
	case reflect.Struct:
		for i := 0; i < v.NumField(); i++ {
			if v.Type().Field(i).Name != "DeclarationList" && v.Type().Field(i).IsExported() {
				inspect(v.Field(i), fn)
			}
		}
	}
}

func minusOne(s string) string {
	n, _ := strconv.Atoi(s)
	return strconv.Itoa(n - 1)
}

// syntaxError gives the error of a program that does not parse as Node-RED reports it.
func (f *Function) syntaxError(kind string, err error, _ string) error {
	return value.NewError("SyntaxError", err.Error())
}
