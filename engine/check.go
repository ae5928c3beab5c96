package engine

import (
	"math"
	"strings"

	"github.com/lockstep-flows/lockstep/engine/flow"
	"github.com/lockstep-flows/lockstep/engine/regex"
	"github.com/lockstep-flows/lockstep/engine/value"
)

// typedPairs are the properties that hold typed inputs, each with the property
// that holds its type, wherever they occur in a node.
var typedPairs = [][2]string{
	{"v", "vt"}, {"v2", "v2t"}, {"to", "tot"}, {"from", "fromt"}, {"p", "pt"}, {"property", "propertyType"}, {"payload", "payloadType"},
	{"op1", "op1type"}, {"op2", "op2type"}, {"filename", "filenameType"}, {"complete", "targetType"}, {"statusVal", "statusType"},
	{"msgKey", "msgKeyType"}, {"seqKey", "seqKeyType"}, {"reduceInit", "reduceInitType"},
}

// Check finds what is wrong with one entry of a flow: properties of the wrong
// shape, typed inputs that cannot be evaluated, and what its type itself checks.
func (r *Registry) Check(d *flow.Def) flow.Problems {
	var out flow.Problems
	t, ok := r.Lookup(d.Type)
	if ok && t.Config != nil {
		out = append(out, checkShape(d, t)...)
	}
	out = append(out, checkInputs(d, d.Raw, "")...)
	if ok && t.Check != nil {
		out = append(out, t.Check(d)...)
	}
	return out
}

func checkInputs(d *flow.Def, o *value.Object, at string) flow.Problems {
	var out flow.Problems
	for _, pair := range typedPairs {
		typ, v := o.Get(pair[1]).Str(), o.Get(pair[0])
		if typ == "" || v.IsUndefined() {
			continue
		}
		if why, advice := checkInput(typ, v); why != "" {
			p := d.Problem(flow.SeverityError, at+pair[0], advice, "%s", why)
			p.Position = d.Within(o, pair[0])
			out = append(out, p)
		}
	}
	for i := range o.Len() {
		p := o.At(i)
		if a := p.Value.Array(); a != nil && p.Key != "wires" {
			for _, e := range a.Elems {
				if inner := e.Object(); inner != nil {
					out = append(out, checkInputs(d, inner, at+p.Key+"[].")...)
				}
			}
		}
	}
	return out
}

// checkInput says what is wrong with a typed input, "" if nothing is.
func checkInput(typ string, v value.Value) (why, advice string) {
	text := value.ToString(v)
	switch typ {
	case "jsonata":
		if text == "" {
			return "", ""
		}
		if _, err := NewExpression(text); err != nil {
			return "the JSONata expression is not valid: " + MessageOf(err), "mend the expression"
		}
	case "json", "bin":
		if err := NewInput(typ, v).Prepared(); err != nil {
			return "the " + typ + " value is not valid: " + MessageOf(err), "write valid JSON"
		}
	case "num":
		if v.IsString() && text != "" && math.IsNaN(value.ToNumber(v)) {
			return "\"" + text + "\" is not a number", "write a number"
		}
	case "re":
		if _, err := regex.Compile(text, ""); err != nil {
			return MessageOf(err), "mend the regular expression"
		}
	case "msg", "flow", "global":
		key, _ := ParseContextKey(strings.TrimPrefix(text, "msg."))
		if key == "" || nestedMsg.MatchString(key) {
			return "", ""
		}
		if _, err := value.ParsePath(key); err != nil {
			return MessageOf(err), "write a property path such as payload.items[0].name"
		}
	}
	return "", ""
}
