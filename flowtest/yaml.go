package flowtest

import (
	"errors"
	"io"
	"regexp"
	"strconv"
	"strings"
	"time"

	"gopkg.in/yaml.v3"

	"github.com/lockstep-flows/lockstep/engine/value"
)

// decoder reads the nodes of a YAML document, and collects what is wrong with them.
type decoder struct {
	file     string
	problems Problems
	budget   int // values that may still be made: aliases multiply them
}

// maxValues bounds the values of a file, aliases followed.
const maxValues = 2_000_000

// maxNesting bounds how deep values are nested.
const maxNesting = 500

var yamlLine = regexp.MustCompile(`^yaml: (?:line (\d+): )?(.*)$`)

// document reads the only document of a file.
func (d *decoder) document(text string) *yaml.Node {
	dec := yaml.NewDecoder(strings.NewReader(text))
	var n yaml.Node
	err := dec.Decode(&n)
	if err == nil {
		var more yaml.Node
		if e := dec.Decode(&more); e == nil {
			d.add(&more, "make a file of each", "a test file holds one document")
		} else if !errors.Is(e, io.EOF) {
			err = e
		}
	}
	if errors.Is(err, io.EOF) {
		d.problems = append(d.problems, Problem{d.file, 1, 1, "the file is empty", "give it tests"})
		return nil
	}
	if err != nil {
		p := Problem{File: d.file, Line: 1, Col: 1, Text: "it is not YAML: " + err.Error(), Advice: "look at the indentation and quote texts that hold : or #"}
		if m := yamlLine.FindStringSubmatch(err.Error()); m != nil {
			p.Text = "it is not YAML: " + m[2]
			if line, e := strconv.Atoi(m[1]); e == nil {
				p.Line = line
			}
		}
		d.problems = append(d.problems, p)
		return nil
	}
	if len(n.Content) == 0 {
		return nil
	}
	return n.Content[0]
}

func (d *decoder) add(n *yaml.Node, advice, text string) {
	d.problems = append(d.problems, Problem{d.file, n.Line, n.Column, text, advice})
}

func place(n *yaml.Node) Place { return Place{n.Line, n.Column} }

// follow gives the node an alias stands for.
func follow(n *yaml.Node) *yaml.Node {
	for i := 0; n.Kind == yaml.AliasNode && n.Alias != nil && i < maxNesting; i++ {
		n = n.Alias
	}
	return n
}

// fields reads a mapping with known keys.
func (d *decoder) fields(n *yaml.Node, what string, known map[string]func(*yaml.Node)) bool {
	n = follow(n)
	if n.Kind != yaml.MappingNode {
		d.add(n, "write key: value", what+" is a mapping")
		return false
	}
	words := make([]string, 0, len(known))
	for k := range known {
		words = append(words, k)
	}
	d.pairs(n, func(k, v *yaml.Node) {
		fn := known[k.Value]
		if fn != nil {
			fn(v)
			return
		}
		advice := "it may have " + sortedList(words)
		if near := nearest(k.Value, words); near != "" {
			advice = "do you mean " + near + "?"
		}
		d.add(k, advice, what+" has no key "+strconv.Quote(k.Value))
	})
	return true
}

// pairs calls fn with each key and value of a mapping.
func (d *decoder) pairs(n *yaml.Node, fn func(k, v *yaml.Node)) {
	seen := map[string]bool{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		k := follow(n.Content[i])
		if k.Kind != yaml.ScalarNode {
			d.add(k, "", "a key is a text")
			continue
		}
		if seen[k.Value] {
			d.add(k, "remove one of them", "the key "+strconv.Quote(k.Value)+" stands here twice")
			continue
		}
		seen[k.Value] = true
		fn(k, n.Content[i+1])
	}
}

// each calls fn with the elements of a list, or with a single one.
func (d *decoder) each(n *yaml.Node, fn func(*yaml.Node)) {
	n = follow(n)
	if n.Kind != yaml.SequenceNode {
		fn(n)
		return
	}
	for _, e := range n.Content {
		fn(e)
	}
}

func (d *decoder) text(n *yaml.Node) string {
	n = follow(n)
	if n.Kind != yaml.ScalarNode {
		d.add(n, "", "a text is wanted here")
		return ""
	}
	return n.Value
}

