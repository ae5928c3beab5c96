// Package schema validates values by JSON Schema draft-06 and draft-07 as Ajv 8
// does with allErrors and its strict mode: the same errors with the same texts in
// the same order. It is what the json node uses.
//
// A schema compiles to a tree of checks in the order of Ajv's rules: first those
// for any type, then those for numbers, strings, arrays and objects.
package schema

import (
	"errors"
	"strings"

	"github.com/lockstep-flows/lockstep/engine/value"
)

// Set holds the schemas that were compiled and have an $id, which others may refer
// to. The zero Set is empty and ready.
type Set struct {
	docs map[string]*place
	// compiled are the schemas with an $id by their object, which compile once.
	compiled map[*value.Object]*Schema
}

// Schema is a compiled schema.
type Schema struct {
	top *node
}

var errInvalid = errors.New("the schema is not valid")

// Compile compiles a schema. As in Ajv an $id may be used once in a Set.
func (s *Set) Compile(v value.Value) (*Schema, error) {
	o := v.Object()
	if o == nil && !v.IsBool() {
		return nil, errInvalid
	}
	if s.docs == nil {
		s.docs, s.compiled = map[string]*place{}, map[*value.Object]*Schema{}
	}
	if done := s.compiled[o]; done != nil && o != nil {
		return done, nil
	}
	doc := &document{set: s, refs: map[string]*node{}, local: map[string]*place{}}
	doc.root = &place{doc: doc, schema: v}
	if o != nil {
		if err := doc.register(o); err != nil {
			return nil, err
		}
	}
	c := &compiler{doc, doc.root.base, keywordOrder()}
	top := &node{path: "#"}
	doc.top = top
	if err := c.into(top, v); err != nil {
		return nil, err
	}
	out := &Schema{top}
	if doc.root.base != "" {
		s.compiled[o] = out
	}
	return out, nil
}

// register notes the ids of a document and checks it by its meta-schema.
func (d *document) register(o *value.Object) error {
	if id := o.Get("$id"); value.Truthy(id) {
		if !id.IsString() {
			return errInvalid
		}
		d.root.base = trimHash(id.Str())
	}
	base := d.root.base
	if err := d.collect(value.Of(o), base, true); err != nil {
		return err
	}
	if base != "" && !strings.HasPrefix(base, "#") {
		if d.set.docs[base] != nil {
			return errInvalid
		}
		d.set.docs[base] = d.root
	}
	return checkMeta(value.Of(o))
}

// maxDepth bounds how deep schemas call each other.
const maxDepth = 4000

// Validate gives the errors of a value as Ajv's error objects, none if it is valid.
// A schema that calls itself without end is a RangeError, as in JavaScript.
func (s *Schema) Validate(v value.Value) ([]value.Value, error) {
	var r run
	s.top.check(&r, v, "")
	if r.tooDeep {
		return nil, value.NewError("RangeError", "Maximum call stack size exceeded")
	}
	return r.errors, nil
}

// Text joins errors as Ajv's errorsText does.
func Text(errs []value.Value) string {
	if len(errs) == 0 {
		return "No errors"
	}
	var b strings.Builder
	for i, e := range errs {
		if i > 0 {
			b.WriteString(", ")
		}
		o := e.Object()
		b.WriteString("data" + o.Get("instancePath").Str() + " " + o.Get("message").Str())
	}
	return b.String()
}

// run is one validation.
type run struct {
	errors []value.Value
	// name is the property whose name is being validated; named that there is one.
	name    string
	named   bool
	depth   int
	tooDeep bool
	quiet   bool // only whether there is an error matters
}

// fail records an error.
func (r *run) fail(n *node, keyword, at, message string, params ...any) {
	e := value.NewObject(6)
	e.Set("instancePath", value.Str(at))
	e.Set("schemaPath", value.Str(n.path+"/"+keyword))
	e.Set("keyword", value.Str(keyword))
	e.Set("params", value.Obj(params...))
	e.Set("message", value.Str(message))
	if r.named {
		e.Set("propertyName", value.Str(r.name))
	}
	r.errors = append(r.errors, value.Of(e))
}

// node is a compiled schema or sub-schema.
type node struct {
	path     string // of the schema, for schemaPath
	never    bool   // the schema false
	types    []string
	typ      value.Value // the keyword type as written
	typeText string
	// first says that the type is checked before all keywords.
	first  bool
	any    []check
	groups [4]group
}

// group are the checks for one type of value. other says that a value of another
// type is in error, which is not checked first then.
type group struct {
	checks []check
	other  bool
}

// check is one keyword.
type check func(r *run, v value.Value, at string)

// The groups in Ajv's order.
const (
	ofNumber = iota
	ofString
	ofArray
	ofObject
)

var groupTypes = [4]string{"number", "string", "array", "object"}

// check validates a value and reports whether it is valid.
func (n *node) check(r *run, v value.Value, at string) bool {
	before := len(r.errors)
	if r.depth++; r.depth > maxDepth || r.tooDeep {
		r.tooDeep = true
		r.depth--
		return false
	}
	defer func() { r.depth-- }()
	if n.never {
		r.fail(n, "false schema", at, "boolean schema is false")
		return false
	}
	if n.first && !n.hasType(v) {
		n.typeError(r, at)
	}
	for _, c := range n.any {
		if r.over(before) {
			return false
		}
		c(r, v, at)
	}
	for i := range n.groups {
		g := &n.groups[i]
		if len(g.checks) == 0 && !g.other {
			continue
		}
		if r.over(before) {
			return false
		}
		if isType(v, groupTypes[i]) {
			for _, c := range g.checks {
				if r.over(before) {
					return false
				}
				c(r, v, at)
			}
		} else if g.other {
			n.typeError(r, at)
		}
	}
	return len(r.errors) == before
}

func (n *node) typeError(r *run, at string) {
	r.fail(n, "type", at, "must be "+n.typeText, "type", n.typ)
}

func (n *node) hasType(v value.Value) bool {
	for _, t := range n.types {
		if isType(v, t) {
			return true
		}
	}
	return false
}

// quiet validates without leaving errors, up to the first one.
func (n *node) quiet(r *run, v value.Value, at string) bool {
	before, quiet := len(r.errors), r.quiet
	r.quiet = true
	ok := n.check(r, v, at)
	r.errors, r.quiet = r.errors[:before], quiet
	return ok
}

// over reports whether it is enough to know that there is an error.
func (r *run) over(before int) bool { return r.quiet && len(r.errors) > before || r.tooDeep }

func isType(v value.Value, t string) bool {
	switch t {
	case "number":
		return v.IsNumber() && v.Num()-v.Num() == 0
	case "integer":
		return v.IsNumber() && v.Num()-v.Num() == 0 && value.Mod(v.Num(), 1) == 0
	case "array":
		return value.IsArray(v)
	case "object":
		return v.TypeOf() == "object" && !v.IsNull() && !value.IsArray(v)
	case "null":
		return v.IsNull()
	}
	return v.TypeOf() == t
}
