package html

import (
	"slices"
	"strings"

	"golang.org/x/net/html"

	"github.com/lockstep-flows/lockstep/engine/value"
)

// query is a compiled selector. one says that it takes all elements or none, which
// shortens what is compiled after it.
type query struct {
	match func(n *html.Node) bool
	one   constancy
	// siblings says that what follows the context is searched too.
	siblings bool
}

type constancy uint8

const (
	varies constancy = iota
	all
	nothing
)

func takesAll() query     { return query{func(*html.Node) bool { return true }, all, false} }
func takesNothing() query { return query{func(*html.Node) bool { return false }, nothing, false} }
func when(f func(n *html.Node) bool) query {
	return query{match: f}
}

// and is a query that asks f and then next.
func (next query) and(f func(n *html.Node) bool) query {
	return when(func(n *html.Node) bool { return f(n) && next.match(n) })
}

// context is what a search starts from. given is set for the whole search and counts
// before what a part of it starts from.
type context struct {
	nodes []*html.Node
	list  bool
	known bool
}

func element(n *html.Node) bool { return n != nil && n.Type == html.ElementNode }

func hasScope(t *token) bool {
	if t.start || t.kind != isPseudo {
		return false
	}
	return t.name == "scope" || slices.ContainsFunc(t.sub, anyScope)
}

func anyScope(s sequence) bool {
	return slices.ContainsFunc(s, func(t token) bool { return hasScope(&t) || t.kind == isPseudo && t.name == "scope" })
}

// placeholder stands for the element that :has is asked about.
func placeholder() *html.Node { return &html.Node{} }

// compileAll compiles selectors, one of which must match.
func compileAll(list []sequence, ctx context) (query, error) {
	out := takesNothing()
	siblings := false
	for _, s := range list {
		if len(s) == 0 {
			continue
		}
		s = absolute(bySpeed(slices.Clone(s)), ctx)
		if len(s) >= 2 && s[0].kind == isPseudo && s[0].name == "scope" {
			switch {
			case ctx.list && s[1].kind == isDescendant:
				s[1].kind = isFlexible
			case s[1].kind == isAdjacent || s[1].kind == isSibling:
				siblings = true
			}
		}
		q, err := compileSequence(s, ctx)
		if err != nil {
			return q, err
		}
		out = either(out, q)
	}
	out.siblings = siblings
	return out, nil
}

func either(a, b query) query {
	switch {
	case b.one == nothing || a.one == all:
		return a
	case a.one == nothing || b.one == all:
		return b
	}
	return when(func(n *html.Node) bool { return a.match(n) || b.match(n) })
}

// absolute puts the scope before a selector that begins with a combinator.
func absolute(s sequence, ctx context) sequence {
	inside := ctx.known
	for _, n := range ctx.nodes {
		inside = inside && (n.Type == html.ErrorNode || element(n) && element(n.Parent))
	}
	scope := token{kind: isPseudo, name: "scope"}
	switch {
	case s[0].traverses() && s[0].kind != isDescendant:
	case inside && !anyScope(s):
		s = slices.Insert(s, 0, token{kind: isDescendant})
	default:
		return s
	}
	return slices.Insert(s, 0, scope)
}

func compileSequence(s sequence, ctx context) (query, error) {
	q := takesAll()
	for i := range s {
		if q.one == nothing {
			return q, nil
		}
		var err error
		if q, err = compileToken(q, &s[i], ctx); err != nil {
			return q, err
		}
	}
	return q, nil
}

func compileToken(next query, t *token, ctx context) (query, error) {
	switch t.kind {
	case isPseudoElement:
		return next, selectorError("Pseudo-elements are not supported by css-select")
	case isColumn:
		return next, selectorError("Column combinators are not yet supported by css-select")
	case isAttribute:
		if t.namespace != nil {
			return next, selectorError("Namespaced attributes are not yet supported by css-select")
		}
		return compileAttribute(next, t), nil
	case isPseudo:
		return compilePseudo(next, t, ctx)
	case isTag:
		if t.namespace != nil {
			return next, selectorError("Namespaced tag names are not yet supported by css-select")
		}
		name := value.ToLower(t.name)
		return next.and(func(n *html.Node) bool { return n.Data == name }), nil
	case isUniversal:
		if t.namespace != nil && *t.namespace != "*" {
			return next, selectorError("Namespaced universal selectors are not yet supported by css-select")
		}
		return next, nil
	}
	return combine(next, t.kind), nil
}

// combine makes the query of a combinator.
func combine(next query, k tokenKind) query {
	is := func(n *html.Node) bool { return element(n) && next.match(n) }
	switch k {
	case isDescendant:
		return when(func(n *html.Node) bool {
			for n = n.Parent; n != nil; n = n.Parent {
				if is(n) {
					return true
				}
			}
			return false
		})
	case isFlexible:
		return when(func(n *html.Node) bool {
			for ; n != nil; n = n.Parent {
				if is(n) {
					return true
				}
			}
			return false
		})
	case isParent:
		return when(func(n *html.Node) bool {
			for c := n.FirstChild; c != nil; c = c.NextSibling {
				if is(c) {
					return true
				}
			}
			return false
		})
	case isChild:
		return when(func(n *html.Node) bool { return is(n.Parent) })
	case isSibling:
		return when(func(n *html.Node) bool {
			for n = n.PrevSibling; n != nil; n = n.PrevSibling {
				if is(n) {
					return true
				}
			}
			return false
		})
	}
	return when(func(n *html.Node) bool {
		for n = n.PrevSibling; n != nil && !element(n); n = n.PrevSibling {
			if n.Type == html.DoctypeNode && n.PrevSibling == nil { // as cheerio stumbles over it
				panic(value.NewError("TypeError", "Cannot read properties of undefined (reading 'type')"))
			}
		}
		return is(n)
	})
}

