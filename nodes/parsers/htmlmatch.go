package parsers

import (
	nethtml "golang.org/x/net/html"

	"github.com/lockstep-flows/lockstep/engine"
	"github.com/lockstep-flows/lockstep/engine/value"
)

// matcher tests one element.
type matcher func(*nethtml.Node) bool

func always(*nethtml.Node) bool { return true }

func never(*nethtml.Node) bool { return false }

// scope is what :scope stands for. Its nodes may change after compiling: relative is
// set if they will be elements below the root.
type scope struct {
	nodes    []*nethtml.Node
	relative bool
}

func (s *scope) holds(n *nethtml.Node) bool {
	for _, e := range s.nodes {
		if e == n {
			return true
		}
	}
	return false
}

var scopePart = part{kind: partPseudo, name: "scope"}

// hasScope reports whether a part is :scope or holds it.
func hasScope(parts []part) bool {
	for _, p := range parts {
		if p.kind == partPseudo && p.name == "scope" {
			return true
		}
		for _, g := range p.groups {
			if hasScope(g) {
				return true
			}
		}
	}
	return false
}

// compileGroups makes one test of selectors; siblings reports whether what follows
// the scope must be looked at too.
func compileGroups(groups [][]part, s *scope) (match matcher, siblings bool, err error) {
	var list []matcher
	for _, parts := range groups {
		parts = absolute(parts, s)
		if len(parts) >= 2 && parts[0].kind == partPseudo && parts[0].name == "scope" {
			switch parts[1].kind {
			case descendant:
				parts[1].kind = descendantOrSelf
			case adjacent, sibling:
				siblings = true
			}
		}
		m := matcher(always)
		for _, p := range parts {
			if m, err = compilePart(m, p, s); err != nil {
				return nil, false, err
			}
		}
		list = append(list, m)
	}
	return func(n *nethtml.Node) bool {
		for _, m := range list {
			if m(n) {
				return true
			}
		}
		return false
	}, siblings, nil
}

// absolute is a copy of a selector that starts at the scope if it has to.
func absolute(parts []part, s *scope) []part {
	switch {
	case parts[0].leads() && parts[0].kind != descendant:
		return append([]part{scopePart}, parts...)
	case s != nil && s.relative && !hasScope(parts):
		return append([]part{scopePart, {kind: descendant}}, parts...)
	}
	return append([]part(nil), parts...)
}

// compilePart adds the test of a part to that of the parts before it.
func compilePart(next matcher, p part, s *scope) (matcher, error) {
	switch p.kind {
	case partPseudoElement:
		return nil, engine.Fail("Pseudo-elements are not supported by css-select")
	case column:
		return nil, engine.Fail("Column combinators are not yet supported by css-select")
	case partTag:
		if p.namespaced {
			return nil, engine.Fail("Namespaced tag names are not yet supported by css-select")
		}
		name := value.ToLower(p.name)
		return func(n *nethtml.Node) bool { return n.Data == name && next(n) }, nil
	case partAny:
		if p.namespaced && p.namespace != "*" {
			return nil, engine.Fail("Namespaced universal selectors are not yet supported by css-select")
		}
		return next, nil
	case partAttribute:
		if p.namespaced {
			return nil, engine.Fail("Namespaced attributes are not yet supported by css-select")
		}
		return attributeTest(next, p)
	case partPseudo:
		return compilePseudo(next, p, s)
	}
	return compileLead(next, p.kind), nil
}

func isTag(n *nethtml.Node) bool { return n != nil && n.Type == nethtml.ElementNode }

func compileLead(next matcher, kind partKind) matcher {
	switch kind {
	case descendant:
		return lineage(next)
	case descendantOrSelf:
		return func(n *nethtml.Node) bool {
			for ; n != nil; n = n.Parent {
				if isTag(n) && next(n) {
					return true
				}
			}
			return false
		}
	case child:
		return func(n *nethtml.Node) bool { return isTag(n.Parent) && next(n.Parent) }
	case parent:
		return func(n *nethtml.Node) bool {
			for c := n.FirstChild; c != nil; c = c.NextSibling {
				if isTag(c) && next(c) {
					return true
				}
			}
			return false
		}
	case sibling:
		return func(n *nethtml.Node) bool {
			for c := firstSibling(n); c != n; c = c.NextSibling {
				if isTag(c) && next(c) {
					return true
				}
			}
			return false
		}
	}
	return func(n *nethtml.Node) bool {
		c := n.PrevSibling
		for c != nil && !isTag(c) {
			if c.Type == nethtml.DoctypeNode && c.PrevSibling == nil {
				panic(stumble{})
			}
			c = c.PrevSibling
		}
		return c != nil && next(c)
	}
}

// stumble is the panic of a search that looks for what is before a doctype, which
// cheerio does not survive.
type stumble struct{}

// stumbled makes an error of it.
func stumbled(err *error) {
	switch r := recover(); r {
	case nil:
	case stumble{}:
		*err = engine.Fail("Cannot read properties of undefined (reading 'type')")
	default:
		panic(r)
	}
}

func firstSibling(n *nethtml.Node) *nethtml.Node {
	if n.Parent != nil {
		return n.Parent.FirstChild
	}
	return n
}

// lineage tests the elements around one; those that fail are not tested again.
func lineage(next matcher) matcher {
	failed := map[*nethtml.Node]bool{}
	return func(n *nethtml.Node) bool {
		for n = n.Parent; n != nil; n = n.Parent {
			if failed[n] {
				continue
			}
			if isTag(n) && next(n) {
				return true
			}
			failed[n] = true
		}
		return false
	}
}
