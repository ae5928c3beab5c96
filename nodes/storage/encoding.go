package storage

import (
	"encoding/base64"
	"encoding/hex"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/unicode"

	"github.com/lockstep-flows/lockstep/engine/value"
)

// named are encodings by the names Node-RED's editor uses where the index of the
// Web has none or another one.
var named = map[string]encoding.Encoding{
	"cp437": charmap.CodePage437, "cp850": charmap.CodePage850, "cp852": charmap.CodePage852, "cp855": charmap.CodePage855,
	"cp858": charmap.CodePage858, "cp860": charmap.CodePage860, "cp862": charmap.CodePage862, "cp863": charmap.CodePage863,
	"cp865": charmap.CodePage865, "cp866": charmap.CodePage866, "koi8r": charmap.KOI8R, "koi8u": charmap.KOI8U,
	"macroman": charmap.Macintosh, "macintosh": charmap.Macintosh, "maccyrillic": charmap.MacintoshCyrillic,
	"latin1": charmap.ISO8859_1, "binary": charmap.ISO8859_1, "iso88591": charmap.ISO8859_1, "ascii": charmap.ISO8859_1,
	"utf16le": unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM), "ucs2": unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM),
	"utf16be": unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM), "utf16": unicode.UTF16(unicode.LittleEndian, unicode.UseBOM),
}

var plainName = strings.NewReplacer("-", "", "_", "", " ", "", ":", "")

// find gives an encoding by name; nil for UTF-8.
func find(name string) (encoding.Encoding, error) {
	short := plainName.Replace(strings.ToLower(name))
	if short == "utf8" || name == "none" {
		return nil, nil
	}
	if e := named[short]; e != nil {
		return e, nil
	}
	for _, n := range []string{name, strings.Replace(short, "windows", "windows-", 1), strings.Replace(short, "win", "windows-", 1), strings.Replace(short, "iso8859", "iso-8859-", 1), short} {
		if e, err := htmlindex.Get(n); err == nil {
			return e, nil
		}
	}
	return nil, value.ThrownError("Error", "Encoding not recognized: '"+name+"' (searched as: '"+short+"')")
}

// encode gives the bytes of a text; characters the encoding lacks become "?".
func encode(text, name string) ([]byte, error) {
	switch strings.ToLower(name) {
	case "hex":
		b, _ := hex.DecodeString(text) // as far as it is hexadecimal
		return b, nil
	case "base64":
		return fromBase64(text), nil
	}
	e, err := find(name)
	if err != nil {
		return nil, err
	}
	if e == nil {
		return []byte(wellFormed(text)), nil
	}
	var out []byte
	enc := e.NewEncoder()
	if b, err := enc.Bytes([]byte(text)); err == nil {
		return b, nil
	}
	for _, r := range text {
		b, err := e.NewEncoder().Bytes([]byte(string(r)))
		if err != nil {
			b = []byte("?")
		}
		out = append(out, b...)
	}
	return out, nil
}

// fromBase64 decodes as Node.js does: either alphabet, padding or none.
func fromBase64(s string) []byte {
	s = strings.TrimRight(strings.NewReplacer("-", "+", "_", "/", "\n", "", "\r", "", " ", "").Replace(s), "=")
	b, _ := base64.RawStdEncoding.DecodeString(s)
	return b
}

// wellFormed replaces lone surrogates, which UTF-8 cannot carry.
func wellFormed(s string) string {
	if utf8.ValidString(s) {
		return s
	}
	return value.Text([]byte(s))
}

// text decodes bytes; an unknown encoding counts as UTF-8.
func text(b []byte, name string) string {
	switch strings.ToLower(name) {
	case "hex":
		return hex.EncodeToString(b)
	case "base64":
		return base64.StdEncoding.EncodeToString(b)
	}
	e, err := find(name)
	if err != nil || e == nil {
		return value.Text(b)
	}
	out, err := e.NewDecoder().Bytes(b)
	if err != nil {
		return value.Text(b)
	}
	return string(out)
}

// complete splits bytes before a character that is not whole yet.
func complete(b []byte, name string) (whole, rest []byte) {
	if e, err := find(name); err != nil || e != nil {
		return b, nil
	}
	for back := 1; back <= 3 && back <= len(b); back++ {
		c := b[len(b)-back]
		if utf8.RuneStart(c) {
			if c >= utf8.RuneSelf && !utf8.FullRune(b[len(b)-back:]) {
				return b[:len(b)-back], b[len(b)-back:]
			}
			break
		}
	}
	return b, nil
}
