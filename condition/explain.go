package condition

import (
	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/conf"
	"github.com/expr-lang/expr/parser"
	"github.com/expr-lang/expr/types"
)

// Part is a part of a condition and what it gives.
type Part struct {
	Text  string
	Value any
	Err   error
}

// Explain gives the parts of a condition that decide it, with their values: what
// it compares, asks of and calls.
func (c *Condition) Explain(names map[string]any) []Part {
	known := make([]string, 0, len(names))
	for k := range names {
		known = append(known, k)
	}
	tree, err := parse(c.text, known)
	if err != nil {
		return nil
	}
	x := explainer{names: names, known: known, seen: map[string]bool{}}
	x.walk(tree.Node)
	return x.parts
}

// parse reads a condition in which names may stand in the place of functions of the language.
func parse(text string, names []string) (*parser.Tree, error) {
	env := types.Map{}
	for _, n := range names {
		env[n] = types.Any
	}
	return parser.ParseWithConfig(text, conf.New(env))
}

// Strings are the texts that a condition gives to functions, in order: the names it
// asks about.
func (c *Condition) Strings() []string {
	tree, err := parser.Parse(c.text)
	if err != nil {
		return nil
	}
	var s callStrings
	ast.Walk(&tree.Node, &s)
	return s.list
}

type callStrings struct{ list []string }

// Visit takes the texts of a call.
func (s *callStrings) Visit(node *ast.Node) {
	var args []ast.Node
	switch n := (*node).(type) {
	case *ast.CallNode:
		args = n.Arguments
	case *ast.BuiltinNode:
		args = n.Arguments
	}
	for _, a := range args {
		if t, ok := a.(*ast.StringNode); ok {
			s.list = append(s.list, t.Value)
		}
	}
}

type explainer struct {
	names map[string]any
	known []string
	seen  map[string]bool
	parts []Part
}

func (x *explainer) walk(node ast.Node) {
	switch n := node.(type) {
	case *ast.BinaryNode:
		switch n.Operator {
		case "and", "&&":
			x.unless(n.Left, true)
			x.unless(n.Right, true)
		default:
			x.walk(n.Left)
			x.walk(n.Right)
		}
	case *ast.UnaryNode:
		x.walk(n.Node)
	case *ast.ConditionalNode:
		x.walk(n.Cond)
	case *ast.BuiltinNode:
		if len(n.Arguments) > 0 {
			x.walk(n.Arguments[0])
		}
	case *ast.MemberNode:
		if v, err := x.value(n); v == nil || err != nil {
			x.walk(n.Node)
		}
		x.add(n)
	case *ast.ChainNode, *ast.CallNode, *ast.IdentifierNode, *ast.SliceNode:
		x.add(n)
	}
}

// unless leaves out a side that gives v.
func (x *explainer) unless(n ast.Node, v any) {
	if got, err := x.value(n); err != nil || got != v {
		x.walk(n)
	}
}

func (x *explainer) value(n ast.Node) (any, error) {
	c, err := Compile(n.String(), x.known...)
	if err != nil {
		return nil, err
	}
	return c.Value(x.names)
}

func (x *explainer) add(n ast.Node) {
	text := n.String()
	if x.seen[text] {
		return
	}
	x.seen[text] = true
	v, err := x.value(n)
	x.parts = append(x.parts, Part{text, v, err})
}
