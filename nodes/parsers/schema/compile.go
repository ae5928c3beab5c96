package schema

import (
	"strings"

	"github.com/lockstep-flows/lockstep/engine/value"
)

// compiler compiles what stands at one place of a document.
type compiler struct {
	doc   *document
	base  string // the id that references start from
	order []keyword
}

// keyword compiles a keyword of a schema into its node.
type keyword struct {
	name    string
	compile compileFunc
}

// keywordOrder is the order of Ajv's rules.
func keywordOrder() []keyword {
	return []keyword{
		{"id", nil},
		{"$ref", (*compiler).ref},
		{"const", (*compiler).constant},
		{"enum", (*compiler).enum},
		{"not", (*compiler).not},
		{"anyOf", (*compiler).anyOf},
		{"oneOf", (*compiler).oneOf},
		{"allOf", (*compiler).allOf},
		{"if", (*compiler).branch},
		{"then", needsIf},
		{"else", needsIf},
		{"maximum", limit("maximum", "<=", func(v, l float64) bool { return v <= l })},
		{"minimum", limit("minimum", ">=", func(v, l float64) bool { return v >= l })},
		{"exclusiveMaximum", limit("exclusiveMaximum", "<", func(v, l float64) bool { return v < l })},
		{"exclusiveMinimum", limit("exclusiveMinimum", ">", func(v, l float64) bool { return v > l })},
		{"multipleOf", multipleOf},
		{"format", nil},
		{"maxLength", size("maxLength", "more", "characters", length)},
		{"minLength", size("minLength", "fewer", "characters", length)},
		{"pattern", pattern},
		{"maxItems", size("maxItems", "more", "items", value.Length)},
		{"minItems", size("minItems", "fewer", "items", value.Length)},
		{"additionalItems", (*compiler).additionalItems},
		{"items", (*compiler).items},
		{"contains", (*compiler).contains},
		{"uniqueItems", uniqueItems},
		{"maxProperties", size("maxProperties", "more", "properties", countKeys)},
		{"minProperties", size("minProperties", "fewer", "properties", countKeys)},
		{"required", required},
		{"propertyNames", (*compiler).propertyNames},
		{"additionalProperties", (*compiler).additionalProperties},
		{"dependencies", (*compiler).dependencies},
		{"properties", (*compiler).properties},
		{"patternProperties", (*compiler).patternProperties},
	}
}

func countKeys(v value.Value) int { return len(value.Keys(v)) }

// length is the number of code points.
func length(v value.Value) int {
	n := 0
	for s, i := v.Str(), 0; i < len(s); i++ {
		if s[i]&0xC0 != 0x80 {
			n++
		}
	}
	return n
}

// annotations are the keywords that Ajv knows but checks nothing by.
var annotations = map[string]bool{"$async": true, "$schema": true, "$id": true, "$defs": true, "$vocabulary": true,
	"definitions": true, "title": true, "description": true, "default": true, "deprecated": true, "readOnly": true,
	"writeOnly": true, "examples": true, "contentMediaType": true, "contentEncoding": true, "contentSchema": true}

// rules are the keywords that Ajv compiles, with the group they are in; -1 for any type.
var rules = map[string]int{"$comment": -1, "type": -1, "nullable": -1,
	"id": -1, "$ref": -1, "const": -1, "enum": -1, "not": -1, "anyOf": -1, "oneOf": -1, "allOf": -1, "if": -1, "then": -1, "else": -1,
	"maximum": ofNumber, "minimum": ofNumber, "exclusiveMaximum": ofNumber, "exclusiveMinimum": ofNumber, "multipleOf": ofNumber,
	"format": ofNumber, "maxLength": ofString, "minLength": ofString, "pattern": ofString,
	"maxItems": ofArray, "minItems": ofArray, "additionalItems": ofArray, "items": ofArray, "contains": ofArray, "uniqueItems": ofArray,
	"maxProperties": ofObject, "minProperties": ofObject, "required": ofObject, "propertyNames": ofObject,
	"additionalProperties": ofObject, "dependencies": ofObject, "properties": ofObject, "patternProperties": ofObject}

