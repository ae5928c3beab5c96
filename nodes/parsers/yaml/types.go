package yaml

import (
	"math"
	"strings"

	"github.com/lockstep-flows/lockstep/engine/value"
)

// dataType is what a tag makes of a node; null is one without content.
type dataType struct {
	kind      kind
	construct func(v value.Value) (value.Value, bool)
}

// types are those of js-yaml's default schema.
var types = map[string]dataType{
	tagPrefix + "str":       {scalar, orElse(func() value.Value { return value.Str("") })},
	tagPrefix + "seq":       {sequence, orElse(func() value.Value { return value.Arr() })},
	tagPrefix + "map":       {mapping, orElse(func() value.Value { return value.Of(value.NewObject()) })},
	tagPrefix + "null":      {scalar, toNull},
	tagPrefix + "bool":      {scalar, ofText(toBool)},
	tagPrefix + "int":       {scalar, ofText(toInt)},
	tagPrefix + "float":     {scalar, fromFloat},
	tagPrefix + "timestamp": {scalar, ofText(toTime)},
	tagMerge:                {scalar, toMerge},
	tagBinary:               {scalar, fromBinary},
	tagPrefix + "omap":      {sequence, toOmap},
	tagPrefix + "pairs":     {sequence, toPairs},
	tagPrefix + "set":       {mapping, toSet},
}

type converter = func(v value.Value) (value.Value, bool)

// orElse takes any content, and makes something where there is none.
func orElse(empty func() value.Value) converter {
	return func(v value.Value) (value.Value, bool) {
		if v.IsNull() {
			return empty(), true
		}
		return v, true
	}
}

func ofText(f func(s string) (value.Value, bool)) converter {
	return func(v value.Value) (value.Value, bool) {
		if !v.IsString() {
			return v, false
		}
		return f(v.Str())
	}
}

// fromFloat takes text only; a number that has been read already is a TypeError.
func fromFloat(v value.Value) (value.Value, bool) {
	if _, fits := toFloat(value.ToString(v)); fits && !v.IsString() {
		panic(value.NewError("TypeError", "data.toLowerCase is not a function"))
	}
	return ofText(toFloat)(v)
}

// fromBinary takes text only; any other content is a TypeError.
func fromBinary(v value.Value) (value.Value, bool) {
	if !v.IsString() && !v.IsNull() {
		panic(value.NewError("TypeError", "data.replace is not a function"))
	}
	return ofText(toBinary)(v)
}

// implicit finds the type of a plain scalar by its text.
func implicit(v value.Value) (out value.Value, tag string, ok bool) {
	if v.IsNull() {
		return v, tagPrefix + "null", true
	}
	s := v.Str()
	if s == "" {
		return v, "", false
	}
	if c := s[0]; c > '9' && c != '~' && strings.IndexByte("nNtTfF<", c) < 0 {
		return v, "", false // as most texts
	}
	if out, ok = toNull(v); ok {
		return out, tagPrefix + "null", true
	}
	if out, ok = toBool(s); ok {
		return out, tagPrefix + "bool", true
	}
	if out, ok = toInt(s); ok {
		return out, tagPrefix + "int", true
	}
	if out, ok = toFloat(s); ok {
		return out, tagPrefix + "float", true
	}
	if out, ok = toTime(s); ok {
		return out, tagPrefix + "timestamp", true
	}
	return v, tagMerge, s == "<<"
}

func toNull(v value.Value) (value.Value, bool) {
	if v.IsNull() {
		return v, true
	}
	switch v.Str() {
	case "~", "null", "Null", "NULL":
		return value.Null, v.IsString()
	}
	return v, false
}

func toMerge(v value.Value) (value.Value, bool) {
	return v, v.IsNull() || v.IsString() && v.Str() == "<<"
}

func toBool(s string) (value.Value, bool) {
	switch s {
	case "true", "True", "TRUE":
		return value.True, true
	case "false", "False", "FALSE":
		return value.False, true
	}
	return value.Undefined, false
}

