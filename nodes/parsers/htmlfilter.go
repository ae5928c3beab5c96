package parsers

import (
	"math"

	nethtml "golang.org/x/net/html"

	"github.com/lockstep-flows/lockstep/engine/value"
)

// isFilter reports whether a part picks by the position in what was found.
func isFilter(p part) bool {
	if p.kind != partPseudo {
		return false
	}
	switch p.name {
	case "first", "last", "eq", "gt", "nth", "lt", "even", "odd":
		return true
	case "not":
		for _, g := range p.groups {
			if filterAt(g) >= 0 {
				return true
			}
		}
	}
	return false
}

// filterAt is the index of the first such part, or -1.
func filterAt(parts []part) int {
	for i, p := range parts {
		if isFilter(p) {
			return i
		}
	}
	return -1
}

// split parts selectors with filters from those without.
func split(groups [][]part) (plain, filtered [][]part) {
	for _, g := range groups {
		if filterAt(g) >= 0 {
			filtered = append(filtered, g)
		} else {
			plain = append(plain, g)
		}
	}
	return plain, filtered
}

// filtered applies a selector with a filter; in is what :scope stands for.
func (f *finder) filtered(roots []*nethtml.Node, parts []part, deep bool, in *scope) (found []*nethtml.Node, err error) {
	at := filterAt(parts)
	before, filter := parts[:at], parts[at]
	limit := filterLimit(filter)
	if limit == 0 {
		return nil, nil
	}
	switch {
	case len(before) == 0:
		found = elements(roots)
	case deep || leadsSomewhere(before):
		found, err = f.search(roots, [][]part{before}, f.scopeOf(before, in), limit)
	default:
		found, err = keep(roots, [][]part{before}, f.scopeOf(before, in))
	}
	if err != nil {
		return nil, err
	}
	if float64(len(found)) > limit {
		found = found[:int(limit)]
	}
	if found, err = f.pick(filter, found); err != nil || len(found) == 0 || at == len(parts)-1 {
		return found, err
	}
	rest := parts[at+1:]
	leadsOn, s := leadsSomewhere(rest), f.scopeOf(rest, in)
	if leadsOn {
		first := []part{scopePart}
		if k := rest[0].kind; k == descendant || k == adjacent {
			first = append(first, part{kind: partAny})
		}
		rest = append(first, rest...)
	}
	switch {
	case filterAt(rest) >= 0:
		return f.filtered(found, rest, false, in)
	case leadsOn:
		return f.search(found, [][]part{rest}, s, math.Inf(1))
	}
	return keep(found, [][]part{rest}, s)
}

// scopeOf is in for a selector with :scope, else the document.
func (f *finder) scopeOf(parts []part, in *scope) *scope {
	if hasScope(parts) {
		return in
	}
	return f.scope
}

func filterNumber(p part) float64 {
	if !p.hasData {
		return math.NaN()
	}
	return value.ParseInt(p.data, 10)
}

// filterLimit is how many elements a filter looks at.
func filterLimit(p part) float64 {
	n := filterNumber(p)
	switch p.name {
	case "first":
		return 1
	case "nth", "eq", "lt", "gt":
		switch {
		case math.IsNaN(n) || math.IsInf(n, 0):
			return 0
		case n < 0 || p.name == "gt":
		case p.name == "lt":
			return n
		default:
			return n + 1
		}
	}
	return math.Inf(1)
}

func (f *finder) pick(p part, found []*nethtml.Node) (list []*nethtml.Node, err error) {
	count, n := float64(len(found)), filterNumber(p)
	switch p.name {
	case "last":
		return found[max(0, len(found)-1):], nil
	case "nth", "eq":
		if math.Abs(n) >= count {
			return nil, nil
		}
		if n < 0 {
			n += count
		}
		return found[int(n) : int(n)+1], nil
	case "gt":
		if n++; n < 0 {
			n = max(0, n+count)
		}
		return found[int(min(n, count)):], nil
	case "even", "odd":
		for i, e := range found {
			if (i%2 == 0) == (p.name == "even") {
				list = append(list, e)
			}
		}
		return list, nil
	case "not":
		drop, err := f.among(p.groups, found)
		for _, e := range found {
			if !drop[e] {
				list = append(list, e)
			}
		}
		return list, err
	}
	return found, nil
}

// among gives those of some elements that selectors find.
func (f *finder) among(groups [][]part, nodes []*nethtml.Node) (map[*nethtml.Node]bool, error) {
	found := map[*nethtml.Node]bool{}
	if len(nodes) == 0 {
		return found, nil
	}
	plain, filtered := split(groups)
	if len(plain) > 0 {
		list, err := keep(nodes, plain, f.scope)
		if err != nil {
			return nil, err
		}
		for _, n := range list {
			found[n] = true
		}
	}
	for _, g := range filtered {
		if len(found) == len(nodes) {
			break
		}
		roots, deep, in := nodes, false, f.scope
		if leadsSomewhere(g) {
			g = append(append([]part(nil), g...), scopePart)
			roots, deep, in = children(f.doc), true, &scope{nodes: nodes}
		}
		list, err := f.filtered(roots, g, deep, in)
		if err != nil {
			return nil, err
		}
		for _, n := range list {
			found[n] = true
		}
	}
	return found, nil
}
