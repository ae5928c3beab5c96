package indexer

import (
	"fmt"
	"slices"
)

// row of a table. Who reads holds the lock of the indexer.
type row struct {
	vals []any // by the columns of the entity; nil is null, a reference is an id
	gone bool
}

func (r *row) id() string { return r.vals[0].(string) }

// table holds the rows of an entity in the order in which they came.
type table struct {
	e    *entity
	byID map[string]*row
	list []*row // some may be gone
	gone int
	// refs are the rows that refer to an id, by the column that does.
	refs map[int]map[string][]*row
}

// store is all tables.
type store struct {
	tables map[*entity]*table
	m      *model
	keep   int
}

func newStore(m *model, keep int) *store {
	s := &store{tables: map[*entity]*table{}, m: m, keep: keep}
	for _, e := range m.entities {
		t := &table{e: e, byID: map[string]*row{}, refs: map[int]map[string][]*row{}}
		for _, f := range e.fields {
			if f.kind == kindOne {
				t.refs[f.column] = map[string][]*row{}
			}
		}
		s.tables[e] = t
	}
	return s
}

func (s *store) table(name string) *table {
	e := s.m.byName[name]
	if e == nil {
		panic(fmt.Sprintf("indexer: there is no entity %s", name))
	}
	return s.tables[e]
}

// put adds a row, or changes what is named of one that is there.
func (s *store) put(name, id string, pairs ...any) {
	t := s.table(name)
	r := t.byID[id]
	if r == nil {
		r = &row{vals: make([]any, len(t.e.fields))}
		r.vals[0] = id
		t.byID[id] = r
		t.list = append(t.list, r)
	}
	for i := 0; i < len(pairs); i += 2 {
		f := t.e.byName[pairs[i].(string)]
		if f == nil || f.kind == kindMany {
			panic(fmt.Sprintf("indexer: %s has no field %s", name, pairs[i]))
		}
		t.set(r, f, pairs[i+1])
	}
}

// ensure is put that leaves a row alone that is there.
func (s *store) ensure(name, id string, pairs ...any) {
	if s.table(name).byID[id] == nil {
		s.put(name, id, pairs...)
	}
}

func (t *table) set(r *row, f *field, v any) {
	if f.kind == kindOne {
		t.unlink(r, f.column)
		if id, ok := v.(string); ok {
			t.refs[f.column][id] = append(t.refs[f.column][id], r)
		}
	}
	r.vals[f.column] = v
}

func (t *table) unlink(r *row, column int) {
	id, ok := r.vals[column].(string)
	if !ok {
		return
	}
	list := t.refs[column][id]
	if i := slices.Index(list, r); i >= 0 {
		// The list may be in no reader's hands: they hold the lock while they read.
		if list = slices.Delete(list, i, i+1); len(list) == 0 {
			delete(t.refs[column], id)
		} else {
			t.refs[column][id] = list
		}
	}
}

// remove forgets a row.
func (t *table) remove(r *row) {
	if r.gone {
		return
	}
	for c := range t.refs {
		t.unlink(r, c)
	}
	delete(t.byID, r.id())
	r.gone = true
	if t.gone++; t.gone > len(t.list)/2 {
		t.list = slices.DeleteFunc(t.list, func(r *row) bool { return r.gone })
		t.gone = 0
	}
}

// only removes the rows whose ids are not in a set.
func (s *store) only(name string, ids map[string]bool) {
	t := s.table(name)
	for _, r := range slices.Clone(t.list) {
		if !r.gone && !ids[r.id()] {
			t.remove(r)
		}
	}
}

// oldest is the first row, nil if there is none.
func (t *table) oldest() *row {
	for _, r := range t.list {
		if !r.gone {
			return r
		}
	}
	return nil
}

// forget bounds the tables of what happened. A round goes with all that belongs to it.
func (s *store) forget() {
	votes, rounds := s.table("Vote"), s.table("VotingRound")
	for len(votes.byID) > s.keep || len(rounds.byID) > s.keep {
		var key string
		if len(rounds.byID) > s.keep {
			key = rounds.oldest().id()
		} else {
			r := votes.oldest()
			key, _ = r.vals[votes.e.byName["votingRound"].column].(string)
		}
		for _, name := range []string{"Vote", "VoteResult", "VotingRoundNominatedWorkersSnapshot"} {
			t := s.table(name)
			for _, r := range slices.Clone(t.refs[t.e.byName["votingRound"].column][key]) {
				t.remove(r)
			}
		}
		if r := rounds.byID[key]; r != nil {
			rounds.remove(r)
		}
	}
	for _, name := range []string{"SolutionResultSubmitted", "WorkerNodesNominated", "RewardPeriod"} {
		for t := s.table(name); len(t.byID) > s.keep; {
			t.remove(t.oldest())
		}
	}
}

// get is what a row refers to by a field, nil if there is none.
func (s *store) get(r *row, f *field) *row {
	id, ok := r.vals[f.column].(string)
	if !ok {
		return nil
	}
	return s.tables[f.of].byID[id]
}

// many are the rows that refer to one by a field.
func (s *store) many(r *row, f *field) []*row {
	return s.tables[f.of].refs[f.by.column][r.id()]
}
