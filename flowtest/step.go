package flowtest

import (
	"fmt"

	"gopkg.in/yaml.v3"

	"github.com/lockstep-flows/lockstep/engine/value"
)

// step reads one step: a mapping with one verb.
func (d *parser) step(n *yaml.Node) (Step, bool) {
	n = follow(n)
	s := Step{Place: place(n), At: -1, Turns: -1, Number: 1}
	verbs, before := 0, len(d.problems)
	verb := func(name string, fn func(v *yaml.Node)) func(*yaml.Node) {
		return func(v *yaml.Node) {
			if verbs++; verbs > 1 {
				d.add(n, "begin a new step with - before "+name, "a step does one thing")
			}
			s.Verb = name
			fn(v)
		}
	}
	network := func(name string, words ...string) func(*yaml.Node) {
		return verb(name, func(v *yaml.Node) { d.network(v, &s, words) })
	}
	ok := d.fields(n, "a step", map[string]func(*yaml.Node){
		"at":        func(v *yaml.Node) { s.At = d.span(v) },
		"turns":     func(v *yaml.Node) { s.Turns = int64(d.whole(v)) },
		"inject":    verb("inject", func(v *yaml.Node) { d.inject(v, &s) }),
		"press":     verb("press", func(v *yaml.Node) { s.Node = d.text(v) }),
		"wait":      verb("wait", func(v *yaml.Node) { d.wait(v, &s) }),
		"answer":    verb("answer", func(v *yaml.Node) { s.Answer = d.answer(v) }),
		"expect":    verb("expect", func(v *yaml.Node) { s.Expect = d.expectations(v) }),
		"snapshot":  verb("expect", func(v *yaml.Node) { s.Expect = d.snapshot(v) }),
		"stop":      verb("stop", func(*yaml.Node) {}),
		"http":      network("http", "method", "path", "query", "headers", "cookies", "body", "form", "name", "ip"),
		"mqtt":      network("mqtt", "broker", "topic", "payload", "qos", "retain", "properties"),
		"tcp":       network("tcp", "node", "from", "data", "close"),
		"udp":       network("udp", "node", "from", "port", "data"),
		"websocket": network("websocket", "node", "from", "data", "close"),
		"event":     verb("event", func(v *yaml.Node) { d.event(v, &s) }),
		"reply":     verb("reply", func(v *yaml.Node) { d.reply(v, &s) }),
	})
	if ok && verbs == 0 && len(d.problems) > before {
		return s, false
	}
	if ok && verbs == 0 {
		d.add(n, "it may be inject, press, http, mqtt, tcp, udp, websocket, wait, answer, expect, snapshot, stop", "the step does nothing")
		return s, false
	}
	return s, ok
}

func (d *parser) inject(n *yaml.Node, s *Step) {
	s.Value = value.Obj()
	set := func(key string) func(*yaml.Node) {
		return func(v *yaml.Node) { s.Value.Object().Set(key, d.value(v)) }
	}
	d.fields(n, "inject", map[string]func(*yaml.Node){
		"node": func(v *yaml.Node) { s.Node = d.text(v) },
		"msg": func(v *yaml.Node) {
			m := d.value(v).Object()
			if m == nil {
				d.add(v, "write msg: {payload: …}", "a message is a mapping")
				return
			}
			for i := range m.Len() {
				s.Value.Object().Set(m.At(i).Key, m.At(i).Value)
			}
		},
		"payload": set("payload"),
		"topic":   set("topic"),
	})
	d.need(n, s.Node, "node")
}

func (d *parser) need(n *yaml.Node, text, key string) {
	if text == "" && follow(n).Kind == yaml.MappingNode {
		d.add(n, "add "+key+":", "the "+key+" is missing")
	}
}

func (d *parser) wait(n *yaml.Node, s *Step) {
	if follow(n).Value == "idle" {
		s.Idle = true
		return
	}
	s.Wait = d.span(n)
}

// network reads what comes in through a port.
func (d *parser) network(n *yaml.Node, s *Step, words []string) {
	s.Fields = value.NewObject()
	known := map[string]func(*yaml.Node){}
	for _, w := range words {
		known[w] = func(v *yaml.Node) { s.Fields.Set(w, d.value(v)) }
	}
	if !d.fields(n, s.Verb, known) {
		return
	}
	texts := map[string]bool{"node": true, "method": true, "path": true, "name": true, "topic": true, "broker": true, "ip": true}
	for i := range s.Fields.Len() {
		if p := s.Fields.At(i); texts[p.Key] && !p.Value.IsString() {
			d.add(follow(n), "quote it", p.Key+" is a text")
		}
	}
	if o := s.Fields.Get("headers"); !o.IsUndefined() && o.Object() == nil {
		d.add(follow(n), "write headers: {name: text}", "headers are a mapping")
	}
	first := map[string]string{"http": "path", "mqtt": "topic", "tcp": "node", "udp": "node", "websocket": "node"}[s.Verb]
	s.Node, s.Name = s.Fields.Get("node").Str(), s.Fields.Get("name").Str()
	d.need(n, s.Fields.Get(first).Str(), first)
}

// event reads an event as a journal has it.
func (d *parser) event(n *yaml.Node, s *Step) {
	d.fields(n, "event", map[string]func(*yaml.Node){
		"kind":   func(v *yaml.Node) { s.Kind = d.text(v) },
		"target": func(v *yaml.Node) { s.Node = d.text(v) },
		"body":   func(v *yaml.Node) { s.Value = d.value(v) },
	})
	switch s.Kind {
	case "message", "command", "deploy", "tick":
	default:
		d.add(n, "it is message, command, deploy or tick", fmt.Sprintf("there is no kind of event %q", s.Kind))
	}
}

// reply reads the answer to the request of a number that a node made.
func (d *parser) reply(n *yaml.Node, s *Step) {
	d.fields(n, "reply", map[string]func(*yaml.Node){
		"node":   func(v *yaml.Node) { s.Node = d.text(v) },
		"kind":   func(v *yaml.Node) { s.Kind = d.text(v) },
		"number": func(v *yaml.Node) { s.Number = d.whole(v) },
		"body":   func(v *yaml.Node) { s.Value = d.value(v) },
		"last":   func(v *yaml.Node) { s.Last = d.flag(v) },
	})
	d.need(n, s.Kind, "kind")
}

func (d *parser) answer(n *yaml.Node) *Answer {
	a := &Answer{Place: place(follow(n))}
	d.fields(n, "an answer", map[string]func(*yaml.Node){
		"kind":  func(v *yaml.Node) { a.Kind = d.text(v) },
		"node":  func(v *yaml.Node) { a.Node = d.text(v) },
		"when":  func(v *yaml.Node) { a.When = d.condition(v, answerNames) },
		"with":  func(v *yaml.Node) { a.With, a.Has = d.value(v), true },
		"raw":   func(v *yaml.Node) { a.With, a.Has, a.Raw = d.value(v), true, true },
		"after": func(v *yaml.Node) { a.After = d.span(v) },
		"times": func(v *yaml.Node) { a.Times = d.whole(v) },
		"fail": func(v *yaml.Node) {
			if follow(v).Kind == yaml.ScalarNode {
				a.Fail = d.text(v)
				return
			}
			d.fields(v, "fail", map[string]func(*yaml.Node){
				"code":    func(v *yaml.Node) { a.Fail = d.text(v) },
				"message": func(v *yaml.Node) { a.Text = d.text(v) },
			})
		},
	})
	if !a.Has && a.Fail == "" && a.Text == "" {
		d.add(n, "say with: what, or fail: with an error code", "the answer says nothing")
	}
	return a
}
