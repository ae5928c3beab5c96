package flowtest

import (
	"math"
	"strconv"
	"unicode"
	"unicode/utf8"

	"gopkg.in/yaml.v3"

	"github.com/lockstep-flows/lockstep/engine/value"
)

// mapping makes a YAML mapping of keys and values.
func mapping(pairs ...any) *yaml.Node {
	m := &yaml.Node{Kind: yaml.MappingNode}
	for i := 0; i+1 < len(pairs); i += 2 {
		put(m, pairs[i].(string), pairs[i+1])
	}
	return m
}

func put(m *yaml.Node, key string, v any) { m.Content = append(m.Content, text(key), v.(*yaml.Node)) }

// text makes a YAML text; what could be read otherwise is quoted.
func text(s string) *yaml.Node {
	n := &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: s}
	for _, r := range s {
		if r != '\n' && !unicode.IsPrint(r) || r == '\ufeff' {
			n.Style = yaml.DoubleQuotedStyle
		}
	}
	return n
}

func numberNode(f float64) *yaml.Node {
	switch {
	case math.IsNaN(f):
		return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!float", Value: ".nan"}
	case math.IsInf(f, 1):
		return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!float", Value: ".inf"}
	case math.IsInf(f, -1):
		return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!float", Value: "-.inf"}
	case f == math.Trunc(f) && math.Abs(f) < 1<<53 && (f != 0 || !math.Signbit(f)):
		return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!int", Value: strconv.FormatInt(int64(f), 10)}
	}
	return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!float", Value: strconv.FormatFloat(f, 'g', -1, 64)}
}

// tagged writes a value that YAML has not as JSON with tags.
func tagged(v value.Value) *yaml.Node {
	return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!json", Value: string(value.AppendTagged(nil, v)), Style: yaml.SingleQuotedStyle}
}

// yamlOf writes a value of a flow so that decoder.value reads it back.
func yamlOf(v value.Value) *yaml.Node { return yamlAt(v, 0) }

func yamlAt(v value.Value, depth int) *yaml.Node {
	switch {
	case depth > maxNesting/2:
		return tagged(v)
	case v.IsUndefined():
		return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!undefined", Value: "-"}
	case v.IsNullish():
		return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!null", Value: "null"}
	case v.IsBool():
		return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!bool", Value: strconv.FormatBool(v.Bool())}
	case v.IsNumber():
		return numberNode(v.Num())
	case v.IsString():
		if !utf8.ValidString(v.Str()) {
			return tagged(v)
		}
		return text(v.Str())
	}
	if b := v.Buffer(); b != nil {
		if utf8.Valid(b.B) {
			n := text(string(b.B))
			n.Tag, n.Style = "!buffer", yaml.DoubleQuotedStyle
			return n
		}
		return tagged(v)
	}
	if a := v.Array(); a != nil {
		n := &yaml.Node{Kind: yaml.SequenceNode}
		for i := range a.Len() {
			n.Content = append(n.Content, yamlAt(a.At(i), depth+1))
		}
		return n
	}
	if o := v.Object(); o != nil {
		n := mapping()
		for i := range o.Len() {
			if !utf8.ValidString(o.At(i).Key) {
				return tagged(v)
			}
			put(n, o.At(i).Key, yamlAt(o.At(i).Value, depth+1))
		}
		return n
	}
	return tagged(v)
}

// plainNode writes a value as conditions see it.
func plainNode(v any) *yaml.Node {
	switch x := v.(type) {
	case string:
		if !utf8.ValidString(x) {
			return tagged(value.Str(x))
		}
		return text(x)
	case bool:
		return yamlOf(value.Bool(x))
	case float64:
		return numberNode(x)
	case []any:
		n := &yaml.Node{Kind: yaml.SequenceNode}
		for _, e := range x {
			n.Content = append(n.Content, plainNode(e))
		}
		return n
	case map[string]any:
		n := mapping()
		for _, k := range sortedKeys(x) {
			put(n, k, plainNode(x[k]))
		}
		return n
	}
	return yamlOf(value.Null)
}
