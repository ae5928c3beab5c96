package parsers

import (
	"strings"

	"github.com/andybalholm/cascadia"
	nethtml "golang.org/x/net/html"

	"github.com/lockstep-flows/lockstep/engine"
	"github.com/lockstep-flows/lockstep/engine/value"
)

// pseudoAliases are the pseudo-classes that css-select has as selectors.
var pseudoAliases = map[string]string{
	"any-link": ":is(a,area,link)[href]",
	"link":     ":any-link:not(:visited)",
	"disabled": ":is(:is(button,input,select,textarea,optgroup,option)[disabled],optgroup[disabled]>option," +
		"fieldset[disabled]:not(fieldset[disabled] legend:first-of-type *))",
	"enabled":  ":not(:disabled)",
	"checked":  ":is(:is(input[type=radio],input[type=checkbox])[checked],option:selected)",
	"required": ":is(input,select,textarea)[required]",
	"optional": ":is(input,select,textarea):not([required])",
	"selected": "option:is([selected],select:not([multiple]):not(:has(>option[selected]))>:first-of-type)",
	"checkbox": "[type=checkbox]",
	"file":     "[type=file]",
	"password": "[type=password]",
	"radio":    "[type=radio]",
	"reset":    "[type=reset]",
	"image":    "[type=image]",
	"submit":   "[type=submit]",
	"parent":   ":not(:empty)",
	"header":   ":is(h1,h2,h3,h4,h5,h6)",
	"button":   ":is(button,input[type=button])",
	"input":    ":is(input,textarea,select,button)",
	"text":     "input:is(:not([type!='']),[type=text])",
}

func compilePseudo(next matcher, p part, s *scope) (matcher, error) {
	if p.groups != nil {
		return compileSubselect(next, p, s)
	}
	if alias, ok := pseudoAliases[p.name]; ok {
		if p.hasData {
			return nil, engine.Fail("Pseudo " + p.name + " doesn't have any arguments")
		}
		groups, err := parseSelector(alias)
		if err != nil {
			return nil, err
		}
		return compileSubselect(next, part{name: "is", groups: groups}, s)
	}
	switch p.name {
	case "contains", "icontains":
		return containsTest(next, p)
	case "nth-child", "nth-last-child", "nth-of-type", "nth-last-of-type":
		return nthTest(next, p)
	case "root":
		return isRoot(next), nil
	case "scope":
		if s == nil || len(s.nodes) == 0 {
			return isRoot(next), nil
		}
		return func(n *nethtml.Node) bool { return s.holds(n) && next(n) }, nil
	case "hover", "visited", "active":
		return never, nil
	case "empty", "first-child", "last-child", "first-of-type", "last-of-type", "only-of-type", "only-child":
		return plainTest(next, p)
	}
	return nil, engine.Fail("unmatched pseudo-class :" + p.name)
}

func isRoot(next matcher) matcher {
	return func(n *nethtml.Node) bool { return !isTag(n.Parent) && next(n) }
}

// plainTest is that of a pseudo-class without an argument.
func plainTest(next matcher, p part) (matcher, error) {
	if p.hasData {
		return nil, engine.Fail("pseudo-selector :" + p.name + " doesn't have any arguments")
	}
	if p.name == "empty" {
		return func(n *nethtml.Node) bool { return isEmpty(n) && next(n) }, nil
	}
	sel, err := cascadia.Parse(":" + p.name)
	if err != nil {
		return nil, engine.Fail("the pseudo-class :" + p.name + " cannot be used: " + err.Error())
	}
	return func(n *nethtml.Node) bool { return sel.Match(n) && next(n) }, nil
}

func isEmpty(n *nethtml.Node) bool {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if isTag(c) || c.Type == nethtml.TextNode && c.Data != "" {
			return false
		}
	}
	return true
}

func containsTest(next matcher, p part) (matcher, error) {
	text, fold := p.data, p.name == "icontains"
	switch {
	case !p.hasData && fold:
		return nil, engine.Fail("Cannot read properties of null (reading 'toLowerCase')")
	case !p.hasData:
		text = "null"
	case fold:
		text = value.ToLower(text)
	}
	return func(n *nethtml.Node) bool {
		if !next(n) {
			return false
		}
		whole := string(appendMatchedText(nil, n))
		if fold {
			whole = value.ToLower(whole)
		}
		return strings.Contains(whole, text)
	}, nil
}

func compileSubselect(next matcher, p part, s *scope) (matcher, error) {
	switch p.name {
	case "has":
		return compileHas(next, p)
	case "is", "matches", "where", "not":
		m, _, err := compileGroups(p.groups, s)
		if err != nil {
			return nil, err
		}
		want := p.name != "not"
		return func(n *nethtml.Node) bool { return m(n) == want && next(n) }, nil
	}
	return nil, engine.Fail("subselects_1.subselects[name] is not a function")
}

func leadsSomewhere(parts []part) bool {
	for _, p := range parts {
		if p.leads() {
			return true
		}
	}
	return false
}

func compileHas(next matcher, p part) (matcher, error) {
	var inner *scope
	for _, g := range p.groups {
		if leadsSomewhere(g) {
			inner = &scope{nodes: make([]*nethtml.Node, 1), relative: true}
		}
	}
	m, siblings, err := compileGroups(p.groups, inner)
	if err != nil {
		return nil, err
	}
	return func(n *nethtml.Node) bool {
		if inner != nil {
			inner.nodes[0] = n
		}
		if !next(n) {
			return false
		}
		return anyMatch(n.FirstChild, m) || siblings && anyMatch(n.NextSibling, m)
	}, nil
}

// anyMatch tests a node, those after it and what is in them.
func anyMatch(n *nethtml.Node, m matcher) bool {
	for ; n != nil; n = n.NextSibling {
		if isTag(n) && (m(n) || anyMatch(n.FirstChild, m)) {
			return true
		}
	}
	return false
}
