package xml

import (
	"strings"

	"github.com/lockstep-flows/lockstep/engine/value"
)

// tree makes objects of what the scanner finds, as xml2js does.
type tree struct {
	*options
	stack  []*element
	result value.Value
	done   bool
	lost   bool
	err    error
}

// element is one that is open. Its object is made when it needs one; until then it
// has nothing but text.
type element struct {
	name  string
	obj   *value.Object
	text  string
	odd   bool // something else has the key of the text: the object holds it
	cdata bool
}

// object gives the element's object: the key of the text always comes first.
func (t *tree) object(e *element) *value.Object {
	if e.obj == nil {
		e.obj = value.NewObject(4)
		e.obj.Set(t.charKey, value.Str(""))
	}
	return e.obj
}

// assign sets a property, or adds to the list it is.
func (t *tree) assign(o *value.Object, key string, v value.Value) {
	old, ok := o.Lookup(key)
	switch {
	case !ok && t.explicitArray:
		o.Set(key, value.Arr(v))
	case !ok:
		o.Set(key, v)
	case old.Array() != nil:
		old.Array().Append(v)
	default:
		o.Set(key, value.Arr(old, v))
	}
}

// add is assign to an element.
func (t *tree) add(e *element, key string, v value.Value) {
	o := t.object(e)
	switch key {
	case t.charKey:
		if !e.odd {
			o.Set(key, value.Str(e.text))
			e.odd = true
		}
	case "cdata":
		if e.cdata {
			o.Set(key, value.True)
			e.cdata = false
		}
	}
	t.assign(o, key, v)
}

// process applies a list of functions; an error is lost in xml2js.
func (t *tree) process(list value.Value, v value.Value, name string) value.Value {
	if !value.Truthy(list) {
		return v
	}
	for i := range value.Length(list) {
		f, ok := t.callable(value.Index(list, i))
		if !ok {
			return v
		}
		out, err := f.Call([]value.Value{v, value.Str(name)})
		if err != nil {
			t.lost = true
			return v
		}
		v = out
	}
	return v
}

// callable gives a function to call. What is no function is lost in xml2js; one of a
// function node cannot be called from here, which is an error.
func (t *tree) callable(v value.Value) (value.Callable, bool) {
	f, ok := v.Foreign().(value.Callable)
	if !ok && v.TypeOf() == "function" {
		t.err = failure("a function in msg.options cannot be called by the xml node")
	}
	t.lost = t.lost || !ok && t.err == nil
	return f, ok
}

func (t *tree) processName(list value.Value, name string) string {
	if !value.Truthy(list) {
		return name
	}
	return value.ToString(t.process(list, value.Str(name), ""))
}

// open is an opening tag.
func (t *tree) open(g *tag, uri, local string) {
	e := &element{}
	if !t.ignoreAttrs && g.attrs != nil {
		t.attributes(e, g.attrs)
	}
	e.name = g.name
	if t.normalizeTags {
		e.name = value.ToLower(e.name)
	}
	e.name = t.processName(t.tagNames, e.name)
	if t.explicitChild && t.keepOrder {
		t.object(e).Set("#name", value.Str(e.name))
	}
	if t.xmlns {
		t.object(e).Set(t.attrKey+"ns", value.Obj("uri", uri, "local", local))
	}
	t.stack = append(t.stack, e)
}

func (t *tree) attributes(e *element, attrs *value.Object) {
	plain := !value.Truthy(t.attrValues) && !value.Truthy(t.attrNames) && !t.mergeAttrs && t.attrKey != t.charKey
	if plain {
		t.object(e).Set(t.attrKey, value.Of(attrs))
		return
	}
	for i := range attrs.Len() {
		p := attrs.At(i)
		o := t.object(e)
		if !t.mergeAttrs && !o.Has(t.attrKey) {
			o.Set(t.attrKey, value.Of(value.NewObject()))
		}
		v := t.process(t.attrValues, p.Value, p.Key)
		key := t.processName(t.attrNames, p.Key)
		if t.mergeAttrs {
			t.add(e, key, v)
		} else if a := o.Get(t.attrKey).Object(); a != nil {
			a.Set(key, v)
		} else {
			t.lost = true // the key of the text is that of the attributes
		}
	}
}

// text is text within an element.
func (t *tree) text(s string) {
	if len(t.stack) == 0 {
		return
	}
	e := t.stack[len(t.stack)-1]
	if e.odd {
		e.obj.Set(t.charKey, value.Str(value.ToString(e.obj.Get(t.charKey))+s))
	} else {
		e.text += s
	}
	if t.explicitChild && t.keepOrder && t.charsAsChildren && (t.whiteChars || value.Trim(strings.ReplaceAll(s, `\n`, "")) != "") {
		if t.normalize {
			s = value.Trim(joinSpaces(s))
		}
		t.child(e, value.Obj("#name", "__text__", t.charKey, s))
	}
}

// child adds to the list of an element's children.
func (t *tree) child(e *element, v value.Value) {
	o := t.object(e)
	if !value.Truthy(o.Get(t.childKey)) {
		o.Set(t.childKey, value.Arr())
	}
	if a := o.Get(t.childKey).Array(); a != nil {
		a.Append(v)
	} else {
		t.lost = true
	}
}

func (t *tree) cdata(s string) {
	t.text(s)
	if n := len(t.stack); n > 0 {
		e := t.stack[n-1]
		e.cdata = true
		if e.obj != nil {
			e.obj.Delete("cdata")
		}
	}
}

