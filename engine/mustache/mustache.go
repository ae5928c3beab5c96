// Package mustache renders templates as mustache.js 4.2 does, which Node-RED uses in
// template, trigger and http request nodes. There are no partials.
package mustache

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/lockstep-flows/lockstep/engine/value"
)

// Template is a parsed template, by the rules of mustache.js 4.2 (which Node-RED
// uses), without partials.
type Template struct {
	tokens  []token
	partial bool // {{> something}} is in it
	err     error
}

// token is a piece of a template: text, a variable ("name", escaped; "&", plain)
// or a section ("#", "^") with what is inside.
type token struct {
	kind  string
	text  string
	inner []token
}

// Parse parses a template; its error comes out when it is rendered.
func Parse(text string) *Template {
	p := &parser{s: text, open: "{{", close: "}}"}
	m := &Template{}
	flat, err := p.parse()
	if err != nil {
		m.err = value.ThrownError("Error", err.Error())
		return m
	}
	m.partial = slices.ContainsFunc(flat, func(t token) bool { return t.kind == ">" })
	m.tokens, _ = nest(squash(flat), 0)
	return m
}

type parser struct {
	s           string
	at          int
	open, close string
	tokens      []token
	spaces      []int
	hasTag      bool
	nonSpace    bool
	sections    []string
}

func (p *parser) parse() ([]token, error) {
	for p.at < len(p.s) {
		end := strings.Index(p.s[p.at:], p.open)
		if end < 0 {
			end = len(p.s) - p.at
		}
		p.text(p.s[p.at : p.at+end])
		p.at += end
		if p.at >= len(p.s) {
			break
		}
		start := p.at
		p.at += len(p.open)
		p.skipSpace()
		p.hasTag = true
		if err := p.tag(start); err != nil {
			return nil, err
		}
	}
	p.strip()
	if n := len(p.sections); n > 0 {
		return nil, fmt.Errorf("Unclosed section %q at %d", p.sections[n-1], value.UTF16Len(p.s[:p.at]))
	}
	return p.tokens, nil
}

func (p *parser) skipSpace() {
	for p.at < len(p.s) {
		r, n := utf8.DecodeRuneInString(p.s[p.at:])
		if !unicode.IsSpace(r) && r != '\ufeff' {
			return
		}
		p.at += n
	}
}

// text adds text, a token a character at first, so that the space around tags
// that stand alone on a line can be taken off.
func (p *parser) text(s string) {
	for _, r := range s {
		if unicode.IsSpace(r) || r == '\ufeff' {
			p.spaces = append(p.spaces, len(p.tokens))
		} else {
			p.nonSpace = true
		}
		p.tokens = append(p.tokens, token{kind: "text", text: string(r)})
		if r == '\n' {
			p.strip()
		}
	}
}

// strip takes the space off a line that held nothing but tags.
func (p *parser) strip() {
	if p.hasTag && !p.nonSpace {
		for _, i := range p.spaces {
			p.tokens[i].text = ""
		}
	}
	p.spaces, p.hasTag, p.nonSpace = p.spaces[:0], false, false
}

// until gives what comes before mark, without the space before it, and goes there.
func (p *parser) until(mark string) string {
	end := strings.Index(p.s[p.at:], mark)
	if end < 0 {
		text := p.s[p.at:]
		p.at = len(p.s)
		return text
	}
	text := strings.TrimRightFunc(p.s[p.at:p.at+end], unicode.IsSpace)
	p.at += end
	return text
}

func (p *parser) tag(start int) error {
	kind := "name"
	if p.at < len(p.s) && strings.IndexByte("#^/>{&=!", p.s[p.at]) >= 0 {
		kind = p.s[p.at : p.at+1]
		p.at++
	}
	p.skipSpace()
	var name string
	switch kind {
	case "=":
		name = p.until("=")
		p.at = min(p.at+1, len(p.s))
		p.until(p.close)
	case "{":
		name = p.until("}" + p.close)
		p.at = min(p.at+1, len(p.s))
		p.until(p.close)
		kind = "&"
	default:
		name = p.until(p.close)
	}
	if p.at >= len(p.s) {
		return fmt.Errorf("Unclosed tag at %d", value.UTF16Len(p.s))
	}
	p.at += len(p.close)
	p.tokens = append(p.tokens, token{kind: kind, text: name})
	return p.note(kind, name, start)
}

// note keeps the book of open sections and tag marks.
func (p *parser) note(kind, name string, start int) error {
	at := value.UTF16Len(p.s[:start])
	switch kind {
	case "#", "^":
		p.sections = append(p.sections, name)
	case "/":
		n := len(p.sections)
		if n == 0 {
			return fmt.Errorf("Unopened section %q at %d", name, at)
		}
		if p.sections[n-1] != name {
			return fmt.Errorf("Unclosed section %q at %d", p.sections[n-1], at)
		}
		p.sections = p.sections[:n-1]
	case "name", "&":
		p.nonSpace = true
	case "=":
		marks := strings.Fields(name)
		if len(marks) != 2 {
			return fmt.Errorf("Invalid tags: %s", name)
		}
		p.open, p.close = marks[0], marks[1]
	}
	return nil
}