// toInt reads an integer: decimal, or after 0b, 0o or 0x.
func toInt(s string) (value.Value, bool) {
	if s == "" {
		return value.Undefined, false
	}
	sign := 1.0
	body := s
	if s[0] == '-' || s[0] == '+' {
		if s[0] == '-' {
			sign = -1
		}
		body = s[1:]
	}
	if body == "0" {
		return value.Num(0), true
	}
	radix, max := 10, byte('9')
	if len(body) > 1 && body[0] == '0' {
		switch body[1] {
		case 'b':
			radix, max = 2, '1'
		case 'o':
			radix, max = 8, '7'
		case 'x':
			radix = 16
		}
		if radix != 10 {
			body = body[2:]
		}
	}
	for i := range len(body) {
		if c := body[i]; radix == 16 && hexDigit(c) < 0 || radix != 16 && (c < '0' || c > max) {
			return value.Undefined, false
		}
	}
	if body == "" {
		return value.Undefined, false
	}
	f := sign * value.ParseInt(body, radix)
	return value.Num(f), !math.IsInf(f, 0)
}

// toFloat reads a number with a point or an exponent, .inf or .nan.
func toFloat(s string) (value.Value, bool) {
	body, sign := s, 1.0
	if s != "" && (s[0] == '-' || s[0] == '+') {
		if s[0] == '-' {
			sign = -1
		}
		body = s[1:]
	}
	switch body {
	case ".inf", ".Inf", ".INF":
		return value.Num(sign * math.Inf(1)), true
	}
	switch s {
	case ".nan", ".NaN", ".NAN":
		return value.Num(math.NaN()), true
	}
	whole := countDigits(body)
	i := whole
	if i < len(body) && body[i] == '.' {
		n := countDigits(body[i+1:])
		if whole == 0 && (n == 0 || body != s) {
			return value.Undefined, false
		}
		i += 1 + n
	} else if whole == 0 {
		return value.Undefined, false
	}
	if i < len(body) && body[i]|0x20 == 'e' {
		i++
		if i < len(body) && (body[i] == '-' || body[i] == '+') {
			i++
		}
		n := countDigits(body[i:])
		if i += n; n == 0 {
			return value.Undefined, false
		}
	}
	if i != len(body) {
		return value.Undefined, false
	}
	f := sign * value.ParseFloat(body)
	return value.Num(f), !math.IsInf(f, 0)
}

func countDigits(s string) int {
	i := 0
	for i < len(s) && s[i]-'0' <= 9 {
		i++
	}
	return i
}

const base64Chars = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

// toBinary decodes base64 as js-yaml does.
func toBinary(s string) (value.Value, bool) {
	count, bits := 0, uint32(0)
	out := []byte{}
	chars := 0
	for i := range len(s) {
		c := s[i]
		if c == '\n' || c == '\r' {
			continue
		}
		count += 6
		if c == '=' {
			continue
		}
		code := strings.IndexByte(base64Chars, c)
		if code < 0 {
			return value.Undefined, false
		}
		if chars%4 == 0 && chars > 0 {
			out = append(out, byte(bits>>16), byte(bits>>8), byte(bits))
		}
		bits = bits<<6 | uint32(code)
		chars++
	}
	switch chars % 4 {
	case 0:
		out = append(out, byte(bits>>16), byte(bits>>8), byte(bits))
	case 3:
		out = append(out, byte(bits>>10), byte(bits>>2))
	case 2:
		out = append(out, byte(bits>>4))
	}
	return value.Of(&value.TypedArray{Class: "Uint8Array", B: out}), count%8 == 0
}

// toOmap checks a list of objects with one key each, all different.
func toOmap(v value.Value) (value.Value, bool) {
	if v.IsNull() {
		return value.Arr(), true
	}
	seen := map[string]bool{}
	for _, e := range v.Array().Elems {
		o := e.Object()
		if o == nil || o.Len() != 1 || seen[o.At(0).Key] {
			return v, false
		}
		seen[o.At(0).Key] = true
	}
	return v, true
}

// toPairs makes a list of lists of a key and a value.
func toPairs(v value.Value) (value.Value, bool) {
	out := value.NewArray()
	if v.IsNull() {
		return value.Of(out), true
	}
	for _, e := range v.Array().Elems {
		o := e.Object()
		if o == nil || o.Len() != 1 {
			return v, false
		}
		out.Append(value.Arr(value.Str(o.At(0).Key), o.At(0).Value))
	}
	return value.Of(out), true
}

// toSet checks an object whose values are all null.
func toSet(v value.Value) (value.Value, bool) {
	if v.IsNull() {
		return value.Of(value.NewObject()), true
	}
	o := v.Object()
	for i := range o.Len() {
		if !o.At(i).Value.IsNull() {
			return v, false
		}
	}
	return v, true
}