// joinSpaces makes one space of two or more in a row.
func joinSpaces(s string) string {
	var b strings.Builder
	run, from := 0, 0
	end := func(at int) {
		if run > 1 {
			b.WriteByte(' ')
		} else {
			b.WriteString(s[from:at])
		}
		run = 0
	}
	for i, c := range s {
		if value.Trim(string(c)) == "" {
			if run == 0 {
				from = i
			}
			run++
			continue
		}
		if run > 0 {
			end(i)
			from = i
		}
		n := len(string(c))
		if i+n > len(s) || s[i:i+n] != string(c) {
			n = 1 // part of a lone surrogate
		}
		b.WriteString(s[i : i+n])
	}
	if run > 0 {
		end(len(s))
	}
	return b.String()
}

// close is a closing tag.
func (t *tree) close() {
	e := t.stack[len(t.stack)-1]
	t.stack = t.stack[:len(t.stack)-1]
	var parent *element
	if len(t.stack) > 0 {
		parent = t.stack[len(t.stack)-1]
	}
	v := t.content(e)
	if t.lost {
		return
	}
	if !t.validator.IsNullish() {
		v = t.validate(e, parent, v)
	}
	if t.explicitChild && !t.mergeAttrs && (v.TypeOf() == "object" || v.IsNull()) {
		v = t.children(parent, v)
	}
	if t.lost || t.err != nil {
		return
	}
	if parent != nil {
		t.add(parent, e.name, v)
		return
	}
	if t.explicitRoot {
		v = value.Obj(e.name, v)
	}
	t.result, t.done = v, true
}

// content is what an element becomes: its text if it has nothing else, or its object.
func (t *tree) content(e *element) value.Value {
	text := value.Str(e.text)
	if e.odd {
		text = e.obj.Get(t.charKey)
	}
	if !text.IsString() {
		t.lost = true // a child has the key of the text
		return value.Undefined
	}
	empty := value.Undefined
	if !e.cdata && value.Trim(text.Str()) == "" {
		if e.obj != nil {
			e.obj.Delete(t.charKey)
		}
		empty = text
	} else {
		s := text.Str()
		if t.trim {
			s = value.Trim(s)
		}
		if t.normalize {
			s = value.Trim(joinSpaces(s))
		}
		text = t.process(t.values, value.Str(s), e.name)
		if e.obj == nil && !t.explicitCharKey {
			return t.orEmpty(text, empty)
		}
		t.object(e).Set(t.charKey, text)
		if e.obj.Len() == 1 && !t.explicitCharKey {
			return t.orEmpty(text, empty)
		}
	}
	if e.obj == nil || e.obj.Len() == 0 {
		return t.orEmpty(value.Of(value.NewObject()), empty)
	}
	return value.Of(e.obj)
}

// orEmpty replaces an empty object by what stands for empty elements.
func (t *tree) orEmpty(v, empty value.Value) value.Value {
	if v.TypeOf() != "object" || v.IsNull() || len(value.Keys(v)) > 0 {
		return v
	}
	if t.emptyTag.TypeOf() == "function" {
		f, ok := t.callable(t.emptyTag)
		if !ok {
			return v
		}
		out, err := f.Call(nil)
		t.lost = t.lost || err != nil
		return out
	}
	if t.emptyTag.IsString() && t.emptyTag.Str() == "" {
		return empty
	}
	return t.emptyTag
}

func (t *tree) validate(e, parent *element, v value.Value) value.Value {
	var path strings.Builder
	for _, up := range t.stack {
		path.WriteString("/" + up.name)
	}
	path.WriteString("/" + e.name)
	old := value.Undefined
	if parent != nil && parent.obj != nil {
		old = parent.obj.Get(e.name)
	}
	f, ok := t.validator.Foreign().(value.Callable)
	if !ok && t.validator.TypeOf() == "function" {
		_, _ = t.callable(t.validator)
		return v
	}
	if !ok {
		err := value.NewError("TypeError", "this.options.validator is not a function")
		err.Stack = err.Error()
		t.err = err
		return v
	}
	out, err := f.Call([]value.Value{value.Str(path.String()), old, v})
	if err != nil {
		t.err = err
	}
	return out
}

// children puts the children of an element apart from its attributes and text.
func (t *tree) children(parent *element, v value.Value) value.Value {
	o := v.Object()
	if o == nil {
		t.lost = true
		return v
	}
	if !t.keepOrder {
		node := value.NewObject(3)
		if a, ok := o.Lookup(t.attrKey); ok {
			node.Set(t.attrKey, a)
			o.Delete(t.attrKey)
		}
		if c, ok := o.Lookup(t.charKey); ok && !t.charsAsChildren {
			node.Set(t.charKey, c)
			o.Delete(t.charKey)
		}
		if o.Len() > 0 {
			node.Set(t.childKey, v)
		}
		return value.Of(node)
	}
	if parent == nil {
		return v
	}
	copied := value.NewObject(o.Len())
	for i := range o.Len() {
		copied.Set(o.At(i).Key, o.At(i).Value)
	}
	t.child(parent, value.Of(copied))
	o.Delete("#name")
	if c, ok := o.Lookup(t.charKey); ok && o.Len() == 1 && !t.explicitCharKey {
		return c
	}
	return v
}
