package xml

import (
	"strings"

	"github.com/lockstep-flows/lockstep/engine/value"
)

// Build writes a value as XML with xml2js's options for its builder.
func Build(v, opts value.Value) (string, error) {
	if v.IsNullish() {
		return "", value.NewError("TypeError", "Cannot convert undefined or null to object")
	}
	b := &builder{doc: &document{}}
	b.attrKey = value.ToString(given(opts, "attrkey", value.Str("$")))
	b.charKey = value.ToString(given(opts, "charkey", value.Str("_")))
	b.cdata = value.Truthy(given(opts, "cdata", value.False))
	rootName := given(opts, "rootName", value.Str("root"))
	if keys := value.Keys(v); len(keys) == 1 && value.StrictEqual(rootName, value.Str("root")) {
		rootName = value.Str(keys[0])
		v, _ = value.GetKey(v, keys[0])
	}
	dec := given(opts, "xmldec", value.Obj("version", "1.0", "encoding", "UTF-8", "standalone", true))
	b.doc.configure(opts, dec)
	root, err := b.create(rootName)
	if err != nil {
		return "", err
	}
	if _, err = b.render(root, v); err != nil {
		return "", err
	}
	w := newWriter(given(opts, "renderOpts", value.Obj("pretty", true, "indent", "  ", "newline", "\n")))
	return w.document(b.doc), nil
}

// builder is xml2js's Builder.
type builder struct {
	doc              *document
	attrKey, charKey string
	cdata            bool
}

func (b *builder) create(name value.Value) (*node, error) {
	d := b.doc
	if name.IsNullish() {
		return nil, failure("Root element needs a name.")
	}
	top := &node{doc: d, kind: isDocument, name: "#document"}
	d.top = top
	root, err := top.element(name, value.Undefined)
	if err != nil || d.headless {
		return root, err
	}
	if err := d.declare(); err != nil {
		return nil, err
	}
	return root, d.declareType(root)
}

// needsCDATA reports whether a text is written as CDATA where that is asked for.
func (b *builder) needsCDATA(v value.Value) bool {
	return b.cdata && v.IsString() && strings.ContainsAny(v.Str(), "&<>")
}

// section writes a text as CDATA. Only the first end of a section in it is split.
func section(s string) value.Value {
	return value.Str("<![CDATA[" + strings.Replace(s, "]]>", "]]]]><![CDATA[>", 1) + "]]>")
}

// text adds a text to a node.
func (b *builder) text(n *node, v value.Value) (*node, error) {
	if b.needsCDATA(v) {
		return n.raw(section(v.Str()))
	}
	return n.text(v)
}

// under adds an element that is rendered, and goes back up.
func (b *builder) under(n *node, key string, v value.Value) (*node, error) {
	e, err := n.element(value.Str(key), value.Undefined)
	if err == nil {
		e, err = b.render(e, v)
	}
	if err != nil {
		return nil, err
	}
	return e.up()
}

// leaf adds an element with a text.
func (b *builder) leaf(n *node, key string, v value.Value) (*node, error) {
	var e *node
	var err error
	if b.needsCDATA(v) {
		if e, err = n.element(value.Str(key), value.Undefined); err == nil {
			e, err = e.raw(section(v.Str()))
		}
	} else {
		e, err = n.element(value.Str(key), v)
	}
	if err != nil {
		return nil, err
	}
	return e.up()
}

// render adds a value to a node.
func (b *builder) render(n *node, v value.Value) (*node, error) {
	if !v.IsNull() && v.TypeOf() != "object" {
		return b.text(n, v)
	}
	if value.IsArray(v) {
		for i := range value.Length(v) {
			child := value.Index(v, i)
			for _, key := range value.Keys(child) {
				entry, err := value.GetKey(child, key)
				if err == nil {
					n, err = b.under(n, key, entry)
				}
				if err != nil {
					return nil, err
				}
			}
		}
		return n, nil
	}
	for _, key := range value.Keys(v) {
		child, err := value.GetKey(v, key)
		if err == nil {
			n, err = b.property(n, key, child)
		}
		if err != nil {
			return nil, err
		}
	}
	return n, nil
}

// property adds one property of an object.
func (b *builder) property(n *node, key string, v value.Value) (*node, error) {
	object := v.IsNull() || v.TypeOf() == "object"
	switch {
	case key == b.attrKey:
		if !object {
			return n, nil
		}
		for _, name := range value.Keys(v) {
			a, err := value.GetKey(v, name)
			if err == nil {
				err = n.attribute(name, a)
			}
			if err != nil {
				return nil, err
			}
		}
		return n, nil
	case key == b.charKey:
		return b.text(n, v)
	case value.IsArray(v):
		return b.list(n, key, v)
	case object:
		return b.under(n, key, v)
	}
	if v.IsUndefined() {
		v = value.Str("")
	}
	text, err := value.ToStringStrict(v)
	if err != nil {
		return nil, err
	}
	if b.needsCDATA(v) {
		return b.leaf(n, key, v)
	}
	e, err := n.element(value.Str(key), value.Str(text))
	if err != nil {
		return nil, err
	}
	return e.up()
}

// list adds an element for each entry of an array.
func (b *builder) list(n *node, key string, v value.Value) (*node, error) {
	for i := range value.Length(v) {
		entry := value.Index(v, i)
		var err error
		if entry.IsString() {
			n, err = b.leaf(n, key, entry)
		} else {
			n, err = b.under(n, key, entry)
		}
		if err != nil {
			return nil, err
		}
	}
	return n, nil
}
