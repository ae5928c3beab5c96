package engine

import (
	"regexp"
	"strings"

	"github.com/lockstep-flows/lockstep/engine/jsonata"
	"github.com/lockstep-flows/lockstep/engine/moment"
	"github.com/lockstep-flows/lockstep/engine/value"
)

// Input is a typed input: a value and its type as the editor writes them (str,
// num, bool, json, bin, re, date, msg, flow, global, env, jsonata, cred). It is
// prepared once and evaluated for each message.
type Input struct {
	typ    string
	raw    value.Value
	text   string
	path   value.Path
	simple string // a msg property that is a plain name
	ready  value.Value
	// reparse says that a copy of ready would lose something.
	reparse bool
	expr    *Expression
	err     error
}

// NewInput prepares a typed input. What is wrong with the value is reported by
// Eval, as Node-RED does. An unknown type gives the value itself.
func NewInput(typ string, v value.Value) *Input {
	in := &Input{typ: typ, raw: v, ready: v}
	if v.Kind() != value.KindForeign {
		in.text = value.ToString(v)
	}
	switch typ {
	case "str":
		in.ready = value.Str(in.text)
	case "num":
		in.ready = value.Num(value.ToNumber(v))
	case "bool":
		in.ready = value.Bool(strings.EqualFold(in.text, "true"))
	case "json":
		in.ready, in.err = value.ParseJSON(in.text)
		in.reparse = strings.Contains(in.text, "__proto__") // a clone loses such a key
	case "bin":
		in.ready, in.err = binary(in.text)
	case "re":
		in.ready = value.Of(&value.RegExp{Source: in.text})
	case "msg":
		key := strings.TrimPrefix(in.text, "msg.")
		if simpleKey(key) {
			in.simple = key
		} else {
			in.path, in.err = value.ParsePath(key)
		}
	case "jsonata":
		in.expr, in.err = NewExpression(in.text)
	}
	return in
}

func binary(text string) (value.Value, error) {
	v, err := value.ParseJSON(text)
	if err != nil {
		return v, err
	}
	if v.IsString() {
		return value.Bytes([]byte(v.Str())), nil
	}
	a := v.Array()
	if a == nil {
		e := value.ThrownError("Error", "Not string or array")
		e.SetProp("code", value.Str("INVALID_BUFFER_DATA"))
		return v, e
	}
	b := make([]byte, a.Len())
	for i, el := range a.Elems {
		b[i] = byte(value.ToInt32(value.ToNumber(el)))
	}
	return value.Bytes(b), nil
}

// Type is the input's type.
func (in *Input) Type() string { return in.typ }

// Text is the input's value as text.
func (in *Input) Text() string { return in.text }

// Prepared gives the error found while preparing (a JSONata or JSON syntax
// error), nil if there is none.
func (in *Input) Prepared() error { return in.err }

// EvalVars is Eval with variables for a JSONata expression; they stay assigned to
// the expression. vars may be nil.
func (in *Input) EvalVars(c *Call, m *Message, vars *value.Object) (value.Value, error) {
	if in.typ == "jsonata" && in.err == nil && vars != nil {
		in.expr.Assign(vars)
	}
	return in.Eval(c, m)
}

// Eval gives the input's value for a message (nil for none).
func (in *Input) Eval(c *Call, m *Message) (value.Value, error) {
	if in.err != nil {
		return value.Undefined, in.err
	}
	switch in.typ {
	case "msg":
		if m == nil {
			return in.raw, nil
		}
		if in.simple != "" {
			return m.Get(in.simple), nil
		}
		return value.GetPath(value.Of(m), in.path, value.Of(m))
	case "flow", "global":
		return in.context(c, m)
	case "json":
		if in.reparse {
			return value.ParseJSON(in.text)
		}
		return value.Clone(in.ready), nil
	case "bin":
		return value.Clone(in.ready), nil
	case "re":
		re := in.ready.RegExp()
		return value.Of(&value.RegExp{Source: re.Source, Flags: re.Flags}), nil
	case "env":
		return expandEnv(in.raw, c.Env), nil
	case "jsonata":
		return in.expr.Eval(c, m)
	case "date":
		return in.date(c), nil
	}
	return in.ready, nil
}

