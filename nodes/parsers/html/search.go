package html

import (
	"math"
	"slices"

	"golang.org/x/net/html"

	"github.com/lockstep-flows/lockstep/engine/value"
)

// unlimited is more elements than there are.
const unlimited = math.MaxInt32

// positions are jQuery's pseudo classes that count what was found so far.
var positions = map[string]bool{"first": true, "last": true, "eq": true, "gt": true, "nth": true, "lt": true, "even": true, "odd": true}

func isPosition(t token) bool {
	if t.kind != isPseudo {
		return false
	}
	return positions[t.name] || t.name == "not" && slices.ContainsFunc(t.sub, anyPosition)
}

func anyPosition(s sequence) bool { return slices.ContainsFunc(s, isPosition) }

func anyTraversal(s sequence) bool {
	return slices.ContainsFunc(s, func(t token) bool { return t.traverses() })
}

// searcher is one search in a document. given is the context of the whole search.
type searcher struct {
	root  *html.Node
	given context
}

// from is what a part of a search starts from: elements, or the children of one node.
type from struct {
	nodes  []*html.Node
	single bool
}

// find finds the elements that match a selector, in their order.
func (s *searcher) find(selector string) ([]*html.Node, error) {
	list, err := parseSelector(selector)
	if err != nil {
		return nil, err
	}
	var start []*html.Node
	if c := value.Trim(selector); c != "" && (c[0] == '~' || c[0] == '+') {
		start = []*html.Node{s.root}
	} else {
		for c := s.root.FirstChild; c != nil; c = c.NextSibling {
			if element(c) {
				start = append(start, c)
			}
		}
	}
	var results [][]*html.Node
	var plain []sequence
	for _, q := range list {
		if !anyPosition(q) {
			plain = append(plain, q)
			continue
		}
		found, err := s.filtered(from{nodes: start}, q, true, nil, nil)
		if err != nil {
			return nil, err
		}
		results = append(results, found)
	}
	if len(plain) > 0 {
		found, err := s.elements(from{nodes: start}, plain, s.given, unlimited)
		if err != nil {
			return nil, err
		}
		results = append(results, found)
	}
	switch len(results) {
	case 0:
		return nil, nil
	case 1:
		return results[0], nil
	}
	return s.ordered(slices.Concat(results...)), nil
}

// ordered sorts nodes as they stand in the document and drops those that come twice.
func (s *searcher) ordered(nodes []*html.Node) []*html.Node {
	order := map[*html.Node]int{}
	walk(s.root, func(n *html.Node) { order[n] = len(order) })
	slices.SortStableFunc(nodes, func(a, b *html.Node) int { return order[a] - order[b] })
	return slices.Compact(nodes)
}

func walk(n *html.Node, fn func(n *html.Node)) {
	fn(n)
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		walk(c, fn)
	}
}

func tags(nodes []*html.Node) []*html.Node {
	return slices.DeleteFunc(slices.Clone(nodes), func(n *html.Node) bool { return !element(n) })
}

// limit is how many elements a position needs.
func limit(t *token) int {
	n, ok := t.number()
	switch t.name {
	case "first":
		return 1
	case "nth", "eq":
		switch {
		case !ok:
			return 0
		case n >= 0:
			return n + 1
		}
	case "lt":
		switch {
		case !ok:
			return 0
		case n >= 0:
			return n
		}
	case "gt":
		if !ok {
			return 0
		}
	}
	return unlimited
}

// number is the argument of a position.
func (t *token) number() (int, bool) {
	if t.data == nil {
		return 0, false
	}
	f := value.ParseInt(*t.data, 10)
	if f != f {
		return 0, false
	}
	return int(max(-unlimited+1, min(unlimited-1, f))), true
}

// at filters elements by a position.
func (s *searcher) at(t *token, elems []*html.Node) ([]*html.Node, error) {
	n, ok := t.number()
	switch t.name {
	case "last":
		return elems[max(0, len(elems)-1):], nil
	case "nth", "eq":
		if n < 0 && ok && -n < len(elems) {
			n += len(elems)
		}
		if !ok || n < 0 || n >= len(elems) {
			return nil, nil
		}
		return elems[n : n+1], nil
	case "gt":
		if !ok {
			return nil, nil
		}
		if n++; n < 0 {
			n = max(0, n+len(elems))
		}
		return elems[min(n, len(elems)):], nil
	case "even", "odd":
		var out []*html.Node
		for i, e := range elems {
			if (i%2 == 0) == (t.name == "even") {
				out = append(out, e)
			}
		}
		return out, nil
	case "not":
		drop, err := s.filter(t.sub, elems)
		return slices.DeleteFunc(slices.Clone(elems), func(n *html.Node) bool { return slices.Contains(drop, n) }), err
	}
	return elems, nil
}

