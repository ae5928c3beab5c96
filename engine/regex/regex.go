package regex

import (
	"strings"
	"sync"

	"github.com/lockstep-flows/lockstep/engine/value"
)

// maxSteps bounds the work of one match; a pattern that needs more is an error.
const maxSteps = 50_000_000

// flag is a set of the letters after a regular expression.
type flag uint8

const (
	flagIndices flag = 1 << iota // d
	flagGlobal                   // g
	flagIgnoreCase
	flagMultiline
	flagDotAll // s
	flagUnicode
	flagSets   // v
	flagSticky // y
)

// flagLetters are the letters in the order in which RegExp.prototype.flags shows them.
const flagLetters = "dgimsuvy"

// Regexp is a compiled regular expression. It holds no position: lastIndex is
// the caller's. It may be used by several goroutines.
type Regexp struct {
	source string
	flags  flag
	prog   *program
	spare  sync.Pool // of *machine: memory only, never state
}

// Compile compiles a JavaScript regular expression. The error is a *value.Error,
// the SyntaxError that new RegExp(source, flags) throws.
func Compile(source, flags string) (*Regexp, error) {
	f, ok := parseFlags(flags)
	if !ok {
		return nil, value.NewError("SyntaxError", "Invalid flags supplied to RegExp constructor '"+flags+"'")
	}
	fail := func(why string) (*Regexp, error) {
		return nil, value.NewError("SyntaxError", "Invalid regular expression: /"+source+"/"+f.String()+": "+why)
	}
	p := newParser(source, f)
	root, err := p.parse()
	if err != nil {
		return fail(err.Error())
	}
	prog, err := compile(root, p)
	if err != nil {
		return fail(err.Error())
	}
	return &Regexp{source: source, flags: f, prog: prog}, nil
}

func parseFlags(s string) (f flag, ok bool) {
	for i := range len(s) {
		at := strings.IndexByte(flagLetters, s[i])
		if at < 0 || f&(1<<at) != 0 {
			return 0, false
		}
		f |= 1 << at
	}
	return f, f&flagUnicode == 0 || f&flagSets == 0
}

// String gives the letters in JavaScript's order.
func (f flag) String() string {
	var b []byte
	for i := range len(flagLetters) {
		if f&(1<<i) != 0 {
			b = append(b, flagLetters[i])
		}
	}
	return string(b)
}

func (f flag) has(x flag) bool { return f&x != 0 }

// unicode reports whether matching goes by code points.
func (f flag) unicode() bool { return f&(flagUnicode|flagSets) != 0 }

// Source is the source property: the pattern so written that it can stand
// between slashes.
func (r *Regexp) Source() string {
	if r.source == "" {
		return "(?:)"
	}
	if !strings.ContainsAny(r.source, "/\n\r\u2028\u2029") {
		return r.source
	}
	var b strings.Builder
	escaped, class := false, false
	for _, c := range r.source {
		esc := escaped
		escaped = c == '\\' && !esc
		switch c {
		case '[':
			class = class || !esc
		case ']':
			class = class && esc
		}
		writeSourceRune(&b, c, esc, class)
	}
	return b.String()
}

func writeSourceRune(b *strings.Builder, c rune, escaped, class bool) {
	names := map[rune]string{'\n': "n", '\r': "r", '\u2028': "u2028", '\u2029': "u2029"}
	if name, ok := names[c]; ok {
		if !escaped {
			b.WriteByte('\\')
		}
		b.WriteString(name)
		return
	}
	if c == '/' && !escaped && !class {
		b.WriteByte('\\')
	}
	b.WriteRune(c)
}

// Flags is the flags property: the letters in JavaScript's order.
func (r *Regexp) Flags() string { return r.flags.String() }

// Global reports whether the g flag is set.
func (r *Regexp) Global() bool { return r.flags.has(flagGlobal) }

// Sticky reports whether the y flag is set.
func (r *Regexp) Sticky() bool { return r.flags.has(flagSticky) }

// Groups is the number of capturing groups.
func (r *Regexp) Groups() int { return r.prog.groups }

// Names gives the names of the capturing groups: Names()[i] is that of group i+1,
// "" if it has none. It must not be changed.
func (r *Regexp) Names() []string { return r.prog.names }

// Group is one capture of a match: positions in UTF-16 units and the text. Ok is
// false, and the positions -1, if the group took no part.
type Group struct {
	Start, End int
	Text       string
	Ok         bool
}

// Match is one match. Groups[0] is the whole of it, the rest are the captures in
// the order of their opening parentheses; Names is as in Regexp.Names.
type Match struct {
	Groups []Group
	Names  []string
}

// Index is the position of the match in UTF-16 units.
func (m *Match) Index() int { return m.Groups[0].Start }

// End is the position after the match in UTF-16 units.
func (m *Match) End() int { return m.Groups[0].End }

// Text is the matched text.
func (m *Match) Text() string { return m.Groups[0].Text }

// Test reports whether the expression matches anywhere in s (with the y flag: at
// its start). A match that exceeds the step limit counts as none; Exec tells.
func (r *Regexp) Test(s string) bool {
	sc := r.Scan(s)
	ok, err := sc.find(0)
	sc.Close()
	return ok && err == nil
}

// Exec gives the first match at or after the position from (UTF-16 units), nil if
// there is none. With the y flag the match must start at from. The error tells
// that the step limit was exceeded.
func (r *Regexp) Exec(s string, from int) (*Match, error) {
	sc := r.Scan(s)
	m, err := sc.Next(from)
	sc.Close()
	return m, err
}
