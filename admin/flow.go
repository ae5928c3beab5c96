package admin

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"net/http"
	"strings"

	"github.com/lockstep-flows/lockstep/engine/value"
)

// sheet is a tab, a subflow or the global scope with what is on it. Tables of nodes
// are objects by id, since that gives the order in which Node-RED lists them.
type sheet struct {
	raw                    *value.Object
	nodes, configs, groups *value.Object
}

func newSheet(raw *value.Object) *sheet {
	return &sheet{raw, value.NewObject(), value.NewObject(), value.NewObject()}
}

// layout is a flow file sorted into sheets.
type layout struct {
	ids            map[string]bool
	tabs, subflows map[string]*sheet
	subflowIDs     *value.Object
	global         *sheet
	flows          value.Value
	users          map[string]*value.Array // of global config nodes
}

const subflowPrefix = "subflow:"

func layOut(flows value.Value) *layout {
	l := &layout{ids: map[string]bool{}, tabs: map[string]*sheet{}, subflows: map[string]*sheet{}, subflowIDs: value.NewObject(),
		global: newSheet(value.NewObject()), flows: value.Clone(flows), users: map[string]*value.Array{}}
	entries := l.flows.Array().Elems
	for _, e := range entries {
		o := e.Object()
		id := o.Get("id").Str()
		l.ids[id] = true
		switch o.Get("type").Str() {
		case "tab":
			l.tabs[id] = newSheet(o)
		case "subflow":
			l.subflows[id] = newSheet(o)
			l.subflowIDs.Set(id, value.True)
		}
	}
	for _, e := range entries {
		l.place(e.Object())
	}
	for _, e := range entries {
		l.use(e.Object())
	}
	return l
}

// place puts an entry on its sheet.
func (l *layout) place(o *value.Object) {
	id, typ, z := o.Get("id").Str(), o.Get("type").Str(), o.Get("z").Str()
	on := l.tabs[z]
	if on == nil {
		on = l.subflows[z]
	}
	switch {
	case typ == "tab" || typ == "subflow":
	case typ == "group":
		if on != nil {
			on.groups.Set(id, value.Of(o))
		}
	case o.Has("x") && o.Has("y"):
		if sub, ok := strings.CutPrefix(typ, subflowPrefix); ok {
			o.Set("subflow", value.Str(sub))
		}
		if on == nil && z != "" {
			on = l.add(z)
		}
		if on != nil {
			on.nodes.Set(id, value.Of(o))
		}
	case on != nil:
		on.configs.Set(id, value.Of(o))
	default:
		users := value.Arr()
		o.Set("_users", users)
		l.users[id] = users.Array()
		l.global.configs.Set(id, value.Of(o))
		if z != "" {
			l.add(z).configs.Set(id, value.Of(o))
		}
	}
}

// add makes a tab that no entry describes.
func (l *layout) add(z string) *sheet {
	if l.tabs[z] == nil {
		l.tabs[z] = newSheet(value.Obj("type", "tab", "id", z).Object())
	}
	return l.tabs[z]
}

// use notes which nodes refer to global config nodes.
func (l *layout) use(o *value.Object) {
	switch o.Get("type").Str() {
	case "tab", "subflow", "group":
		return
	}
	for i := range o.Len() {
		p := o.At(i)
		switch p.Key {
		case "id", "wires", "type", "_users":
			continue
		}
		if users := l.users[p.Value.Str()]; users != nil && p.Value.IsString() {
			users.Elems = append(users.Elems, o.Get("id"))
		}
	}
}

// list gives the nodes of a table without what clients must not see.
func list(table *value.Object, edit func(*value.Object)) []value.Value {
	out := make([]value.Value, 0, table.Len())
	for i := range table.Len() {
		n := value.Clone(table.At(i).Value)
		n.Object().Delete("credentials")
		if edit != nil {
			edit(n.Object())
		}
		out = append(out, n)
	}
	return out
}

// document is what GET /flow/:id answers; nil if there is no such flow.
func (l *layout) document(id string) *value.Object {
	s := l.tabs[id]
	if id == "global" {
		s = l.global
	}
	if s == nil {
		return nil
	}
	out := value.Obj("id", id).Object()
	if label := s.raw.Get("label"); value.Truthy(label) {
		out.Set("label", label)
	}
	for _, k := range []string{"disabled", "info", "env"} {
		if v, ok := s.raw.Lookup(k); ok {
			out.Set(k, v)
		}
	}
	if id != "global" {
		nodes := append(list(s.groups, nil), list(s.nodes, func(n *value.Object) {
			if n.Get("type").Str() == "link out" {
				n.Delete("wires")
			}
		})...)
		out.Set("nodes", value.Arr(nodes...))
	}
	if s.configs.Len() > 0 {
		out.Set("configs", value.Arr(list(s.configs, nil)...))
	}
	if subs := l.subflowDocuments(); id == "global" && len(subs) > 0 {
		out.Set("subflows", value.Arr(subs...))
	}
	return out
}

func (l *layout) subflowDocuments() []value.Value {
	var out []value.Value
	for _, id := range l.subflowIDs.Keys() {
		s := l.subflows[id]
		o := value.Clone(value.Of(s.raw)).Object()
		o.Set("configs", value.Arr(list(s.configs, nil)...))
		nodes := list(s.nodes, func(n *value.Object) {
			if n.Get("type").Str() == "link out" {
				n.Set("wires", value.Arr(value.Arr(linked(l.flows, n)...)))
			}
		})
		o.Set("nodes", value.Arr(append(nodes, list(s.groups, nil)...)...))
		out = append(out, value.Of(o))
	}
	return out
}

