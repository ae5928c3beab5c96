package flowtest

import (
	"fmt"
	"slices"
	"strings"

	"github.com/lockstep-flows/lockstep/condition"
	"github.com/lockstep-flows/lockstep/engine/flow"
	"github.com/lockstep-flows/lockstep/engine/value"
)

// expect checks one expectation.
func (r *runner) expect(x Expectation) {
	env := r.names()
	if x.Snapshot {
		r.snapshot(x, env)
		return
	}
	why := ""
	if x.Because != "" {
		why = " (" + x.Because + ")"
	}
	if x.Is == nil && x.Has == nil {
		ok, err := x.Cond.Holds(env)
		switch {
		case err != nil:
			r.fail(x.Place, "this cannot be said: "+cleaned(err)+why, r.details(x.Cond, env, false)...)
		case !ok:
			r.fail(x.Place, "this does not hold: "+x.Cond.Text()+why, r.details(x.Cond, env, true)...)
		}
		return
	}
	got, err := x.Cond.Value(env)
	if err != nil {
		r.fail(x.Place, "this has no value: "+cleaned(err)+why, r.details(x.Cond, env, false)...)
		return
	}
	var diff []string
	if x.Is != nil {
		diff = differences(plain(*x.Is), got, false)
	}
	if x.Has != nil {
		diff = append(diff, differences(plain(*x.Has), got, true)...)
	}
	if len(diff) > 0 {
		r.fail(x.Place, x.Cond.Text()+" is something else"+why, append(diff, r.details(x.Cond, env, false)...)...)
	}
}

// cleaned is an error of a condition in one line.
func cleaned(err error) string {
	first, _, _ := strings.Cut(err.Error(), "\n")
	return first
}

// lastShown is how many messages of a node a failure shows.
const lastShown = 3

// details say more about a failure: the parts of the condition and the last
// messages of the nodes it names.
func (r *runner) details(c *condition.Condition, env map[string]any, parts bool) (out []string) {
	if parts {
		for _, p := range c.Explain(env) {
			if p.Err != nil {
				out = append(out, p.Text+"  fails: "+cleaned(p.Err))
			} else {
				out = append(out, p.Text+"  is  "+show(p.Value))
			}
		}
	}
	shown := map[*flow.Node]bool{}
	for _, name := range c.Strings() {
		n, err := r.s.Node(name)
		if err != nil || shown[n] {
			continue
		}
		shown[n] = true
		list := r.seen.received[n.ID]
		what := "got"
		if len(list) == 0 && len(r.seen.sent[n.ID]) > 0 {
			list, what = r.seen.sent[n.ID], "sent"
		}
		if len(list) == 0 {
			out = append(out, nodeText(n)+" got no message")
			continue
		}
		for _, s := range list[max(0, len(list)-lastShown):] {
			out = append(out, fmt.Sprintf("%s %s after %s  %s", nodeText(n), what, span(s.time-r.start), show(s.plainView())))
		}
	}
	for _, e := range r.seen.errors[max(0, len(r.seen.errors)-lastShown):] {
		out = append(out, fmt.Sprintf("%s raised  %s", nodeText(e.node), e.v.Object().Get("message").Str()))
	}
	return append(out, r.waitingFor()...)
}

// names are what conditions see, now.
func (r *runner) names() map[string]any {
	env := map[string]any{
		"received": func(node string) ([]any, error) { return r.shots(r.seen.received, node, -1) },
		"sent": func(node string, port ...int) ([]any, error) {
			return r.shots(r.seen.sent, node, append(port, -1)[0])
		},
		"last": r.last,
		"errors": func(node ...string) ([]any, error) {
			return r.filtered(r.seen.errors, node, (*shot).errorView)
		},
		"statuses": func(node string) ([]any, error) {
			return r.filtered(r.seen.of(nil, "status"), []string{node}, (*shot).plainView)
		},
		"status": func(node string) (any, error) {
			list, err := r.filtered(r.seen.of(nil, "status"), []string{node}, (*shot).plainView)
			return lastOf(list), err
		},
		"debug": func(node ...string) ([]any, error) {
			return r.filtered(r.seen.of(nil, "debug"), node, func(s *shot) any { return debugValue(s.v.Object()) })
		},
		"logs":      r.logs,
		"effects":   r.effects,
		"published": r.published,
		"responses": func() []any { return r.world.http.responses() },
		"response": func(name ...string) any {
			return r.world.http.response(append(name, "")[0])
		},
		"files":   func() map[string]any { return r.world.files.shown() },
		"file":    func(name string) any { return r.world.files.shown()[name] },
		"elapsed": func() float64 { return r.e.Now() - r.start },
		"same":    func(a, b any) bool { return len(differences(a, b, false)) == 0 },
	}
	r.contextNames(env)
	return env
}

