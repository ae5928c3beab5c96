package storage

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
	"golang.org/x/text/encoding/unicode"

	"github.com/lockstep-flows/lockstep/engine/value"
)

// named are the encodings of several bytes a character, by iconv-lite's names without
// punctuation.
var named = map[string]encoding.Encoding{
	"shiftjis": japanese.ShiftJIS, "csshiftjis": japanese.ShiftJIS, "mskanji": japanese.ShiftJIS, "sjis": japanese.ShiftJIS,
	"windows31j": japanese.ShiftJIS, "ms31j": japanese.ShiftJIS, "xsjis": japanese.ShiftJIS, "windows932": japanese.ShiftJIS,
	"ms932": japanese.ShiftJIS, "932": japanese.ShiftJIS, "cp932": japanese.ShiftJIS, "eucjp": japanese.EUCJP,
	"gb2312": simplifiedchinese.GBK, "gb231280": simplifiedchinese.GBK, "gb23121980": simplifiedchinese.GBK, "csgb2312": simplifiedchinese.GBK,
	"csiso58gb231280": simplifiedchinese.GBK, "euccn": simplifiedchinese.GBK, "windows936": simplifiedchinese.GBK, "ms936": simplifiedchinese.GBK,
	"936": simplifiedchinese.GBK, "cp936": simplifiedchinese.GBK, "gbk": simplifiedchinese.GBK, "xgbk": simplifiedchinese.GBK,
	"isoir58": simplifiedchinese.GBK, "chinese": simplifiedchinese.GBK, "gb18030": simplifiedchinese.GB18030,
	"windows949": korean.EUCKR, "ms949": korean.EUCKR, "949": korean.EUCKR, "cp949": korean.EUCKR, "cseuckr": korean.EUCKR,
	"csksc56011987": korean.EUCKR, "euckr": korean.EUCKR, "isoir149": korean.EUCKR, "korean": korean.EUCKR, "ksc56011987": korean.EUCKR,
	"ksc56011989": korean.EUCKR, "ksc5601": korean.EUCKR,
	"windows950": traditionalchinese.Big5, "ms950": traditionalchinese.Big5, "950": traditionalchinese.Big5, "cp950": traditionalchinese.Big5,
	"big5": traditionalchinese.Big5, "big5hkscs": traditionalchinese.Big5, "cnbig5": traditionalchinese.Big5, "csbig5": traditionalchinese.Big5,
	"xxbig5":  traditionalchinese.Big5,
	"utf16le": unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM), "ucs2": unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM),
	"utf16be": unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM), "utf16": unicode.UTF16(unicode.LittleEndian, unicode.UseBOM),
}

// plainName is a name as iconv-lite looks it up: letters and digits, without a year.
func plainName(name string) string {
	name = strings.ToLower(name)
	if i := strings.LastIndexByte(name, ':'); i >= 0 && len(name) == i+5 {
		name = name[:i]
	}
	return strings.Map(func(c rune) rune {
		if c >= 'a' && c <= 'z' || c >= '0' && c <= '9' {
			return c
		}
		return -1
	}, name)
}

// unknown is the error for an encoding that is not known, as iconv-lite words it.
func unknown(name string) error {
	return value.ThrownError("Error", "Encoding not recognized: '"+name+"' (searched as: '"+plainName(name)+"')")
}

// encode gives the bytes of a text; characters the encoding lacks become "?".
func encode(text, name string) ([]byte, error) {
	short := plainName(name)
	switch short {
	case "utf8", "unicode11utf8", "none":
		return []byte(wellFormed(text)), nil
	case "hex":
		narrowed := lowBytes(text)
		b, _ := hex.DecodeString(narrowed[:hexLength(narrowed)]) // that far it is hexadecimal
		return b, nil
	case "base64":
		return fromBase64(lowBytes(text)), nil
	case "binary":
		return []byte(lowBytes(text)), nil
	}
	if p := pages()[short]; p != nil {
		return p.encode(value.UTF16(text)), nil
	}
	e := named[short]
	if e == nil {
		return nil, unknown(name)
	}
	if strings.HasPrefix(short, "utf16") || short == "ucs2" {
		return wide(text, short), nil
	}
	if utf8.ValidString(text) {
		if b, err := e.NewEncoder().Bytes([]byte(text)); err == nil {
			return b, nil
		}
	}
	return charByChar(text, e), nil
}

// charByChar encodes a text with characters that the encoding lacks.
func charByChar(text string, e encoding.Encoding) []byte {
	var out []byte
	units := value.UTF16(text)
	for i := 0; i < len(units); i++ {
		r := rune(units[i])
		if utf16.IsSurrogate(r) && i+1 < len(units) {
			if full := utf16.DecodeRune(r, rune(units[i+1])); full != utf8.RuneError {
				r = full
				i++
			}
		}
		b, err := e.NewEncoder().Bytes([]byte(string(r)))
		if err != nil || utf16.IsSurrogate(r) {
			b = []byte("?")
		}
		out = append(out, b...)
	}
	return out
}

