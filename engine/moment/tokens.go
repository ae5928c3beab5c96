package moment

import "strings"

// tokens takes a layout apart: bracketed text, escaped characters, tokens and
// single characters. Line ends are lost, as in the original.
func tokens(layout string) []string {
	var out []string
	for layout != "" {
		n := bracketed(layout)
		if n == 0 && layout[0] == '\\' && len(layout) > 1 {
			if k := token(layout[1:]); k > 0 {
				n = 1 + k
			}
		}
		if n == 0 {
			n = token(layout)
		}
		if n == 0 { // a line end
			n = 1
			if layout[0] >= 0x80 {
				n = 3
			}
			layout = layout[n:]
			continue
		}
		out = append(out, layout[:n])
		layout = layout[n:]
	}
	return out
}

// bracketed is the length of [text] at the start of s, up to the last bracket that
// no other one opens before.
func bracketed(s string) int {
	if s[0] != '[' {
		return 0
	}
	end := strings.IndexByte(s[1:], '[') + 1
	if end == 0 {
		end = len(s)
	}
	return strings.LastIndexByte(s[:end], ']') + 1
}

// run is how often the first character of s repeats, up to most.
func run(s string, most int) int {
	n := 1
	for n < len(s) && n < most && s[n] == s[0] {
		n++
	}
	return n
}

// token is the length of the token or character at the start of s, 0 for a line end.
func token(s string) int {
	starts := func(p string) bool { return strings.HasPrefix(s, p) }
	switch c := s[0]; c {
	case 'H', 'h':
		if len(s) >= 3 && s[1:3] == "mm" {
			if strings.HasPrefix(s[3:], "ss") {
				return 5
			}
			return 3
		}
		return run(s, 2)
	case 'M', 'D', 'd', 'Q':
		if starts("DDDo") {
			return 4
		}
		most := 4
		if c == 'Q' {
			most = 1
		}
		if n := run(s, most); n > 1 || len(s) < 2 || s[1] != 'o' {
			return n
		}
		return 2
	case 'w', 'W':
		if len(s) > 1 && (s[1] == 'o' || s[1] == '|' || s[1] == c) {
			return 2
		}
		return 1
	case 'N':
		return run(s, 5)
	case 'Y':
		n := run(s, 6)
		if n == 3 {
			return 2
		}
		return n
	case 'y':
		if n := run(s, 4); n > 1 || !starts("yo") {
			return n
		}
		return 2
	case 'g', 'G':
		n := run(s, 5)
		if n == 3 {
			return 2
		}
		return n
	case 'k', 'm', 's', 'z', 'Z':
		return run(s, 2)
	case 'S':
		return run(s, 9)
	case '\n', '\r':
		return 0
	}
	return character(s)
}

// character is the length of the UTF-16 unit at the start of s, as far as text goes.
func character(s string) int {
	if s[0] < 0x80 {
		return 1
	}
	if strings.HasPrefix(s, "\u2028") || strings.HasPrefix(s, "\u2029") {
		return 0
	}
	n := 1
	for n < len(s) && s[n]&0xC0 == 0x80 {
		n++
	}
	return n
}

// literal is what a part of a layout that is no token stands for.
func literal(s string) string {
	if at := strings.IndexByte(s, '['); at >= 0 && at+1 < len(s) {
		s = strings.TrimPrefix(s, "[")
		return strings.TrimSuffix(s, "]")
	}
	return strings.ReplaceAll(s, "\\", "")
}

// longLayout is the layout that L, LT and so on stand for, "" if there is none.
func longLayout(s string) string {
	switch s {
	case "LTS":
		return "h:mm:ss A"
	case "LT":
		return "h:mm A"
	case "L":
		return "MM/DD/YYYY"
	case "LL":
		return "MMMM D, YYYY"
	case "LLL":
		return "MMMM D, YYYY h:mm A"
	case "LLLL":
		return "dddd, MMMM D, YYYY h:mm A"
	case "l":
		return "M/D/YYYY"
	case "ll":
		return "MMM D, YYYY"
	case "lll":
		return "MMM D, YYYY h:mm A"
	case "llll":
		return "ddd, MMM D, YYYY h:mm A"
	}
	return ""
}

// expand writes out L, LT and so on.
func expand(layout string) string {
	if !strings.ContainsAny(layout, "Ll") {
		return layout
	}
	for range 6 {
		var b strings.Builder
		for s := layout; s != ""; {
			n := bracketed(s)
			if n == 0 {
				n = longToken(s)
			}
			if long := longLayout(s[:n]); long != "" {
				b.WriteString(long)
			} else {
				b.WriteString(s[:n])
			}
			s = s[n:]
		}
		if b.String() == layout {
			break
		}
		layout = b.String()
	}
	return layout
}

// longToken is the length of L… or l… at the start of s, with a backslash before it
// if there is one; else 1.
func longToken(s string) int {
	at := 0
	if s[0] == '\\' && len(s) > 1 {
		at = 1
	}
	switch {
	case strings.HasPrefix(s[at:], "LTS"):
		return at + 3
	case strings.HasPrefix(s[at:], "LT"):
		return at + 2
	case s[at] == 'L' || s[at] == 'l':
		return at + run(s[at:], 4)
	}
	return 1
}
