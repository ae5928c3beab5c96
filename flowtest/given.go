package flowtest

import (
	"fmt"
	"maps"

	"gopkg.in/yaml.v3"

	"github.com/lockstep-flows/lockstep/engine"
	"github.com/lockstep-flows/lockstep/engine/value"
)

func (d *parser) given(n *yaml.Node, g *Given) {
	object := func(to **value.Object) func(*yaml.Node) {
		return func(v *yaml.Node) { *to = d.object(v) }
	}
	d.fields(n, "given", map[string]func(*yaml.Node){
		"time": func(v *yaml.Node) { g.Time = d.moment(v) },
		"zone": func(v *yaml.Node) {
			g.Zone = d.text(v)
			if _, err := value.LoadZone(g.Zone); err != nil {
				d.add(v, "write a name such as Europe/Berlin", fmt.Sprintf("there is no time zone %q", g.Zone))
			}
		},
		"seed":        func(v *yaml.Node) { g.Seed, g.Seeded = d.whole(v), true },
		"env":         func(v *yaml.Node) { g.Env = d.texts(v) },
		"settings":    object(&g.Settings),
		"globals":     object(&g.Globals),
		"machine":     object(&g.Machine),
		"credentials": func(v *yaml.Node) { g.Credentials = d.objects(v) },
		"context":     func(v *yaml.Node) { d.context(v, g, "") },
		"stores":      func(v *yaml.Node) { d.stores(v, g) },
		"default-store": func(v *yaml.Node) {
			g.Default = d.text(v)
		},
		"files":   func(v *yaml.Node) { d.files(v, g) },
		"modules": func(v *yaml.Node) { g.Modules = d.texts(v) },
		"answers": func(v *yaml.Node) {
			d.each(v, func(e *yaml.Node) { g.Answers = append(g.Answers, d.answer(e)) })
		},
		"unanswered": func(v *yaml.Node) {
			switch g.Unanswered = d.text(v); g.Unanswered {
			case "fail", "error", "wait":
			default:
				d.add(v, "it is fail (the test fails, as by default), error (the node gets an error) or wait", "unanswered has no value "+g.Unanswered)
			}
		},
		"simulate": func(v *yaml.Node) { b := d.flag(v); g.Simulate = &b },
	})
}

func (d *parser) object(n *yaml.Node) *value.Object {
	o := d.value(n).Object()
	if o == nil {
		d.add(n, "write key: value", "a mapping is wanted here")
		o = value.NewObject()
	}
	return o
}

func (d *parser) objects(n *yaml.Node) map[string]*value.Object {
	out := map[string]*value.Object{}
	o := d.object(n)
	for i := range o.Len() {
		if out[o.At(i).Key] = o.At(i).Value.Object(); o.At(i).Value.Object() == nil {
			d.add(n, "write key: value", fmt.Sprintf("what is given for %q is no mapping", o.At(i).Key))
		}
	}
	return out
}

func (d *parser) texts(n *yaml.Node) map[string]string {
	out := map[string]string{}
	n = follow(n)
	if n.Kind != yaml.MappingNode {
		d.add(n, "write NAME: text", "a mapping is wanted here")
		return out
	}
	d.pairs(n, func(k, v *yaml.Node) { out[k.Value] = d.text(v) })
	return out
}

