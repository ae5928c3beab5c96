package js

import (
	"reflect"
	"slices"
	"strings"

	"github.com/dop251/goja/ast"
	"github.com/dop251/goja/file"
	"github.com/dop251/goja/token"
	"github.com/dop251/goja/unistring"
)

// The names under which rewritten code finds its helpers.
const (
	powName    = "__lockstep_pow"
	catchName  = "__lockstep_catch"
	depthName  = "__lockstep_depth"
	importName = "__imp_" // as long as the word it stands for
	errName    = "__lockstep_error"
)

// rewrite changes a parsed program where goja differs from V8; positions stay:
//   - x ** y calls our own pow;
//   - s += x in loops appends in place (append.go);
//   - a catch clause first gives its error V8's text and stack;
//   - functions declared in blocks are visible outside of them (Annex B);
//   - with steps, every loop turn and call is counted (limitcode.go).
func rewrite(p *ast.Program, src string, steps counting) {
	if steps == countNothing && !strings.Contains(src, "**") && !strings.Contains(src, "catch") && !strings.Contains(src, `\p{`) && !strings.Contains(src, `\P{`) && !mayAppend(src) && !foldable.MatchString(src) && strings.Count(src, "function") < 2 && !strings.Contains(src, "eval") {
		return
	}
	t := &rewriter{steps: steps, depth: steps != countAll && strings.Contains(src, "catch")}
	if mayAppend(src) {
		t.texts = textVariables(p)
	}
	t.walk(reflect.ValueOf(p).Elem())
}

type rewriter struct {
	steps counting
	made  []int // what the functions around the place make, for its weight
	depth bool  // functions check how deep calls are nested, so that too deep a recursion can be caught
	fn    []*scope
	texts map[string]bool // variables that hold strings; nil: no additions to them
	loops int             // loops around the place
}

// scope is a function being walked.
type scope struct {
	decls  *[]*ast.VariableDeclaration
	strict bool
}

var (
	nodeType  = reflect.TypeOf((*ast.Node)(nil)).Elem()
	fileType  = reflect.TypeOf((*file.File)(nil))
	identType = reflect.TypeOf(ast.Identifier{})
)

// walk goes over all fields that hold syntax and replaces expressions in place.
func (t *rewriter) walk(v reflect.Value) {
	switch v.Kind() {
	case reflect.Interface:
		if v.IsNil() {
			return
		}
		n, ok := v.Interface().(ast.Node)
		if !ok {
			return
		}
		t.walk(v.Elem())
		if r := t.replaced(n); r != nil {
			v.Set(reflect.ValueOf(r))
		}
	case reflect.Pointer:
		if v.IsNil() || v.Type() == fileType || !v.Type().Implements(nodeType) && v.Elem().Kind() == reflect.Struct && v.Type() != reflect.TypeOf((*ast.VariableDeclaration)(nil)) && v.Type() != reflect.TypeOf((*ast.TemplateElement)(nil)) {
			return
		}
		t.node(v)
	case reflect.Slice:
		for i := 0; i < v.Len(); i++ {
			t.walk(v.Index(i))
		}
	case reflect.Struct:
		if v.Type() == identType {
			return
		}
		for i := 0; i < v.NumField(); i++ {
			f := v.Field(i)
			switch f.Kind() {
			case reflect.Interface, reflect.Pointer, reflect.Slice, reflect.Struct:
				if v.Type().Field(i).Name != "DeclarationList" {
					t.walk(f)
				}
			}
		}
	}
}

// node walks one node behind a pointer, with what has to be done around it.
func (t *rewriter) node(v reflect.Value) {
	switch n := v.Interface().(type) {
	case *ast.FunctionLiteral:
		t.enter(&n.DeclarationList, n.Body)
		weight := t.weigh(v)
		t.leave()
		t.count(n.Body, weight, t.steps == countAll)
		if t.depth && len(t.fn) > 1 && n.Body != nil {
			t.probe(n.Body, depthName)
		}
		return
	case *ast.ArrowFunctionLiteral:
		body, _ := n.Body.(*ast.BlockStatement)
		t.enter(&n.DeclarationList, body)
		weight := t.weigh(v)
		t.leave()
		t.count(body, weight, t.steps == countAll)
		if e, ok := n.Body.(*ast.ExpressionBody); ok && t.steps != countNothing {
			e.Expression = counted(e.Expression, weight, t.steps == countAll)
		}
		return
	case *ast.FieldDefinition:
		weight := t.weigh(v)
		if n.Initializer != nil && t.steps != countNothing {
			n.Initializer = counted(n.Initializer, weight, t.steps == countAll)
		}
		return
	}
	if isLoop(v.Interface()) {
		t.loops++
		weight := t.weigh(v)
		t.loops--
		t.loopNode(v.Interface(), weight)
		return
	}
	t.makes(v.Interface())
	t.walk(v.Elem())
	switch n := v.Interface().(type) {
	case *ast.CatchStatement:
		t.catch(n)
	case *ast.IfStatement:
		n.Consequent, n.Alternate = t.declared(n.Consequent), t.declared(n.Alternate)
		t.inBlock(n.Consequent)
		t.inBlock(n.Alternate)
	case *ast.CaseStatement:
		n.Consequent = t.hoist(n.Consequent)
	case *ast.TryStatement:
		t.inBlock(n.Body)
		if n.Catch != nil {
			t.inBlock(n.Catch.Body)
		}
		if n.Finally != nil {
			t.inBlock(n.Finally)
		}
	case *ast.LabelledStatement:
		t.inBlock(n.Statement)
	case *ast.WithStatement:
		t.inBlock(n.Body)
	}
}