// filter keeps the elements that match one of some selectors.
func (s *searcher) filter(list []sequence, elems []*html.Node) ([]*html.Node, error) {
	if len(elems) == 0 {
		return nil, nil
	}
	found := map[*html.Node]bool{}
	var plain []sequence
	for _, q := range list {
		if !anyPosition(q) {
			plain = append(plain, q)
		}
	}
	add := func(nodes []*html.Node, err error) error {
		for _, n := range nodes {
			found[n] = true
		}
		return err
	}
	if len(plain) > 0 {
		if err := add(matching(elems, plain, s.given)); err != nil {
			return nil, err
		}
	}
	for _, q := range list {
		if !anyPosition(q) {
			continue
		}
		start, scope := from{nodes: elems}, []*html.Node(nil)
		if anyTraversal(q) {
			q = append(slices.Clone(q), token{kind: isPseudo, name: "scope"})
			start, scope = from{nodes: []*html.Node{s.root}, single: true}, elems
		}
		if err := add(s.filtered(start, q, scope != nil, scope, elems)); err != nil {
			return nil, err
		}
	}
	return slices.DeleteFunc(slices.Clone(elems), func(n *html.Node) bool { return !found[n] }), nil
}

// scoped is the context of a part that names the scope.
func (s *searcher) scoped(q sequence, scope []*html.Node) context {
	if scope != nil && anyScopeBut(q) {
		return context{scope, true, true}
	}
	return s.given
}

func anyScopeBut(q sequence) bool {
	return slices.ContainsFunc(q, func(t token) bool { return hasScope(&t) })
}

// filtered finds elements by a selector with a position: those before it are found,
// counted, and searched on.
func (s *searcher) filtered(start from, q sequence, deep bool, scope, _ []*html.Node) ([]*html.Node, error) {
	i := slices.IndexFunc(q, isPosition)
	sub, t := q[:i], &q[i]
	most := limit(t)
	if most == 0 {
		return nil, nil
	}
	var elems []*html.Node
	var err error
	switch {
	case len(sub) == 0 && start.single:
		for c := start.nodes[0].FirstChild; c != nil; c = c.NextSibling {
			elems = append(elems, c)
		}
		elems = tags(elems)
	case len(sub) == 0 || len(sub) == 1 && sub[0].start:
		elems = tags(start.nodes)
	case deep || anyTraversal(sub):
		elems, err = s.elements(start, []sequence{sub}, s.scoped(sub, scope), most)
	default:
		elems, err = matching(start.nodes, []sequence{sub}, s.scoped(sub, scope))
	}
	if err != nil {
		return nil, err
	}
	result, err := s.at(t, elems[:min(most, len(elems))])
	if err != nil || len(result) == 0 || i+1 == len(q) {
		return result, err
	}
	rest := slices.Clone(q[i+1:])
	ctx := s.scoped(rest, scope)
	traverses := anyTraversal(rest)
	if traverses {
		if k := rest[0].kind; k == isDescendant || k == isAdjacent {
			rest = slices.Insert(rest, 0, token{kind: isUniversal, name: "*"})
		}
		rest = slices.Insert(rest, 0, token{kind: isPseudo, name: "scope", start: true})
	}
	switch {
	case anyPosition(rest):
		return s.filtered(from{nodes: result}, rest, false, scope, nil)
	case traverses:
		return s.elements(from{nodes: result}, []sequence{rest}, ctx, unlimited)
	}
	return matching(result, []sequence{rest}, ctx)
}

// elements finds what matches in and below some elements, up to a number.
func (s *searcher) elements(start from, list []sequence, ctx context, most int) ([]*html.Node, error) {
	if !ctx.known {
		ctx = context{start.nodes, !start.single, true}
	}
	q, err := compileAll(list, ctx)
	if err != nil {
		return nil, err
	}
	nodes := slices.Clone(start.nodes)
	if q.siblings {
		for _, n := range start.nodes {
			for c := n.NextSibling; c != nil; c = c.NextSibling {
				if element(c) {
					nodes = append(nodes, c)
				}
			}
		}
		start.single = false
	}
	if start.single {
		nodes = nil
		for c := start.nodes[0].FirstChild; c != nil; c = c.NextSibling {
			nodes = append(nodes, c)
		}
	} else {
		nodes = outermost(nodes)
	}
	var out []*html.Node
	for _, n := range nodes {
		collect(n, q, most, &out)
	}
	return out, nil
}

// outermost drops nodes that are in others, or come twice.
func outermost(nodes []*html.Node) []*html.Node {
	for i := len(nodes) - 1; i >= 0; i-- {
		drop := slices.Contains(nodes[:i], nodes[i])
		for up := nodes[i].Parent; up != nil && !drop; up = up.Parent {
			drop = slices.Contains(nodes, up)
		}
		if drop {
			nodes = slices.Delete(nodes, i, i+1)
		}
	}
	return nodes
}

func collect(n *html.Node, q query, most int, out *[]*html.Node) {
	if len(*out) >= most {
		return
	}
	if element(n) && q.match(n) {
		*out = append(*out, n)
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		collect(c, q, most, out)
	}
}

// matching keeps the elements that match.
func matching(nodes []*html.Node, list []sequence, ctx context) ([]*html.Node, error) {
	nodes = tags(nodes)
	if len(nodes) == 0 {
		return nil, nil
	}
	q, err := compileAll(list, ctx)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(nodes, func(n *html.Node) bool { return !q.match(n) }), nil
}
