package js

import (
	"reflect"
	"strings"
	"unsafe"

	"github.com/dop251/goja"
	"github.com/dop251/goja/ast"
	"github.com/dop251/goja/token"
)

// goja copies both sides whenever strings are joined, so that s += x in a loop
// takes quadratic time. Where a program does that (appends finds the places) the
// addition is a call of cat, which appends in place: the bytes after the end of the
// string it made last are free, and no other string sees them.

// catName is cat in rewritten programs.
const catName = "__lockstep_cat"

// longText is the length from which appending in place pays.
const longText = 256

// maxText is V8's limit for the length of a string.
const maxText = 1<<29 - 24

// cat is a + b.
func (r *Runtime) cat(c goja.FunctionCall) goja.Value {
	a, b := c.Argument(0), c.Argument(1)
	s, ok := a.(goja.String)
	if !ok {
		return r.add(a, b)
	}
	t, ok := b.(goja.String)
	if !ok {
		switch b.(type) {
		case *goja.Object, *goja.Symbol:
			return r.add(a, b)
		}
		t = r.textOf(b)
	}
	if tab := tabOf(a); tab == r.tabs.unicode {
		if s.Length() < longText {
			return r.concat(s, t)
		}
	} else if len(s.String()) < longText {
		return r.concat(s, t)
	}
	left, right := s.String(), t.String()
	if tabOf(a) == r.tabs.unicode && strings.Contains(left, "\uFFFD") || strings.Contains(right, "\uFFFD") {
		return r.concat(s, t) // perhaps half a character
	}
	return r.vm.ToValue(r.appended(left, right))
}

// concat is a + b of strings.
func (r *Runtime) concat(a, b goja.String) goja.Value {
	if n := int64(a.Length() + b.Length()); n >= unitsPerStep {
		r.joinable(n)
		r.charge(n / unitsPerStep)
	}
	return a.Concat(b)
}

// textOf gives a primitive that is no symbol as a string.
func (r *Runtime) textOf(v goja.Value) goja.String {
	if s, ok := v.(goja.String); ok {
		return s
	}
	return r.str(v.String()).(goja.String)
}

// add is a + b as goja does it.
func (r *Runtime) add(a, b goja.Value) goja.Value {
	v, err := r.function("add")(r.undefined, a, b)
	if err != nil {
		panic(err)
	}
	return v
}

// appended gives left + right, in the memory of left if that was made here last.
func (r *Runtime) appended(left, right string) string {
	if len(left)+len(right) > maxText {
		panic(r.rangeError("Invalid string length"))
	}
	var buf *[]byte
	for i := range r.texting {
		if b := r.texting[i]; len(b) == len(left) && unsafe.SliceData(b) == unsafe.StringData(left) {
			buf = &r.texting[i]
		}
	}
	r.charge(int64(len(right)) / unitsPerStep)
	if buf == nil {
		r.charge(int64(len(left)) / unitsPerStep)
		r.nextText = (r.nextText + 1) % len(r.texting)
		buf = &r.texting[r.nextText]
		*buf = append(make([]byte, 0, 2*(len(left)+len(right))), left...)
	}
	*buf = append(*buf, right...)
	r.appending = true
	return unsafe.String(unsafe.SliceData(*buf), len(*buf))
}

// forgetTexts lets go of the memory strings were made in.
func (r *Runtime) forgetTexts() {
	if r.appending {
		clear(r.texting[:])
		r.appending = false
	}
}

// mayAppend reports whether a program may append to strings repeatedly.
func mayAppend(src string) bool {
	return strings.Contains(src, "+=") && (strings.Contains(src, "for") || strings.Contains(src, "while") || strings.Contains(src, "=>") || strings.Contains(src, "function"))
}

// textVariables are the names that a program gives texts to.
func textVariables(p *ast.Program) map[string]bool {
	names := map[string]bool{}
	inspect(reflect.ValueOf(p).Elem(), func(n ast.Node) {
		switch n := n.(type) {
		case *ast.Binding:
			if id, ok := n.Target.(*ast.Identifier); ok && n.Initializer != nil && isText(n.Initializer, nil) {
				names[id.Name.String()] = true
			}
		case *ast.AssignExpression:
			if id, ok := n.Left.(*ast.Identifier); ok && n.Operator == token.ASSIGN && isText(n.Right, nil) {
				names[id.Name.String()] = true
			}
		}
	})
	return names
}

// isText reports whether an expression gives a string for sure.
func isText(e ast.Expression, names map[string]bool) bool {
	switch e := e.(type) {
	case *ast.StringLiteral:
		return true
	case *ast.TemplateLiteral:
		return e.Tag == nil
	case *ast.Identifier:
		return names[e.Name.String()]
	case *ast.BinaryExpression:
		return e.Operator == token.PLUS && (isText(e.Left, names) || isText(e.Right, names))
	}
	return false
}

// appends gives the call that stands for an addition to a text variable in a loop
// or in a function within the program's; nil for any other assignment.
func (t *rewriter) appends(n *ast.AssignExpression) ast.Node {
	id, ok := n.Left.(*ast.Identifier)
	if !ok || n.Operator != token.PLUS || t.texts == nil || t.loops == 0 && len(t.fn) < 3 {
		return nil
	}
	if !t.texts[id.Name.String()] && !isText(n.Right, t.texts) {
		return nil
	}
	return &ast.AssignExpression{Operator: token.ASSIGN, Left: id, Right: call(catName, id.Idx, id, n.Right)}
}
