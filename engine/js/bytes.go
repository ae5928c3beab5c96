package js

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"strings"

	"github.com/dop251/goja"

	"github.com/lockstep-flows/lockstep/engine/value"
)

// utf8Bytes encodes text as Node does: a lone surrogate becomes U+FFFD.
func utf8Bytes(s string) []byte {
	if !hasSurrogate(s) {
		return []byte(s)
	}
	out := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		if s[i] == 0xED && i+2 < len(s) && s[i+1] >= 0xA0 {
			out = append(out, "\uFFFD"...)
			i += 2
			continue
		}
		out = append(out, s[i])
	}
	return out
}

// encodeText gives the bytes of a text in one of Buffer's encodings.
func encodeText(s, encoding string) []byte {
	switch encoding {
	case "hex":
		return decodeHex(s)
	case "base64", "base64url":
		return decodeBase64(s)
	case "latin1", "binary", "ascii":
		u := value.UTF16(s)
		b := make([]byte, len(u))
		for i, c := range u {
			b[i] = byte(c)
		}
		return b
	case "utf16le":
		u := value.UTF16(s)
		b := make([]byte, 2*len(u))
		for i, c := range u {
			b[2*i], b[2*i+1] = byte(c), byte(c>>8)
		}
		return b
	}
	return utf8Bytes(s)
}

func decodeHex(s string) []byte {
	b := make([]byte, 0, len(s)/2)
	for i := 0; i+1 < len(s); i += 2 {
		var pair [1]byte
		if _, err := hex.Decode(pair[:], []byte(s[i:i+2])); err != nil {
			break
		}
		b = append(b, pair[0])
	}
	return b
}

// decodeBase64 reads both alphabets, skips what belongs to neither and stops at "=".
func decodeBase64(s string) []byte {
	clean := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case c == '-':
			c = '+'
		case c == '_':
			c = '/'
		case c == '=':
			s = s[:i]
			continue
		}
		if c == '+' || c == '/' || c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' {
			clean = append(clean, c)
		}
	}
	if len(clean)%4 == 1 {
		clean = clean[:len(clean)-1]
	}
	b, _ := base64.RawStdEncoding.DecodeString(string(clean))
	return b
}

// decodeText gives bytes as text in one of Buffer's encodings.
func decodeText(b []byte, encoding string) string {
	switch encoding {
	case "hex":
		return hex.EncodeToString(b)
	case "base64":
		return base64.StdEncoding.EncodeToString(b)
	case "base64url":
		return base64.RawURLEncoding.EncodeToString(b)
	case "latin1", "binary", "ascii":
		var out strings.Builder
		for _, c := range b {
			if encoding == "ascii" {
				c &= 0x7f
			}
			out.WriteRune(rune(c))
		}
		return out.String()
	case "utf16le":
		u := make([]uint16, len(b)/2)
		for i := range u {
			u[i] = uint16(b[2*i]) | uint16(b[2*i+1])<<8
		}
		return value.FromUTF16(u)
	}
	return value.Text(b)
}

// rawBytes gives the bytes a typed array, DataView or ArrayBuffer looks at; nil, false if
// it is none.
func (r *Runtime) rawBytes(v goja.Value) ([]byte, bool) {
	o, ok := v.(*goja.Object)
	if !ok {
		return nil, false
	}
	switch r.kindOf(o) {
	case kindTyped:
		if b, ok := o.Export().([]byte); ok {
			return b, true
		}
		return r.viewBytes(o)
	case kindView:
		return r.viewBytes(o)
	case kindBytes:
		if b, ok := o.Export().(goja.ArrayBuffer); ok {
			return b.Bytes(), true
		}
	}
	return nil, false
}

func (r *Runtime) arrayBuffer(b []byte) goja.Value { return r.vm.ToValue(r.vm.NewArrayBuffer(b)) }

// bufferNatives are the parts of Buffer that are written in Go.
func (r *Runtime) bufferNatives() *goja.Object {
	o := r.vm.NewObject()
	set := func(name string, fn func(c goja.FunctionCall) goja.Value) { _ = o.Set(name, r.nativeFunc(name, fn)) }
	set("encode", func(c goja.FunctionCall) goja.Value {
		return r.arrayBuffer(encodeText(text(c.Argument(0)), c.Argument(1).String()))
	})
	set("decode", func(c goja.FunctionCall) goja.Value {
		b, _ := r.rawBytes(c.Argument(0))
		from, to := c.Argument(2).ToInteger(), c.Argument(3).ToInteger()
		return r.str(decodeText(b[from:to], c.Argument(1).String()))
	})
	set("byteLength", func(c goja.FunctionCall) goja.Value {
		return r.vm.ToValue(len(encodeText(text(c.Argument(0)), c.Argument(1).String())))
	})
	set("compare", func(c goja.FunctionCall) goja.Value {
		a, _ := r.rawBytes(c.Argument(0))
		b, _ := r.rawBytes(c.Argument(1))
		return r.vm.ToValue(bytes.Compare(a, b))
	})
	set("index", func(c goja.FunctionCall) goja.Value {
		b, _ := r.rawBytes(c.Argument(0))
		sub, _ := r.rawBytes(c.Argument(1))
		return r.vm.ToValue(indexBytes(b, sub, int(c.Argument(2).ToInteger()), c.Argument(3).ToBoolean(), int(c.Argument(4).ToInteger())))
	})
	set("fill", func(c goja.FunctionCall) goja.Value {
		b, _ := r.rawBytes(c.Argument(0))
		pattern, _ := r.rawBytes(c.Argument(1))
		b = b[c.Argument(2).ToInteger():c.Argument(3).ToInteger()]
		for i := range b {
			b[i] = pattern[i%len(pattern)]
		}
		return r.undefined
	})
	set("copy", func(c goja.FunctionCall) goja.Value {
		dst, _ := r.rawBytes(c.Argument(0))
		src, _ := r.rawBytes(c.Argument(1))
		n := copy(dst[c.Argument(2).ToInteger():], src[c.Argument(3).ToInteger():c.Argument(4).ToInteger()])
		return r.vm.ToValue(n)
	})
	set("swap", func(c goja.FunctionCall) goja.Value {
		b, _ := r.rawBytes(c.Argument(0))
		n := int(c.Argument(1).ToInteger())
		for i := 0; i+n <= len(b); i += n {
			for j := 0; j < n/2; j++ {
				b[i+j], b[i+n-1-j] = b[i+n-1-j], b[i+j]
			}
		}
		return r.undefined
	})
	r.numberAccess(o)
	return o
}

// indexBytes finds sub in b, forwards from or backwards from a position; step 2
// finds only at even distances (utf16le).
func indexBytes(b, sub []byte, from int, forward bool, step int) int {
	if forward {
		for i := from; i+len(sub) <= len(b); i++ {
			j := bytes.Index(b[i:], sub)
			if j < 0 {
				return -1
			}
			i += j
			if step == 1 || (i-from)%step == 0 {
				return i
			}
		}
		return -1
	}
	for i := min(from, len(b)-len(sub)); i >= 0; i-- {
		if bytes.Equal(b[i:i+len(sub)], sub) && (step == 1 || i%step == 0) {
			return i
		}
	}
	return -1
}
