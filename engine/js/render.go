package js

import (
	"strconv"

	"github.com/dop251/goja/ast"
)

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
	case *ast.ObjectLiteral:
		if len(e.Value) == 0 {
			return "{}"
		}
	}
	return "(intermediate value)"
}
