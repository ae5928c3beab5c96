package yaml

import (
	"strings"
	"unicode/utf8"

	"github.com/lockstep-flows/lockstep/engine/value"
)

// oldWords are booleans of older YAML, which are put in quotes.
var oldWords = map[string]bool{"y": true, "Y": true, "yes": true, "Yes": true, "YES": true, "on": true, "On": true, "ON": true,
	"n": true, "N": true, "no": true, "No": true, "NO": true, "off": true, "Off": true, "OFF": true}

// isBase60 reports whether a text is a number of older YAML such as 1:30.
func isBase60(s string) bool {
	if s != "" && (s[0] == '-' || s[0] == '+') {
		s = s[1:]
	}
	run := func() bool {
		n := 0
		for n < len(s) && (s[n]-'0' <= 9 || s[n] == '_') {
			n++
		}
		s = s[n:]
		return n > 0
	}
	if !run() || s == "" || s[0] != ':' {
		return false
	}
	for s != "" && s[0] == ':' {
		s = s[1:]
		if !run() {
			return false
		}
	}
	if s != "" && s[0] == '.' {
		s = s[1:]
		run()
	}
	return s == ""
}

// writeScalar writes a string in the style that suits it.
func writeScalar(s string, p position) string {
	if s == "" {
		return "''"
	}
	if len(s) <= 3 && oldWords[s] || isBase60(s) {
		return "'" + s + "'"
	}
	indent := indentStep * max(1, p.level)
	width := max(40, 80-indent)
	switch chooseStyle(s, p.key, width) {
	case plainStyle:
		return s
	case singleStyle:
		return "'" + strings.ReplaceAll(s, "'", "''") + "'"
	case literalStyle:
		return "|" + blockHead(s) + strings.TrimSuffix(indentLines(s, indent), "\n")
	case foldedStyle:
		return ">" + blockHead(s) + strings.TrimSuffix(indentLines(foldText(s, width), indent), "\n")
	}
	return `"` + escapeText(s) + `"`
}

type style uint8

const (
	plainStyle style = iota
	singleStyle
	literalStyle
	foldedStyle
	doubleStyle
)

// runeAt reads a code point, a lone surrogate too.
func runeAt(s string, i int) (rune, int) {
	if s[i] < utf8.RuneSelf {
		return rune(s[i]), 1
	}
	if s[i] == 0xED && i+2 < len(s) && s[i+1] >= 0xA0 {
		return 0xD000 | rune(s[i+1]&0x3F)<<6 | rune(s[i+2]&0x3F), 3
	}
	return utf8.DecodeRuneInString(s[i:])
}

func printable(c rune) bool {
	return c >= 0x20 && c <= 0x7E || c >= 0xA1 && c <= 0xD7FF && c != 0x2028 && c != 0x2029 ||
		c >= 0xE000 && c <= 0xFFFD && c != 0xFEFF || c >= 0x10000 && c <= 0x10FFFF
}

// chooseStyle finds the style for a string: plain if nothing in it means something
// else, a block if it has several lines or one that is too long.
func chooseStyle(s string, oneLine bool, width int) style {
	first, _ := runeAt(s, 0)
	last := s[len(s)-1]
	plain := printable(first) && !strings.ContainsRune(" \t-?:,[]{}#&*!|=>'\"%@`", first) && !isWhite(last) && last != ':'
	breaks, foldable := false, false
	prev, lineStart, lineByte := rune(-1), 0, 0
	units := 0
	tooLong := func() bool {
		return units-lineStart > width && lineByte < len(s) && s[lineByte] != ' '
	}
	for i := 0; i < len(s); {
		c, n := runeAt(s, i)
		if c == '\n' && !oneLine {
			breaks = true
			foldable = foldable || tooLong()
			lineStart, lineByte = units+1, i+1
		} else if !printable(c) {
			return doubleStyle
		}
		plain = plain && plainSafe(c, prev)
		prev = c
		i += n
		if units++; c >= 0x10000 {
			units++
		}
	}
	foldable = foldable || !oneLine && tooLong()
	switch {
	case foldable:
		return foldedStyle
	case breaks:
		return literalStyle
	case plain:
		if _, _, typed := implicit(value.Str(s)); !typed {
			return plainStyle
		}
	}
	return singleStyle
}

