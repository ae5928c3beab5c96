package parsers

import (
	"strings"

	"github.com/lockstep-flows/lockstep/engine"
)

// attribute reads a part in brackets.
func (p *selectorParser) attribute() (a part, err error) {
	a.kind = partAttribute
	p.skip(1)
	switch {
	case p.byteAt(p.at) == '|':
		a.name, err = p.name(1)
	case p.at < len(p.text) && strings.HasPrefix(p.text[p.at:], "*|"):
		a.namespaced, a.namespace = true, "*"
		a.name, err = p.name(2)
	default:
		a.name, err = p.name(0)
		if err == nil && p.byteAt(p.at) == '|' && p.byteAt(p.at+1) != '=' {
			a.namespaced, a.namespace = true, a.name
			a.name, err = p.name(1)
		}
	}
	if err != nil {
		return a, err
	}
	p.skip(0)
	if err := p.comparison(&a); err != nil {
		return a, err
	}
	if p.byteAt(p.at) != ']' {
		return a, engine.Fail("Attribute selector didn't terminate")
	}
	p.at++
	return a, nil
}

// comparison reads the operator, the text and the flag of an attribute.
func (p *selectorParser) comparison(a *part) (err error) {
	switch c := p.byteAt(p.at); c {
	case '~', '^', '$', '*', '!', '|':
		a.op = string(c) + "="
		if p.byteAt(p.at+1) != '=' {
			return engine.Fail("Expected `=`")
		}
		p.skip(2)
	case '=':
		a.op = "="
		p.skip(1)
	default:
		return nil
	}
	if a.text, err = p.operand(); err != nil {
		return err
	}
	p.skip(0)
	if c := p.byteAt(p.at) | 0x20; c == 's' || c == 'i' {
		a.insensible = c
		p.skip(1)
	}
	return nil
}

func (p *selectorParser) operand() (string, error) {
	start, quote := p.at, p.byteAt(p.at)
	if quote == '\'' || quote == '"' {
		end := start + 1
		for end < len(p.text) && (p.text[end] != quote || p.escaped(end)) {
			end++
		}
		if end >= len(p.text) {
			return "", engine.Fail("Attribute value didn't end")
		}
		p.at = end + 1
		return unescapeSelector(p.text[start+1 : end]), nil
	}
	for p.at < len(p.text) && (!isSelectorSpace(p.text[p.at]) && p.text[p.at] != ']' || p.escaped(p.at)) {
		p.at++
	}
	return unescapeSelector(p.text[min(start, len(p.text)):min(p.at, len(p.text))]), nil
}

// selectorArguments are the pseudo-classes whose argument is a selector.
var selectorArguments = map[string]bool{
	"has": true, "not": true, "matches": true, "is": true, "where": true, "host": true, "host-context": true,
}

func (p *selectorParser) pseudo() (one part, err error) {
	colons := 1
	one.kind = partPseudo
	if p.byteAt(p.at+1) == ':' {
		colons, one.kind = 2, partPseudoElement
	}
	if one.name, err = p.name(colons); err != nil {
		return one, err
	}
	one.name = strings.ToLower(one.name)
	if p.byteAt(p.at) != '(' {
		return one, nil
	}
	if one.kind == partPseudo && selectorArguments[one.name] {
		err = p.inner(&one)
		return one, err
	}
	one.hasData = true
	if one.data, err = p.argument(); err != nil || one.kind == partPseudoElement {
		return one, err
	}
	if d := one.data; strings.HasSuffix(one.name, "contains") && d != "" && (d[0] == '\'' || d[0] == '"') && d[0] == d[len(d)-1] {
		one.data = d[1:max(1, len(d)-1)]
	}
	one.data = unescapeSelector(one.data)
	return one, nil
}

func (p *selectorParser) inner(one *part) (err error) {
	if c := p.byteAt(p.at + 1); c == '\'' || c == '"' {
		return engine.Fail("Pseudo-selector " + one.name + " cannot be quoted")
	}
	p.at++
	if one.groups, err = p.groups(); err != nil {
		return err
	}
	if p.byteAt(p.at) != ')' {
		return engine.Fail("Missing closing parenthesis in :" + one.name + " (" + p.text + ")")
	}
	p.at++
	return nil
}
