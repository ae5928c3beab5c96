package parsers

import (
	"github.com/lockstep-flows/lockstep/engine"
	"github.com/lockstep-flows/lockstep/engine/value"
	"github.com/lockstep-flows/lockstep/nodes/parsers/html"
)

// HTML is the configuration of an html node.
type HTML struct {
	// Property of the message that holds the page; payload if empty.
	Property string `json:"property"`
	// OutProperty is where the result goes; Property if empty.
	OutProperty string `json:"outproperty"`
	// Tag is the selector of the elements; if it is empty, msg.select is used.
	Tag string `json:"tag"`
	// Ret is what is taken of each element: html (default), text, attr for its
	// attributes, or compl for its attributes and its HTML.
	Ret string `json:"ret"`
	// As is single for one message with a list (default), multi for one per element.
	As string `json:"as"`
	// Chr is the property that holds the HTML with compl: _ if empty.
	Chr string `json:"chr"`
}

var htmlType = engine.Define("html", "Takes elements out of HTML by a CSS selector.", newHTML)

type htmlNode struct{ HTML }

func newHTML(_ *engine.Call, cfg HTML) (engine.Node, error) {
	cfg.Property = orElse(cfg.Property, "payload")
	cfg.OutProperty = orElse(cfg.OutProperty, cfg.Property)
	cfg.Ret, cfg.As, cfg.Chr = orElse(cfg.Ret, "html"), orElse(cfg.As, "single"), orElse(cfg.Chr, "_")
	return &htmlNode{cfg}, nil
}

func (n *htmlNode) Receive(c *engine.Call, m *engine.Message) error {
	v, err := getProperty(m, n.Property)
	if err != nil {
		return err
	}
	if v.IsUndefined() {
		c.Send(m)
		return nil
	}
	list, err := n.find(m, v)
	if err == nil {
		if n.As == "multi" {
			err = n.sendEach(c, m, list)
		} else if n.As == "single" {
			err = n.sendList(c, m, list)
		}
	}
	if err != nil {
		return engine.Fail(engine.MessageOf(err))
	}
	return nil
}

// find gives the elements of a page that are asked for.
func (n *htmlNode) find(m *engine.Message, v value.Value) ([]html.Element, error) {
	tag := value.Str(n.Tag)
	if s, ok := m.Lookup("select"); ok && n.Tag == "" {
		tag = s
	}
	text := v.Str()
	switch {
	case v.IsNull():
		return nil, value.NewError("Error", "cheerio.load() expects a string")
	case v.Buffer() != nil:
		text = value.Text(v.Buffer().B)
	case !v.IsString() && !v.IsObject():
		return nil, typeError("Cannot create property 'prev' on " + v.TypeOf() + " '" + value.ToString(v) + "'")
	case !v.IsString():
		return nil, nil // an object is taken for a tree that is empty
	}
	page, err := html.Parse(text)
	if err != nil || !tag.IsString() {
		return nil, err
	}
	return page.Find(tag.Str())
}

// result is what is taken of an element; undefined for an unknown Ret.
func (n *htmlNode) result(e html.Element) (value.Value, error) {
	switch n.Ret {
	case "html":
		text, err := e.XML()
		return value.Str(text), err
	case "text":
		return value.Str(e.Text()), nil
	case "attr":
		return value.Of(e.Attributes()), nil
	case "compl":
		o := value.Obj(n.Chr, e.Inner()).Object()
		attrs := e.Attributes()
		for i := range attrs.Len() {
			o.Set(attrs.At(i).Key, attrs.At(i).Value)
		}
		return value.Of(o), nil
	}
	return value.Undefined, nil
}

func (n *htmlNode) sendEach(c *engine.Call, m *engine.Message, list []html.Element) error {
	for i, e := range list {
		v, err := n.result(e)
		if err != nil {
			return err
		}
		if !value.Truthy(v) {
			continue
		}
		out := value.CloneMessage(m)
		if err := setProperty(out, n.OutProperty, v); err != nil {
			return err
		}
		out.Set("parts", value.Obj("id", m.Get("_msgid"), "index", i, "count", len(list), "type", "string", "ch", ""))
		c.Send(out)
	}
	return nil
}

func (n *htmlNode) sendList(c *engine.Call, m *engine.Message, list []html.Element) error {
	out := value.NewArray()
	for _, e := range list {
		v, err := n.result(e)
		if err != nil {
			return err
		}
		if !v.IsUndefined() {
			out.Append(v)
		}
	}
	if err := setProperty(m, n.OutProperty, value.Of(out)); err != nil {
		return err
	}
	c.Send(m)
	return nil
}
