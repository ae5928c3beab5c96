package engine

import (
	"slices"
	"strings"

	"github.com/lockstep-flows/lockstep/engine/value"
)

// change notes that a scope of a saved store has changed.
func (s *stores) change(st *store, scope string) {
	if !slices.Contains(st.changed, scope) {
		st.changed = append(st.changed, scope)
	}
	switch {
	case st.Uncached:
		s.save(st)
	case len(st.changed) == 1 && !s.e.stopped:
		s.saving++
		s.e.addTimer(s.e.self, delay(st.Delay), 0, func() { s.saving--; s.save(st) })
	}
}

// save sends out the scopes that have changed.
func (s *stores) save(st *store) {
	changed := st.changed
	st.changed = nil
	for _, scope := range changed {
		text, circular, err := value.SavedJSON(value.Of(st.scopes[scope]))
		if err != nil {
			s.failed(err.Error())
			continue
		}
		c := Call{e: s.e}
		if circular && !st.circular[scope] {
			s.e.log(levelWarn, "", "", value.Str(c.Text("context.localfilesystem.error-circular", "scope", scope)))
		}
		st.circular[scope] = circular
		s.ask("context.save", value.Obj("store", st.Name, "scope", scope, "text", text))
	}
}

func (s *stores) ask(kind string, body value.Value) {
	s.e.ask(s.e.self, kind, body, func(v value.Value, _ bool) {
		if err := v.Object().Get("error"); !err.IsUndefined() {
			s.failed(value.ToString(err))
		}
	}, single)
}

func (s *stores) failed(message string) {
	c := Call{e: s.e}
	s.e.log(levelError, "", "", value.Str(c.Text("context.localfilesystem.error-write", "message", message)))
}

// saveAll sends out all that has changed, at the stop.
func (s *stores) saveAll() {
	for _, st := range s.sorted() {
		s.save(st)
	}
}

func (s *stores) sorted() []*store {
	var list []*store
	for _, st := range s.byName {
		list = append(list, st)
	}
	slices.SortFunc(list, func(a, b *store) int { return strings.Compare(a.Name, b.Name) })
	return list
}

// clean forgets the data of flows and nodes that a new graph does not have.
func (s *stores) clean(known func(id string) bool) {
	for _, st := range s.sorted() {
		var gone []string
		for scope := range st.scopes {
			id, flow, local := strings.Cut(scope, ":")
			if scope == "global" || known(id) && (!local || !st.Saved || known(flow)) {
				continue
			}
			gone = append(gone, scope)
		}
		slices.Sort(gone)
		for _, scope := range gone {
			delete(st.scopes, scope)
			st.changed = slices.DeleteFunc(st.changed, func(c string) bool { return c == scope })
			if st.Saved {
				s.ask("context.delete", value.Obj("store", st.Name, "scope", scope))
			}
		}
	}
}

// savedForm is what comes back of a value that was saved.
func savedForm(v value.Value) value.Value {
	text, _, err := value.SavedJSON(v)
	if err != nil || text == "" {
		return value.Undefined
	}
	back, err := value.ParseJSON(text)
	if err != nil {
		return value.Undefined
	}
	return back
}