func isLoop(n any) bool {
	switch n.(type) {
	case *ast.WhileStatement, *ast.DoWhileStatement, *ast.ForStatement, *ast.ForInStatement, *ast.ForOfStatement:
		return true
	}
	return false
}

// loopNode handles the bodies of loops.
func (t *rewriter) loopNode(n any, weight int) {
	switch n := n.(type) {
	case *ast.WhileStatement:
		n.Body = t.loop(n.Body, weight)
	case *ast.DoWhileStatement:
		n.Body = t.loop(n.Body, weight)
	case *ast.ForStatement:
		n.Body = t.loop(n.Body, weight)
	case *ast.ForInStatement:
		n.Body = t.loop(n.Body, weight)
	case *ast.ForOfStatement:
		n.Body = t.loop(n.Body, weight)
	}
}

func (t *rewriter) enter(decls *[]*ast.VariableDeclaration, body *ast.BlockStatement) {
	s := &scope{decls: decls}
	if len(t.fn) > 0 {
		s.strict = t.fn[len(t.fn)-1].strict
	}
	if body != nil {
		for _, st := range body.List {
			e, ok := st.(*ast.ExpressionStatement)
			if !ok {
				break
			}
			lit, ok := e.Expression.(*ast.StringLiteral)
			if !ok {
				break
			}
			s.strict = s.strict || lit.Value == "use strict"
		}
	}
	t.fn = append(t.fn, s)
}

func (t *rewriter) leave() { t.fn = t.fn[:len(t.fn)-1] }

// replaced gives what an expression or statement is replaced by, or nil.
func (t *rewriter) replaced(n ast.Node) ast.Node {
	switch n := n.(type) {
	case *ast.UnaryExpression:
		if n.Operator == token.BITWISE_NOT {
			n.Operand = unfolded(n.Operand)
		}
	case *ast.BinaryExpression:
		switch n.Operator {
		case token.OR, token.AND, token.EXCLUSIVE_OR, token.SHIFT_LEFT, token.SHIFT_RIGHT, token.UNSIGNED_SHIFT_RIGHT, token.MULTIPLY:
			n.Left, n.Right = unfolded(n.Left), unfolded(n.Right)
		}
		if n.Operator == token.EXPONENT {
			return call(powName, n.Left.Idx0(), n.Left, n.Right)
		}
	case *ast.CallExpression:
		onlyFirst(n)
	case *ast.AssignExpression:
		if c := t.appends(n); c != nil {
			return c
		}
		if id, ok := n.Left.(*ast.Identifier); ok && n.Operator == token.EXPONENT {
			return &ast.AssignExpression{Operator: token.ASSIGN, Left: id, Right: call(powName, id.Idx, id, n.Right)}
		}
	case *ast.RegExpLiteral:
		n.Pattern = expandProperties(n.Pattern)
	case *ast.BlockStatement:
		t.inBlock(n)
	}
	return nil
}

// onlyFirst makes eval(...list) eval([...list][0]), which is the same.
func onlyFirst(c *ast.CallExpression) {
	if id, ok := c.Callee.(*ast.Identifier); !ok || id.Name != "eval" || !slices.ContainsFunc(c.ArgumentList, isSpread) {
		return
	}
	at := c.LeftParenthesis
	list := &ast.ArrayLiteral{LeftBracket: at, RightBracket: at, Value: c.ArgumentList}
	c.ArgumentList = []ast.Expression{&ast.BracketExpression{
		Left: list, Member: &ast.NumberLiteral{Idx: at, Literal: "0", Value: int64(0)}, LeftBracket: at, RightBracket: at,
	}}
}

