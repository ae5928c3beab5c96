package jsonata

import (
	"strings"

	"github.com/lockstep-flows/lockstep/engine/value"
)

const (
	letterChars    = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
	componentChars = letterChars + "-_.!~*'()"    // left alone in a component
	urlReserved    = ";/?:@&=+$,#"                // left alone in a URL
	urlChars       = componentChars + urlReserved // both
	hexUpper       = "0123456789ABCDEF"
)

func malformed(name string, v value.Value) error {
	return fail("D3140", "stack", "value", v, "functionName", name)
}

// encodeURL makes a function that writes all but the kept characters as %XX.
func encodeURL(name, kept string) native {
	return func(c call) (value.Value, error) {
		v := c.arg(0)
		if !v.IsString() {
			return value.Undefined, nil
		}
		s := v.Str()
		var b strings.Builder
		for i := range len(s) {
			ch := s[i]
			switch {
			case ch < 0x80 && strings.IndexByte(kept, ch) >= 0:
				b.WriteByte(ch)
			case ch == 0xED && i+1 < len(s) && s[i+1] >= 0xA0: // a lone surrogate
				return v, malformed(name, v)
			default:
				b.WriteByte('%')
				b.WriteByte(hexUpper[ch>>4])
				b.WriteByte(hexUpper[ch&15])
			}
		}
		return value.Str(b.String()), nil
	}
}

// decodeURL makes a function that reads %XX as UTF-8; what stands for one of the
// reserved characters stays.
func decodeURL(name, reserved string) native {
	return func(c call) (value.Value, error) {
		v := c.arg(0)
		if !v.IsString() {
			return value.Undefined, nil
		}
		s := v.Str()
		var b strings.Builder
		for i := 0; i < len(s); {
			if s[i] != '%' {
				b.WriteByte(s[i])
				i++
				continue
			}
			text, n := decodeOne(s[i:])
			if n == 0 {
				return v, malformed(name, v)
			}
			if len(text) == 1 && strings.Contains(reserved, text) {
				text = s[i : i+n]
			}
			b.WriteString(text)
			i += n
		}
		return value.Str(b.String()), nil
	}
}

// decodeOne reads the escapes of one character; n is their length, 0 if they are
// malformed.
func decodeOne(s string) (text string, n int) {
	first, ok := escaped(s)
	var size int
	switch {
	case !ok:
		return "", 0
	case first < 0x80:
		return string(rune(first)), 3
	case first>>5 == 6:
		size = 2
	case first>>4 == 14:
		size = 3
	case first>>3 == 30:
		size = 4
	default:
		return "", 0
	}
	b := []byte{first}
	for k := 1; k < size; k++ {
		if len(s) < 3*k+3 {
			return "", 0
		}
		next, ok := escaped(s[3*k:])
		if !ok || next>>6 != 2 {
			return "", 0
		}
		b = append(b, next)
	}
	for _, r := range string(b) {
		if r == 0xFFFD && string(b) != "\uFFFD" {
			return "", 0
		}
	}
	return string(b), 3 * size
}

func escaped(s string) (byte, bool) {
	if len(s) < 3 || s[0] != '%' {
		return 0, false
	}
	hi, lo := hexDigit(s[1]), hexDigit(s[2])
	return byte(hi<<4 | lo), hi >= 0 && lo >= 0
}

func hexDigit(c byte) int {
	switch {
	case c >= '0' && c <= '9':
		return int(c - '0')
	case c >= 'a' && c <= 'f':
		return int(c-'a') + 10
	case c >= 'A' && c <= 'F':
		return int(c-'A') + 10
	}
	return -1
}