// attr gives an attribute by its name.
func attr(n *html.Node, name string) (string, bool) {
	for i := len(n.Attr) - 1; i >= 0; i-- {
		if n.Attr[i].Key == name {
			return n.Attr[i].Val, true
		}
	}
	return "", false
}

// folded are the attributes whose values have no case in HTML.
var folded = map[string]bool{"accept": true, "accept-charset": true, "align": true, "alink": true, "axis": true, "bgcolor": true,
	"charset": true, "checked": true, "clear": true, "codetype": true, "color": true, "compact": true, "declare": true, "defer": true,
	"dir": true, "direction": true, "disabled": true, "enctype": true, "face": true, "frame": true, "hreflang": true, "http-equiv": true,
	"lang": true, "language": true, "link": true, "media": true, "method": true, "multiple": true, "nohref": true, "noresize": true,
	"noshade": true, "nowrap": true, "readonly": true, "rel": true, "rev": true, "rules": true, "scope": true, "scrolling": true,
	"selected": true, "shape": true, "target": true, "text": true, "type": true, "valign": true, "valuetype": true, "vlink": true}

func compileAttribute(next query, t *token) query {
	name, want := value.ToLower(t.name), t.value
	fold := func(s string) string { return s }
	if t.fold == always || t.fold == byAttribute && folded[name] {
		fold, want = value.ToLower, value.ToLower(want)
	}
	test := func(f func(v string) bool) query {
		return next.and(func(n *html.Node) bool {
			v, ok := attr(n, name)
			return ok && f(fold(v))
		})
	}
	switch t.action {
	case 0:
		return test(func(string) bool { return true })
	case '=':
		return test(func(v string) bool { return v == want })
	case '|':
		return test(func(v string) bool {
			return strings.HasPrefix(v, want) && (len(v) == len(want) || v[len(want)] == '-')
		})
	case '!':
		return next.and(func(n *html.Node) bool {
			v, ok := attr(n, name)
			if want == "" {
				return v != ""
			}
			return !ok || fold(v) != want
		})
	case '~':
		if strings.ContainsFunc(want, isWhite) {
			return takesNothing()
		}
		return test(func(v string) bool { return hasWord(v, want) })
	}
	if want == "" {
		return takesNothing()
	}
	switch t.action {
	case '^':
		return test(func(v string) bool { return strings.HasPrefix(v, want) })
	case '$':
		return test(func(v string) bool { return strings.HasSuffix(v, want) })
	}
	return test(func(v string) bool { return strings.Contains(v, want) })
}

// isWhite reports what \s matches in JavaScript.
func isWhite(r rune) bool { return value.Trim(string(r)) == "" }

// hasWord reports whether a word stands between white space in a text.
func hasWord(s, word string) bool {
	before := true
	for i, r := range s + " " {
		if before && strings.HasPrefix(s[i:], word) {
			rest := s[i+len(word):]
			end := rest == ""
			for _, c := range rest {
				end = isWhite(c)
				break
			}
			if end {
				return true
			}
		}
		before = isWhite(r)
		if i == len(s) {
			break
		}
	}
	return false
}

// speed is how soon css-select asks a token: the fastest last, as the last is asked first.
func speed(t *token) int {
	switch t.kind {
	case isUniversal:
		return 50
	case isTag:
		return 30
	case isAttribute:
		n := map[byte]int{0: 10, '=': 8, '!': 7, '^': 6, '$': 6, '*': 5, '|': 4, '~': 4}[t.action]
		if t.action == '=' && t.name == "id" {
			n = 9
		}
		if t.fold == always || t.fold == inQuirks {
			n >>= 1
		}
		return n
	case isPseudo:
		return pseudoSpeed(t)
	case isPseudoElement:
		return 0
	}
	return -1
}

func pseudoSpeed(t *token) int {
	if t.hasSub && t.name != "has" {
		n := 0
		for _, s := range t.sub {
			if len(s) != 1 {
				continue
			}
			m := speed(&s[0])
			if m == 0 {
				n = 0
				break
			}
			n = max(n, m)
		}
		if len(t.sub) > 1 && n > 0 {
			n--
		}
		return n
	}
	switch {
	case t.hasSub || t.data != nil && t.name == "contains":
		return 0
	case t.data == nil || *t.data == "":
		return 3
	}
	return 1
}

// bySpeed sorts the tokens of each compound selector by their speed.
func bySpeed(s sequence) sequence {
	speeds := make([]int, len(s))
	for i := range s {
		speeds[i] = speed(&s[i])
	}
	for i := 1; i < len(s); i++ {
		n := speeds[i]
		if n < 0 {
			continue
		}
		for j := i - 1; j >= 0 && n < speeds[j]; j-- {
			s[j], s[j+1] = s[j+1], s[j]
			speeds[j+1], speeds[j] = speeds[j], n
		}
	}
	return s
}
