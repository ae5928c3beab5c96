package js

import (
	"reflect"
	"strconv"
	"strings"

	"github.com/dop251/goja"
	"github.com/dop251/goja/ast"
	"github.com/dop251/goja/file"
	"github.com/dop251/goja/parser"

	"github.com/lockstep-flows/lockstep/engine/value"
)

// v8Text gives an error text of goja as V8 words it, and the class if that is
// another one too. Where V8 names the expression that failed it is found in the
// program's text by the position of the top frame.
func (r *Runtime) v8Text(s string, frames []frame) (string, string) {
	if t, ok := plainTexts[s]; ok {
		return t, ""
	}
	if rangeTexts[s] {
		return s, "RangeError"
	}
	if m := evalText.FindStringSubmatch(s); m != nil {
		return v8Syntax(m[1]), ""
	}
	if m := regexpText.FindStringSubmatch(s); m != nil {
		return "Invalid regular expression: /" + m[1] + "/: " + v8Pattern(m[2]), ""
	}
	if m := deleteText.FindStringSubmatch(s); m != nil {
		return "Cannot delete property '" + m[1] + "' of #<Object>", ""
	}
	if m := frozenText.FindStringSubmatch(s); m != nil {
		return s + " of object '#<Object>'", ""
	}
	if !needsPlace(s) {
		return s, ""
	}
	p := r.place(frames)
	if t := p.text(s); t != "" {
		return t, ""
	}
	if strings.HasPrefix(s, coercibleText) {
		return coercibleText, ""
	}
	if m := memberText.FindStringSubmatch(s); m != nil {
		return m[1] + " is not a function", ""
	}
	if m := calledText.FindStringSubmatch(s); m != nil {
		return m[1] + " is not a function", ""
	}
	return s, ""
}

func v8Pattern(s string) string {
	if strings.HasPrefix(s, "missing argument to repetition") {
		return "Nothing to repeat"
	}
	return s
}

func needsPlace(s string) bool {
	switch s {
	case "Cannot convert undefined or null to object", "object is not iterable", "Value is not a constructor",
		"Value is not object coercible", "Cannot access a variable before initialization", "'Set' on a dynamic object returned false",
		coercibleText + ": null", coercibleText + ": undefined",
		"Class constructor cannot be invoked without 'new'", "Class extends value is not a constructor or null":
		return true
	}
	return strings.HasPrefix(s, "Object has no member") ||
		strings.HasPrefix(s, "Value is not an object") || strings.HasPrefix(s, "Value is not callable") ||
		strings.HasPrefix(s, "Expecting a function in instanceof") || strings.HasPrefix(s, "Could not delete property")
}

// place is a place in a program where an error was thrown.
type place struct {
	r            *Runtime
	prg          *ast.Program
	line, column int
	native       string // the built-in function that threw, called from there
}

func (r *Runtime) place(frames []frame) *place {
	p := &place{r: r}
	for _, f := range frames {
		if f.file == "" {
			if p.native == "" {
				p.native = f.function
			}
			continue
		}
		text, ok := r.texts[f.file]
		if !ok {
			return p
		}
		prg, err := goja.Parse(f.file, text, parser.WithDisableSourceMaps)
		if err != nil {
			return p
		}
		p.prg = prg
		p.line, _ = strconv.Atoi(f.line)
		p.column, _ = strconv.Atoi(f.column)
		return p
	}
	return p
}

func (p *place) at(idx file.Idx) bool {
	pos := p.prg.File.Position(int(idx) - p.prg.File.Base())
	return pos.Line == p.line && pos.Column == p.column
}

// find gives the first node for which ok holds.
func (p *place) find(ok func(n ast.Node) bool) (found ast.Node) {
	if p.prg == nil {
		return nil
	}
	inspect(reflect.ValueOf(p.prg).Elem(), func(n ast.Node) {
		if found == nil && ok(n) {
			found = n
		}
	})
	return found
}

// text gives V8's text for goja's text s, or "".
func (p *place) text(s string) string {
	if p.prg == nil {
		return ""
	}
	if p.native != "" {
		return p.fromNative(s)
	}
	switch {
	case s == "Cannot access a variable before initialization":
		if id, ok := p.find(func(n ast.Node) bool { i, ok := n.(*ast.Identifier); return ok && p.at(i.Idx) }).(*ast.Identifier); ok {
			return "Cannot access '" + id.Name.String() + "' before initialization"
		}
	case strings.HasPrefix(s, coercibleText):
		return p.destructured(strings.HasSuffix(s, ": null"))
	case s == "object is not iterable", s == convertText:
		return p.iterated()
	case strings.HasPrefix(s, "Class extends"):
		if c, ok := p.find(func(n ast.Node) bool { c, ok := n.(*ast.ClassLiteral); return ok && p.at(c.Class) }).(*ast.ClassLiteral); ok {
			return "Class extends value " + render(c.SuperClass) + " is not a constructor or null"
		}
	case s == "'Set' on a dynamic object returned false":
		if d, ok := p.find(func(n ast.Node) bool { d, ok := n.(*ast.DotExpression); return ok && p.at(d.Identifier.Idx) }).(*ast.DotExpression); ok {
			return "Cannot assign to read only property '" + d.Identifier.Name.String() + "' of object '#<Object>'"
		}
	}
	return p.called(s)
}

