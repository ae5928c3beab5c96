package parsers

import (
	"cmp"
	"slices"
	"strings"

	nethtml "golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"github.com/lockstep-flows/lockstep/engine"
	"github.com/lockstep-flows/lockstep/engine/value"
)

// loadHTML is the document of a value as cheerio.load takes it. A value that is not
// text gives a document without elements, or the error cheerio gives.
func loadHTML(v value.Value) (*nethtml.Node, error) {
	doc := &nethtml.Node{Type: nethtml.DocumentNode}
	switch {
	case v.IsString():
		return parseHTML(v.Str())
	case v.Buffer() != nil:
		return parseHTML(value.Text(v.Buffer().B))
	case v.IsNull():
		return nil, engine.Fail("cheerio.load() expects a string")
	case v.Array() != nil:
		for _, e := range v.Array().Elems {
			if err := adoptable(e); err != nil {
				return nil, err
			}
		}
		return doc, nil
	}
	return doc, adoptable(v)
}

// adoptable gives the error of a value that cannot be a node of a document.
func adoptable(v value.Value) error {
	switch {
	case v.IsNull() || v.IsUndefined():
		return engine.Fail("Cannot read properties of " + value.ToString(v) + " (reading 'parent')")
	case v.IsString() || v.IsNumber() || v.IsBool():
		return engine.Fail("Cannot create property 'prev' on " + v.TypeOf() + " '" + value.ToString(v) + "'")
	}
	return nil
}

func parseHTML(text string) (*nethtml.Node, error) {
	list, err := parseOrdered(text, func(text string) ([]*nethtml.Node, error) {
		doc, err := nethtml.Parse(strings.NewReader(text))
		return []*nethtml.Node{doc}, err
	})
	if err != nil {
		return nil, err
	}
	settle(list[0])
	return list[0], nil
}

// parseFragment parses a piece of HTML as the content of a template.
func parseFragment(text string) (*nethtml.Node, error) {
	context := &nethtml.Node{Type: nethtml.ElementNode, Data: "template", DataAtom: atom.Template}
	list, err := parseOrdered(text, func(text string) ([]*nethtml.Node, error) {
		return nethtml.ParseFragment(strings.NewReader(text), context)
	})
	if err != nil {
		return nil, err
	}
	doc := &nethtml.Node{Type: nethtml.DocumentNode}
	for _, n := range list {
		doc.AppendChild(n)
	}
	settle(doc)
	return doc, nil
}

// settle makes the tree that of parse5: templates have a document of their own, lists
// of choices hold nothing else, and no attribute is given twice.
func settle(n *nethtml.Node) {
	flattenLists(n)
	settleNode(n)
}

func settleNode(n *nethtml.Node) {
	if n.Type == nethtml.ElementNode {
		n.Attr = once(n.Attr)
	}
	if n.Type == nethtml.ElementNode && n.Data == "template" && n.Namespace == "" {
		content := &nethtml.Node{Type: nethtml.DocumentNode}
		for n.FirstChild != nil {
			c := n.FirstChild
			n.RemoveChild(c)
			content.AppendChild(c)
		}
		n.AppendChild(content)
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		settleNode(c)
	}
}

// once leaves one attribute of a name: the first of those without a prefix or with
// the same one, else the last, in the place of the first. Names that are indexes come
// first, as in any object.
func once(attrs []nethtml.Attribute) []nethtml.Attribute {
	at := make(map[string]int, len(attrs))
	kept := attrs[:0]
	for _, a := range attrs {
		i, twice := at[a.Key]
		switch {
		case !twice:
			at[a.Key] = len(kept)
			kept = append(kept, a)
		case kept[i].Namespace != a.Namespace:
			kept[i] = a
		}
	}
	slices.SortStableFunc(kept, func(a, b nethtml.Attribute) int {
		i, isIndex := value.ArrayIndex(a.Key)
		j, other := value.ArrayIndex(b.Key)
		switch {
		case isIndex && other:
			return cmp.Compare(i, j)
		case isIndex:
			return -1
		case other:
			return 1
		}
		return 0
	})
	return kept
}
