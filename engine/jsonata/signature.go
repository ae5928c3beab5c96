package jsonata

import (
	"strings"

	"github.com/lockstep-flows/lockstep/engine/value"
)

// signature says which arguments a function takes.
type signature struct {
	params []param
	plain  bool // every parameter takes one argument or none
}

// param is one parameter of a signature.
type param struct {
	types   uint32 // a bit for each type letter it takes
	kind    string // the type as written: n, a, (sf) …
	quant   string // how many: "", "?", "??", "+" or "+?"
	subtype string // of the items of an array
	context bool   // the context value stands in for it
	direct  uint32 // the types the context value may have
}

// letters gives the bits of type letters; m, missing, always belongs to them.
func letters(s string) (bits uint32) {
	for i := range len(s) {
		if s[i] >= 'a' && s[i] <= 'z' {
			bits |= 1 << (s[i] - 'a')
		}
	}
	return bits
}

// typeLetters are the types that a parameter letter takes.
func typeLetters(c byte) string {
	switch c {
	case 's', 'n', 'b', 'l', 'o':
		return string([]byte{c, 'm'})
	case 'a', 'x':
		return "asnblfom"
	case 'f':
		return "f"
	case 'j':
		return "asnblom"
	}
	return ""
}

// parseSignature reads <s-n?:s> and the like.
func parseSignature(text string) (*signature, *value.Error) {
	s := &signature{}
	for at := 1; at < len(text) && text[at] != ':'; at++ {
		c := text[at]
		if types := typeLetters(c); types != "" {
			s.params = append(s.params, param{types: letters(types), kind: string(rune(c))})
			continue
		}
		if c == '(' {
			end := closing(text, at, '(', ')')
			choice := text[min(at+1, len(text)):min(end, len(text))]
			if strings.Contains(choice, "<") {
				return nil, fail("S0402", "stack", "value", choice, "offset", at)
			}
			s.params = append(s.params, param{types: letters(choice + "m"), kind: "(" + choice + ")"})
			at = end
			continue
		}
		if len(s.params) == 0 {
			if c == '<' {
				return nil, fail("S0401", "stack", "value", value.Undefined, "offset", at)
			}
			continue
		}
		last := &s.params[len(s.params)-1]
		switch c {
		case '-':
			last.context, last.direct = true, last.types
			last.quant += "?"
		case '?', '+':
			last.quant += string(rune(c))
		case '<':
			if last.kind != "a" && last.kind != "f" {
				return nil, fail("S0401", "stack", "value", last.kind, "offset", at)
			}
			end := closing(text, at, '<', '>')
			last.subtype = text[min(at+1, len(text)):min(end, len(text))]
			at = end
		}
	}
	return s, s.check()
}

// check finds quantifiers that make no sense, and notes whether all are simple.
func (s *signature) check() *value.Error {
	s.plain = true
	for _, p := range s.params {
		switch p.quant {
		case "", "?":
		case "??", "+", "+?":
			s.plain = false
		default:
			return value.NewError("SyntaxError", "Invalid regular expression: /"+s.pattern(len(s.params))+"$/: Nothing to repeat")
		}
	}
	return nil
}

// pattern is the signature as a regular expression over type letters.
func (s *signature) pattern(n int) string {
	text := "^"
	for _, p := range s.params[:n] {
		text += "([" + strings.Trim(p.kind, "()") + "m]" + p.quant + ")"
	}
	return text
}

// closing finds the bracket that closes the one at start.
func closing(s string, start int, open, end byte) int {
	depth := 1
	at := start
	for at < len(s) {
		at++
		if at < len(s) && s[at] == end {
			if depth--; depth == 0 {
				break
			}
		} else if at < len(s) && s[at] == open {
			depth++
		}
	}
	return at
}

// typeOf is the type letter of a value.
func typeOf(v value.Value) byte {
	switch v.Kind() {
	case value.KindString:
		return 's'
	case value.KindNumber:
		return 'n'
	case value.KindBool:
		return 'b'
	case value.KindNull:
		return 'l'
	case value.KindArray:
		return 'a'
	case value.KindUndefined, value.KindBigInt, value.KindSymbol:
		return 'm'
	case value.KindForeign:
		if isFunction(v) {
			return 'f'
		}
		if v.Foreign().IsArray() {
			return 'a'
		}
	}
	return 'o'
}

// takes reports whether the parameter takes a value of that type.
func (p *param) takes(letter byte) bool { return p.types&(1<<(letter-'a')) != 0 }

