package xml

import (
	"strconv"
	"strings"

	"github.com/lockstep-flows/lockstep/engine/value"
)

// document is what is built, with the options that xmlbuilder reads from the
// declaration and the doctype.
type document struct {
	top      *node
	options  *value.Object
	headless bool
	version  string
}

func (d *document) configure(opts, dec value.Value) {
	d.options = value.NewObject(8)
	for _, from := range []value.Value{dec, given(opts, "doctype", value.Null)} {
		for _, key := range value.Keys(from) {
			v, _ := value.GetKey(from, key)
			d.options.Set(key, v)
		}
	}
	d.headless = value.Truthy(given(opts, "headless", value.False))
	d.version = "1.0"
	if v := d.options.Get("version"); value.Truthy(v) {
		d.version = value.ToString(v)
	} else {
		d.options.Set("version", value.Str("1.0"))
	}
}

func (d *document) flag(name string) bool { return value.Truthy(d.options.Get(name)) }

// declare puts the XML declaration before all else.
func (d *document) declare() error {
	n := &node{doc: d, kind: isDeclaration, parent: d.top}
	if !d.hasVersion() {
		return failure("Invalid version number: " + d.version)
	}
	n.attrs = append(n.attrs, attribute{"version", d.version})
	if v := d.options.Get("encoding"); !v.IsNullish() {
		enc := value.ToString(v)
		if !isEncoding(enc) {
			return failure("Invalid encoding: " + enc)
		}
		n.attrs = append(n.attrs, attribute{"encoding", enc})
	}
	if v := d.options.Get("standalone"); !v.IsNullish() {
		word := "no"
		if value.Truthy(v) {
			word = "yes"
		}
		n.attrs = append(n.attrs, attribute{"standalone", word})
	}
	d.top.children = append([]*node{n}, d.top.children...)
	return nil
}

// hasVersion looks for 1. and a digit.
func (d *document) hasVersion() bool {
	for i := 0; i+2 < len(d.version); i++ {
		if d.version[i] == '1' && d.version[i+1] == '.' && d.version[i+2]-'0' <= 9 {
			return true
		}
	}
	return false
}

func isEncoding(s string) bool {
	for i := range len(s) {
		c := s[i]
		letter := c|0x20 >= 'a' && c|0x20 <= 'z'
		if !letter && (i == 0 || c-'0' > 9 && c != '.' && c != '_' && c != '-') {
			return false
		}
	}
	return s != ""
}

// declareType puts the doctype before the root element if there is one.
func (d *document) declareType(root *node) error {
	public, system := d.options.Get("pubID"), d.options.Get("sysID")
	if public.IsNullish() && system.IsNullish() {
		return nil
	}
	if system.IsNullish() {
		public, system = system, public
	}
	n := &node{doc: d, kind: isDoctype, name: root.name, parent: d.top}
	for _, id := range []value.Value{public, system} {
		text := ""
		if !id.IsNullish() {
			text = value.ToString(id)
			if err := d.checkChars(text); err != nil {
				return err
			}
		}
		n.attrs = append(n.attrs, attribute{"", text})
	}
	last := len(d.top.children) - 1
	d.top.children = append(d.top.children[:last:last], n, d.top.children[last])
	return nil
}

// checkChars fails on characters that XML does not allow.
func (d *document) checkChars(s string) error {
	if d.flag("noValidation") || d.version != "1.0" && d.version != "1.1" {
		return nil
	}
	at := illegal(s, d.version == "1.0")
	if at < 0 {
		return nil
	}
	return failure("Invalid character in string: " + s + " at index " + strconv.Itoa(value.UTF16Len(s[:at])))
}

// illegal finds the first character that is not allowed; a low surrogate counts
// from the character before it.
func illegal(s string, strict bool) int {
	before := 0
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == 0 || strict && c < 0x20 && c != '\t' && c != '\n' && c != '\r':
			return i
		case c == 0xEF && strings.HasPrefix(s[i:], "\xEF\xBF") && i+2 < len(s) && s[i+2] >= 0xBE:
			return i
		case c == 0xED && i+1 < len(s) && s[i+1] >= 0xB0:
			return before
		case c == 0xED && i+1 < len(s) && s[i+1] >= 0xA0:
			return i
		}
		if s[i]&0xC0 != 0x80 {
			before = i
		}
	}
	return -1
}

func (d *document) checkName(s string) error {
	if d.flag("noValidation") {
		return nil
	}
	if err := d.checkChars(s); err != nil {
		return err
	}
	if !legalName(s) {
		return failure("Invalid character in name")
	}
	return nil
}

var (
	textEscapes = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", "\r", "&#xD;")
	attrEscapes = strings.NewReplacer("&", "&amp;", "<", "&lt;", `"`, "&quot;", "\t", "&#x9;", "\n", "&#xA;", "\r", "&#xD;")
)

func (d *document) escapeText(s string) string {
	if !strings.ContainsAny(s, "&<>\r") {
		return s
	}
	return d.escape(s, textEscapes)
}

func (d *document) escapeAttr(s string) string { return d.escape(s, attrEscapes) }

// escape leaves entities as they are if the document says so.
func (d *document) escape(s string, r *strings.Replacer) string {
	if !d.flag("noDoubleEncoding") {
		return r.Replace(s)
	}
	var b strings.Builder
	for i, part := range strings.SplitAfter(s, "&") {
		_ = i
		amp := strings.HasSuffix(part, "&")
		b.WriteString(r.Replace(strings.TrimSuffix(part, "&")))
		s = s[len(part):]
		switch {
		case amp && isEntity(s):
			b.WriteByte('&')
		case amp:
			b.WriteString("&amp;")
		}
	}
	return b.String()
}

// isEntity reports whether a text goes on like an entity: without a space up to a semicolon.
func isEntity(s string) bool {
	end := strings.LastIndexByte(word(s), ';')
	return end > 0
}

// word is a text up to its first white space.
func word(s string) string {
	for i, c := range s {
		if value.Trim(string(c)) == "" {
			return s[:i]
		}
	}
	return s
}
