package value

import "strings"

type dateKind uint8

const (
	dateEnd dateKind = iota
	dateNumber
	dateSymbol
	dateSpace
	dateWord
	dateOther
)

type dateWordKind uint8

const (
	wordNone dateWordKind = iota
	wordMonth
	wordHalf
	wordZone
	wordT
)

// dateToken is one piece of a date text.
type dateToken struct {
	kind   dateKind
	word   dateWordKind
	symbol byte
	value  int // of a number or of a known word
	length int
}

func (t dateToken) is(symbol byte) bool { return t.kind == dateSymbol && t.symbol == symbol }
func (t dateToken) fixed(n int) bool    { return t.kind == dateNumber && t.length == n }
func (t dateToken) isZ() bool           { return t.word == wordZone && t.length == 1 }
func (t dateToken) sign() int {
	switch {
	case t.is('+'):
		return 1
	case t.is('-'):
		return -1
	}
	return 0
}

// milliseconds reads a number as what follows a decimal point.
func (t dateToken) milliseconds() int {
	n, length := t.value, min(t.length, 9)
	switch length {
	case 1:
		return n * 100
	case 2:
		return n * 10
	}
	for ; length > 3; length-- {
		n /= 10
	}
	return n
}

// dateScanner cuts a text into tokens; peek is the one to come.
type dateScanner struct {
	s    string
	i    int
	peek dateToken
}

func (s *dateScanner) next() dateToken {
	t := s.peek
	s.peek = s.read()
	return t
}

func (s *dateScanner) skip(symbol byte) bool {
	if s.peek.is(symbol) {
		s.next()
		return true
	}
	return false
}

func (s *dateScanner) read() dateToken {
	if s.i >= len(s.s) {
		return dateToken{kind: dateEnd}
	}
	start := s.i
	c := s.s[s.i]
	switch {
	case c >= '0' && c <= '9':
		return s.readNumber()
	case strings.IndexByte(":-+.)", c) >= 0:
		s.i++
		return dateToken{kind: dateSymbol, symbol: c}
	}
	if n := spaceLen(s.s[s.i:]); n > 0 {
		s.i += n
		return dateToken{kind: dateSpace}
	}
	if c >= 'A' {
		for s.i < len(s.s) && s.s[s.i] >= 'A' && spaceLen(s.s[s.i:]) == 0 {
			_, n := decode(s.s, s.i)
			s.i += n
		}
		return knownWord(s.s[start:s.i])
	}
	if c == '(' {
		s.skipParentheses()
		return dateToken{kind: dateOther}
	}
	s.i++
	return dateToken{kind: dateOther}
}

func (s *dateScanner) skipParentheses() {
	balance := 0
	for s.i < len(s.s) {
		switch s.s[s.i] {
		case '(':
			balance++
		case ')':
			balance--
		case 0:
			return
		}
		s.i++
		if balance == 0 {
			return
		}
	}
}

// readNumber reads digits; only nine of them, after leading zeros, count.
func (s *dateScanner) readNumber() dateToken {
	start := s.i
	for s.i < len(s.s) && s.s[s.i] == '0' {
		s.i++
	}
	first := s.i
	n := 0
	for s.i < len(s.s) && s.s[s.i]-'0' <= 9 {
		if s.i-first < 9 {
			n = n*10 + int(s.s[s.i]-'0')
		}
		s.i++
	}
	return dateToken{kind: dateNumber, value: n, length: s.i - start}
}

// dateWords are the words that count, by their first three letters. Only a month
// may be longer.
var dateWords = []struct {
	text  string
	kind  dateWordKind
	value int
}{
	{"jan", wordMonth, 1}, {"feb", wordMonth, 2}, {"mar", wordMonth, 3}, {"apr", wordMonth, 4},
	{"may", wordMonth, 5}, {"jun", wordMonth, 6}, {"jul", wordMonth, 7}, {"aug", wordMonth, 8},
	{"sep", wordMonth, 9}, {"oct", wordMonth, 10}, {"nov", wordMonth, 11}, {"dec", wordMonth, 12},
	{"am", wordHalf, 0}, {"pm", wordHalf, 12}, {"ut", wordZone, 0}, {"utc", wordZone, 0},
	{"z", wordZone, 0}, {"gmt", wordZone, 0}, {"cdt", wordZone, -5}, {"cst", wordZone, -6},
	{"edt", wordZone, -4}, {"est", wordZone, -5}, {"mdt", wordZone, -6}, {"mst", wordZone, -7},
	{"pdt", wordZone, -7}, {"pst", wordZone, -8}, {"t", wordT, 0},
}

func knownWord(s string) dateToken {
	t := dateToken{kind: dateWord, length: UTF16Len(s)}
	for _, w := range dateWords {
		if len(s) == len(w.text) || len(s) > 3 && w.kind == wordMonth {
			if strings.EqualFold(s[:len(w.text)], w.text) && IsASCII(s[:len(w.text)]) {
				t.word, t.value = w.kind, w.value
				return t
			}
		}
	}
	return t
}