// context reads global:, flow: {name: …}, node: {name: …} and stores: {name: …}.
func (d *parser) context(n *yaml.Node, g *Given, store string) {
	values := func(scope, owner string, n *yaml.Node) {
		n = follow(n)
		if n.Kind != yaml.MappingNode {
			d.add(n, "write key: value", "context is a mapping")
			return
		}
		d.pairs(n, func(k, v *yaml.Node) {
			g.Context = append(g.Context, Entry{place(k), scope, owner, store, k.Value, d.value(v)})
		})
	}
	owned := func(scope string) func(*yaml.Node) {
		return func(n *yaml.Node) {
			if n = follow(n); n.Kind != yaml.MappingNode {
				d.add(n, "write "+scope+": {NAME: {key: value}}", "the name of the "+scope+" is missing")
				return
			}
			d.pairs(n, func(k, v *yaml.Node) { values(scope, k.Value, v) })
		}
	}
	known := map[string]func(*yaml.Node){
		"global": func(v *yaml.Node) { values("global", "", v) },
		"flow":   owned("flow"), "node": owned("node"), "scope": owned("scope"),
	}
	if store == "" {
		known["stores"] = func(n *yaml.Node) {
			if n = follow(n); n.Kind != yaml.MappingNode {
				d.add(n, "write stores: {NAME: {global: …}}", "the name of the store is missing")
				return
			}
			d.pairs(n, func(k, v *yaml.Node) { d.context(v, g, k.Value) })
		}
	}
	d.fields(n, "context", known)
}

func (d *parser) stores(n *yaml.Node, g *Given) {
	d.each(n, func(e *yaml.Node) {
		e = follow(e)
		if e.Kind == yaml.ScalarNode {
			g.Stores = append(g.Stores, engine.ContextStore{Name: e.Value})
			return
		}
		var s engine.ContextStore
		d.fields(e, "a store", map[string]func(*yaml.Node){
			"name":     func(v *yaml.Node) { s.Name = d.text(v) },
			"saved":    func(v *yaml.Node) { s.Saved = d.flag(v) },
			"uncached": func(v *yaml.Node) { s.Uncached = d.flag(v) },
			"delay":    func(v *yaml.Node) { s.Delay = d.span(v) },
		})
		d.need(e, s.Name, "name")
		g.Stores = append(g.Stores, s)
	})
}

func (d *parser) files(n *yaml.Node, g *Given) {
	g.Files = map[string][]byte{}
	if n = follow(n); n.Kind != yaml.MappingNode {
		d.add(n, "write files: {NAME: text}", "files is a mapping")
		return
	}
	d.pairs(n, func(k, v *yaml.Node) { g.Files[k.Value] = bytesOf(d.value(v)) })
}

// bytesOf are the bytes of a text or buffer, the JSON of other values.
func bytesOf(v value.Value) []byte {
	switch {
	case v.Buffer() != nil:
		return append([]byte(nil), v.Buffer().B...)
	case v.IsString():
		return []byte(v.Str())
	case v.IsNullish():
		return nil
	}
	return value.AppendJSON(nil, v)
}

// over gives g with what t says over it.
func (g Given) over(t Given) Given {
	if t.Time != 0 {
		g.Time = t.Time
	}
	if t.Zone != "" {
		g.Zone = t.Zone
	}
	if t.Seeded {
		g.Seed = t.Seed
	}
	if t.Unanswered != "" {
		g.Unanswered = t.Unanswered
	}
	if t.Simulate != nil {
		g.Simulate = t.Simulate
	}
	if t.Stores != nil {
		g.Stores = t.Stores
	}
	if t.Default != "" {
		g.Default = t.Default
	}
	g.Env, g.Modules = joined(g.Env, t.Env), joined(g.Modules, t.Modules)
	g.Credentials, g.Files = joined(g.Credentials, t.Credentials), joined(g.Files, t.Files)
	g.Settings, g.Globals, g.Machine = merged(g.Settings, t.Settings), merged(g.Globals, t.Globals), merged(g.Machine, t.Machine)
	g.Context = append(append([]Entry(nil), g.Context...), t.Context...)
	g.Answers = append(append([]*Answer(nil), t.Answers...), g.Answers...)
	return g
}

func joined[V any](a, b map[string]V) map[string]V {
	out := map[string]V{}
	maps.Copy(out, a)
	maps.Copy(out, b)
	return out
}

// merged is a copy of a with the properties of b.
func merged(a, b *value.Object) *value.Object {
	out := value.NewObject()
	for _, o := range []*value.Object{a, b} {
		for i := 0; o != nil && i < o.Len(); i++ {
			out.Set(o.At(i).Key, value.Clone(o.At(i).Value))
		}
	}
	return out
}
