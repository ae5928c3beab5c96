package schema

import (
	"net/url"
	"strings"

	"github.com/lockstep-flows/lockstep/engine/value"
)

// document is one schema that was given to Compile.
type document struct {
	set   *Set
	root  *place
	top   *node
	refs  map[string]*node  // what references were compiled to
	local map[string]*place // sub-schemas by their ids within the document
}

// place is a schema and the id that references in it start from.
type place struct {
	doc    *document
	schema value.Value
	base   string
}

// resolve resolves a reference against an id.
func resolve(base, ref string) string {
	ref = trimHash(ref)
	if base == "" {
		return ref
	}
	b, err := url.Parse(base)
	if err != nil {
		return ref
	}
	r, err := url.Parse(ref)
	if err != nil {
		return ref
	}
	if strings.HasPrefix(ref, "#") {
		return trimFragment(base) + ref
	}
	out := b.ResolveReference(r).String()
	if b.Scheme == "" && b.Host == "" && !strings.HasPrefix(base, "/") && !strings.HasPrefix(ref, "/") {
		out = strings.TrimPrefix(out, "/") // a relative id stays one
	}
	return out
}

// trimHash drops an empty fragment at the end of an id.
func trimHash(id string) string {
	if s, ok := strings.CutSuffix(id, "#"); ok {
		return s
	}
	if s, ok := strings.CutSuffix(id, "#/"); ok {
		return s
	}
	return id
}

// notTraversed are keywords whose values hold no schemas.
var notTraversed = map[string]bool{"default": true, "enum": true, "const": true, "required": true}

// collect notes the ids of sub-schemas.
func (d *document) collect(v value.Value, base string, top bool) error {
	o := v.Object()
	if o == nil {
		return nil
	}
	if id := o.Get("$id"); id.IsString() && !top {
		full := trimHash(id.Str())
		if base != "" {
			full = resolve(base, id.Str())
		}
		if d.local[full] != nil {
			return errInvalid
		}
		base = full
		d.local[full] = &place{doc: d, schema: v, base: full}
		if d.set.docs[full] == nil && !strings.HasPrefix(full, "#") {
			d.set.docs[full] = d.local[full]
		}
	}
	for i := range o.Len() {
		p := o.At(i)
		if notTraversed[p.Key] {
			continue
		}
		if err := d.collectIn(p.Key, p.Value, base); err != nil {
			return err
		}
	}
	return nil
}

func (d *document) collectIn(key string, v value.Value, base string) error {
	if a := v.Array(); a != nil {
		switch key {
		case "items", "allOf", "anyOf", "oneOf":
			for _, e := range a.Elems {
				if err := d.collect(e, base, false); err != nil {
					return err
				}
			}
		}
		return nil
	}
	switch key {
	case "$defs", "definitions", "properties", "patternProperties", "dependencies":
		if o := v.Object(); o != nil {
			for i := range o.Len() {
				if err := d.collect(o.At(i).Value, base, false); err != nil {
					return err
				}
			}
		}
		return nil
	}
	return d.collect(v, base, false)
}

func (c *compiler) ref(n *node, _ *value.Object, v value.Value) (check, error) {
	ref := v.Str()
	if !v.IsString() {
		return nil, errInvalid
	}
	if (ref == "#" || ref == "#/") && c.base == c.doc.root.base {
		return refCheck(c.doc.top), nil
	}
	target := c.find(resolve(c.base, ref), 0)
	if target == nil {
		return nil, errInvalid
	}
	if !hasRef(target.schema) { // Ajv puts such schemas in place of the reference
		if ok, err := always(target.schema); ok || err != nil {
			return nil, err
		}
		in := &compiler{target.doc, target.base, c.order}
		sub := &node{path: ref}
		return func(r *run, v value.Value, at string) { sub.check(r, v, at) }, in.into(sub, target.schema)
	}
	key := resolve(c.base, ref)
	if done := c.doc.refs[key]; done != nil {
		return refCheck(done), nil
	}
	if target.schema.Object() == target.doc.root.schema.Object() && target.doc.top != nil {
		return refCheck(target.doc.top), nil
	}
	sub := &node{path: "#"}
	c.doc.refs[key] = sub
	in := &compiler{target.doc, target.base, c.order}
	return refCheck(sub), in.into(sub, target.schema)
}

// refCheck calls a schema of its own, which does not know the name being validated.
func refCheck(sub *node) check {
	return func(r *run, v value.Value, at string) {
		name, named, quiet := r.name, r.named, r.quiet
		r.named, r.quiet = false, false
		sub.check(r, v, at)
		r.name, r.named, r.quiet = name, named, quiet
	}
}

// find finds what a resolved reference means.
func (c *compiler) find(ref string, depth int) *place {
	if depth > 64 {
		return nil
	}
	if p := c.doc.set.docs[ref]; p != nil {
		return p
	}
	if p := c.doc.local[ref]; p != nil {
		return p
	}
	doc, frag, _ := strings.Cut(ref, "#")
	start := c.doc.root
	if doc != trimFragment(c.doc.root.base) {
		if start = c.doc.set.docs[doc]; start == nil {
			start = c.doc.local[doc]
		}
	}
	if start == nil || frag == "" {
		return start
	}
	if !strings.HasPrefix(frag, "/") {
		return nil
	}
	return c.walk(start, frag[1:], depth)
}

func trimFragment(id string) string {
	s, _, _ := strings.Cut(id, "#")
	return s
}

// noScope are parts of pointers below which an $id is a name.
var noScope = map[string]bool{"properties": true, "patternProperties": true, "enum": true, "dependencies": true, "definitions": true}

// walk follows a JSON pointer; a schema that is only a reference is followed too.
func (c *compiler) walk(p *place, pointer string, depth int) *place {
	v, base := p.schema, p.base
	for _, part := range strings.Split(pointer, "/") {
		name, err := url.PathUnescape(part)
		if err != nil {
			return nil
		}
		name = strings.ReplaceAll(strings.ReplaceAll(name, "~1", "/"), "~0", "~")
		if v.IsBool() {
			return nil
		}
		v, err = value.GetKey(v, name)
		if err != nil || v.IsUndefined() {
			return nil
		}
		if o := v.Object(); o != nil && !noScope[part] && o.Get("$id").Str() != "" {
			base = resolve(base, o.Get("$id").Str())
		}
	}
	if o := v.Object(); o != nil && o.Has("$ref") {
		if more, _ := hasRules(o, true); !more {
			if next := c.find(resolve(base, o.Get("$ref").Str()), depth+1); next != nil {
				return next
			}
		}
	}
	return &place{doc: p.doc, schema: v, base: base}
}

// hasRef reports whether there is a reference in a schema.
func hasRef(v value.Value) bool {
	o := v.Object()
	if o == nil {
		return false
	}
	for i := range o.Len() {
		p := o.At(i)
		switch p.Key {
		case "$ref", "$recursiveRef", "$recursiveAnchor", "$dynamicRef", "$dynamicAnchor":
			return true
		}
		if hasRef(p.Value) {
			return true
		}
		if a := p.Value.Array(); a != nil {
			for _, e := range a.Elems {
				if hasRef(e) {
					return true
				}
			}
		}
	}
	return false
}