func (r *runner) contextNames(env map[string]any) {
	get := func(scope, owner string, key, store string) (any, error) {
		c, err := r.contextOf(scope, owner)
		if err != nil {
			return nil, err
		}
		v, err := c.Get(key, store)
		return plain(v), err
	}
	env["global"] = func(key string, store ...string) (any, error) { return get("global", "", key, append(store, "")[0]) }
	env["context"] = func(node, key string, store ...string) (any, error) {
		return get("node", node, key, append(store, "")[0])
	}
	env["flow"] = func(args ...string) (any, error) {
		switch len(args) {
		case 1:
			tab := r.s.onlyTab()
			if tab == "" {
				return nil, fmt.Errorf("there are several tabs: write flow(tab, key)")
			}
			return get("flow", tab, args[0], "")
		case 2:
			return get("flow", args[0], args[1], "")
		case 3:
			return get("flow", args[0], args[1], args[2])
		}
		return nil, fmt.Errorf("flow takes a tab, a key and a store")
	}
}

// onlyTab is the id of the only tab, "" if there are more.
func (s *Suite) onlyTab() string {
	id := ""
	for _, sc := range s.Graph.Scopes {
		if sc.Kind == flow.ScopeTab {
			if id != "" {
				return ""
			}
			id = sc.ID
		}
	}
	return id
}

func (r *runner) shots(from map[string][]*shot, node string, port int) ([]any, error) {
	n, err := r.s.Node(node)
	if err != nil {
		return nil, err
	}
	list := from[n.ID]
	if port >= 0 {
		list = slices.DeleteFunc(slices.Clone(list), func(s *shot) bool { return s.port != port })
	}
	return views(list), nil
}

// last is the last message of a node, or the last element of a list.
func (r *runner) last(of any) (any, error) {
	if list, ok := of.([]any); ok {
		return lastOf(list), nil
	}
	name, ok := of.(string)
	if !ok {
		return nil, fmt.Errorf("last takes the name of a node, or a list")
	}
	list, err := r.shots(r.seen.received, name, -1)
	if err != nil {
		return nil, err
	}
	return lastOf(list), nil
}

func lastOf(list []any) any {
	if len(list) == 0 {
		return nil
	}
	return list[len(list)-1]
}

func (r *runner) filtered(list []*shot, node []string, view func(*shot) any) ([]any, error) {
	out := []any{}
	var only *flow.Node
	if len(node) > 0 {
		var err error
		if only, err = r.s.Node(node[0]); err != nil {
			return nil, err
		}
	}
	for _, s := range list {
		if only == nil || s.node == only {
			out = append(out, view(s))
		}
	}
	return out, nil
}

// logs are entries of the log, of a level or a node if one is named.
func (r *runner) logs(which ...string) ([]any, error) {
	level := ""
	for i, w := range which {
		if slices.ContainsFunc([]float64{10, 20, 30, 40, 50, 60}, func(l float64) bool { return logLevels[l] == w }) {
			level, which = w, slices.Delete(slices.Clone(which), i, i+1)
			break
		}
	}
	list, err := r.filtered(r.seen.of(nil, "log"), which, func(s *shot) any { return s.logView() })
	return slices.DeleteFunc(list, func(v any) bool { return level != "" && v.(map[string]any)["level"] != level }), err
}

// effects are what left the flow, of a kind and of a node if they are named.
func (r *runner) effects(which ...string) ([]any, error) {
	list := r.seen.effects
	if len(which) > 0 && which[0] != "" {
		list = r.seen.of(nil, which[0])
	}
	return r.filtered(list, which[min(1, len(which)):], func(s *shot) any { return s.effectView(r.start) })
}

// published are the MQTT messages that were sent, of a topic if one is named.
func (r *runner) published(topic ...string) []any {
	out := []any{}
	for _, s := range r.seen.of(nil, "mqtt.publish") {
		o := s.v.Object()
		if len(topic) > 0 && o.Get("topic").Str() != topic[0] {
			continue
		}
		m := map[string]any{"topic": plain(o.Get("topic")), "payload": value.Text(bytesOf(o.Get("payload"))), "qos": plain(o.Get("qos")), "retain": plain(o.Get("retain"))}
		if v, err := value.ParseJSON(m["payload"].(string)); err == nil {
			m["json"] = plain(v)
		}
		out = append(out, m)
	}
	return out
}

func (w *web) responses() []any {
	out := []any{}
	for _, c := range w.calls {
		out = append(out, c.shown())
	}
	return out
}

// response is that to the request of a name, or to the last one.
func (w *web) response(name string) any {
	for _, c := range slices.Backward(w.calls) {
		if name == "" || c.name == name {
			return c.shown()
		}
	}
	return nil
}
