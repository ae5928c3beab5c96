package parsers

import (
	"github.com/lockstep-flows/lockstep/engine"
	"github.com/lockstep-flows/lockstep/engine/value"
	"github.com/lockstep-flows/lockstep/nodes/parsers/xml"
)

// XML is the configuration of an xml node.
type XML struct {
	// Property of the message that is converted; payload if empty.
	Property string `json:"property"`
	// Attr is the property that holds the attributes of an element: $ if empty.
	Attr string `json:"attr"`
	// Chr is the property that holds the text of an element with attributes or
	// children: _ if empty.
	Chr string `json:"chr"`
}

var xmlType = engine.Define("xml", "Converts between XML text and objects; msg.options are those of xml2js.", newXML).With(map[string]string{
	"xml.errors.xml_js": "The xml node takes text and objects only",
})

type xmlNode struct{ XML }

func newXML(_ *engine.Call, cfg XML) (engine.Node, error) {
	cfg.Property = orElse(cfg.Property, "payload")
	return &xmlNode{cfg}, nil
}

func (n *xmlNode) Receive(c *engine.Call, m *engine.Message) error {
	v, err := getProperty(m, n.Property)
	switch {
	case err != nil:
		return err
	case v.IsUndefined():
		c.Send(m)
		return nil
	case isObject(v):
		return n.build(c, m, v)
	case v.IsString():
		return n.parse(c, m, v.Str())
	}
	c.Warn(value.Str(c.Text("xml.errors.xml_js")))
	return nil
}

// options are those of the message, which get what the node adds to them.
func (n *xmlNode) options(m *engine.Message, def value.Value, async bool) (value.Value, error) {
	o := def
	if v, ok := m.Lookup("options"); ok && isObject(v) {
		o = v
	}
	return o, value.SetKey(o, "async", value.Bool(async))
}

func (n *xmlNode) build(c *engine.Call, m *engine.Message, v value.Value) error {
	opts, err := n.options(m, value.Obj("renderOpts", value.Obj("pretty", false)), false)
	if err != nil {
		return err
	}
	text, err := xml.Build(v, opts)
	if err == nil {
		err = setProperty(m, n.Property, value.Str(text))
	}
	if err == nil {
		c.Send(m)
	}
	return err
}

// parse sets the result some turns of the loop later, as xml2js reads a piece of
// the text in each.
func (n *xmlNode) parse(c *engine.Call, m *engine.Message, text string) error {
	opts, err := n.options(m, value.Of(value.NewObject(3)), true)
	if err != nil {
		return err
	}
	for _, k := range [][3]string{{"attrkey", n.Attr, "$"}, {"charkey", n.Chr, "_"}} {
		v := value.Str(orElse(k[1], k[2]))
		if given, _ := value.GetKey(opts, k[0]); k[1] == "" && value.Truthy(given) {
			v = given
		}
		if err := value.SetKey(opts, k[0], v); err != nil {
			return err
		}
	}
	r := xml.Parse(text, opts)
	if r.Chunks == 0 {
		return n.finish(c, m, r)
	}
	n.later(c, m, r)
	return engine.Pending
}

// later waits for as many turns of the loop as xml2js takes.
func (n *xmlNode) later(c *engine.Call, m *engine.Message, r xml.Result) {
	c.Defer(func() {
		if r.Chunks--; r.Chunks > 0 {
			n.later(c, m, r)
			return
		}
		switch err := n.finish(c, m, r); {
		case r.Lost:
		case err != nil:
			c.Fail(m, err)
		default:
			c.Done(m)
		}
	})
}

func (n *xmlNode) finish(c *engine.Call, m *engine.Message, r xml.Result) error {
	if r.Lost {
		return nil
	}
	if r.Err != nil {
		return r.Err
	}
	err := setProperty(m, n.Property, r.Value)
	if err == nil {
		c.Send(m)
	}
	return err
}
