package audit

import (
	"regexp"
	"slices"
	"strings"

	"github.com/lockstep-flows/lockstep/engine/flow"
	"github.com/lockstep-flows/lockstep/engine/js"
	"github.com/lockstep-flows/lockstep/engine/value"
)

// Kind is why results can differ.
type Kind string

// The kinds of findings; a policy allows them by these names.
const (
	Input  Kind = "input"  // from outside: sockets, files, brokers, commands
	Time   Kind = "time"   // the clock
	Random Kind = "random" // chance
	Locale Kind = "locale" // languages, zones of the machine
	Order  Kind = "order"  // messages that may come in another order
	Timer  Kind = "timer"  // timers that race with messages
	Stack  Kind = "stack"  // texts of error stacks
	Host   Kind = "host"   // environment, files and properties of the machine
	Code   Kind = "code"   // modules and code that cannot be looked at
	Number Kind = "number" // floating results that depend on a library
)

// Kinds are all kinds.
func Kinds() []Kind {
	return []Kind{Input, Time, Random, Locale, Order, Timer, Stack, Host, Code, Number}
}

// Finding is one place.
type Finding struct {
	Kind Kind `json:"kind"`
	// Harmless says that lockstep makes it the same in every replay of one journal, and
	// on all machines that agree on their input.
	Harmless bool   `json:"harmless"`
	Node     string `json:"node"`
	Type     string `json:"type"`
	Name     string `json:"name,omitempty"`
	Property string `json:"property,omitempty"`
	// File, Line and Column are where the property stands; CodeLine and CodeColumn the
	// place within its code, 0 if it is no code.
	File       string `json:"file"`
	Line       int    `json:"line"`
	Column     int    `json:"col"`
	CodeLine   int    `json:"codeLine,omitempty"`
	CodeColumn int    `json:"codeCol,omitempty"`
	What       string `json:"what"`
	Why        string `json:"why"`
	Advice     string `json:"advice"`
}

// Flows looks at all nodes that would run.
func Flows(docs ...*flow.Document) []Finding {
	var out []Finding
	for _, d := range docs {
		off := map[string]bool{}
		for _, def := range d.Defs {
			if def.Disabled {
				off[def.ID] = true
			}
		}
		for _, def := range d.Defs {
			if !def.Disabled && !off[def.Z] {
				a := auditor{def: def}
				a.node()
				out = append(out, a.found...)
			}
		}
	}
	return out
}

// Refused are the findings that a policy does not allow: all that are not harmless
// and of a kind that is not in allow.
func Refused(found []Finding, allow []Kind) []Finding {
	var out []Finding
	for _, f := range found {
		if !f.Harmless && !slices.Contains(allow, f.Kind) {
			out = append(out, f)
		}
	}
	return out
}

type auditor struct {
	def   *flow.Def
	found []Finding
}

func (a *auditor) add(r reason, property, what string, line, column int) {
	at := a.def.Position(property)
	a.found = append(a.found, Finding{
		Kind: r.kind, Harmless: r.harmless, Node: a.def.ID, Type: a.def.Type, Name: a.def.Name, Property: property,
		File: at.File, Line: at.Line, Column: at.Col, CodeLine: line, CodeColumn: column, What: what, Why: r.why, Advice: r.advice,
	})
}

func (a *auditor) node() {
	raw := a.def.Raw
	if r, ok := types[a.def.Type]; ok {
		a.add(r, "type", a.def.Type, 0, 0)
	}
	for _, o := range options {
		if o.typ == a.def.Type && raw.Get(o.property).Str() == o.value {
			a.add(o.reason, o.property, o.property+" is "+o.value, 0, 0)
		}
	}
	switch a.def.Type {
	case "function":
		for _, p := range []string{"func", "initialize", "finalize"} {
			a.javascript(p, raw.Get(p).Str())
		}
		if libs := raw.Get("libs").Array(); libs != nil && len(libs.Elems) > 0 {
			a.add(module, "libs", "modules", 0, 0)
		}
	case "inject":
		if s := raw.Get("repeat").Str() + raw.Get("crontab").Str(); s != "" {
			a.add(schedule, "repeat", "inject on a schedule", 0, 0)
		}
	}
	a.typed("", value.Of(raw), 0)
}

// maxDepth bounds how deep typed inputs are looked for.
const maxDepth = 8

// typed looks for typed inputs: properties whose neighbour says what they are.
func (a *auditor) typed(property string, v value.Value, depth int) {
	if depth > maxDepth {
		return
	}
	if list := v.Array(); list != nil {
		for _, e := range list.Elems {
			a.typed(property, e, depth+1)
		}
		return
	}
	o := v.Object()
	if o == nil {
		return
	}
	for _, k := range o.Keys() {
		e := o.Get(k)
		name := property
		if name == "" {
			name = k
		}
		if e.IsString() && (strings.HasSuffix(strings.ToLower(k), "type") || k == "vt" || k == "tot" || k == "fromt" || k == "t") {
			if r, ok := inputs[e.Str()]; ok {
				a.add(r, name, "typed input "+e.Str(), 0, 0)
			}
			if e.Str() == "jsonata" {
				for _, text := range []string{strings.TrimSuffix(k, "Type"), strings.TrimSuffix(k, "t"), "v", "to", "property", "exp"} {
					if s := o.Get(text); s.IsString() && text != k {
						a.jsonata(name, s.Str())
						break
					}
				}
			}
			continue
		}
		a.typed(name, e, depth+1)
	}
}

func (a *auditor) javascript(property, code string) {
	if strings.TrimSpace(code) == "" {
		return
	}
	for _, u := range js.Uses(code) {
		if r, ok := javascript(u.Name); ok {
			a.add(r, property, u.Name, u.Line, u.Column)
		}
	}
}

var (
	jsonataSkip = regexp.MustCompile("(?s)\"(?:[^\"\\\\]|\\\\.)*\"|'(?:[^'\\\\]|\\\\.)*'|`[^`]*`|/\\*.*?\\*/")
	jsonataName = regexp.MustCompile(`\$[A-Za-z_]\w*`)
)

// jsonata looks at the functions an expression names outside of its texts and comments.
func (a *auditor) jsonata(property, text string) {
	blank := jsonataSkip.ReplaceAllStringFunc(text, func(s string) string {
		return strings.Map(func(c rune) rune {
			if c == '\n' {
				return c
			}
			return ' '
		}, s)
	})
	for _, at := range jsonataName.FindAllStringIndex(blank, -1) {
		name := blank[at[0]:at[1]]
		if r, ok := expressions[name]; ok {
			before := blank[:at[0]]
			line := strings.Count(before, "\n") + 1
			a.add(r, property, name, line, at[0]-strings.LastIndexByte(before, '\n'))
		}
	}
}
