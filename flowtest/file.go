package flowtest

import (
	"fmt"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/lockstep-flows/lockstep/condition"
	"github.com/lockstep-flows/lockstep/engine"
	"github.com/lockstep-flows/lockstep/engine/value"
)

// File is a test file: see the package's comment.
type File struct {
	// Path is its name as given.
	Path string
	// Flows are the names of flow files, relative to the file; Inline the flow itself.
	Flows  []string
	Inline *value.Array
	// UserDir is a user directory, relative to the file.
	UserDir string
	// Given holds for all tests.
	Given Given
	Tests []*Test
}

// Test is one test of a file.
type Test struct {
	Place
	Name  string
	Given Given
	Steps []Step
	Skip  string
}

// Given is what a test starts with.
type Given struct {
	Time        float64 // ms since the Unix epoch, 0 if not said
	Zone        string
	Seed        uint64
	Seeded      bool
	Env         map[string]string
	Settings    *value.Object
	Globals     *value.Object
	Machine     *value.Object
	Credentials map[string]*value.Object // by name or id of the node
	Context     []Entry
	Stores      []engine.ContextStore
	Default     string // name of the default store
	Files       map[string][]byte
	Modules     map[string]string
	Answers     []*Answer
	Unanswered  string
	Simulate    *bool
}

// Entry is a value of context.
type Entry struct {
	Place
	Scope string // global, flow, node or scope (a raw name)
	Owner string // name or id of the flow or node
	Store string
	Key   string
	Value value.Value
}

// Answer is how requests that leave the flow are answered.
type Answer struct {
	Place
	Kind, Node string
	When       *condition.Condition
	With       value.Value
	Has        bool // With was given
	Raw        bool // With is the answer as it is
	Fail, Text string
	After      float64
	Times      uint64
}

// Step is one step of a test.
type Step struct {
	Place
	Verb string
	// Node, Port … hold what the verb needs.
	Node   string
	Value  value.Value   // msg of inject, body of event and reply, data, payload
	Fields *value.Object // of http, mqtt, tcp, udp and websocket
	Name   string        // of an http request or a snapshot
	Wait   float64
	Idle   bool
	Answer *Answer
	Expect []Expectation
	// Kind, Number, Last of reply; Kind of event.
	Kind   string
	Number uint64
	Last   bool
	// At is when it happens, in ms after the start, -1 if not said; Turns how many
	// deliveries are made before it, -1 for all.
	At    float64
	Turns int64
}

// Expectation is what must hold.
type Expectation struct {
	Place
	Cond     *condition.Condition // gives true, if alone
	Is, Has  *value.Value
	Snapshot bool
	Name     string
	Because  string
}

// names are what conditions of expectations may use.
var names = []string{"received", "sent", "last", "status", "statuses", "errors", "logs", "debug", "responses", "response", "effects",
	"published", "files", "file", "global", "flow", "context", "elapsed", "same"}

// answerNames are what conditions of answers may use.
var answerNames = []string{"kind", "node", "name", "type", "msg", "count"}

// Parse reads a test file.
func Parse(path string, text []byte) (*File, error) {
	d := &parser{decoder: decoder{file: path, budget: maxValues}, f: &File{Path: path}}
	if n := d.document(strings.TrimPrefix(string(text), "\ufeff")); n != nil {
		d.top(n)
	}
	if err := d.problems.err(); err != nil {
		return nil, err
	}
	return d.f, nil
}

type parser struct {
	decoder
	f *File
}

func (d *parser) top(n *yaml.Node) {
	ok := d.fields(n, "a test file", map[string]func(*yaml.Node){
		"flow":     d.flows,
		"flows":    d.flows,
		"user-dir": func(v *yaml.Node) { d.f.UserDir = d.text(v) },
		"given":    func(v *yaml.Node) { d.given(v, &d.f.Given) },
		"tests":    d.tests,
	})
	if ok && len(d.f.Tests) == 0 && len(d.problems) == 0 {
		d.add(n, "add tests: with at least one", "the file has no tests")
	}
}

func (d *parser) flows(n *yaml.Node) {
	n = follow(n)
	if n.Kind == yaml.ScalarNode && n.ShortTag() != "!json" {
		d.f.Flows = []string{d.text(n)}
		return
	}
	if n.Kind == yaml.SequenceNode && len(n.Content) > 0 && follow(n.Content[0]).Kind == yaml.ScalarNode {
		d.each(n, func(e *yaml.Node) { d.f.Flows = append(d.f.Flows, d.text(e)) })
		return
	}
	if d.f.Inline = d.value(n).Array(); d.f.Inline == nil {
		d.add(n, "give the name of a flow file, a list of names, or the list of nodes itself", "this is no flow")
	}
}

