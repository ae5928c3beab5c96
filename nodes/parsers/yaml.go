package parsers

import (
	"github.com/lockstep-flows/lockstep/engine"
	"github.com/lockstep-flows/lockstep/engine/value"
	"github.com/lockstep-flows/lockstep/nodes/parsers/yaml"
)

// YAML is the configuration of a yaml node.
type YAML struct {
	// Property of the message that is converted; payload if empty.
	Property string `json:"property"`
}

var yamlType = engine.Define("yaml", "Converts between YAML text and objects.", newYAML).With(map[string]string{
	"yaml.errors.dropped-object": "A Buffer is not made YAML: it is ignored",
	"yaml.errors.dropped":        "The value has a type that cannot be converted: it is ignored",
	"yaml.errors.dropped-error":  "The value could not be converted",
})

type yamlNode struct{ YAML }

func newYAML(_ *engine.Call, cfg YAML) (engine.Node, error) {
	cfg.Property = orElse(cfg.Property, "payload")
	return &yamlNode{cfg}, nil
}

func (n *yamlNode) Receive(c *engine.Call, m *engine.Message) error {
	v, err := getProperty(m, n.Property)
	switch {
	case err != nil:
		return err
	case v.IsUndefined():
	case v.IsString():
		if v, err = yaml.ParseIn(v.Str(), c.Zone()); err == nil {
			err = setProperty(m, n.Property, v)
		}
		if err != nil {
			return engine.Fail(engine.MessageOf(err))
		}
	case v.Buffer() != nil:
		c.Warn(value.Str(c.Text("yaml.errors.dropped-object")))
		return nil
	case isObject(v):
		text, err := yaml.Dump(v)
		if err == nil {
			err = setProperty(m, n.Property, value.Str(text))
		}
		if err != nil {
			return c.TextError("yaml.errors.dropped-error")
		}
	default:
		c.Warn(value.Str(c.Text("yaml.errors.dropped")))
		return nil
	}
	c.Send(m)
	return nil
}