// called handles calls and new of what is no function, and in and instanceof.
func (p *place) called(s string) string {
	n := p.find(func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpression:
			return p.at(n.LeftParenthesis)
		case *ast.NewExpression:
			return p.at(n.New)
		}
		return false
	})
	switch n := n.(type) {
	case *ast.CallExpression:
		if strings.HasPrefix(s, "Class constructor") {
			return "Class constructor " + render(n.Callee) + " cannot be invoked without 'new'"
		}
		return render(n.Callee) + " is not a function"
	case *ast.NewExpression:
		return render(n.Callee) + " is not a constructor"
	}
	if m := objectText.FindStringSubmatch(s); m != nil {
		return p.operator(m[1])
	}
	if strings.HasPrefix(s, "Expecting a function in instanceof") {
		return "Right-hand side of 'instanceof' is not callable"
	}
	return ""
}

// operator handles in and instanceof with something that is no object.
func (p *place) operator(right string) string {
	b, ok := p.find(func(n ast.Node) bool {
		b, ok := n.(*ast.BinaryExpression)
		return ok && (b.Operator.String() == "instanceof" || b.Operator.String() == "in")
	}).(*ast.BinaryExpression)
	if !ok {
		return ""
	}
	if b.Operator.String() == "instanceof" {
		return "Right-hand side of 'instanceof' is not an object"
	}
	return "Cannot use 'in' operator to search for '" + strings.Trim(render(b.Left), `"`) + "' in " + right
}

// fromNative handles errors thrown by built-in functions that got no function.
func (p *place) fromNative(s string) string {
	for _, re := range []*value.Pattern{objectText, calledText} {
		m := re.FindStringSubmatch(s)
		if m == nil {
			continue
		}
		return callSite(m[1]) + " is not a function"
	}
	return ""
}

// callSite names a value that V8 cannot find in the program's text: by its type and,
// for most primitives, its value.
func callSite(v string) string {
	switch {
	case v == "undefined":
		return v
	case v == "null":
		return "object null"
	case v == "true" || v == "false":
		return "boolean " + v
	case strings.HasPrefix(v, "[object "):
		return "object"
	}
	if f := value.ParseNumber(v); f == f || v == "NaN" {
		return "number " + v
	}
	return "string " + strconv.Quote(v)
}

// destructured is "Cannot destructure property …".
func (p *place) destructured(null bool) string {
	var pattern *ast.ObjectPattern
	var from ast.Expression
	p.find(func(n ast.Node) bool {
		b, ok := n.(*ast.Binding)
		if !ok || b.Initializer == nil {
			return false
		}
		o, ok := b.Target.(*ast.ObjectPattern)
		if ok && (p.at(lastIdx(b.Initializer)) || p.at(b.Initializer.Idx0())) {
			pattern, from = o, b.Initializer
		}
		return pattern != nil
	})
	if pattern == nil || len(pattern.Properties) == 0 {
		return ""
	}
	key := ""
	switch k := pattern.Properties[0].(type) {
	case *ast.PropertyShort:
		key = k.Name.Name.String()
	case *ast.PropertyKeyed:
		key = strings.Trim(render(k.Key), `"`)
	}
	what := "undefined"
	if null {
		what = "null"
	}
	return "Cannot destructure property '" + key + "' of '" + render(from) + "' as it is " + what + "."
}

// iterated is "… is not iterable".
func (p *place) iterated() string {
	var what, loop ast.Expression
	loops := 0
	p.find(func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.ForOfStatement:
			loop = n.Source
			loops++
		case *ast.SpreadElement:
			if p.at(lastIdx(n.Expression)) {
				what = n.Expression
			}
		case *ast.Binding:
			if _, ok := n.Target.(*ast.ArrayPattern); ok && n.Initializer != nil && p.at(lastIdx(n.Initializer)) {
				what = n.Initializer
			}
		}
		return what != nil
	})
	if what == nil && loops == 1 {
		what = loop
	}
	if what == nil {
		return ""
	}
	return render(what) + " is not iterable"
}

// lastIdx is the position goja notes for an expression.
func lastIdx(e ast.Expression) file.Idx {
	switch e := e.(type) {
	case *ast.DotExpression:
		return e.Identifier.Idx
	case *ast.BracketExpression:
		return e.LeftBracket
	case *ast.CallExpression:
		return e.LeftParenthesis
	}
	return e.Idx0()
}
