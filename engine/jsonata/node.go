package jsonata

import (
	"github.com/lockstep-flows/lockstep/engine/regex"
	"github.com/lockstep-flows/lockstep/engine/value"
)

// kind is the kind of a node of an expression.
type kind uint8

const (
	kindEnd kind = iota // no expression where one should be
	kindName
	kindVariable
	kindString
	kindNumber
	kindValue
	kindRegex
	kindOperator // a word used as a name, or the ? of a partial application
	kindBinary
	kindUnary
	kindFunction
	kindPartial
	kindLambda
	kindCondition
	kindBlock
	kindTransform
	kindWildcard
	kindDescendant
	kindParent
	kindPath
	kindBind
	kindApply
	kindSort
)

// kindNames are the names of the kinds as errors show them.
var kindNames = [...]string{"(end)", "name", "variable", "string", "number", "value", "regex", "operator", "binary",
	"unary", "function", "partial", "lambda", "condition", "block", "transform", "wildcard", "descendant", "parent",
	"path", "bind", "apply", "sort"}

// node is a part of an expression. Which fields are used depends on the kind.
type node struct {
	kind   kind
	op     operator    // of a binary or unary node
	name   string      // of a name, variable or operator
	value  value.Value // of a literal
	re     *regex.Regexp
	pos    int
	noPos  bool    // the node has no position of its own
	lhs    *node   // or the condition, the pattern, the procedure
	rhs    *node   // or the then part, the update
	third  *node   // the else part, the deletions
	list   []*node // steps, arguments, items, expressions
	pairs  [][2]*node
	terms  []term
	body   *node
	sig    *signature
	params []string // of a lambda
	thunk  bool
	frames bool // the block needs a frame of its own

	predicate []stage
	stages    []stage
	hasStages bool
	group     *group

	keepArray     bool
	keepSingleton bool
	consArray     bool
	tuple         bool
	focus, index  string
	slot          *slot
	ancestor      *slot
	seeking       *slots
	plain         bool // a path of names and nothing more
	extra         bool // predicate or group is set: eval has more to do
}

// term is one criterion of an order-by.
type term struct {
	descending bool
	expr       *node
}

// stage is a filter of a step or, with an index name, the binding of positions.
type stage struct {
	expr  *node
	index string
}

// group is a group-by: pairs of key and value expressions.
type group struct {
	pairs [][2]*node
	pos   int
}

// slot is what a parent operator is bound to: the variable label holds the parent.
type slot struct {
	label string
	level int
	index int
}

// slots is a shared list of slots that still look for their step.
type slots struct{ list []*slot }

// operator is an operator with one or two operands.
type operator uint8

const (
	opNone operator = iota
	opAdd
	opSub
	opMul
	opDiv
	opMod
	opEqual
	opNotEqual
	opLess
	opLessEqual
	opGreater
	opGreaterEqual
	opConcat
	opAnd
	opOr
	opIn
	opRange
	opMap    // .
	opFilter // [ ]; unary: an array
	opGroup  // { }; unary: an object
	opSort
	opBind
	opFocus
	opIndex
	opApply
	opNegate
)

// operatorTexts are the operators as they are written.
var operatorTexts = [...]string{"", "+", "-", "*", "/", "%", "=", "!=", "<", "<=", ">", ">=", "&", "and", "or", "in", "..",
	".", "[", "{", "^", ":=", "@", "#", "~>", "-"}

// valueField is the value field of the node as errors show it.
func (n *node) valueField() value.Value {
	switch n.kind {
	case kindString, kindNumber, kindValue:
		return n.value
	case kindBinary, kindUnary:
		return value.Str(operatorTexts[n.op])
	case kindEnd:
		return value.Str("(end)")
	case kindRegex:
		return value.Obj()
	}
	return value.Str(n.name)
}
