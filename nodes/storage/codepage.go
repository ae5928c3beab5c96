package storage

import (
	_ "embed" // for the code pages
	"strconv"
	"strings"
	"sync"
)

// codepages are the encodings of one byte a character: a line with names, a tab and
// the characters of the bytes 0 to 255, or 128 to 255 if the lower half is ASCII. It
// was made by decoding every byte with iconv-lite 0.7.3, which Node-RED uses:
// see testdata/encodings.mjs.
//
//go:embed codepages.txt
var codepages string

// codepage is an encoding of one byte a character.
type codepage struct {
	chars [256]rune
	bytes map[rune]byte
}

// pages are the code pages by name, read once.
var pages = sync.OnceValue(func() map[string]*codepage {
	all := map[string]*codepage{}
	for line := range strings.Lines(codepages) {
		names, text, _ := strings.Cut(strings.TrimSuffix(line, "\n"), "\t")
		chars, err := strconv.Unquote(`"` + text + `"`)
		if err != nil {
			panic("codepages.txt: " + names + ": " + err.Error())
		}
		p := newCodepage([]rune(chars))
		for _, n := range strings.Split(names, ",") {
			all[n] = p
		}
	}
	return all
})

func newCodepage(upper []rune) *codepage {
	p := &codepage{bytes: make(map[rune]byte, 256)}
	first := 256 - len(upper)
	for i := range p.chars {
		p.chars[i] = rune(i)
		if i >= first {
			p.chars[i] = upper[i-first]
		}
		p.bytes[p.chars[i]] = byte(i)
	}
	return p
}

func (p *codepage) decode(b []byte) string {
	var s strings.Builder
	for _, c := range b {
		s.WriteRune(p.chars[c])
	}
	return s.String()
}

// encode gives the bytes of UTF-16 units; what the page lacks becomes "?".
func (p *codepage) encode(units []uint16) []byte {
	out := make([]byte, len(units))
	for i, u := range units {
		b, ok := p.bytes[rune(u)]
		if !ok {
			b = '?'
		}
		out[i] = b
	}
	return out
}
