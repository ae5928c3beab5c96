package js

import (
	"errors"
	"reflect"
	"strconv"
	"strings"

	"github.com/dop251/goja"
	"github.com/dop251/goja/ast"
	"github.com/dop251/goja/parser"

	"github.com/lockstep-flows/lockstep/engine/value"
)

var doneCall = value.NewPattern(`node\.done\s*\(\s*\)`)

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

// syntaxError gives the error of a program that does not parse as Node-RED reports
// it: V8's text and the line in the user's part of the program.
func (f *Function) syntaxError(kind string, _ error, full string) error {
	p := problem(full)
	text := p.text
	if !strings.Contains(f.name, ":") {
		name := "body"
		if kind != "" {
			name = strings.TrimSpace(kind)
		}
		text += " (" + name + ":line " + strconv.Itoa(p.line-1) + ")"
	}
	e := value.NewError("SyntaxError", text)
	e.Stack = "Function node" + kind + ":" + f.name + ":" + strconv.Itoa(p.line) + "\nSyntaxError: " + p.text
	return e
}

// problem finds what is wrong with a program that does not parse: esbuild's word
// counts, as it stops at the place where V8 does.
func problem(text string) *syntaxProblem {
	var p *syntaxProblem
	if _, err := lower("", text); errors.As(err, &p) {
		return p.asV8(text)
	}
	_, err := goja.Parse("", text, parser.WithDisableSourceMaps)
	var list parser.ErrorList
	if errors.As(err, &list) && len(list) > 0 {
		return &syntaxProblem{line: list[0].Position.Line, column: list[0].Position.Column, text: v8Syntax(list[0].Message)}
	}
	if err == nil {
		if prg, perr := goja.Parse("", text, parser.WithDisableSourceMaps); perr == nil {
			_, err = goja.CompileAST(prg, false)
		}
	}
	var c *goja.CompilerSyntaxError
	if errors.As(err, &c) && c.File != nil {
		pos := c.File.Position(c.Offset)
		return &syntaxProblem{line: pos.Line, column: pos.Column, text: v8Syntax(c.Message)}
	}
	if err == nil {
		return &syntaxProblem{line: 1, column: 1, text: "unknown syntax error"}
	}
	return &syntaxProblem{line: 1, column: 1, text: v8Syntax(err.Error())}
}

// asV8 words esbuild's complaint as V8 does.
func (p *syntaxProblem) asV8(text string) *syntaxProblem {
	out := &syntaxProblem{line: p.line, column: p.column, text: v8Syntax(p.text)}
	switch {
	case strings.HasPrefix(p.text, `Expected ")" but found`) && p.inCall(text):
		out.text = "missing ) after argument list"
		if p.before == "" { // V8 sees it at the end of the token before
			lines := strings.Split(text, "\n")
			for out.line > 1 && strings.TrimSpace(lines[out.line-2]) == "" {
				out.line--
			}
			out.line--
		}
	case strings.HasPrefix(p.text, "Expected identifier but found \"(\"") && strings.HasSuffix(p.before, "function"):
		out.text = "Function statements require a function name"
	case strings.HasSuffix(p.before, "import") && strings.HasPrefix(p.text, "Unexpected"):
		out.text = "Cannot use import statement outside a module"
	}
	return out
}

// SyntaxProblem is a place where the code of a function node does not parse.
type SyntaxProblem struct {
	// Part is the property of the flow file: func, initialize or finalize.
	Part string
	// Line and Column count from 1 in the user's text.
	Line, Column int
	// Text is the problem, in V8's words where they are known.
	Text string
}

// Check parses the code of a function node without running it.
func Check(s Source) (list []SyntaxProblem) {
	for _, part := range []struct{ name, text, head string }{
		{"func", s.Func, "(async function(msg){"}, {"initialize", s.Initialize, "(async function(){"},
		{"finalize", s.Finalize, "(function(){"},
	} {
		full := part.head + "\n" + part.text + "\n})"
		if p, err := goja.Parse("", full, parser.WithDisableSourceMaps); err == nil {
			if _, err = goja.CompileAST(p, false); err == nil {
				continue
			}
		}
		if _, err := lower("", full); err == nil {
			continue
		}
		p := problem(full)
		list = append(list, SyntaxProblem{part.name, p.line - 1, p.column, p.text})
	}
	return list
}
