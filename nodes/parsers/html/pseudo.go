package html

import (
	"strings"

	"golang.org/x/net/html"

	"github.com/lockstep-flows/lockstep/engine/value"
)

// aliases are pseudo classes that stand for selectors.
var aliases = map[string]string{
	"any-link": ":is(a, area, link)[href]",
	"link":     ":any-link:not(:visited)",
	"disabled": ":is(:is(button, input, select, textarea, optgroup, option)[disabled], optgroup[disabled] > option, " +
		"fieldset[disabled]:not(fieldset[disabled] legend:first-of-type *))",
	"enabled":  ":not(:disabled)",
	"checked":  ":is(:is(input[type=radio], input[type=checkbox])[checked], option:selected)",
	"required": ":is(input, select, textarea)[required]",
	"optional": ":is(input, select, textarea):not([required])",
	"selected": "option:is([selected], select:not([multiple]):not(:has(> option[selected])) > :first-of-type)",
	"checkbox": "[type=checkbox]", "file": "[type=file]", "password": "[type=password]", "radio": "[type=radio]",
	"reset": "[type=reset]", "image": "[type=image]", "submit": "[type=submit]",
	"parent": ":not(:empty)", "header": ":is(h1, h2, h3, h4, h5, h6)",
	"button": ":is(button, input[type=button])", "input": ":is(input, textarea, select, button)",
	"text": "input:is(:not([type!='']), [type=text])",
}

// plainPseudos are pseudo classes without arguments.
var plainPseudos = map[string]func(n *html.Node) bool{
	"empty": func(n *html.Node) bool {
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			if element(c) || text(c) != "" {
				return false
			}
		}
		return true
	},
	"first-child":   func(n *html.Node) bool { return place(n, false, false) == 0 },
	"last-child":    func(n *html.Node) bool { return place(n, true, false) == 0 },
	"first-of-type": func(n *html.Node) bool { return place(n, false, true) == 0 },
	"last-of-type":  func(n *html.Node) bool { return place(n, true, true) == 0 },
	"only-of-type":  func(n *html.Node) bool { return place(n, false, true) == 0 && place(n, true, true) == 0 },
	"only-child":    func(n *html.Node) bool { return place(n, false, false) == 0 && place(n, true, false) == 0 },
}

// place counts the elements before a node, or after it, all or of its name.
func place(n *html.Node, after, sameName bool) int {
	count := 0
	for c := n; ; {
		if after {
			c = c.NextSibling
		} else {
			c = c.PrevSibling
		}
		if c == nil {
			return count
		}
		if element(c) && (!sameName || c.Data == n.Data) {
			count++
		}
	}
}

// text is the text of a node as css-select sees it.
func text(n *html.Node) string {
	switch {
	case n.Type == html.TextNode:
		return n.Data
	case !element(n):
		return ""
	case n.Data == "br":
		return "\n"
	}
	var b strings.Builder
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		b.WriteString(text(c))
	}
	return b.String()
}

func compilePseudo(next query, t *token, ctx context) (query, error) {
	if t.hasSub {
		return compileSub(next, t, ctx)
	}
	if alias, ok := aliases[t.name]; ok {
		if t.data != nil {
			return next, selectorError("Pseudo " + t.name + " doesn't have any arguments")
		}
		list, err := parseSelector(alias)
		if err != nil {
			return next, err
		}
		return compileSub(next, &token{kind: isPseudo, name: "is", sub: list, hasSub: true}, ctx)
	}
	if q, ok, err := compileFilter(next, t, ctx); ok {
		return q, err
	}
	f, ok := plainPseudos[t.name]
	if !ok {
		return next, selectorError("unmatched pseudo-class :" + t.name)
	}
	if t.data != nil {
		return next, selectorError("pseudo-selector :" + t.name + " doesn't have any arguments")
	}
	return next.and(f), nil
}