var nestedMsg = regexp.MustCompile(`\[msg`)

// ContextKey resolves a context key that may hold [msg.x] references: the key
// itself and the store ("" for the default).
func ContextKey(text string, m *Message) (key, store string, err error) {
	key, store = ParseContextKey(text)
	if nestedMsg.MatchString(key) {
		key, err = value.NormalisePath(key, value.Of(m))
	}
	return key, store, err
}

func (in *Input) context(c *Call, m *Message) (value.Value, error) {
	key, store, err := ContextKey(in.text, m)
	if err != nil {
		return value.Undefined, err
	}
	scope := ContextFlow
	if in.typ == "global" {
		scope = ContextGlobal
	}
	return c.Context(scope).Get(key, store)
}

func (in *Input) date(c *Call) value.Value {
	switch {
	case !value.Truthy(in.raw):
		return value.Num(c.Now())
	case in.text == "object":
		return value.NewDate(c.Now())
	case in.text == "iso":
		return value.Str(value.ISO(c.Now()))
	}
	return value.Str(moment.Format(c.Now(), in.text, c.Zone()))
}

// Expression is a JSONata expression with Node-RED's extra functions.
type Expression struct {
	expr   *jsonata.Expr
	legacy bool
}

// msgWord finds expressions of old flows that name msg: their input is {msg}.
var msgWord = regexp.MustCompile(`(^|[^a-zA-Z0-9_'".])msg([^a-zA-Z0-9_'"]|$)`)

// NewExpression compiles a JSONata expression.
func NewExpression(src string) (*Expression, error) {
	x, err := jsonata.Compile(src)
	if err != nil {
		return nil, plain(err)
	}
	return &Expression{x, strings.Contains(src, "msg") && msgWord.MatchString(src)}, nil
}

// Eval evaluates the expression on a message (nil for none) for a node.
func (x *Expression) Eval(c *Call, m *Message) (value.Value, error) {
	input := value.Undefined
	if m != nil {
		input = value.Of(m)
	}
	return x.EvalOn(c, input)
}

// Assign binds variables for all evaluations that follow.
func (x *Expression) Assign(vars *value.Object) {
	for i := range vars.Len() {
		x.expr.Assign(vars.At(i).Key, vars.At(i).Value)
	}
}

// EvalOn evaluates the expression on any input.
func (x *Expression) EvalOn(c *Call, input value.Value) (value.Value, error) {
	if x.legacy {
		input = value.Obj("msg", input)
	}
	v, err := x.expr.Eval(input, c.jsonataHost())
	return v, plain(err)
}

// plain gives a JSONata error the form in which JavaScript throws it: a plain
// object with code, position and message.
func plain(err error) error {
	e, ok := err.(*value.Error)
	if !ok || e.Props == nil || !e.Props.Has("code") {
		return err
	}
	o := value.Clone(value.Of(e.Props)).Object()
	o.Set("message", value.Str(e.Message))
	return Throw(value.Of(o))
}

// jsonataHost is what expressions reach through a node; made once per node.
func (c *Call) jsonataHost() *jsonata.Host {
	if c.host == nil {
		c.host = &jsonata.Host{
			Now: c.Now, Random: c.Random, Zone: c.e.opt.Zone,
			FlowContext:   func(key, store string) (value.Value, error) { return c.Context(ContextFlow).Get(key, store) },
			GlobalContext: func(key, store string) (value.Value, error) { return c.Context(ContextGlobal).Get(key, store) },
			Env: func(name string) value.Value {
				if v := c.Env(name); !v.IsUndefined() {
					return v
				}
				return value.Str("")
			},
		}
	}
	return c.host
}
