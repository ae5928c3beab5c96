package indexer

import (
	"errors"
	"fmt"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// bounds of a query.
const (
	maxDepth  = 12        // levels of objects
	maxRows   = 1000      // of one list
	maxSteps  = 2_000_000 // rows looked at, values compared and written
	maxAnswer = 16 << 20  // bytes
)

var errTooMuch = errors.New("the query asks for too much: ask for fewer rows or fields at once")

// exec carries out one query: first it makes writers of the selections, then these write
// the answer.
type exec struct {
	m      *model
	store  *store
	height uint32
	doc    *ast.QueryDocument
	vars   map[string]any
	left   int // steps
	out    []byte
	err    error
}

// spend takes steps off what is left; it gives false when there are none.
func (x *exec) spend(n int) bool {
	if x.left -= n; x.left < 0 && x.err == nil {
		x.err = errTooMuch
	}
	return x.err == nil
}

// writer writes one field of an object.
type writer[T any] struct {
	key   string
	write func(T)
}

// selected is a field with all selections that were made of it under one key.
type selected struct {
	*ast.Field
	sets []ast.SelectionSet
}

// collect gives the fields of selections in the order of the query, as the specification's
// CollectFields does. All types are objects, so that conditions on types always hold.
func (x *exec) collect(sets []ast.SelectionSet) ([]selected, error) {
	var out []selected
	at := map[string]int{}
	seen := map[string]bool{}
	var walk func(set ast.SelectionSet) error
	walk = func(set ast.SelectionSet) error {
		for _, s := range set {
			if !x.spend(1) {
				return errTooMuch
			}
			var err error
			switch s := s.(type) {
			case *ast.Field:
				if !x.included(s.Directives) {
					continue
				}
				i, ok := at[s.Alias]
				if !ok {
					i = len(out)
					at[s.Alias] = i
					out = append(out, selected{Field: s})
				}
				out[i].sets = append(out[i].sets, s.SelectionSet)
			case *ast.InlineFragment:
				if x.included(s.Directives) {
					err = walk(s.SelectionSet)
				}
			case *ast.FragmentSpread:
				if x.included(s.Directives) && !seen[s.Name] {
					seen[s.Name] = true
					err = walk(x.doc.Fragments.ForName(s.Name).SelectionSet)
				}
			}
			if err != nil {
				return err
			}
		}
		return nil
	}
	for _, set := range sets {
		if err := walk(set); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// included reports what @skip and @include say.
func (x *exec) included(list ast.DirectiveList) bool {
	for _, d := range list {
		on, _ := d.ArgumentMap(x.vars)["if"].(bool)
		if d.Name == "skip" && on || d.Name == "include" && !on {
			return false
		}
	}
	return true
}

// object makes the writers of an object; field makes that of one field.
func object[T any](x *exec, sets []ast.SelectionSet, depth int, field func(s selected) (func(T), error)) ([]writer[T], error) {
	if depth > maxDepth {
		return nil, fmt.Errorf("the query has more than %d levels: ask in several queries", maxDepth)
	}
	if !x.spend(32) { // what is read of a query costs more than what is written
		return nil, errTooMuch
	}
	list, err := x.collect(sets)
	if err != nil {
		return nil, err
	}
	var out []writer[T]
	for _, s := range list {
		var write func(T)
		if s.Name == "__typename" {
			name := s.ObjectDefinition.Name
			write = func(T) { x.value(name) }
		} else if write, err = field(s); err != nil {
			return nil, located(err, s.Position)
		}
		out = append(out, writer[T]{s.Alias, write})
	}
	return out, nil
}

// located says where in the query an error is.
func located(err error, at *ast.Position) error {
	var e *gqlerror.Error
	if errors.As(err, &e) {
		return err
	}
	return gqlerror.ErrorPosf(at, "%s", err)
}

// root makes the writers of a query.
func (x *exec) root(set ast.SelectionSet) ([]writer[*row], error) {
	return object(x, []ast.SelectionSet{set}, 0, func(s selected) (func(*row), error) {
		switch {
		case s.Name == "__schema" || s.Name == "__type":
			return nil, errors.New("introspection is not offered here: the entities are listed in the documentation of the indexer")
		case s.Name == "squidStatus":
			status, err := object(x, s.sets, 1, func(selected) (func(*row), error) {
				return func(*row) { x.value(int64(x.height)) }, nil
			})
			return func(r *row) { putRoot(x, status, r) }, err
		case x.m.byQuery[s.Name] != nil:
			return x.list(s, x.m.byQuery[s.Name])
		}
		if name, ok := strings.CutSuffix(s.Name, "Connection"); ok {
			return x.connection(s, x.m.byQuery[name])
		}
		return x.single(s, x.m.byQuery[strings.TrimSuffix(s.Name, "ById")+"s"])
	})
}

func (x *exec) list(s selected, e *entity) (func(*row), error) {
	p, err := x.page(s, e)
	if err != nil {
		return nil, err
	}
	sub, err := x.entity(s, e, 1)
	t := x.store.tables[e]
	return func(*row) { x.rows(x.pick(t.list, p), sub) }, err
}

func (x *exec) single(s selected, e *entity) (func(*row), error) {
	id, _ := s.ArgumentMap(x.vars)["id"].(string)
	sub, err := x.entity(s, e, 1)
	t := x.store.tables[e]
	return func(*row) { put(x, sub, t.byID[id]) }, err
}

// entity makes the writers of an entity's fields.
func (x *exec) entity(of selected, e *entity, depth int) ([]writer[*row], error) {
	return object(x, of.sets, depth, func(s selected) (func(*row), error) {
		f := e.byName[s.Name]
		switch f.kind {
		case kindOne:
			sub, err := x.entity(s, f.of, depth+1)
			return func(r *row) { put(x, sub, x.store.get(r, f)) }, err
		case kindMany:
			p, err := x.page(s, f.of)
			if err != nil {
				return nil, err
			}
			sub, err := x.entity(s, f.of, depth+1)
			return func(r *row) { x.rows(x.pick(x.store.many(r, f), p), sub) }, err
		}
		return func(r *row) { x.value(r.vals[f.column]) }, nil
	})
}

// page says which rows of a list are wanted.
type page struct {
	where         cond
	order         []order
	offset, limit int // limit -1: all, if they are not too many
}

// page reads the arguments of a list.
func (x *exec) page(s selected, e *entity) (p page, err error) {
	args := s.ArgumentMap(x.vars)
	if p.where, err = x.where(e, args["where"]); err != nil {
		return p, err
	}
	if p.order, err = x.ordered(e, args["orderBy"]); err != nil {
		return p, err
	}
	if p.offset, err = bound(args["offset"], 0, 1<<31-1, "offset"); err != nil {
		return p, err
	}
	p.limit, err = bound(args["limit"], -1, maxRows, "limit")
	return p, err
}

func (x *exec) ordered(e *entity, arg any) (out []order, err error) {
	for _, v := range listOf(arg) {
		o, ok := e.orders[fmt.Sprint(v)]
		if !ok {
			return nil, fmt.Errorf("%.60q is no order of %s", fmt.Sprint(v), e.name)
		}
		out = append(out, o)
	}
	if len(out) > 8 {
		return nil, errors.New("orderBy takes at most 8 orders")
	}
	return out, nil
}

// bound reads a number of rows; none is def.
func bound(v any, def, most int, name string) (int, error) {
	if v == nil {
		return def, nil
	}
	n, err := wholeNumber(v)
	if err != nil {
		return 0, err
	}
	if n < 0 || n > int64(most) {
		return 0, fmt.Errorf("%s has to be 0 to %d", name, most)
	}
	return int(n), nil
}

// connection makes the writer of a list in pages by cursors, which are positions.
func (x *exec) connection(s selected, e *entity) (func(*row), error) {
	args := s.ArgumentMap(x.vars)
	p := page{limit: -1}
	var err error
	if p.where, err = x.where(e, args["where"]); err != nil {
		return nil, err
	}
	if p.order, err = x.ordered(e, args["orderBy"]); err != nil {
		return nil, err
	}
	first, err := bound(args["first"], 100, maxRows, "first")
	if err != nil {
		return nil, err
	}
	after, err := bound(args["after"], 0, 1<<31-1, "after")
	if err != nil {
		return nil, err
	}
	sub, err := x.connected(s, e)
	t := x.store.tables[e]
	return func(*row) {
		all := x.matching(t.list, p)
		from := min(after, len(all))
		to := min(from+first, len(all))
		put(x, sub, &span{all[from:to], from, len(all)})
	}, err
}

// span is a part of a connection's rows; from is how many come before.
type span struct {
	rows        []*row
	from, total int
}

// edge is the row at a position of a span, counted from 1 over all rows.
type edge struct {
	row *row
	at  int
}

func (x *exec) connected(of selected, e *entity) ([]writer[*span], error) {
	return object(x, of.sets, 1, func(s selected) (func(*span), error) {
		switch s.Name {
		case "totalCount":
			return func(c *span) { x.value(int64(c.total)) }, nil
		case "pageInfo":
			info, err := object(x, s.sets, 2, func(s selected) (func(*span), error) {
				return func(c *span) {
					x.value(map[string]any{"hasNextPage": c.from+len(c.rows) < c.total, "hasPreviousPage": c.from > 0,
						"startCursor": cursor(c, 1), "endCursor": cursor(c, len(c.rows))}[s.Name])
				}, nil
			})
			return func(c *span) { put(x, info, c) }, err
		}
		edges, err := object(x, s.sets, 2, func(s selected) (func(*edge), error) {
			if s.Name == "cursor" {
				return func(e *edge) { x.value(fmt.Sprint(e.at)) }, nil
			}
			sub, err := x.entity(s, e, 3)
			return func(e *edge) { put(x, sub, e.row) }, err
		})
		return func(c *span) {
			x.array(len(c.rows), func(i int) { put(x, edges, &edge{c.rows[i], c.from + i + 1}) })
		}, err
	})
}

// cursor of the row at a position of a span, "" if it has no rows.
func cursor(c *span, at int) string {
	if len(c.rows) == 0 {
		return ""
	}
	return fmt.Sprint(c.from + at)
}