func isSpread(e ast.Expression) bool {
	_, ok := e.(*ast.SpreadElement)
	return ok
}

func call(name string, at file.Idx, args ...ast.Expression) *ast.CallExpression {
	return &ast.CallExpression{
		Callee:          &ast.Identifier{Name: unistring.NewFromString(name), Idx: at},
		LeftParenthesis: at, ArgumentList: args, RightParenthesis: at,
	}
}

// catch puts the call that gives an error its text at the start of the clause.
func (t *rewriter) catch(n *ast.CatchStatement) {
	if n.Body == nil || n.Parameter == nil {
		return
	}
	at := n.Body.LeftBrace
	id, ok := n.Parameter.(*ast.Identifier)
	if !ok { // catch ({message}) becomes catch (e) { let {message} = mend(e); … }
		id = &ast.Identifier{Name: errName, Idx: at}
		let := &ast.LexicalDeclaration{Idx: at, Token: token.LET, List: []*ast.Binding{{
			Target: n.Parameter, Initializer: call(catchName, at, &ast.Identifier{Name: errName, Idx: at}),
		}}}
		n.Parameter = id
		n.Body.List = append([]ast.Statement{let}, n.Body.List...)
		return
	}
	fix := &ast.ExpressionStatement{Expression: call(catchName, at, &ast.Identifier{Name: id.Name, Idx: at})}
	n.Body.List = append([]ast.Statement{fix}, n.Body.List...)
}

func (t *rewriter) count(body *ast.BlockStatement, weight int, deep bool) {
	if body != nil && t.steps != countNothing {
		first(body, mark(body.LeftBrace, weight, deep))
	}
}

// probe puts a call at the start of a body, after its directives.
func (t *rewriter) probe(body *ast.BlockStatement, name string) {
	first(body, call(name, body.LeftBrace))
}

// first puts an expression at the start of a body, after its directives.
func first(body *ast.BlockStatement, e ast.Expression) {
	probe := &ast.ExpressionStatement{Expression: e}
	at := 0
	for at < len(body.List) { // directives stay first
		e, ok := body.List[at].(*ast.ExpressionStatement)
		if !ok {
			break
		}
		if _, ok := e.Expression.(*ast.StringLiteral); !ok {
			break
		}
		at++
	}
	body.List = append(body.List[:at:at], append([]ast.Statement{probe}, body.List[at:]...)...)
}

func (t *rewriter) loop(body ast.Statement, weight int) ast.Statement {
	b, ok := body.(*ast.BlockStatement)
	if ok {
		t.inBlock(b)
	}
	if t.steps == countNothing {
		return body
	}
	if !ok {
		b = &ast.BlockStatement{LeftBrace: body.Idx0(), List: []ast.Statement{body}, RightBrace: body.Idx1()}
	}
	count := &ast.ExpressionStatement{Expression: mark(b.LeftBrace, weight, false)}
	b.List = append([]ast.Statement{count}, b.List...)
	return b
}

// declared puts a function declaration that is the branch of an if into a block.
func (t *rewriter) declared(s ast.Statement) ast.Statement {
	if f, ok := s.(*ast.FunctionDeclaration); ok {
		return &ast.BlockStatement{LeftBrace: f.Idx0(), List: []ast.Statement{f}, RightBrace: f.Idx1()}
	}
	return s
}

// inBlock makes the functions declared in a block variables of the function around it.
func (t *rewriter) inBlock(s ast.Statement) {
	if b, ok := s.(*ast.BlockStatement); ok && b != nil {
		b.List = t.hoist(b.List)
	}
}

func (t *rewriter) hoist(list []ast.Statement) []ast.Statement {
	if len(t.fn) == 0 || t.fn[len(t.fn)-1].strict {
		return list
	}
	var first, rest []ast.Statement
	for i, s := range list {
		f, ok := s.(*ast.FunctionDeclaration)
		if !ok || f.Function.Async || f.Function.Generator || f.Function.Name == nil {
			if first != nil {
				rest = append(rest, s)
			}
			continue
		}
		if first == nil {
			rest = append(rest, list[:i]...)
		}
		lit := *f.Function
		name := *lit.Name
		lit.Name = nil
		b := &ast.Binding{Target: &ast.Identifier{Name: name.Name, Idx: name.Idx}, Initializer: &lit}
		first = append(first, &ast.VariableStatement{Var: f.Idx0(), List: []*ast.Binding{b}})
		s := t.fn[len(t.fn)-1]
		*s.decls = append(*s.decls, &ast.VariableDeclaration{Var: f.Idx0(), List: []*ast.Binding{b}})
	}
	if first == nil {
		return list
	}
	return append(first, rest...)
}
