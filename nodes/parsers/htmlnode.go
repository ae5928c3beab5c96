package parsers

import (
	nethtml "golang.org/x/net/html"

	"github.com/lockstep-flows/lockstep/engine"
	"github.com/lockstep-flows/lockstep/engine/value"
)

// HTML is the configuration of an html node.
type HTML struct {
	// Property of the message that holds the HTML; payload if empty.
	Property string `json:"property"`
	// OutProperty is set to what is found; if empty, Property.
	OutProperty string `json:"outproperty"`
	// Tag is the selector, CSS with the extensions of jQuery; if empty, msg.select.
	Tag string `json:"tag"`
	// Ret is what is taken of an element: html (default) for what is in it, text,
	// attr for its attributes or compl for attributes and html.
	Ret string `json:"ret"`
	// As is single for one message with an array (default), multi for one per element.
	As string `json:"as"`
	// Chr is the property that holds the html of compl; _ if empty.
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
	switch {
	case err != nil:
		return err
	case v.IsUndefined():
		c.Send(m)
		return nil
	}
	if err := n.extract(c, m, v); err != nil {
		return engine.Fail(engine.MessageOf(err))
	}
	return nil
}

// extract sends what is found.
func (n *htmlNode) extract(c *engine.Call, m *engine.Message, v value.Value) error {
	doc, err := loadHTML(v)
	if err != nil {
		return err
	}
	found, err := findHTML(doc, n.selector(m))
	if err != nil {
		return err
	}
	list := []value.Value{}
	for i, e := range found {
		out, err := n.take(e)
		switch {
		case err != nil:
			return err
		case n.As == "single" && !out.IsUndefined():
			list = append(list, out)
		case n.As == "multi" && value.Truthy(out):
			if err := n.part(c, m, out, i, len(found)); err != nil {
				return err
			}
		}
	}
	if n.As != "single" {
		return nil
	}
	if err := setProperty(m, n.OutProperty, value.Arr(list...)); err != nil {
		return err
	}
	c.Send(m)
	return nil
}

// selector is the node's or the message's; what is no text finds nothing.
func (n *htmlNode) selector(m *engine.Message) string {
	if n.Tag != "" {
		return n.Tag
	}
	if v := m.Get("select"); v.IsString() {
		return v.Str()
	}
	return ""
}

func (n *htmlNode) part(c *engine.Call, m *engine.Message, v value.Value, i, count int) error {
	out := value.CloneMessage(m)
	if err := setProperty(out, n.OutProperty, v); err != nil {
		return err
	}
	out.Set("parts", value.Obj("id", m.Get("_msgid"), "index", i, "count", count, "type", "string", "ch", ""))
	c.Send(out)
	return nil
}

// take is what the node wants of an element; undefined if Ret is not known.
func (n *htmlNode) take(e *nethtml.Node) (value.Value, error) {
	switch n.Ret {
	case "html":
		text, err := innerHTML(e)
		if err == nil {
			text, err = xmlOfHTML(text)
		}
		return value.Str(text), err
	case "text":
		return value.Str(string(appendShownText(nil, e))), nil
	case "attr":
		return value.Of(attributes(value.NewObject(len(e.Attr)), e)), nil
	case "compl":
		text, err := innerHTML(e)
		o := value.NewObject(len(e.Attr) + 1)
		o.Set(n.Chr, value.Str(text))
		return value.Of(attributes(o, e)), err
	}
	return value.Undefined, nil
}

func attributes(o *value.Object, e *nethtml.Node) *value.Object {
	if e.Type == nethtml.ElementNode {
		for _, a := range e.Attr {
			o.Set(a.Key, value.Str(a.Val))
		}
	}
	return o
}