// plainSafe reports whether a character may be in a plain scalar after another.
func plainSafe(c, prev rune) bool {
	content := printable(c)
	if prev == ':' {
		return content && c != ' '
	}
	return content && (c != '#' || printable(prev) && prev != ' ')
}

// blockHead is what follows | or >: how a reader finds the indentation, and what
// becomes of the line breaks at the end.
func blockHead(s string) string {
	head := ""
	if t := strings.TrimLeft(s, "\n"); t != "" && t[0] == ' ' {
		head = "2"
	}
	switch {
	case !strings.HasSuffix(s, "\n"):
		head += "-"
	case s == "\n" || strings.HasSuffix(s, "\n\n"):
		head += "+"
	}
	return head + "\n"
}

// indentLines indents all lines that are not empty.
func indentLines(s string, n int) string {
	var b strings.Builder
	pad := strings.Repeat(" ", n)
	for _, line := range strings.SplitAfter(s, "\n") {
		if line != "" && line != "\n" {
			b.WriteString(pad)
		}
		b.WriteString(line)
	}
	return b.String()
}

// foldText breaks the lines of a text at a width. A line break of its own is doubled,
// unless a line beside it begins with a space.
func foldText(s string, width int) string {
	var b strings.Builder
	end := strings.IndexByte(s, '\n')
	if end < 0 {
		end = len(s)
	}
	b.WriteString(foldLine(s[:end], width))
	indented := s[0] == '\n' || s[0] == ' '
	for rest := s[end:]; rest != ""; {
		n := 0
		for n < len(rest) && rest[n] == '\n' {
			n++
		}
		line := rest[n:]
		if i := strings.IndexByte(line, '\n'); i >= 0 {
			line = line[:i]
		}
		b.WriteString(rest[:n])
		more := strings.HasPrefix(line, " ")
		if !indented && !more && line != "" {
			b.WriteByte('\n')
		}
		b.WriteString(foldLine(line, width))
		indented = more
		rest = rest[n+len(line):]
	}
	return b.String()
}

// foldLine breaks a line at single spaces so that its parts fit a width, which counts
// UTF-16 units.
func foldLine(line string, width int) string {
	if line == "" || line[0] == ' ' {
		return line
	}
	var out strings.Builder
	start, current := 0, 0 // bytes; where the part begins, and the last place to break it
	startUnit, at, unit := 0, 0, 0
	put := func(end int) {
		if start > 0 || out.Len() > 0 {
			out.WriteByte('\n')
		}
		out.WriteString(line[start:end])
	}
	for i := 0; i < len(line); {
		_, n := runeAt(line, i)
		if line[i] != ' ' || i+1 >= len(line) || line[i+1] == ' ' {
			i += n
			if unit++; n == 4 {
				unit++
			}
			continue
		}
		if unit-startUnit > width {
			end, endUnit := i, unit
			if current > start {
				end, endUnit = current, at
			}
			put(end)
			start, startUnit = end+1, endUnit+1
		}
		current, at = i, unit
		i++ // the space, and the character after it
		unit++
		_, n = runeAt(line, i)
		i += n
		if unit++; n == 4 {
			unit++
		}
	}
	if unit-startUnit > width && current > start {
		put(current)
		start = current + 1
	}
	put(len(line))
	return out.String()
}

// escapeText escapes a text for double quotes.
func escapeText(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); {
		c, n := runeAt(s, i)
		i += n
		if e := escapeOf(c); e != 0 {
			b.WriteByte('\\')
			b.WriteByte(e)
			continue
		}
		if printable(c) {
			b.WriteRune(c)
			continue
		}
		const hex = "0123456789ABCDEF"
		if c <= 0xFF {
			b.WriteString(`\x`)
		} else {
			b.WriteString(`\u`)
			b.WriteByte(hex[c>>12&15])
			b.WriteByte(hex[c>>8&15])
		}
		b.WriteByte(hex[c>>4&15])
		b.WriteByte(hex[c&15])
	}
	return b.String()
}

// escapeOf is the letter of a character's escape, 0 if it has none.
func escapeOf(c rune) byte {
	if c == '/' || c == ' ' {
		return 0
	}
	for rest := simpleEscapes; rest != ""; {
		name := rest[0]
		means, n := utf8.DecodeRuneInString(rest[1:])
		if means == c && name != '\t' {
			return name
		}
		rest = rest[1+n:]
	}
	return 0
}
