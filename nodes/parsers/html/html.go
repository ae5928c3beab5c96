// Package html finds elements in HTML and writes them as Node.js's cheerio
// 1.0.0-rc.10 does: with css-select's selectors and error messages, jQuery's
// positions, and the two ways cheerio writes elements. The tree is made by
// golang.org/x/net/html, which like cheerio's parse5 follows the HTML standard. It
// is what the html node uses.
package html

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"github.com/lockstep-flows/lockstep/engine/value"
)

// Document is a page.
type Document struct {
	root *html.Node
}

// Element is an element of a page.
type Element struct {
	n *html.Node
}

// Parse reads a page. Any text is one.
func Parse(text string) (*Document, error) {
	nodes, err := parse(text, func(text string) ([]*html.Node, error) {
		root, err := html.Parse(strings.NewReader(text))
		return []*html.Node{root}, err
	})
	if err != nil {
		return nil, err
	}
	return &Document{nodes[0]}, nil
}

// Find gives the elements that match a selector, in their order. A selector that
// looks like HTML is read as that, and its own elements are the result.
func (d *Document) Find(selector string) (out []Element, err error) {
	defer func() {
		if r := recover(); r != nil {
			e, ok := r.(*value.Error)
			if !ok {
				panic(r)
			}
			err = e
		}
	}()
	if selector == "" {
		return nil, nil
	}
	var nodes []*html.Node
	if looksLikeHTML(selector) {
		nodes, err = fragment(selector)
	} else {
		s := &searcher{d.root, context{[]*html.Node{d.root}, true, true}}
		nodes, err = s.find(selector)
	}
	if err != nil {
		return nil, err
	}
	out = make([]Element, len(nodes))
	for i, n := range nodes {
		out[i] = Element{n}
	}
	return out, nil
}

// looksLikeHTML reports whether a text has a < with a letter after it, and a >.
func looksLikeHTML(s string) bool {
	for i := 0; i+1 < len(s); i++ {
		if c := s[i+1] | 0x20; s[i] == '<' && c >= 'a' && c <= 'z' {
			return strings.IndexByte(s[i+2:], '>') >= 0
		}
	}
	return false
}

// fragment reads a part of a page.
func fragment(text string) ([]*html.Node, error) {
	return parse(text, func(text string) ([]*html.Node, error) {
		in := &html.Node{Type: html.ElementNode, Data: "template", DataAtom: atom.Template}
		return html.ParseFragment(strings.NewReader(text), in)
	})
}

// Attributes are the element's attributes.
func (e Element) Attributes() *value.Object {
	o := value.NewObject(len(e.n.Attr))
	for _, a := range e.n.Attr {
		o.Set(a.Key, value.Str(a.Val))
	}
	return o
}

// Text is the text in the element, without that of scripts and styles.
func (e Element) Text() string {
	var b strings.Builder
	appendText(&b, e.n)
	return b.String()
}

func appendText(b *strings.Builder, n *html.Node) {
	switch n.Type {
	case html.TextNode:
		b.WriteString(n.Data)
	case html.ElementNode:
		if n.Data == "script" || n.Data == "style" {
			return
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			appendText(b, c)
		}
	}
}

// Inner is what is in the element, as HTML, without white space around.
func (e Element) Inner() string {
	var b strings.Builder
	for c := e.n.FirstChild; c != nil; c = c.NextSibling {
		writeHTML(&b, c)
	}
	return value.Trim(b.String())
}

// XML is what is in the element, read again and written as XML.
func (e Element) XML() (string, error) {
	nodes, err := fragment(e.Inner())
	var b strings.Builder
	for _, n := range nodes {
		writeXML(&b, n)
	}
	return b.String(), err
}
