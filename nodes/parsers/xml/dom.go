package xml

import (
	"strings"

	"github.com/lockstep-flows/lockstep/engine/value"
)

// nodeKind is what a node of the document is.
type nodeKind uint8

const (
	isDocument nodeKind = iota
	isElement
	isText
	isRaw
	isCDATA
	isComment
	isInstruction
	isDeclaration
	isDoctype
)

// node is one of xmlbuilder's nodes.
type node struct {
	doc         *document
	kind        nodeKind
	name, value string
	attrs       []attribute
	children    []*node
	parent      *node
}

func failure(text string) error {
	return value.ThrownError("Error", text)
}

// info says where a node is, for errors.
func (n *node) info(name string, known bool) string {
	if n.name != "" && !known {
		name, known = n.name, true
	}
	parent := ""
	if n.parent != nil {
		parent = n.parent.name
	}
	switch {
	case !known && parent == "":
		return ""
	case !known:
		return "parent: <" + parent + ">"
	case parent == "":
		return "node: <" + name + ">"
	}
	return "node: <" + name + ">, parent: <" + parent + ">"
}

func (n *node) up() (*node, error) {
	if n.kind == isElement && n.parent != nil && n.parent.kind == isDocument {
		return nil, failure("The root node has no parent. Use doc() if you need to get the document object.")
	}
	if n.parent == nil {
		return nil, value.NewError("TypeError", "Cannot read properties of undefined (reading 'ele')")
	}
	return n.parent, nil
}

// child makes a node below n and appends it if keep is set.
func (n *node) child(kind nodeKind, name, text string) *node {
	c := &node{doc: n.doc, kind: kind, name: name, value: text, parent: n}
	n.children = append(n.children, c)
	return c
}

// isThing reports what xmlbuilder takes for an object.
func isThing(v value.Value) bool { return v.IsObject() }

// element adds an element, or what its name stands for; it gives the node that
// building goes on with.
func (n *node) element(name, text value.Value) (*node, error) {
	if name.IsString() {
		return n.named(name.Str(), text)
	}
	var last *node
	var err error
	switch {
	case value.IsArray(name):
		for i := range value.Length(name) {
			if last, err = n.element(value.Index(name, i), value.Undefined); err != nil {
				return nil, err
			}
		}
	case isThing(name):
		for _, key := range value.Keys(name) {
			v, kerr := value.GetKey(name, key)
			if kerr != nil {
				return nil, kerr
			}
			if last, err = n.keyed(key, v); err != nil {
				return nil, err
			}
		}
	case !name.IsNullish():
		e := value.NewError("TypeError", "name.indexOf is not a function")
		return nil, e
	default:
		return nil, value.NewError("TypeError", "Cannot read properties of "+value.ToString(name)+" (reading 'indexOf')")
	}
	if last == nil {
		return nil, failure("Could not create any elements with: " + value.ToString(name) + ". " + n.info("", false))
	}
	return last, nil
}

// dummy stands for a node that is not written.
func (n *node) dummy() *node { return &node{doc: n.doc, kind: isDocument, parent: n} }

// keyed adds a property of an object that is given as the content of an element.
func (n *node) keyed(key string, v value.Value) (*node, error) {
	empty := v.IsObject() && (value.IsArray(v) && value.Length(v) == 0 || !value.IsArray(v) && len(value.Keys(v)) == 0)
	switch {
	case strings.HasPrefix(key, "@"):
		return n, n.attribute(key[1:], v)
	case value.IsArray(v) && empty:
		return n.dummy(), nil
	case v.IsObject() && empty:
		return n.element(value.Str(key), value.Undefined)
	case v.IsNullish() && !n.doc.flag("keepNullNodes"):
		return n.dummy(), nil
	case value.IsArray(v):
		var last *node
		for i := range value.Length(v) {
			var err error
			if last, err = n.element(value.Obj(key, value.Index(v, i)), value.Undefined); err != nil {
				return nil, err
			}
		}
		return last, nil
	case v.IsObject():
		if strings.HasPrefix(key, "#text") {
			return n.element(v, value.Undefined)
		}
		last, err := n.element(value.Str(key), value.Undefined)
		if err == nil {
			_, err = last.element(v, value.Undefined)
		}
		return last, err
	}
	return n.element(value.Str(key), v)
}