// lowBytes is the lower half of each character, which is all that Node.js looks at
// where bytes are written as text.
func lowBytes(text string) string {
	units := value.UTF16(text)
	out := make([]byte, len(units))
	for i, u := range units {
		out[i] = byte(u)
	}
	return string(out)
}

// wide is UTF-16, which keeps lone surrogates; without a byte order in its name it
// begins with a mark.
func wide(text, short string) []byte {
	units := value.UTF16(text)
	if short == "utf16" {
		units = append([]uint16{0xfeff}, units...)
	}
	out := make([]byte, 0, 2*len(units))
	for _, u := range units {
		if short == "utf16be" {
			out = append(out, byte(u>>8), byte(u))
		} else {
			out = append(out, byte(u), byte(u>>8))
		}
	}
	return out
}

// hexLength is how much of a text is whole bytes in hexadecimal.
func hexLength(s string) int {
	n := 0
	for n < len(s) && strings.IndexByte("0123456789abcdefABCDEF", s[n]) >= 0 {
		n++
	}
	return n &^ 1
}

// fromBase64 decodes as Node.js does: either alphabet, whatever is neither is left
// out, and so are bits that make no byte.
func fromBase64(s string) []byte {
	var out []byte
	bits, n := 0, 0
	for i := range len(s) {
		c := strings.IndexByte("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_", s[i])
		if c < 0 {
			continue
		}
		if c > 63 {
			c -= 2
		}
		bits, n = bits<<6|c, n+6
		if n >= 8 {
			n -= 8
			out = append(out, byte(bits>>n))
			bits &= 1<<n - 1
		}
	}
	return out
}

// wellFormed replaces lone surrogates, which UTF-8 cannot carry.
func wellFormed(s string) string {
	if utf8.ValidString(s) {
		return s
	}
	return string(utf16.Decode(value.UTF16(s)))
}

// text decodes bytes; an unknown encoding counts as UTF-8.
func text(b []byte, name string) string {
	out, err := decode(b, name)
	if err != nil {
		return value.Text(b)
	}
	return out
}

// decode gives the text of bytes.
func decode(b []byte, name string) (string, error) {
	if name == "none" {
		return value.Text(b), nil
	}
	short := plainName(name)
	switch short {
	case "utf8", "unicode11utf8":
		return value.Text(bytes.TrimPrefix(b, []byte("\ufeff"))), nil
	case "hex":
		return hex.EncodeToString(b), nil
	case "base64":
		return base64.StdEncoding.EncodeToString(b), nil
	case "binary":
		return charmapText(b), nil
	}
	if p := pages()[short]; p != nil {
		return p.decode(b), nil
	}
	e := named[short]
	if e == nil {
		return "", unknown(name)
	}
	if short == "utf16le" || short == "ucs2" || short == "utf16be" || short == "utf16" {
		if short == "utf16" && bigEndian(b) {
			short = "utf16be"
		}
		return strings.TrimPrefix(narrow(b, short == "utf16be"), "\ufeff"), nil
	}
	out, err := e.NewDecoder().Bytes(b)
	if err != nil {
		return "", err
	}
	return string(out), nil
}

// bigEndian tells the byte order of UTF-16: by its mark, else by where the zeros of
// ASCII characters are.
func bigEndian(b []byte) bool {
	if len(b) >= 2 && (b[0] == 0xff && b[1] == 0xfe || b[0] == 0xfe && b[1] == 0xff) {
		return b[0] == 0xfe
	}
	big, little := 0, 0
	for i := 0; i+1 < len(b) && i < 200; i += 2 {
		switch {
		case b[i] == 0 && b[i+1] != 0:
			big++
		case b[i] != 0 && b[i+1] == 0:
			little++
		}
	}
	return big > little
}

// narrow decodes UTF-16; an odd byte at the end is left out.
func narrow(b []byte, big bool) string {
	units := make([]uint16, len(b)/2)
	for i := range units {
		lo, hi := b[2*i], b[2*i+1]
		if big {
			lo, hi = hi, lo
		}
		units[i] = uint16(hi)<<8 | uint16(lo)
	}
	return value.FromUTF16(units)
}

// charmapText is bytes as characters of the same numbers.
func charmapText(b []byte) string {
	r := make([]rune, len(b))
	for i, c := range b {
		r[i] = rune(c)
	}
	return string(r)
}

// complete splits bytes before a character that is not whole yet.
func complete(b []byte, name string) (whole, rest []byte) {
	if short := plainName(name); short != "utf8" && short != "unicode11utf8" && name != "none" {
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
