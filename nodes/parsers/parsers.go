// Package parsers holds Node-RED's parser nodes: csv, html, json, xml and yaml.
package parsers

import (
	"github.com/lockstep-flows/lockstep/engine"
	"github.com/lockstep-flows/lockstep/engine/value"
)

// Types is the table of the folder's node types.
var Types = []engine.Type{csvType, htmlType, jsonType, xmlType, yamlType}

// ensureString is RED.util.ensureString: objects and null become JSON.
func ensureString(v value.Value) (string, error) {
	switch {
	case v.IsString():
		return v.Str(), nil
	case v.Buffer() != nil:
		return value.Text(v.Buffer().B), nil
	case v.IsNull() || v.TypeOf() == "object":
		text, ok, err := value.Stringify(v, "")
		if !ok && err == nil {
			text = "undefined"
		}
		return text, err
	}
	return value.ToStringStrict(v)
}

// isObject reports typeof v === "object", which null is too.
func isObject(v value.Value) bool { return v.IsNull() || v.TypeOf() == "object" }

// getProperty reads a property of a message by its expression; the common one is quick.
func getProperty(m *engine.Message, name string) (value.Value, error) {
	if name == "payload" {
		return m.Get(name), nil
	}
	return value.GetMessageProperty(m, name)
}

// setProperty writes one; undefined deletes it.
func setProperty(m *engine.Message, name string, v value.Value) error {
	if name == "payload" && !v.IsUndefined() {
		m.Set(name, v)
		return nil
	}
	_, err := value.SetMessageProperty(m, name, v, !v.IsUndefined())
	return err
}
