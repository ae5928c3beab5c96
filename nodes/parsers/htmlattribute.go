package parsers

import (
	"fmt"
	"math"
	"strings"

	"github.com/andybalholm/cascadia"
	nethtml "golang.org/x/net/html"

	"github.com/lockstep-flows/lockstep/engine"
	"github.com/lockstep-flows/lockstep/engine/value"
)

// insensibleAttributes are those whose values HTML compares without case.
var insensibleAttributes = func() map[string]bool {
	m := map[string]bool{}
	for _, name := range strings.Fields(`accept accept-charset align alink axis bgcolor charset
		checked clear codetype color compact declare defer dir direction disabled enctype face
		frame hreflang http-equiv lang language link media method multiple nohref noresize
		noshade nowrap readonly rel rev rules scope scrolling selected shape target text type
		valign valuetype vlink`) {
		m[name] = true
	}
	return m
}()

// attributeTest leaves the comparison to cascadia, but for the empty text, which
// css-select treats otherwise.
func attributeTest(next matcher, p part) (matcher, error) {
	name := value.ToLower(p.name)
	get := func(n *nethtml.Node) (string, bool) {
		for i := len(n.Attr) - 1; i >= 0; i-- {
			if n.Attr[i].Key == name {
				return n.Attr[i].Val, true
			}
		}
		return "", false
	}
	switch {
	case p.op == "":
		return func(n *nethtml.Node) bool { _, ok := get(n); return ok && next(n) }, nil
	case p.op == "~=" && strings.ContainsFunc(p.text, isSpace):
		return never, nil
	case p.text == "" && p.op == "=":
		return func(n *nethtml.Node) bool { v, ok := get(n); return ok && v == "" && next(n) }, nil
	case p.text == "" && p.op == "!=":
		return func(n *nethtml.Node) bool { v, _ := get(n); return v != "" && next(n) }, nil
	case p.text == "" && (p.op == "^=" || p.op == "$=" || p.op == "*="):
		return never, nil
	}
	flag := ""
	if p.insensible == 'i' || p.insensible == 0 && insensibleAttributes[name] {
		flag = " i"
	}
	sel, err := cascadia.Parse("[" + quoted(name, false) + p.op + `"` + quoted(p.text, true) + `"` + flag + "]")
	if err != nil {
		return nil, engine.Fail("the attribute " + name + " cannot be compared: " + err.Error())
	}
	return func(n *nethtml.Node) bool { return sel.Match(n) && next(n) }, nil
}

// quoted escapes text for a name or a string of CSS.
func quoted(s string, inString bool) string {
	var b strings.Builder
	for _, r := range s {
		if inString && r >= ' ' && r != '"' && r != '\\' || r >= 'a' && r <= 'z' || r >= 0xb0 {
			b.WriteRune(r)
		} else {
			fmt.Fprintf(&b, `\%x `, r)
		}
	}
	return b.String()
}

// nthReader reads the rule an+b.
type nthReader struct {
	text string
	at   int
}

func (r *nthReader) sign() float64 {
	if r.at < len(r.text) && (r.text[r.at] == '-' || r.text[r.at] == '+') {
		r.at++
		if r.text[r.at-1] == '-' {
			return -1
		}
	}
	return 1
}

func (r *nthReader) number() (n float64, ok bool) {
	for ; r.at < len(r.text) && r.text[r.at] >= '0' && r.text[r.at] <= '9'; r.at++ {
		n, ok = float64(n*10)+float64(r.text[r.at]-'0'), true
	}
	return n, ok
}

func (r *nthReader) skip() {
	for r.at < len(r.text) && isSelectorSpace(r.text[r.at]) {
		r.at++
	}
}

func nthRule(text string) (a, b float64, err error) {
	r := &nthReader{text: value.ToLower(value.Trim(text))}
	switch r.text {
	case "even":
		return 2, 0, nil
	case "odd":
		return 2, 1, nil
	}
	by := r.sign()
	n, ok := r.number()
	if r.at < len(r.text) && r.text[r.at] == 'n' {
		if !ok {
			n = 1
		}
		r.at++
		a, by, n, ok = by*n, 0, 0, true
		if r.skip(); r.at < len(r.text) {
			by = r.sign()
			r.skip()
			n, ok = r.number()
		}
	}
	if !ok || r.at < len(r.text) {
		return 0, 0, engine.Fail("n-th rule couldn't be parsed ('" + r.text + "')")
	}
	return a, by * n, nil
}

// nthTest leaves counting to cascadia.
func nthTest(next matcher, p part) (matcher, error) {
	if !p.hasData {
		return nil, engine.Fail("Cannot read properties of null (reading 'trim')")
	}
	a, b, err := nthRule(p.data)
	if err != nil {
		return nil, err
	}
	if a == 1 && b < 1 {
		return func(n *nethtml.Node) bool { return isTag(n.Parent) && next(n) }, nil
	}
	bound := func(f float64) int { return int(min(max(f, math.MinInt32), math.MaxInt32)) }
	sel, err := cascadia.Parse(fmt.Sprintf(":%s(%dn%+d)", p.name, bound(a), bound(b)))
	if err != nil {
		return nil, engine.Fail("the rule of :" + p.name + " cannot be used: " + err.Error())
	}
	return func(n *nethtml.Node) bool { return sel.Match(n) && next(n) }, nil
}
