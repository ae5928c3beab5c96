package js

import (
	"reflect"
	"strings"

	"github.com/dop251/goja"
	"github.com/dop251/goja/ast"
	"github.com/dop251/goja/file"
	"github.com/dop251/goja/parser"
)

// Use is a place where code asks for something that is not in its message: the name
// of what it uses, such as Date.now, Math.random or .stack.
type Use struct {
	Name string
	// Line and Column count from 1, in the code as it was given.
	Line, Column int
}

// Uses lists what the code of a function node uses beyond its variables, in order: calls and
// properties of global objects by their full names (Date.now, env.get, process.pid),
// global functions (setTimeout), "new Date" and "Date" without arguments, "/…/" never, and the properties
// stack, toLocaleString and so on of whatever object, as ".stack". Code that does
// not parse gives none.
func Uses(code string) []Use {
	const head = "(async function(){"
	p, err := goja.Parse("", head+code+"\n})", parser.WithDisableSourceMaps)
	if err != nil {
		lowered, lerr := lower("", head+code+"\n})")
		if lerr != nil {
			return nil
		}
		if p, err = goja.Parse("", lowered); err != nil {
			return nil
		}
	}
	u := uses{own: map[string]bool{}}
	inspect(reflect.ValueOf(p).Elem(), u.declares)
	inspect(reflect.ValueOf(p).Elem(), u.node)
	for i := range u.list {
		at := p.File.Position(int(u.at[i]) - p.File.Base())
		u.list[i].Line, u.list[i].Column = at.Line, at.Column
		if at.Line == 1 {
			u.list[i].Column -= len(head)
		}
	}
	return u.list
}

type uses struct {
	own  map[string]bool // names the code declares itself
	list []Use
	at   []file.Idx
	seen map[file.Idx]bool
}

func (u *uses) declares(n ast.Node) {
	switch n := n.(type) {
	case *ast.Binding:
		if id, ok := n.Target.(*ast.Identifier); ok {
			u.own[id.Name.String()] = true
		}
	case *ast.FunctionLiteral:
		if n.Name != nil {
			u.own[n.Name.Name.String()] = true
		}
	}
}

func (u *uses) add(name string, at file.Idx) {
	if u.seen == nil {
		u.seen = map[file.Idx]bool{}
	}
	if !u.seen[at] {
		u.seen[at] = true
		u.list, u.at = append(u.list, Use{Name: name}), append(u.at, at)
	}
}

// loose are the properties that are noted on any object.
const loose = " stack toLocaleString toLocaleDateString toLocaleTimeString toLocaleUpperCase toLocaleLowerCase localeCompare getTimezoneOffset "

func (u *uses) node(n ast.Node) {
	switch n := n.(type) {
	case *ast.DotExpression:
		name := n.Identifier.Name.String()
		if full := u.path(n); full != "" {
			u.add(full, n.Idx0())
		} else if strings.Contains(loose, " "+name+" ") {
			u.add("."+name, n.Identifier.Idx)
		}
	case *ast.NewExpression:
		if id, ok := n.Callee.(*ast.Identifier); ok && id.Name == "Date" && len(n.ArgumentList) == 0 && !u.own["Date"] {
			u.add("new Date", n.New)
		}
	case *ast.CallExpression:
		if id, ok := n.Callee.(*ast.Identifier); ok && !u.own[id.Name.String()] {
			u.add(id.Name.String(), id.Idx)
		}
	}
}

// path gives the name of a property of a global object, "" for other objects.
func (u *uses) path(n *ast.DotExpression) string {
	name := n.Identifier.Name.String()
	switch left := n.Left.(type) {
	case *ast.Identifier:
		if !u.own[left.Name.String()] {
			if strings.Contains(loose, " "+name+" ") {
				return ""
			}
			return left.Name.String() + "." + name
		}
	case *ast.DotExpression:
		if p := u.path(left); p != "" && !strings.Contains(loose, " "+name+" ") {
			return p + "." + name
		}
	}
	return ""
}