// hasRules reports whether a schema has a keyword that is compiled, but $ref if
// that does not count; an unknown keyword is an error.
func hasRules(s *value.Object, butRef bool) (bool, error) {
	found := false
	for _, key := range s.Keys() {
		switch {
		case butRef && key == "$ref":
		case known(key):
			found = true
		case !annotations[key] && !butRef:
			return false, errInvalid
		}
	}
	return found, nil
}

func known(key string) bool {
	_, ok := rules[key]
	return ok
}

// always reports whether a schema takes every value.
func always(v value.Value) (bool, error) {
	if v.IsBool() {
		return v.Bool(), nil
	}
	if v.Object() == nil {
		return false, errInvalid
	}
	rules, err := hasRules(v.Object(), false)
	return !rules, err
}

// sub compiles a sub-schema with its path, nil if it takes every value.
func (c *compiler) sub(v value.Value, path string) (*node, error) {
	if ok, err := always(v); ok || err != nil {
		return nil, err
	}
	n := &node{path: path}
	return n, c.into(n, v)
}

// into compiles a schema into a node.
func (c *compiler) into(n *node, v value.Value) error {
	s := v.Object()
	if s == nil {
		n.never = !v.Bool()
		return nil
	}
	if _, err := hasRules(s, false); err != nil {
		return err
	}
	inner := *c
	if id := s.Get("$id"); id.IsString() && id.Str() != "" && n != c.doc.top {
		inner.base = resolve(c.base, id.Str())
	}
	if err := n.compileType(s); err != nil {
		return err
	}
	more, _ := hasRules(s, true)
	onlyRef := s.Has("$ref") && !more
	for _, k := range c.order {
		if !s.Has(k.name) || onlyRef && k.name != "$ref" {
			continue
		}
		if k.compile == nil {
			return errInvalid // no formats are known, and id is of draft-04
		}
		ch, err := k.compile(&inner, n, s, s.Get(k.name))
		if err != nil {
			return err
		}
		switch {
		case ch == nil:
		case rules[k.name] < 0:
			n.any = append(n.any, ch)
		default:
			g := &n.groups[rules[k.name]]
			g.checks = append(g.checks, ch)
		}
	}
	return nil
}

// compileType finds when the type of a schema is checked: in the group of its type if
// it is one that has keywords, else before all others.
func (n *node) compileType(s *value.Object) error {
	n.typ = s.Get("type")
	if a := n.typ.Array(); a != nil {
		for _, t := range a.Elems {
			n.types = append(n.types, t.Str())
		}
	} else if value.Truthy(n.typ) {
		n.types = []string{n.typ.Str()}
	}
	null := false
	for _, t := range n.types {
		if !typeNames[t] {
			return errInvalid
		}
		null = null || t == "null"
	}
	nullable, has := s.Lookup("nullable")
	if has && !nullable.IsBool() || null && has && !nullable.Bool() || len(n.types) == 0 && has {
		return errInvalid
	}
	n.typeText = strings.Join(n.types, ",")
	if nullable.Bool() && !null {
		n.types = append(n.types, "null")
		if a := n.typ.Array(); a != nil { // Ajv does so in the schema itself
			a.Append(value.Str("null"))
			n.typeText += ",null"
		}
	}
	n.first = len(n.types) > 0
	if len(n.types) != 1 {
		return nil
	}
	for _, key := range s.Keys() {
		if g, ok := rules[key]; ok && g >= 0 && groupTypes[g] == n.types[0] {
			n.first, n.groups[g].other = false, true
			return nil
		}
	}
	return nil
}

var typeNames = map[string]bool{"string": true, "number": true, "integer": true, "boolean": true, "null": true, "object": true, "array": true}

// pointer escapes a part of a JSON pointer.
func pointer(s string) string {
	if !strings.ContainsAny(s, "~/") {
		return s
	}
	return strings.ReplaceAll(strings.ReplaceAll(s, "~", "~0"), "/", "~1")
}

// fragment escapes a part of a JSON pointer in a URI.
func fragment(s string) string { return value.EncodeURIComponent(pointer(s)) }
