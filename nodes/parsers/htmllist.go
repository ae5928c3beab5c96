package parsers

import nethtml "golang.org/x/net/html"

// inSelect are the elements that parse5 6 lets be in a select; newer versions of the
// HTML standard, as the parser here follows, allow others too.
var inSelect = map[string]bool{"option": true, "optgroup": true, "script": true, "template": true}

// flattenLists takes from the lists of choices what cheerio's parser leaves out.
func flattenLists(n *nethtml.Node) {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if isTag(c) && c.Data == "select" && c.Namespace == "" {
			flattenList(c)
		} else {
			flattenLists(c)
		}
	}
}

func flattenList(list *nethtml.Node) {
	for c := list.FirstChild; c != nil; {
		next := c.NextSibling
		switch {
		case !isTag(c):
		case c.Data == "hr":
			list.RemoveChild(c)
		case inSelect[c.Data]:
			if c.Data != "script" && c.Data != "template" {
				flattenList(c)
			}
		default:
			if c.FirstChild != nil {
				next = c.FirstChild
			}
			for c.FirstChild != nil {
				inner := c.FirstChild
				c.RemoveChild(inner)
				list.InsertBefore(inner, c)
			}
			list.RemoveChild(c)
		}
		c = next
	}
	joinTexts(list)
}

// joinTexts makes one text of texts that stand side by side.
func joinTexts(n *nethtml.Node) {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		for next := c.NextSibling; next != nil && c.Type == nethtml.TextNode && next.Type == nethtml.TextNode; next = c.NextSibling {
			c.Data += next.Data
			n.RemoveChild(next)
		}
	}
}
