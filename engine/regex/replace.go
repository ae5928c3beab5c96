package regex

import (
	"strings"

	"github.com/lockstep-flows/lockstep/engine/value"
)

// MatchAll gives all matches from the start of s on, as the g flag finds them.
func (r *Regexp) MatchAll(s string) ([]*Match, error) {
	sc := r.Scan(s)
	defer sc.Close()
	var all []*Match
	for at := 0; ; {
		m, err := sc.Next(at)
		if m == nil || err != nil {
			return all, err
		}
		all = append(all, m)
		if at = m.End(); at == m.Index() {
			at = sc.advance(at)
		}
	}
}

// Replace is s.replace(re, replacement): all matches with the g flag, else the
// first. $$ $& $` $' $1 $<name> in the replacement stand for what JavaScript says.
func (r *Regexp) Replace(s, replacement string) (string, error) {
	if !strings.Contains(replacement, "$") {
		return r.replace(s, func(*Scanner, *Match) (string, error) { return replacement, nil })
	}
	return r.replace(s, func(sc *Scanner, m *Match) (string, error) {
		return sc.expand(replacement, m), nil
	})
}

// ReplaceFunc is Replace with a function that gives the text for each match.
func (r *Regexp) ReplaceFunc(s string, f func(*Match) (string, error)) (string, error) {
	return r.replace(s, func(_ *Scanner, m *Match) (string, error) { return f(m) })
}

func (r *Regexp) replace(s string, f func(*Scanner, *Match) (string, error)) (string, error) {
	sc := r.Scan(s)
	defer sc.Close()
	var b strings.Builder
	done, found := 0, false
	for at := 0; ; {
		m, err := sc.Next(at)
		if err != nil {
			return "", err
		}
		if m == nil {
			break
		}
		text, err := f(sc, m)
		if err != nil {
			return "", err
		}
		found = true
		b.WriteString(sc.Slice(done, m.Index()))
		b.WriteString(text)
		done = m.End()
		if !r.flags.has(flagGlobal) {
			break
		}
		if at = done; at == m.Index() {
			at = sc.advance(at)
		}
	}
	if !found {
		return s, nil
	}
	b.WriteString(sc.Slice(done, sc.len))
	return joined(b.String()), nil
}

// joined makes one character of surrogate halves that met.
func joined(s string) string {
	if !strings.Contains(s, "\xED") {
		return s
	}
	return value.FromUTF16(value.UTF16(s))
}

// expand is JavaScript's GetSubstitution.
func (sc *Scanner) expand(t string, m *Match) string {
	var b strings.Builder
	for {
		i := strings.IndexByte(t, '$')
		if i < 0 || i+1 == len(t) {
			b.WriteString(t)
			return b.String()
		}
		b.WriteString(t[:i])
		t = t[i:]
		n := 2
		switch c := t[1]; {
		case c == '$':
			b.WriteByte('$')
		case c == '&':
			b.WriteString(m.Text())
		case c == '`':
			b.WriteString(sc.Slice(0, m.Index()))
		case c == '\'':
			b.WriteString(sc.Slice(m.End(), sc.len))
		case c >= '0' && c <= '9':
			n = expandNumber(&b, t, m)
		case c == '<':
			n = expandName(&b, t, m)
		default:
			b.WriteByte('$')
			n = 1
		}
		t = t[n:]
	}
}

// expandNumber writes the group of $1 or $12 at the start of t and gives the
// length of that.
func expandNumber(b *strings.Builder, t string, m *Match) int {
	n, size := int(t[1]-'0'), 2
	if len(t) > 2 && t[2] >= '0' && t[2] <= '9' {
		if two := n*10 + int(t[2]-'0'); two > 0 && two < len(m.Groups) {
			n, size = two, 3
		}
	}
	if n == 0 || n >= len(m.Groups) {
		b.WriteByte('$')
		return 1
	}
	b.WriteString(m.Groups[n].Text)
	return size
}

func expandName(b *strings.Builder, t string, m *Match) int {
	end := strings.IndexByte(t, '>')
	named := false
	for _, name := range m.Names {
		named = named || name != ""
	}
	if !named || end < 0 {
		b.WriteByte('$')
		return 1
	}
	for i, name := range m.Names {
		if name != "" && name == t[2:end] {
			b.WriteString(m.Groups[i+1].Text)
		}
	}
	return end + 1
}

// Split is s.split(re, limit); a negative limit stands for none. A part that took
// no part in a match (a group without a match) has Ok false.
func (r *Regexp) Split(s string, limit int) ([]Group, error) {
	if limit == 0 {
		return nil, nil
	}
	sc := r.Scan(s)
	defer sc.Close()
	if sc.len == 0 {
		if m, err := sc.at(0); m != nil || err != nil {
			return nil, err
		}
		return []Group{{0, 0, s, true}}, nil
	}
	sc.sticky = false // split looks for itself
	var parts []Group
	start := 0
	for at := 0; at < sc.len; {
		m, err := sc.Next(at)
		if err != nil {
			return nil, err
		}
		if m == nil || m.Index() >= sc.len {
			break
		}
		if m.End() == start {
			at = sc.advance(at)
			continue
		}
		parts = append(parts, Group{start, m.Index(), sc.Slice(start, m.Index()), true})
		start = m.End()
		parts = append(parts, m.Groups[1:]...)
		if limit > 0 && len(parts) >= limit {
			return parts[:limit], nil
		}
		at = start
	}
	return append(parts, Group{start, sc.len, sc.Slice(start, sc.len), true}), nil
}

// at gives the match that starts at i exactly.
func (sc *Scanner) at(i int) (*Match, error) {
	m, err := sc.Next(i)
	if m != nil && m.Index() != i {
		return nil, err
	}
	return m, err
}
