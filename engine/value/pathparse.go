package value

import (
	"strconv"
	"strings"
)

// pathState is where the parser is: from where the current name runs, and
// whether it is in a string or in brackets.
type pathState struct {
	i, start int
	quote    string // "" outside a string
	box      bool
	n        int
}

// parse follows normalisePropertyExpression of @node-red/util step by step, so
// that each malformed expression gives the same error.
func (p *pathParser) parse() *Error {
	s := pathState{n: p.len()}
	if s.n == 0 {
		return invalidExpr("Invalid property expression: zero-length")
	}
	for ; s.i < s.n; s.i++ {
		var err *Error
		c := p.at(s.i)
		switch {
		case s.quote != "":
			if c == s.quote {
				err = p.endString(&s)
			}
		case c == "'" || c == `"`:
			if s.i != s.start {
				err = unexpected(c, s.i)
			}
			s.quote, s.start = c, s.i+1
		case c == ".":
			err = p.dot(&s)
		case c == "[":
			err = p.open(&s)
		case c == "]":
			err = p.close(&s)
		case c == " ":
			err = invalidExpr("Invalid property expression: unexpected ' ' at position " + strconv.Itoa(s.i))
		}
		if err != nil {
			return err
		}
	}
	if s.box || s.quote != "" {
		return unterminated()
	}
	if s.start < s.n {
		p.push(p.cut(s.start, s.n))
	}
	return nil
}

func unexpected(c string, at int) *Error {
	return invalidExpr("Invalid property expression: unexpected " + c + " at position " + strconv.Itoa(at))
}

func unterminated() *Error {
	return invalidExpr("Invalid property expression: unterminated expression")
}

func arrayExpression(at int) *Error {
	return invalidExpr("Invalid property expression: unexpected array expression at position " + strconv.Itoa(at))
}

func (p *pathParser) dot(s *pathState) *Error {
	if s.i == 0 {
		return unexpected(".", 0)
	}
	if s.start != s.i {
		if v := p.cut(s.start, s.i); digitsOnly(v) {
			p.pushNumber(v)
		} else {
			p.push(v)
		}
	}
	if s.i == s.n-1 {
		return unterminated()
	}
	if !identStart(p.at(s.i + 1)) {
		return unexpected(p.at(s.i+1), s.i+1)
	}
	s.start = s.i + 1
	return nil
}

func (p *pathParser) open(s *pathState) *Error {
	if s.i == 0 {
		return unexpected("[", 0)
	}
	if s.start != s.i {
		p.push(p.cut(s.start, s.i))
	}
	if s.i == s.n-1 {
		return unterminated()
	}
	if rest := p.cut(s.i+1, s.n); strings.HasPrefix(rest, "msg.") || strings.HasPrefix(rest, "msg[") {
		return p.reference(s)
	}
	next := p.at(s.i + 1)
	if next != `"` && next != "'" && !digitsOnly(next) {
		return unexpected(next, s.i+1)
	}
	s.start = s.i + 1
	s.box = true
	return nil
}

// reference reads [msg.x] up to its closing bracket.
func (p *pathParser) reference(s *pathState) *Error {
	depth := 1
	for j := s.i + 1; j < s.n; j++ {
		switch p.at(j) {
		case "[":
			depth++
		case "]":
			depth--
		}
		if depth > 0 {
			continue
		}
		text := p.cut(s.i+1, j)
		ref, err := ParsePath(strings.TrimPrefix(text, "msg."))
		if err != nil {
			return invalidExpr("Invalid expression started at position " + strconv.Itoa(s.i+1))
		}
		ref.expr = text
		p.parts = append(p.parts, part{key: text, index: s.i + 1, ref: &ref})
		s.box = false
		s.i, s.start = j, j+1
		return nil
	}
	return invalidExpr("Invalid property expression: unmatched '[' at position " + strconv.Itoa(s.i))
}

func (p *pathParser) close(s *pathState) *Error {
	if !s.box {
		return unexpected("]", s.i)
	}
	if s.start != s.i {
		v := p.cut(s.start, s.i)
		if !digitsOnly(v) {
			return arrayExpression(s.start)
		}
		p.pushNumber(v)
	}
	s.start = s.i + 1
	s.box = false
	return nil
}

func (p *pathParser) endString(s *pathState) *Error {
	if s.i == s.start {
		return invalidExpr("Invalid property expression: zero-length string at position " + strconv.Itoa(s.start))
	}
	p.push(p.cut(s.start, s.i))
	next := p.at(s.i + 1)
	if s.box && next != "]" {
		return arrayExpression(s.start)
	}
	if !s.box && s.i+1 != s.n && next != "[" && next != "." {
		return invalidExpr("Invalid property expression: unexpected " + next + " expression at position " + strconv.Itoa(s.i+1))
	}
	s.start = s.i + 1
	s.quote = ""
	return nil
}