// squash joins neighbouring text.
func squash(tokens []token) []token {
	var out []token
	var b strings.Builder
	flush := func() {
		if b.Len() > 0 {
			out = append(out, token{kind: "text", text: b.String()})
			b.Reset()
		}
	}
	for _, t := range tokens {
		if t.kind == "text" {
			b.WriteString(t.text)
			continue
		}
		flush()
		out = append(out, t)
	}
	flush()
	return out
}

// nest puts what stands inside a section into it; it gives the tokens up to the
// end of the section that is open at i, and where to go on.
func nest(flat []token, i int) (out []token, next int) {
	for i < len(flat) {
		t := flat[i]
		i++
		switch t.kind {
		case "#", "^":
			t.inner, i = nest(flat, i)
			out = append(out, t)
		case "/":
			return out, i
		case "!", "=", ">":
		default:
			out = append(out, t)
		}
	}
	return out, i
}

// view is a mustache context: a value and those around it.
type view struct {
	v      value.Value
	parent *view
	// root is asked for names that no view has; nil leaves them empty.
	root func(name string) (value.Value, error)
	// adapt changes a found string, in the outermost view only; it may be nil.
	adapt func(s string) string
}

// Render renders the template on a value. root is asked for names the value does
// not have; adapt changes strings found at the outermost level. Both may be nil.
func (m *Template) Render(v value.Value, root func(string) (value.Value, error), adapt ...func(string) string) (string, error) {
	if m.err != nil {
		return "", m.err
	}
	w := &view{v: v, root: root}
	if len(adapt) > 0 {
		w.adapt = adapt[0]
	}
	var b strings.Builder
	err := renderTokens(&b, m.tokens, w)
	return b.String(), err
}

func renderTokens(b *strings.Builder, tokens []token, w *view) error {
	for i := range tokens {
		t := &tokens[i]
		if t.kind == "text" {
			b.WriteString(t.text)
			continue
		}
		v, err := w.lookup(t.text)
		if err != nil {
			return err
		}
		switch t.kind {
		case "#":
			err = renderSection(b, t, v, w)
		case "^":
			if a := v.Array(); !value.Truthy(v) || a != nil && a.Len() == 0 {
				err = renderTokens(b, t.inner, w)
			}
		case "&":
			if !v.IsNullish() {
				b.WriteString(value.ToString(v))
			}
		default:
			if !v.IsNullish() {
				writeEscaped(b, v)
			}
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func renderSection(b *strings.Builder, t *token, v value.Value, w *view) error {
	if !value.Truthy(v) {
		return nil
	}
	if a := v.Array(); a != nil {
		for _, e := range a.Elems {
			if err := renderTokens(b, t.inner, w.push(e)); err != nil {
				return err
			}
		}
		return nil
	}
	if v.IsObject() || v.IsString() || v.IsNumber() {
		w = w.push(v)
	}
	return renderTokens(b, t.inner, w)
}

func (w *view) push(v value.Value) *view { return &view{v: v, parent: w, root: w.root} }

func (w *view) lookup(name string) (value.Value, error) {
	v, ok, err := w.find(name)
	if err != nil {
		return v, err
	}
	if ok && !v.IsUndefined() {
		if w.adapt != nil && v.IsString() {
			v = value.Str(w.adapt(v.Str()))
		}
		return v, nil
	}
	if w.root != nil {
		return w.root(name)
	}
	return value.Undefined, nil
}

// find looks a name up, from the innermost view outwards.
func (w *view) find(name string) (value.Value, bool, error) {
	if name == "." {
		return w.v, true, nil
	}
	for ; w != nil; w = w.parent {
		v, hit, err := property(w.v, name)
		if hit || err != nil {
			return v, hit, err
		}
	}
	return value.Undefined, false, nil
}

// property follows a dotted name into a value; hit says whether the last part is there.
func property(v value.Value, name string) (out value.Value, hit bool, err error) {
	if strings.IndexByte(name, '.') <= 0 {
		if v.IsNullish() {
			_, err = value.GetKey(v, name)
			return value.Undefined, false, err
		}
		if !v.IsObject() {
			return value.Undefined, false, nil
		}
		out, err = value.GetKey(v, name)
		return out, !out.IsUndefined() || value.HasOwn(v, name), err
	}
	parts := strings.Split(name, ".")
	var in value.Value
	for _, p := range parts {
		if v.IsNullish() {
			return value.Undefined, false, nil
		}
		in = v
		if v, err = value.GetKey(v, p); err != nil {
			return v, false, err
		}
	}
	return v, !v.IsUndefined() || value.HasOwn(in, parts[len(parts)-1]), nil
}

var escapes = [128]string{'&': "&amp;", '<': "&lt;", '>': "&gt;", '"': "&quot;", '\'': "&#39;", '/': "&#x2F;", '`': "&#x60;", '=': "&#x3D;"}

func writeEscaped(b *strings.Builder, v value.Value) {
	s := value.ToString(v)
	if v.IsNumber() {
		b.WriteString(s)
		return
	}
	from := 0
	for i := 0; i < len(s); i++ {
		if c := s[i]; c < 128 && escapes[c] != "" {
			b.WriteString(s[from:i])
			b.WriteString(escapes[c])
			from = i + 1
		}
	}
	b.WriteString(s[from:])
}

// HasPartial reports whether a template that can be rendered asks for a partial.
func (m *Template) HasPartial() bool { return m.partial && m.err == nil }
