package parsers

import (
	"math"
	"sort"
	"strings"

	nethtml "golang.org/x/net/html"
)

// finder finds the elements of a document by a selector as cheerio does.
type finder struct {
	doc   *nethtml.Node
	scope *scope // the document
}

// findHTML gives the elements a selector finds; one that is HTML itself finds its
// own nodes.
func findHTML(doc *nethtml.Node, selector string) (found []*nethtml.Node, err error) {
	defer stumbled(&err)
	if selector == "" {
		return nil, nil
	}
	if looksLikeHTML(selector) {
		own, err := parseFragment(selector)
		if err != nil {
			return nil, err
		}
		return children(own), nil
	}
	groups, err := parseSelector(selector)
	if err != nil {
		return nil, err
	}
	f := &finder{doc: doc, scope: &scope{nodes: []*nethtml.Node{doc}}}
	return f.find(groups)
}

// looksLikeHTML reports whether a text holds a < before a letter and a > after it.
func looksLikeHTML(s string) bool {
	for i := 0; i+1 < len(s); i++ {
		if c := s[i+1] | 0x20; s[i] == '<' && c >= 'a' && c <= 'z' {
			return strings.Contains(s[i+2:], ">")
		}
	}
	return false
}

func children(n *nethtml.Node) (list []*nethtml.Node) {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		list = append(list, c)
	}
	return list
}

func elements(nodes []*nethtml.Node) (list []*nethtml.Node) {
	for _, n := range nodes {
		if isTag(n) {
			list = append(list, n)
		}
	}
	return list
}

func (f *finder) find(groups [][]part) ([]*nethtml.Node, error) {
	roots := elements(children(f.doc))
	plain, filtered := split(groups)
	var results [][]*nethtml.Node
	for _, g := range filtered {
		r, err := f.filtered(roots, g, true, f.scope)
		if err != nil {
			return nil, err
		}
		results = append(results, r)
	}
	if len(plain) > 0 {
		r, err := f.search(roots, plain, f.scope, math.Inf(1))
		if err != nil {
			return nil, err
		}
		results = append(results, r)
	}
	if len(results) == 1 {
		return results[0], nil
	}
	return f.sorted(results), nil
}

// sorted brings results into the order of the document.
func (f *finder) sorted(results [][]*nethtml.Node) (list []*nethtml.Node) {
	seen := map[*nethtml.Node]bool{}
	for _, r := range results {
		for _, n := range r {
			if !seen[n] {
				seen[n] = true
				list = append(list, n)
			}
		}
	}
	order := make(map[*nethtml.Node]int, len(list))
	var walk func(*nethtml.Node)
	walk = func(n *nethtml.Node) {
		order[n] = len(order)
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c)
		}
	}
	walk(f.doc)
	sort.SliceStable(list, func(i, j int) bool { return order[list[i]] < order[list[j]] })
	return list
}

// search looks through roots and what is in them.
func (f *finder) search(roots []*nethtml.Node, groups [][]part, s *scope, limit float64) (list []*nethtml.Node, err error) {
	m, siblings, err := compileGroups(groups, s)
	if err != nil {
		return nil, err
	}
	if siblings {
		roots = withSiblings(roots)
	}
	seen := map[*nethtml.Node]bool{}
	var look func(n *nethtml.Node)
	look = func(n *nethtml.Node) {
		if float64(len(list)) >= limit || seen[n] {
			return
		}
		seen[n] = true
		if isTag(n) && m(n) {
			list = append(list, n)
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			look(c)
		}
	}
	for _, n := range outermost(roots) {
		look(n)
	}
	return list, nil
}

func withSiblings(nodes []*nethtml.Node) []*nethtml.Node {
	list := append([]*nethtml.Node(nil), nodes...)
	seen := map[*nethtml.Node]bool{}
	for _, n := range nodes {
		for c := n.NextSibling; c != nil && !seen[c]; c = c.NextSibling {
			seen[c] = true
			list = append(list, c)
		}
	}
	return list
}

// outermost leaves out nodes that are in others.
func outermost(nodes []*nethtml.Node) (list []*nethtml.Node) {
	in := make(map[*nethtml.Node]bool, len(nodes))
	for _, n := range nodes {
		in[n] = true
	}
	for _, n := range nodes {
		p := n.Parent
		for p != nil && !in[p] {
			p = p.Parent
		}
		if p == nil {
			list = append(list, n)
		}
	}
	return list
}

// keep tests the given elements only.
func keep(nodes []*nethtml.Node, groups [][]part, s *scope) (list []*nethtml.Node, err error) {
	if nodes = elements(nodes); len(nodes) == 0 {
		return nil, nil
	}
	m, _, err := compileGroups(groups, s)
	if err != nil {
		return nil, err
	}
	for _, n := range nodes {
		if m(n) {
			list = append(list, n)
		}
	}
	return list, nil
}
