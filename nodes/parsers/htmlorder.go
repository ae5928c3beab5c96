package parsers

import (
	"strconv"
	"strings"

	nethtml "golang.org/x/net/html"
)

// The parser sorts the attributes of elements such as <b> and <a>, which it compares
// when tags overlap. Where that would change their order, the order is noted in an
// attribute of our own before the text is parsed, and restored afterwards.

// orderMark is the name of that attribute.
const orderMark = "data-lockstep-attribute-order"

// formatting are the elements whose attributes are sorted.
var formatting = map[string]bool{"a": true, "b": true, "big": true, "code": true, "em": true, "font": true, "i": true, "nobr": true,
	"s": true, "small": true, "strike": true, "strong": true, "tt": true, "u": true}

// parseOrdered reads a text by a function of the parser, and keeps the order of
// attributes.
func parseOrdered(text string, read func(text string) ([]*nethtml.Node, error)) ([]*nethtml.Node, error) {
	marked, orders := mark(text)
	if len(orders) == 0 {
		return read(text)
	}
	nodes, err := read(marked)
	if err != nil {
		return nil, err
	}
	clean := true
	for _, n := range nodes {
		clean = restoreAll(n, orders) && clean
	}
	if !clean { // what looked like a tag was none
		return read(text)
	}
	return nodes, nil
}

// mark adds the attribute to the tags that need it, and gives the orders by number.
func mark(text string) (string, [][]string) {
	if !manyAttributes(text) || strings.Contains(text, orderMark) {
		return text, nil
	}
	var orders [][]string
	known := map[string]int{}
	var b strings.Builder
	z := nethtml.NewTokenizer(strings.NewReader(text))
	for {
		kind := z.Next()
		if kind == nethtml.ErrorToken {
			b.Write(z.Raw())
			return b.String(), orders
		}
		raw := string(z.Raw())
		if kind != nethtml.StartTagToken && kind != nethtml.SelfClosingTagToken {
			b.WriteString(raw)
			continue
		}
		keys := unsorted(z)
		if keys == nil {
			b.WriteString(raw)
			continue
		}
		all := strings.Join(keys, " ")
		number, ok := known[all]
		if !ok {
			number = len(orders)
			known[all] = number
			orders = append(orders, keys)
		}
		end := strings.IndexAny(raw, " \t\r\n\f/>")
		b.WriteString(raw[:end] + " " + orderMark + "=" + strconv.Itoa(number) + " " + raw[end:])
	}
}

// manyAttributes reports whether there may be such a tag with two attributes.
func manyAttributes(text string) bool {
	for {
		i := strings.IndexByte(text, '<')
		if i < 0 {
			return false
		}
		text = text[i+1:]
		name := strings.IndexAny(text, " \t\r\n\f/>")
		if name < 1 || name > len("strong") || !formatting[strings.ToLower(text[:name])] {
			continue
		}
		if end := strings.IndexByte(text, '>'); end < 0 || strings.ContainsAny(text[name+1:max(end, name+1)], " \t\r\n\f/\"'") {
			return true
		}
	}
}

// unsorted gives the names of the attributes of a tag if their order would change.
func unsorted(z *nethtml.Tokenizer) []string {
	name, more := z.TagName()
	if !more || !formatting[string(name)] {
		return nil
	}
	var keys []string
	sorted := true
	for more {
		var key []byte
		key, _, more = z.TagAttr()
		if n := len(keys); n > 0 && keys[n-1] > string(key) {
			sorted = false
		}
		keys = append(keys, string(key))
	}
	if sorted {
		return nil
	}
	return keys
}

// restoreAll is restore for a node and those in it.
func restoreAll(n *nethtml.Node, orders [][]string) bool {
	clean := restore(n, orders)
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		clean = restoreAll(c, orders) && clean
	}
	return clean
}

// restore puts a node's attributes into their order; false says that the mark is in a
// text.
func restore(n *nethtml.Node, orders [][]string) bool {
	if n.Type != nethtml.ElementNode {
		return !strings.Contains(n.Data, orderMark)
	}
	at := -1
	for i, a := range n.Attr {
		if a.Key == orderMark {
			at = i
		} else if strings.Contains(a.Val, orderMark) || strings.Contains(a.Key, orderMark) {
			return false
		}
	}
	if at < 0 {
		return true
	}
	number, err := strconv.Atoi(n.Attr[at].Val)
	if err != nil || number >= len(orders) {
		return false
	}
	sorted := n.Attr
	n.Attr = make([]nethtml.Attribute, 0, len(sorted)-1)
	for _, key := range orders[number] {
		for _, a := range sorted {
			if a.Key == key && !hasAttr(n.Attr, key) {
				n.Attr = append(n.Attr, a)
			}
		}
	}
	return true
}

func hasAttr(list []nethtml.Attribute, key string) bool {
	for _, a := range list {
		if a.Key == key {
			return true
		}
	}
	return false
}