// named adds an element by its name, which may stand for a text, a comment and so on.
func (n *node) named(name string, text value.Value) (*node, error) {
	switch {
	case text.IsNull() && !n.doc.flag("keepNullNodes"):
		return n.dummy(), nil
	case strings.HasPrefix(name, "#text"):
		return n.text(text)
	case strings.HasPrefix(name, "#cdata"):
		return n.section(text)
	case strings.HasPrefix(name, "#comment"):
		return n.comment(text)
	case strings.HasPrefix(name, "#raw"):
		return n.raw(text)
	case strings.HasPrefix(name, "?"):
		return n.instruction(name[1:], text)
	}
	if err := n.doc.checkName(name); err != nil {
		return nil, err
	}
	e := &node{doc: n.doc, kind: isElement, name: name, parent: n}
	if !text.IsNullish() {
		if _, err := e.text(text); err != nil {
			return nil, err
		}
	}
	n.children = append(n.children, e)
	return e, nil
}

// text adds a text; an object adds elements and then its text.
func (n *node) text(v value.Value) (*node, error) {
	if isThing(v) {
		if _, err := n.element(v, value.Undefined); err != nil {
			return nil, err
		}
	}
	if v.IsNullish() {
		return nil, n.missing("Missing element text. ")
	}
	s, err := value.ToStringStrict(v)
	if err == nil && !n.doc.flag("noValidation") {
		s = n.doc.escapeText(s)
		err = n.doc.checkChars(s)
	}
	if err != nil {
		return nil, err
	}
	n.child(isText, "#text", s)
	return n, nil
}

// missing is the error of a node that has no text.
func (n *node) missing(text string) error {
	return failure(text + (&node{parent: n}).info("", false))
}

// plain is a text as it is.
func plain(v value.Value) (string, error) { return value.ToStringStrict(v) }

func (n *node) raw(v value.Value) (*node, error) {
	if v.IsNullish() {
		return nil, n.missing("Missing raw text. ")
	}
	s, err := plain(v)
	if err != nil {
		return nil, err
	}
	n.child(isRaw, "", s)
	return n, nil
}

func (n *node) section(v value.Value) (*node, error) {
	if v.IsNullish() {
		return nil, n.missing("Missing CDATA text. ")
	}
	s, err := plain(v)
	if err == nil {
		s = strings.Replace(s, "]]>", "]]]]><![CDATA[>", 1)
		err = n.doc.checkChars(s)
	}
	if err != nil {
		return nil, err
	}
	n.child(isCDATA, "#cdata-section", s)
	return n, nil
}

func (n *node) comment(v value.Value) (*node, error) {
	if v.IsNullish() {
		return nil, n.missing("Missing comment text. ")
	}
	s, err := plain(v)
	if err == nil && strings.Contains(s, "--") {
		err = failure("Comment text cannot contain double-hypen: " + s)
	}
	if err == nil {
		err = n.doc.checkChars(s)
	}
	if err != nil {
		return nil, err
	}
	n.child(isComment, "#comment", s)
	return n, nil
}

func (n *node) instruction(target string, v value.Value) (*node, error) {
	if err := n.doc.checkChars(target); err != nil {
		return nil, err
	}
	s := ""
	if value.Truthy(v) {
		var err error
		if s, err = plain(v); err == nil && strings.Contains(s, "?>") {
			err = failure("Invalid processing instruction value: " + s)
		}
		if err == nil {
			err = n.doc.checkChars(s)
		}
		if err != nil {
			return nil, err
		}
	}
	n.child(isInstruction, target, s)
	return n, nil
}

// attribute sets an attribute; one without a value is left out.
func (n *node) attribute(name string, v value.Value) error {
	if f, ok := v.Foreign().(value.Callable); ok && f.TypeOf() == "function" {
		out, err := f.Call(nil)
		if err != nil {
			return err
		}
		v = out
	}
	if v.IsNullish() {
		if !n.doc.flag("keepNullAttributes") {
			return nil
		}
		v = value.Str("")
	}
	if err := n.doc.checkName(name); err != nil {
		return err
	}
	s, err := plain(v)
	if err == nil && !n.doc.flag("noValidation") {
		s = n.doc.escapeAttr(s)
		err = n.doc.checkChars(s)
	}
	if err != nil {
		return err
	}
	for i := range n.attrs {
		if n.attrs[i].name == name {
			n.attrs[i].value = s
			return nil
		}
	}
	n.attrs = append(n.attrs, attribute{name, s})
	return nil
}
