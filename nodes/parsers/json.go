package parsers

import (
	"errors"

	"github.com/lockstep-flows/lockstep/engine"
	"github.com/lockstep-flows/lockstep/engine/value"
	"github.com/lockstep-flows/lockstep/nodes/parsers/schema"
)

// JSON is the configuration of a json node.
type JSON struct {
	// Property of the message that is converted; payload if empty.
	Property string `json:"property"`
	// Action is str to make text only, obj to read text only, or empty for both ways.
	Action string `json:"action"`
	// Pretty writes JSON over several lines, indented by four spaces.
	Pretty value.Value `json:"pretty"`
}

var jsonType = engine.Define("json", "Converts between JSON text and objects, and validates them by msg.schema.", newJSON).With(map[string]string{
	"json.errors.dropped-object":       "A Buffer is not made JSON: it is ignored",
	"json.errors.dropped":              "The value has a type that cannot be converted: it is ignored",
	"json.errors.dropped-error":        "The value could not be converted",
	"json.errors.schema-error":         "The value does not fit the JSON schema",
	"json.errors.schema-error-compile": "The JSON schema in msg.schema is not valid",
})

type jsonNode struct {
	JSON
	indent   string
	schemas  *schema.Set
	source   string // the schema at work as text
	compiled *schema.Schema
	late     value.LateJSON
}

// schemasKey is what the schemas of all json nodes of an engine are shared under.
type schemasKey struct{}

func newJSON(c *engine.Call, cfg JSON) (engine.Node, error) {
	n := &jsonNode{JSON: cfg}
	n.Property = orElse(cfg.Property, "payload")
	if value.Truthy(cfg.Pretty) {
		n.indent = "    "
	}
	n.schemas, _ = c.Shared(schemasKey{}, func() any { return &schema.Set{} }).(*schema.Set)
	return n, nil
}

func (n *jsonNode) Receive(c *engine.Call, m *engine.Message) error {
	validate := false
	if s := m.Get("schema"); value.Truthy(s) {
		if err := n.prepare(c, s); err != nil {
			return err
		}
		validate = true
	}
	v, err := getProperty(m, n.Property)
	if err != nil {
		return err
	}
	switch {
	case v.IsUndefined():
		c.Send(m)
		return nil
	case v.IsString() || v.Buffer() != nil:
		return n.fromText(c, m, v, validate)
	case isObject(v) || v.IsBool() || v.IsNumber():
		return n.fromValue(c, m, v, validate)
	}
	c.Warn(value.Str(c.Text("json.errors.dropped")))
	return nil
}

// prepare compiles a schema if it is not the one at work.
func (n *jsonNode) prepare(c *engine.Call, s value.Value) error {
	text, ok, err := value.Stringify(s, "")
	if err != nil {
		return err
	}
	if ok && n.compiled != nil && text == n.source {
		return nil
	}
	if n.compiled, err = n.schemas.Compile(s); err != nil {
		return c.TextError("json.errors.schema-error-compile")
	}
	n.source, _, err = value.Stringify(s, "") // compiling may have changed it
	return err
}

// pass sends the message if the value is valid.
func (n *jsonNode) pass(c *engine.Call, m *engine.Message, v value.Value) error {
	if err := n.check(c, m, v); err != nil {
		return err
	}
	m.Delete("schema")
	c.Send(m)
	return nil
}

func (n *jsonNode) check(c *engine.Call, m *engine.Message, v value.Value) error {
	errs, err := n.compiled.Validate(v)
	if len(errs) == 0 || err != nil {
		return err
	}
	m.Set("schemaError", value.Arr(errs...))
	return engine.Fail(c.Text("json.errors.schema-error") + ": " + schema.Text(errs))
}

// plain makes the error of a schema that calls itself without end a text.
func plain(err error) error {
	if isError(err) {
		return engine.Fail(engine.MessageOf(err))
	}
	return err
}

func isError(err error) bool {
	var e *value.Error
	return errors.As(err, &e)
}

func (n *jsonNode) fromText(c *engine.Call, m *engine.Message, v value.Value, validate bool) error {
	if n.Action != "" && n.Action != "obj" {
		if !validate {
			c.Send(m)
			return nil
		}
		parsed, err := value.ParseJSON(value.ToString(m.Get(n.Property)))
		if err != nil {
			return engine.Fail(engine.MessageOf(err))
		}
		return plain(n.pass(c, m, parsed))
	}
	parsed, err := n.late.Parse(value.ToString(v))
	if err == nil {
		err = setProperty(m, n.Property, parsed)
	}
	if err != nil {
		return engine.Fail(engine.MessageOf(err))
	}
	if validate {
		return plain(n.pass(c, m, m.Get(n.Property)))
	}
	c.Send(m)
	return nil
}

func (n *jsonNode) fromValue(c *engine.Call, m *engine.Message, v value.Value, validate bool) error {
	if n.Action != "" && n.Action != "str" {
		if validate {
			return n.pass(c, m, v)
		}
		c.Send(m)
		return nil
	}
	if validate {
		if err := n.check(c, m, v); err != nil {
			if isError(err) {
				return c.TextError("json.errors.dropped-error")
			}
			return err
		}
	}
	text, ok, err := value.Stringify(v, n.indent)
	if err == nil {
		out := value.Undefined
		if ok {
			out = value.Str(text)
		}
		err = setProperty(m, n.Property, out)
	}
	if err != nil {
		return c.TextError("json.errors.dropped-error")
	}
	if validate {
		m.Delete("schema")
	}
	c.Send(m)
	return nil
}