// compileFilter compiles pseudo classes with a text as argument, and some without.
func compileFilter(next query, t *token, ctx context) (q query, ok bool, err error) {
	switch t.name {
	case "contains":
		want := "null"
		if t.data != nil {
			want = *t.data
		}
		return when(func(n *html.Node) bool { return next.match(n) && strings.Contains(text(n), want) }), true, nil
	case "icontains":
		if t.data == nil {
			return next, true, selectorError("Cannot read properties of null (reading 'toLowerCase')")
		}
		want := value.ToLower(*t.data)
		return when(func(n *html.Node) bool { return next.match(n) && strings.Contains(value.ToLower(text(n)), want) }), true, nil
	case "nth-child", "nth-last-child", "nth-of-type", "nth-last-of-type":
		q, err = compileNth(next, t)
		return q, true, err
	case "root":
		return next.and(func(n *html.Node) bool { return !element(n.Parent) }), true, nil
	case "scope":
		if len(ctx.nodes) == 0 {
			return next.and(func(n *html.Node) bool { return !element(n.Parent) }), true, nil
		}
		return next.and(func(n *html.Node) bool {
			for _, c := range ctx.nodes {
				if c == n {
					return true
				}
			}
			return false
		}), true, nil
	case "hover", "visited", "active":
		return takesNothing(), true, nil
	}
	return next, false, nil
}

// compileNth compiles :nth-child and its kin.
func compileNth(next query, t *token) (query, error) {
	if t.data == nil {
		return next, selectorError("Cannot read properties of null (reading 'trim')")
	}
	step, first, ok := nth(*t.data)
	if !ok {
		return next, selectorError("n-th rule couldn't be parsed ('" + value.ToLower(value.Trim(*t.data)) + "')")
	}
	if first--; first < 0 && step <= 0 {
		return takesNothing(), nil
	}
	if step == 1 && first < 0 {
		return next.and(func(n *html.Node) bool { return element(n.Parent) }), nil
	}
	last := strings.Contains(t.name, "last")
	ofType := strings.HasSuffix(t.name, "type")
	return next.and(func(n *html.Node) bool {
		i := place(n, last, ofType)
		if step == 0 {
			return i == first
		}
		return (i-first)%step == 0 && (i-first)/step >= 0
	}), nil
}

// nth reads a rule such as 2n+1.
func nth(s string) (step, first int, ok bool) {
	s = value.ToLower(value.Trim(s))
	switch s {
	case "even":
		return 2, 0, true
	case "odd":
		return 2, 1, true
	}
	sign := func() int {
		if s != "" && (s[0] == '-' || s[0] == '+') {
			c := s[0]
			s = s[1:]
			if c == '-' {
				return -1
			}
		}
		return 1
	}
	number := func() (int, bool) {
		n, digits := 0, 0
		for s != "" && s[0]-'0' <= 9 {
			n = min(n*10+int(s[0]-'0'), 1<<30)
			digits++
			s = s[1:]
		}
		return n, digits > 0
	}
	sg := sign()
	n, ok := number()
	if strings.HasPrefix(s, "n") {
		s = strings.TrimLeft(s[1:], " \t\r\n\f")
		if step = sg; ok {
			step = sg * n
		}
		sg, n, ok = 0, 0, true
		if s != "" {
			sg = sign()
			s = strings.TrimLeft(s, " \t\r\n\f")
			n, ok = number()
		}
	}
	return step, sg * n, ok && s == ""
}

// compileSub compiles pseudo classes whose argument is a selector.
func compileSub(next query, t *token, ctx context) (query, error) {
	switch t.name {
	case "is", "matches", "where":
		q, err := compileAll(t.sub, ctx)
		return next.and(q.match), err
	case "not":
		q, err := compileAll(t.sub, ctx)
		switch {
		case err != nil || q.one == nothing:
			return next, err
		case q.one == all:
			return takesNothing(), nil
		}
		return next.and(func(n *html.Node) bool { return !q.match(n) }), nil
	case "has":
		return compileHas(next, t)
	}
	return next, selectorError("subselects_1.subselects[name] is not a function")
}

func compileHas(next query, t *token) (query, error) {
	ctx := context{}
	for _, s := range t.sub {
		for i := range s {
			if s[i].traverses() {
				ctx = context{[]*html.Node{placeholder()}, true, true}
			}
		}
	}
	q, err := compileAll(t.sub, ctx)
	if err != nil || q.one == nothing {
		return q, err
	}
	return when(func(n *html.Node) bool {
		if !next.match(n) {
			return false
		}
		if ctx.known {
			ctx.nodes[0] = n
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			if exists(q, c) {
				return true
			}
		}
		if q.siblings {
			for c := n.NextSibling; c != nil; c = c.NextSibling {
				if exists(q, c) {
					return true
				}
			}
		}
		return false
	}), nil
}

// exists reports whether an element or one in it matches.
func exists(q query, n *html.Node) bool {
	if !element(n) {
		return false
	}
	if q.match(n) {
		return true
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if exists(q, c) {
			return true
		}
	}
	return false
}