// validate gives the arguments as the function gets them: the context value where
// one is missing, single values as arrays where arrays are wanted.
func (s *signature) validate(args []value.Value, context value.Value) ([]value.Value, *value.Error) {
	if s.plain && len(args) == len(s.params) {
		if out, ok, err := s.direct(args); ok {
			return out, err
		}
	}
	types := make([]byte, len(args))
	for i, a := range args {
		types[i] = typeOf(a)
	}
	counts := make([]int, len(s.params))
	if !s.match(types, counts, 0, len(s.params), true) {
		return nil, s.mismatch(args, types)
	}
	out := make([]value.Value, 0, len(s.params))
	at, used := 0, 0 // they part where a parameter in the middle is left out
	for i := range s.params {
		p := &s.params[i]
		if counts[i] == 0 {
			v := argument(args, at)
			if p.context {
				if p.direct&(1<<(typeOf(context)-'a')) == 0 {
					return nil, fail("T0411", "stack", "value", context, "index", at+1)
				}
				v = context
			} else {
				at++
			}
			out = append(out, v)
			continue
		}
		matched := string(types[used : used+counts[i]])
		used += counts[i]
		for k := range counts[i] {
			v, err := p.argument(args, at, matched[k], matched)
			if err != nil {
				return nil, err
			}
			out = append(out, v)
			at++
		}
	}
	return out, nil
}

// direct validates the common case of one argument for each parameter; ok is
// false if the types do not fit.
func (s *signature) direct(args []value.Value) (out []value.Value, ok bool, err *value.Error) {
	for i := range args {
		if !s.params[i].takes(typeOf(args[i])) {
			return nil, false, nil
		}
	}
	out = args
	for i := range args {
		if p := &s.params[i]; p.kind == "a" {
			t := typeOf(args[i])
			v, err := p.argument(args, i, t, string(rune(t)))
			if err != nil {
				return nil, true, err
			}
			if t != 'a' {
				if &out[0] == &args[0] {
					out = append([]value.Value(nil), args...)
				}
				out[i] = v
			}
		}
	}
	return out, true, nil
}

func argument(args []value.Value, i int) value.Value {
	if i < len(args) {
		return args[i]
	}
	return value.Undefined
}

// argument checks one argument, and makes it an array if one is wanted. matched
// are the types of all arguments of the parameter.
func (p *param) argument(args []value.Value, at int, t byte, matched string) (value.Value, *value.Error) {
	v := argument(args, at)
	if p.kind != "a" {
		return v, nil
	}
	if t == 'm' {
		return value.Undefined, nil
	}
	if p.subtype != "" && !p.items(v, t, matched) {
		return v, fail("T0412", "stack", "value", v, "index", at+1, "type", plural(p.subtype))
	}
	if t != 'a' {
		return value.Arr(v), nil
	}
	return v, nil
}

// items reports whether an array holds what the parameter wants, or a single
// value is it.
func (p *param) items(v value.Value, t byte, matched string) bool {
	if t != 'a' {
		return matched == p.subtype
	}
	list := elements(v)
	if len(list) == 0 {
		return true
	}
	want := typeOf(list[0])
	if want != p.subtype[0] {
		return false
	}
	for _, x := range list {
		if typeOf(x) != want {
			return false
		}
	}
	return true
}

func plural(subtype string) value.Value {
	switch subtype {
	case "a":
		return value.Str("arrays")
	case "b":
		return value.Str("booleans")
	case "f":
		return value.Str("functions")
	case "n":
		return value.Str("numbers")
	case "o":
		return value.Str("objects")
	case "s":
		return value.Str("strings")
	}
	return value.Undefined
}

// match matches the types with the first n parameters, from parameter i on, and
// counts how many each takes; whole asks that all types be used.
func (s *signature) match(types []byte, counts []int, i, n int, whole bool) bool {
	if i == n {
		return !whole || len(types) == 0
	}
	p := &s.params[i]
	lo, hi := 1, 1
	if strings.HasPrefix(p.quant, "?") {
		lo = 0
	}
	if strings.HasPrefix(p.quant, "+") {
		hi = len(types)
	}
	most := 0
	for most < hi && most < len(types) && p.takes(types[most]) {
		most++
	}
	lazy := len(p.quant) == 2
	for k := lo; k <= most; k++ {
		take := most + lo - k
		if lazy {
			take = k
		}
		counts[i] = take
		if s.match(types[take:], counts, i+1, n, whole) {
			return true
		}
	}
	return false
}

// mismatch finds the first argument that does not fit.
func (s *signature) mismatch(args []value.Value, types []byte) *value.Error {
	good := 0
	counts := make([]int, len(s.params))
	for n := 1; n <= len(s.params); n++ {
		if !s.match(types, counts, 0, n, false) {
			break
		}
		good = 0
		for _, c := range counts[:n] {
			good += c
		}
	}
	return fail("T0410", "stack", "value", argument(args, good), "index", good+1)
}