func (d *decoder) flag(n *yaml.Node) bool {
	n = follow(n)
	var b bool
	if n.Kind != yaml.ScalarNode || n.Decode(&b) != nil {
		d.add(n, "", "true or false is wanted here")
	}
	return b
}

func (d *decoder) whole(n *yaml.Node) uint64 {
	n = follow(n)
	u, err := strconv.ParseUint(n.Value, 10, 64)
	if n.Kind != yaml.ScalarNode || err != nil {
		d.add(n, "", "a whole number is wanted here")
	}
	return u
}

// span reads a time span in ms, such as 1h30m or 250ms; d is a day.
func (d *decoder) span(n *yaml.Node) float64 {
	n = follow(n)
	ms, ok := spanOf(n.Value)
	if n.Kind != yaml.ScalarNode || !ok {
		d.add(n, "write 250ms, 10s, 1h30m or 2d", "this is no time span")
		return 0
	}
	return ms
}

// maxSpan is the longest time span in ms: 1000 years.
const maxSpan = 1000 * 366 * 24 * 3600e3

func spanOf(s string) (float64, bool) {
	s = strings.TrimSpace(s)
	total := 0.0
	if days, rest, ok := strings.Cut(s, "d"); ok {
		f, err := strconv.ParseFloat(days, 64)
		if err != nil || f < 0 {
			return 0, false
		}
		total, s = f*24*3600e3, rest
	}
	if s != "" {
		if s == "0" {
			return total, true
		}
		t, err := time.ParseDuration(s)
		if err != nil || t < 0 {
			return 0, false
		}
		total += float64(t) / 1e6
	}
	return total, total <= maxSpan
}

// moment reads a point in time, in ms since the Unix epoch.
func (d *decoder) moment(n *yaml.Node) float64 {
	n = follow(n)
	if f, err := strconv.ParseFloat(n.Value, 64); err == nil && n.Kind == yaml.ScalarNode && f >= 0 && f < 8.64e15 {
		return f
	}
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04:05", "2006-01-02 15:04:05", "2006-01-02 15:04", "2006-01-02"} {
		if t, err := time.Parse(layout, n.Value); err == nil {
			return float64(t.UnixMilli())
		}
	}
	d.add(n, "write 2026-03-01T12:00:00Z or milliseconds since 1970", "this is no time")
	return 0
}

// value reads a value of a flow.
func (d *decoder) value(n *yaml.Node) value.Value { return d.valueAt(n, 0) }

func (d *decoder) valueAt(n *yaml.Node, depth int) value.Value {
	if d.budget--; d.budget < 0 || depth > maxNesting {
		if d.budget > -2 || depth == maxNesting+1 {
			d.budget = min(d.budget, -2)
			d.add(n, "", "the file holds too many values, or nests them too deep")
		}
		return value.Undefined
	}
	n = follow(n)
	switch n.Kind {
	case yaml.MappingNode:
		o := value.NewObject(len(n.Content) / 2)
		d.pairs(n, func(k, v *yaml.Node) { o.Set(k.Value, d.valueAt(v, depth+1)) })
		return value.Of(o)
	case yaml.SequenceNode:
		a := value.NewArray()
		for _, e := range n.Content {
			a.Append(d.valueAt(e, depth+1))
		}
		return value.Of(a)
	}
	return d.scalar(n)
}

func (d *decoder) scalar(n *yaml.Node) value.Value {
	switch n.ShortTag() {
	case "!!null":
		return value.Null
	case "!!bool":
		return value.Bool(d.flag(n))
	case "!!int", "!!float":
		var f float64
		if n.Decode(&f) != nil {
			d.add(n, "", "this is no number")
		}
		return value.Num(f)
	case "!!binary":
		var s string
		if n.Decode(&s) != nil {
			d.add(n, "", "this is no base64")
		}
		return value.Bytes([]byte(s))
	case "!undefined":
		return value.Undefined
	case "!buffer":
		return value.Bytes([]byte(n.Value))
	case "!json", "!tagged":
		v, err := value.DecodeTagged([]byte(n.Value))
		if err != nil {
			d.add(n, "", "this is no JSON: "+err.Error())
		}
		return v
	case "!!str", "!!timestamp", "!!merge":
		return value.Str(n.Value)
	}
	d.add(n, "the tags are !buffer, !binary, !json and !undefined", "the tag "+n.Tag+" is not known")
	return value.Undefined
}
