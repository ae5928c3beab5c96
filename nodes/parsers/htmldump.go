package parsers

import (
	"strconv"
	"strings"
	"unicode/utf8"

	nethtml "golang.org/x/net/html"

	"github.com/lockstep-flows/lockstep/engine"
	"github.com/lockstep-flows/lockstep/engine/value"
)

// appendShownText appends the text of a node without scripts and styles.
func appendShownText(dst []byte, n *nethtml.Node) []byte {
	if n.Type == nethtml.TextNode {
		return append(dst, n.Data...)
	}
	if n.Type == nethtml.ElementNode && (n.Data == "script" || n.Data == "style") {
		return dst
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		dst = appendShownText(dst, c)
	}
	return dst
}

// appendMatchedText appends the text that :contains looks at.
func appendMatchedText(dst []byte, n *nethtml.Node) []byte {
	switch {
	case n.Type == nethtml.TextNode:
		return append(dst, n.Data...)
	case n.Type != nethtml.ElementNode:
		return dst
	case n.Data == "br":
		return append(dst, '\n')
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		dst = appendMatchedText(dst, c)
	}
	return dst
}

// innerHTML is what is in an element as HTML, without space at its ends.
func innerHTML(n *nethtml.Node) (string, error) {
	if n.Type != nethtml.ElementNode {
		return "", engine.Fail("Cannot read properties of null (reading 'trim')")
	}
	return value.Trim(string(appendHTML(nil, n))), nil
}

// voidElements have no end tag in HTML.
var voidElements = map[string]bool{
	"area": true, "base": true, "basefont": true, "bgsound": true, "br": true, "col": true,
	"embed": true, "frame": true, "hr": true, "img": true, "input": true, "keygen": true,
	"link": true, "meta": true, "param": true, "source": true, "track": true, "wbr": true,
}

// rawElements hold text that is not escaped in HTML.
var rawElements = map[string]bool{
	"style": true, "script": true, "xmp": true, "iframe": true, "noembed": true,
	"noframes": true, "plaintext": true, "noscript": true,
}

var (
	textEscapes = strings.NewReplacer("&", "&amp;", "\u00a0", "&nbsp;", "<", "&lt;", ">", "&gt;")
	attrEscapes = strings.NewReplacer("&", "&amp;", "\u00a0", "&nbsp;", `"`, "&quot;")
)

// appendHTML appends the children of a node as the HTML standard has it.
func appendHTML(dst []byte, n *nethtml.Node) []byte {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		switch c.Type {
		case nethtml.TextNode:
			if n.Type == nethtml.ElementNode && rawElements[n.Data] {
				dst = append(dst, c.Data...)
			} else {
				dst = append(dst, textEscapes.Replace(c.Data)...)
			}
		case nethtml.CommentNode:
			dst = append(append(append(dst, "<!--"...), c.Data...), "-->"...)
		case nethtml.DocumentNode:
			dst = appendHTML(dst, c)
		case nethtml.ElementNode:
			dst = append(append(dst, '<'), c.Data...)
			for _, a := range c.Attr {
				dst = append(dst, ' ')
				if a.Namespace != "" && a.Key != "xmlns" {
					dst = append(append(dst, a.Namespace...), ':')
				}
				dst = append(append(append(append(dst, a.Key...), `="`...), attrEscapes.Replace(a.Val)...), '"')
			}
			dst = append(dst, '>')
			if !voidElements[c.Data] {
				dst = appendHTML(dst, c)
				dst = append(append(append(dst, "</"...), c.Data...), '>')
			}
		}
	}
	return dst
}

// xmlOfHTML writes a piece of HTML as XML.
func xmlOfHTML(text string) (string, error) {
	doc, err := parseFragment(text)
	if err != nil {
		return "", err
	}
	return string(appendXML(nil, doc)), nil
}

func appendXML(dst []byte, n *nethtml.Node) []byte {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		switch c.Type {
		case nethtml.TextNode:
			dst = appendXMLText(dst, c.Data)
		case nethtml.CommentNode:
			dst = append(append(append(dst, "<!--"...), c.Data...), "-->"...)
		case nethtml.DocumentNode:
			dst = appendXML(dst, c)
		case nethtml.ElementNode:
			dst = append(append(dst, '<'), c.Data...)
			for _, a := range c.Attr {
				dst = append(append(append(dst, ' '), a.Key...), `="`...)
				dst = append(appendXMLText(dst, a.Val), '"')
			}
			if c.FirstChild == nil {
				dst = append(dst, "/>"...)
				continue
			}
			dst = appendXML(append(dst, '>'), c)
			dst = append(append(append(dst, "</"...), c.Data...), '>')
		}
	}
	return dst
}

// appendXMLText escapes what is special in XML and all that is not ASCII.
func appendXMLText(dst []byte, text string) []byte {
	for _, r := range text {
		switch {
		case r == '&':
			dst = append(dst, "&amp;"...)
		case r == '<':
			dst = append(dst, "&lt;"...)
		case r == '>':
			dst = append(dst, "&gt;"...)
		case r == '"':
			dst = append(dst, "&quot;"...)
		case r == '\'':
			dst = append(dst, "&apos;"...)
		case r < utf8.RuneSelf:
			dst = append(dst, byte(r))
		default:
			dst = append(dst, "&#x"...)
			dst = append(dst, strings.ToUpper(strconv.FormatInt(int64(r), 16))...)
			dst = append(dst, ';')
		}
	}
	return dst
}