// linked are the ids that a link out node leads to, by its own list or theirs.
func linked(flows value.Value, out *value.Object) []value.Value {
	ids := value.NewObject()
	for _, e := range flows.Array().Elems {
		o := e.Object()
		switch {
		case o.Get("type").Str() == "link in":
			for _, from := range value.Elements(o.Get("links")) {
				if value.StrictEqual(from, out.Get("id")) {
					ids.Set(o.Get("id").Str(), value.True)
				}
			}
		case value.StrictEqual(o.Get("id"), out.Get("id")):
			for _, to := range value.Elements(o.Get("links")) {
				ids.Set(value.ToString(to), value.True)
			}
		}
	}
	var list []value.Value
	for _, id := range ids.Keys() {
		list = append(list, value.Str(id))
	}
	return list
}

func (a *API) getFlow(q *request) {
	o := layOut(a.current().flows).document(q.parts[0])
	if o == nil {
		q.fail(notFound)
		return
	}
	q.ok(value.Of(o))
}

// tabOf makes a tab's entry from a flow document.
func tabOf(id string, doc *value.Object, also ...string) value.Value {
	o := value.Obj("type", "tab", "label", doc.Get("label"), "id", id).Object()
	if !doc.Has("label") {
		o.Delete("label")
	}
	for _, k := range append([]string{"info", "disabled", "env"}, also...) {
		if v, ok := doc.Lookup(k); ok {
			o.Set(k, v)
		}
	}
	return value.Of(o)
}

// changeFlows deploys all flows after a change by edit.
func (a *API) changeFlows(edit func(l *layout, all []value.Value) ([]value.Value, error)) error {
	a.deploying.Lock()
	defer a.deploying.Unlock()
	s := a.current()
	next, err := edit(layOut(s.flows), value.Clone(s.flows).Array().Elems)
	if err != nil {
		return err
	}
	_, err = a.deploy(deployment{flows: value.Arr(next...), kind: "flows", rev: value.Undefined})
	return err
}

func (a *API) postFlow(q *request) {
	doc := q.body.Object()
	if doc == nil || !doc.Has("nodes") {
		q.fail(errors.New("missing nodes property"))
		return
	}
	var b [8]byte
	_, _ = rand.Read(b[:]) // never fails
	id := hex.EncodeToString(b[:])
	err := a.changeFlows(func(l *layout, all []value.Value) ([]value.Value, error) {
		all = append(all, tabOf(id, doc))
		for _, k := range []string{"nodes", "configs"} {
			for _, e := range value.Elements(doc.Get(k)) {
				o := e.Object()
				if o == nil {
					return nil, errors.New("an entry of " + k + " is no object")
				}
				if l.ids[o.Get("id").Str()] {
					return nil, errors.New("duplicate id")
				}
				if t := o.Get("type").Str(); t == "tab" || t == "subflow" {
					return nil, errors.New("invalid node type: " + t)
				}
				o.Set("z", value.Str(id))
				all = append(all, e)
			}
		}
		return all, nil
	})
	if err != nil {
		q.fail(err)
		return
	}
	q.ok(value.Obj("id", id))
}

func (a *API) putFlow(q *request) {
	id, doc := q.parts[0], q.body.Object()
	if doc == nil {
		q.fail(errors.New("the flow must be an object"))
		return
	}
	err := a.changeFlows(func(l *layout, all []value.Value) ([]value.Value, error) {
		if id == "global" {
			return l.replaceGlobal(doc, all), nil
		}
		if l.tabs[id] == nil {
			return nil, notFound
		}
		next := append(without(all, id), tabOf(id, doc, "credentials"))
		for _, k := range []string{"nodes", "configs"} {
			for _, e := range value.Elements(doc.Get(k)) {
				if o := e.Object(); o != nil && o.Get("type").Str() != "tab" {
					o.Set("z", value.Str(id))
				}
				next = append(next, e)
			}
		}
		return next, nil
	})
	if err != nil {
		q.fail(err)
		return
	}
	q.ok(value.Obj("id", id))
}

// without leaves out a tab and all on it.
func without(all []value.Value, id string) []value.Value {
	var out []value.Value
	for _, e := range all {
		if o := e.Object(); o.Get("z").Str() != id && o.Get("id").Str() != id {
			out = append(out, e)
		}
	}
	return out
}

// replaceGlobal keeps the tabs with what is on them, and takes all else from doc.
func (l *layout) replaceGlobal(doc *value.Object, all []value.Value) []value.Value {
	var out []value.Value
	for _, e := range all {
		if o := e.Object(); o.Get("type").Str() == "tab" || o.Has("z") && l.tabs[o.Get("z").Str()] != nil {
			out = append(out, e)
		}
	}
	out = append(out, value.Elements(doc.Get("configs"))...)
	for _, e := range value.Elements(doc.Get("subflows")) {
		if o := e.Object(); o != nil {
			out = append(out, value.Elements(o.Get("nodes"))...)
			out = append(out, value.Elements(o.Get("configs"))...)
			o.Delete("nodes")
			o.Delete("configs")
		}
		out = append(out, e)
	}
	return out
}

func (a *API) deleteFlow(q *request) {
	id := q.parts[0]
	if id == "global" {
		q.fail(errors.New("not allowed to remove global"))
		return
	}
	err := a.changeFlows(func(l *layout, all []value.Value) ([]value.Value, error) {
		if l.tabs[id] == nil {
			return nil, notFound
		}
		return without(all, id), nil
	})
	if err != nil {
		q.fail(err)
		return
	}
	q.bare(http.StatusNoContent)
}
