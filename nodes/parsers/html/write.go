package html

import (
	"strconv"
	"strings"

	"golang.org/x/net/html"
)

// void are the elements that have no end tag.
var void = map[string]bool{"area": true, "base": true, "basefont": true, "bgsound": true, "br": true, "col": true, "embed": true,
	"frame": true, "hr": true, "img": true, "input": true, "keygen": true, "link": true, "meta": true, "param": true, "source": true,
	"track": true, "wbr": true}

// raw are the elements whose text is not escaped.
var raw = map[string]bool{"style": true, "script": true, "xmp": true, "iframe": true, "noembed": true, "noframes": true,
	"plaintext": true, "noscript": true}

var (
	htmlText = strings.NewReplacer("&", "&amp;", "\u00a0", "&nbsp;", "<", "&lt;", ">", "&gt;")
	htmlAttr = strings.NewReplacer("&", "&amp;", "\u00a0", "&nbsp;", `"`, "&quot;")
)

// writeHTML writes a node as parse5 does.
func writeHTML(b *strings.Builder, n *html.Node) {
	switch n.Type {
	case html.TextNode:
		if element(n.Parent) && raw[n.Parent.Data] {
			b.WriteString(n.Data)
		} else {
			_, _ = htmlText.WriteString(b, n.Data)
		}
	case html.CommentNode:
		b.WriteString("<!--" + n.Data + "-->")
	case html.DoctypeNode:
		b.WriteString("<!DOCTYPE " + n.Data + ">")
	case html.ElementNode:
		b.WriteString("<" + n.Data)
		for _, a := range n.Attr {
			b.WriteByte(' ')
			if a.Namespace != "" && a.Key != "xmlns" {
				b.WriteString(a.Namespace + ":")
			}
			b.WriteString(a.Key + `="`)
			_, _ = htmlAttr.WriteString(b, a.Val)
			b.WriteByte('"')
		}
		b.WriteByte('>')
		if void[n.Data] {
			return
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			writeHTML(b, c)
		}
		b.WriteString("</" + n.Data + ">")
	}
}

// writeXML writes a node as dom-serializer does in its XML mode.
func writeXML(b *strings.Builder, n *html.Node) {
	switch n.Type {
	case html.TextNode:
		encodeXML(b, n.Data)
	case html.CommentNode:
		b.WriteString("<!--" + n.Data + "-->")
	case html.ElementNode:
		b.WriteString("<" + n.Data)
		for i, a := range n.Attr {
			if i > 0 && isAttr(n.Attr[:i], a.Key) {
				continue
			}
			b.WriteString(" " + a.Key + `="`)
			encodeXML(b, a.Val)
			b.WriteByte('"')
		}
		if n.FirstChild == nil && (n.Data != "template" || n.Namespace != "") { // a template has its contents
			b.WriteString("/>")
			return
		}
		b.WriteByte('>')
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			writeXML(b, c)
		}
		b.WriteString("</" + n.Data + ">")
	}
}

func isAttr(list []html.Attribute, key string) bool {
	for _, a := range list {
		if a.Key == key {
			return true
		}
	}
	return false
}

// encodeXML escapes what is not ASCII by number, too.
func encodeXML(b *strings.Builder, s string) {
	for _, r := range s {
		switch {
		case r == '&':
			b.WriteString("&amp;")
		case r == '<':
			b.WriteString("&lt;")
		case r == '>':
			b.WriteString("&gt;")
		case r == '"':
			b.WriteString("&quot;")
		case r == '\'':
			b.WriteString("&apos;")
		case r < 0x80:
			b.WriteByte(byte(r))
		default:
			b.WriteString("&#x" + strings.ToUpper(strconv.FormatInt(int64(r), 16)) + ";")
		}
	}
}
