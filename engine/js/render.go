package js

import (
	"strconv"

	"github.com/dop251/goja/ast"
	"github.com/dop251/goja/file"
	"github.com/dop251/goja/token"
)

// statement moves the frame of a ReferenceError to where V8 sees it: at the
// variable, or, if that is the first thing its statement evaluates, at the
// statement.
func (p *place) statement(name string, f *frame) {
	var at file.Idx
	here := func(id *ast.Identifier, paren file.Idx) bool {
		return id != nil && id.Name.String() == name && (p.at(id.Idx) || paren != 0 && p.at(paren))
	}
	p.find(func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.ReturnStatement:
			if n.Argument != nil && here(leftmost(n.Argument)) {
				at = n.Return
			}
		case *ast.ThrowStatement:
			if here(leftmost(n.Argument)) {
				at = n.Throw
			}
		case *ast.IfStatement:
			if here(leftmost(n.Test)) {
				at = n.If
			}
		case *ast.SwitchStatement:
			if here(leftmost(n.Discriminant)) {
				at = n.Switch
			}
		case *ast.ExpressionStatement:
			if here(leftmost(n.Expression)) {
				at = n.Idx0()
			}
		}
		return at != 0
	})
	if at == 0 {
		p.find(func(n ast.Node) bool {
			if c, ok := n.(*ast.CallExpression); ok {
				if id, ok := c.Callee.(*ast.Identifier); ok && here(id, c.LeftParenthesis) {
					at = id.Idx
				}
			}
			return at != 0
		})
	}
	if at != 0 {
		pos := p.prg.File.Position(int(at) - p.prg.File.Base())
		f.line, f.column = strconv.Itoa(pos.Line), strconv.Itoa(pos.Column)
	}
}

// leftmost is the variable an expression evaluates first, with the parenthesis of
// the call if it is called; nil if it evaluates something else first.
func leftmost(e ast.Expression) (*ast.Identifier, file.Idx) {
	switch e := e.(type) {
	case *ast.Identifier:
		return e, 0
	case *ast.BinaryExpression:
		switch e.Left.(type) {
		case *ast.NumberLiteral, *ast.StringLiteral, *ast.BooleanLiteral:
			if op := e.Operator.String(); op == "&&" || op == "||" {
				return leftmost(e.Right)
			}
			return nil, 0
		}
		return leftmost(e.Left)
	case *ast.UnaryExpression:
		return leftmost(e.Operand)
	case *ast.ConditionalExpression:
		return leftmost(e.Test)
	case *ast.DotExpression:
		return leftmost(e.Left)
	case *ast.BracketExpression:
		return leftmost(e.Left)
	case *ast.CallExpression:
		id, _ := leftmost(e.Callee)
		return id, e.LeftParenthesis
	case *ast.NewExpression:
		id, _ := leftmost(e.Callee)
		return id, e.New
	case *ast.AwaitExpression:
		return leftmost(e.Argument)
	case *ast.SequenceExpression:
		return leftmost(e.Sequence[0])
	case *ast.OptionalChain:
		return leftmost(e.Expression)
	case *ast.Optional:
		return leftmost(e.Expression)
	case *ast.TemplateLiteral:
		if e.Tag != nil {
			return leftmost(e.Tag)
		}
		if len(e.Expressions) > 0 && e.Elements[0].Literal == "" {
			return leftmost(e.Expressions[0])
		}
	case *ast.AssignExpression:
		if _, ok := e.Left.(*ast.Identifier); ok {
			return leftmost(e.Right)
		}
		if c, ok := e.Right.(*ast.CallExpression); ok {
			if id, ok := c.Callee.(*ast.Identifier); ok {
				return id, c.LeftParenthesis
			}
		}
	}
	return nil, 0
}

// render prints an expression as V8 does in "… is not a function".
func render(e ast.Expression) string {
	switch e := e.(type) {
	case *ast.Identifier:
		return e.Name.String()
	case *ast.ThisExpression:
		return "this"
	case *ast.SuperExpression:
		return "super"
	case *ast.NullLiteral:
		return "null"
	case *ast.NumberLiteral:
		return e.Literal
	case *ast.StringLiteral:
		return strconv.Quote(e.Value.String())
	case *ast.BooleanLiteral:
		return e.Literal
	case *ast.DotExpression:
		return render(e.Left) + "." + e.Identifier.Name.String()
	case *ast.PrivateDotExpression:
		return render(e.Left) + ".#" + e.Identifier.Name.String()
	case *ast.BracketExpression:
		if s, ok := e.Member.(*ast.StringLiteral); ok {
			return render(e.Left) + "." + s.Value.String()
		}
		return render(e.Left) + "[" + render(e.Member) + "]"
	case *ast.CallExpression:
		return render(e.Callee) + "(...)"
	case *ast.OptionalChain:
		return render(e.Expression)
	case *ast.Optional:
		return render(e.Expression) + "?"
	case *ast.UnaryExpression:
		if e.Operator == token.VOID {
			return "(void " + render(e.Operand) + ")"
		}
	case *ast.ObjectLiteral:
		if len(e.Value) == 0 {
			return "{}"
		}
	}
	return "(intermediate value)"
}