func (d *parser) tests(n *yaml.Node) {
	n = follow(n)
	if n.Kind != yaml.SequenceNode {
		d.add(n, "write - name: … for each test", "tests is a list")
		return
	}
	seen := map[string]bool{}
	for _, e := range n.Content {
		t := d.test(e)
		if t == nil {
			continue
		}
		if t.Name == "" {
			d.add(e, "give it a name:", "a test has a name")
		} else if seen[t.Name] {
			d.add(e, "give each a name of its own", fmt.Sprintf("there are two tests %q", t.Name))
		}
		seen[t.Name] = true
		d.f.Tests = append(d.f.Tests, t)
	}
}

func (d *parser) test(n *yaml.Node) *Test {
	t := &Test{Place: place(follow(n))}
	var after []Step
	ok := d.fields(n, "a test", map[string]func(*yaml.Node){
		"name":  func(v *yaml.Node) { t.Name = d.text(v) },
		"given": func(v *yaml.Node) { d.given(v, &t.Given) },
		"skip":  func(v *yaml.Node) { t.Skip = d.text(v) },
		"steps": func(v *yaml.Node) {
			d.each(v, func(e *yaml.Node) {
				if s, ok := d.step(e); ok {
					t.Steps = append(t.Steps, s)
				}
			})
		},
		"expect": func(v *yaml.Node) {
			after = append(after, Step{Place: place(v), Verb: "expect", Expect: d.expectations(v), At: -1, Turns: -1})
		},
		"snapshot": func(v *yaml.Node) {
			s := d.snapshot(v)
			after = append(after, Step{Place: place(v), Verb: "expect", Expect: s, At: -1, Turns: -1})
		},
	})
	if !ok {
		return nil
	}
	t.Steps = append(t.Steps, after...)
	return t
}

// snapshot reads snapshot: true, or the name of one.
func (d *parser) snapshot(n *yaml.Node) []Expectation {
	n = follow(n)
	e := Expectation{Place: place(n), Snapshot: true}
	if n.ShortTag() == "!!bool" {
		if !d.flag(n) {
			return nil
		}
	} else {
		e.Name = d.text(n)
	}
	return []Expectation{e}
}

func (d *parser) expectations(n *yaml.Node) (out []Expectation) {
	d.each(n, func(e *yaml.Node) {
		if x, ok := d.expectation(follow(e)); ok {
			out = append(out, x)
		}
	})
	return out
}

func (d *parser) expectation(n *yaml.Node) (Expectation, bool) {
	x := Expectation{Place: place(n)}
	if n.Kind == yaml.ScalarNode {
		x.Cond = d.condition(n, names)
		return x, x.Cond != nil
	}
	if n.Kind == yaml.MappingNode && len(n.Content) > 0 && strings.ContainsAny(n.Content[0].Value, "(=<>\"") {
		d.add(n, "put the whole condition in '…', because : after a word begins a value in YAML", "the condition is not read as one text")
		return x, false
	}
	wanted := func(to **value.Value) func(*yaml.Node) {
		return func(v *yaml.Node) { w := d.value(v); *to = &w }
	}
	ok := d.fields(n, "an expectation", map[string]func(*yaml.Node){
		"value":   func(v *yaml.Node) { x.Cond = d.condition(v, names) },
		"that":    func(v *yaml.Node) { x.Cond = d.condition(v, names) },
		"is":      wanted(&x.Is),
		"has":     wanted(&x.Has),
		"because": func(v *yaml.Node) { x.Because = d.text(v) },
		"snapshot": func(v *yaml.Node) {
			x.Snapshot = true
			if v.ShortTag() != "!!bool" {
				x.Name = d.text(v)
			}
		},
	})
	if ok && x.Cond == nil && !x.Snapshot && len(d.problems) == 0 {
		d.add(n, "write a condition, or value: with is: or has:", "nothing is expected here")
	}
	return x, ok
}

func (d *parser) condition(n *yaml.Node, names []string) *condition.Condition {
	n = follow(n)
	text := d.text(n)
	if n.ShortTag() == "!!bool" {
		text = strings.ToLower(text)
	}
	c, err := condition.Compile(text, names...)
	if err != nil {
		advice := ""
		if strings.Contains(err.Error(), "unknown name") {
			advice = "it may use " + strings.Join(names, ", ")
		}
		d.add(n, advice, strings.ReplaceAll(err.Error(), "\n", "\n    "))
		return nil
	}
	return c
}

func sortedList(words []string) string {
	words = slices.Clone(words)
	slices.Sort(words)
	return strings.Join(words, ", ")
}
