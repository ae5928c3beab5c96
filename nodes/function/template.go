package function

import (
	"errors"
	"regexp"
	"strings"

	"github.com/lockstep-flows/lockstep/engine"
	"github.com/lockstep-flows/lockstep/engine/mustache"
	"github.com/lockstep-flows/lockstep/engine/value"
	"github.com/lockstep-flows/lockstep/nodes/parsers/yaml"
)

// Template is the configuration of a template node.
type Template struct {
	// Field is where the result goes (payload if empty), FieldType its type: msg,
	// flow or global.
	Field     string `json:"field"`
	FieldType string `json:"fieldType"`
	// Template is the text; if it is empty, msg.template is used.
	Template value.Value `json:"template"`
	// Syntax is mustache (default) or plain.
	Syntax string `json:"syntax"`
	// Output is str (default), json or yaml: the text is parsed as that.
	Output string `json:"output"`
	// Format is the editor's highlighting; it has no effect.
	Format string `json:"format"`
}

var templateType = engine.Define("template", "Sets a property to text made from a mustache template.", newTemplate).Named()

type template struct {
	Template
	parsed map[string]*mustache.Template
}

// maxParsed bounds how many templates from messages are kept parsed.
const maxParsed = 100

func newTemplate(_ *engine.Call, cfg Template) (engine.Node, error) {
	n := &template{Template: cfg, parsed: map[string]*mustache.Template{}}
	if n.Field == "" {
		n.Field = "payload"
	}
	if n.FieldType == "" {
		n.FieldType = "msg"
	}
	if n.Syntax == "" {
		n.Syntax = "mustache"
	}
	return n, nil
}

func (n *template) Receive(c *engine.Call, m *engine.Message) error {
	text := n.Template.Template
	if t, ok := m.Lookup("template"); ok && (text.IsNull() || value.LooseEqual(text, value.Str(""))) {
		text = t
	}
	out := text
	if n.Syntax == "mustache" {
		if !text.IsString() {
			return engine.Fail(invalidTemplate(text))
		}
		s, err := n.render(c, m, text.Str())
		if err != nil {
			return engine.Fail(engine.MessageOf(err))
		}
		out = value.Str(s)
	}
	out, err := n.convert(out)
	if err != nil {
		return engine.Fail(engine.MessageOf(err))
	}
	return n.put(c, m, out)
}

// invalidTemplate is mustache.js's complaint about a template that is no text.
func invalidTemplate(v value.Value) string {
	if value.Truthy(v) {
		return "this.tail.search is not a function"
	}
	kind := v.TypeOf()
	if v.Array() != nil {
		kind = "array"
	}
	return `Invalid template! Template should be a "string" but "` + kind + `" was given as the first argument for mustache#render(template, view, partials)`
}

func (n *template) render(c *engine.Call, m *engine.Message, text string) (string, error) {
	t := n.parsed[text]
	if t == nil {
		if len(n.parsed) >= maxParsed {
			clear(n.parsed)
		}
		t = mustache.Parse(text)
		n.parsed[text] = t
	}
	if t.HasPartial() {
		return "", errors.New("tokens.forEach is not a function") // as Node-RED has it: no partials
	}
	root := func(name string) (value.Value, error) { return fromContext(c, name) }
	if n.Output == "json" {
		return t.Render(value.Of(m), root, jsonEscapes.Replace)
	}
	return t.Render(value.Of(m), root)
}

var jsonEscapes = strings.NewReplacer("\\", "\\\\", "\n", "\\n", "\t", "\\t", "\r", "\\r", "\f", "\\f", "\b", "\\b")

var contextName = regexp.MustCompile(`^(flow|global)(\[(\w+)\])?\.(.+)`)

// fromContext gives what {{env.X}}, {{flow.x}} and {{global[store].x}} stand for.
func fromContext(c *engine.Call, name string) (value.Value, error) {
	if env, ok := strings.CutPrefix(name, "env."); ok && env != "" {
		return engine.NewInput("env", value.Str(env)).Eval(c, nil)
	}
	m := contextName.FindStringSubmatch(name)
	if m == nil {
		return value.Str(""), nil
	}
	scope := engine.ContextFlow
	if m[1] == "global" {
		scope = engine.ContextGlobal
	}
	return c.Context(scope).Get(m[4], m[3])
}

// convert parses the text as the output says.
func (n *template) convert(v value.Value) (value.Value, error) {
	switch n.Output {
	case "json":
		return value.ParseJSON(value.ToString(v))
	case "yaml":
		return yaml.Parse(value.ToString(v))
	}
	return v, nil
}

func (n *template) put(c *engine.Call, m *engine.Message, v value.Value) error {
	switch n.FieldType {
	case "msg":
		if _, err := value.SetMessageProperty(m, n.Field, v, !v.IsUndefined()); err != nil {
			return engine.Fail(engine.MessageOf(err))
		}
	case "flow", "global":
		scope := engine.ContextFlow
		if n.FieldType == "global" {
			scope = engine.ContextGlobal
		}
		key, store := engine.ParseContextKey(n.Field)
		if err := c.Context(scope).Set(key, v, store); err != nil {
			return err
		}
	default:
		return engine.Pending
	}
	c.Send(m)
	return nil
}
