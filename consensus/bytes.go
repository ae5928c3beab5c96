package consensus

import (
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/crypto/blake2b"

	"github.com/lockstep-flows/lockstep/engine"
	"github.com/lockstep-flows/lockstep/engine/value"
)

// Hash is BLAKE2b-256.
type Hash = [32]byte

// TextRule says what bytes a vote text stands for.
type TextRule uint8

const (
	// Plain: a text stands for its UTF-8 bytes, always.
	Plain TextRule = iota
	// PolkadotJS is what the reference does: a text of 0x and an even number of hex digits
	// stands for the bytes they name, any other for its UTF-8 bytes. So "0xab" and the
	// one byte 0xab are the same vote, and "0xabc" is five characters.
	PolkadotJS
)

// MaxPlainVote is how many bytes a vote may have that is not hashed.
const MaxPlainVote = 32

// WellFormed gives a text in which each surrogate without its other half is U+FFFD, as it is in
// the reference when a text becomes bytes.
func WellFormed(text string) string {
	if utf8.ValidString(text) {
		return text
	}
	return string(utf16.Decode(value.UTF16(text)))
}

// RoundText gives a round as votes name it: well formed, and hex in small letters, as the chain
// is sent the bytes.
func RoundText(text string) string {
	if text = WellFormed(text); IsHex(text) {
		return strings.ToLower(text)
	}
	return text
}

// TextBytes gives the bytes a text stands for.
func TextBytes(text string, rule TextRule) []byte {
	text = WellFormed(text)
	if rule == PolkadotJS && IsHex(text) {
		b, err := hex.DecodeString(text[2:])
		if err == nil {
			return b
		}
	}
	return []byte(text)
}

// IsHex reports whether polkadot-js takes a text for hex.
func IsHex(text string) bool {
	if !strings.HasPrefix(text, "0x") || len(text)%2 != 0 {
		return false
	}
	for _, c := range []byte(text[2:]) {
		if !(c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F') {
			return false
		}
	}
	return true
}

// VoteBytes gives the result that is voted with a text: its BLAKE2b-256 hash, or
// with hashed false the bytes themselves, at most MaxPlainVote.
func VoteBytes(text string, hashed bool, rule TextRule) ([]byte, error) {
	b := TextBytes(text, rule)
	if hashed {
		sum := blake2b.Sum256(b)
		return sum[:], nil
	}
	if len(text) > MaxPlainVote {
		return nil, fmt.Errorf("a vote that is not hashed may have %d bytes; this one has %d", MaxPlainVote, len(text))
	}
	return b, nil
}

// digestDomain begins the bytes of a digest, so that they are those of nothing else.
const digestDomain = "lockstep/effects/1\n"

// EffectBytes gives the canonical bytes of effects: a line that names the format, then a
// line for each effect, the canonical form of {body, kind, node}. Sequence numbers,
// times and requests are left out.
func EffectBytes(effects []engine.Effect) ([]byte, error) {
	b := []byte(digestDomain)
	for _, f := range effects {
		o := value.ObjectOf([]value.Prop{{Key: "body", Value: f.Body}, {Key: "kind", Value: value.Str(f.Kind)}, {Key: "node", Value: value.Str(f.Node)}})
		var err error
		if b, err = AppendCanonical(b, value.Of(o)); err != nil {
			return nil, fmt.Errorf("the effect %s of node %s: %w", f.Kind, f.Node, err)
		}
		b = append(b, '\n')
	}
	return b, nil
}

// Digest is the BLAKE2b-256 hash of the canonical bytes of effects.
func Digest(effects []engine.Effect) (Hash, error) {
	b, err := EffectBytes(effects)
	if err != nil {
		return Hash{}, err
	}
	return blake2b.Sum256(b), nil
}

// maxDepth bounds the nesting of a value that is written in canonical form.
const maxDepth = 1000

// AppendCanonical appends the canonical form of a value. For what JSON can hold it is
// RFC 8785: keys in the order of their UTF-16 units, numbers as JavaScript writes
// them (-0 is 0), no white space, no escapes but those needed. What JSON has not is
// written as no JSON is, so that nothing else has the same bytes:
//
//	undefined NaN Infinity -Infinity 12n
//	Date(0) Buffer("AQI=") Uint8Array("AQI=") RegExp("a+","g")
//	Map([[k,v],…]) Set([v,…]) Error({"message":…,"name":…})
//
// A property that is undefined is left out, as in JSON. An error has its own
// properties but not its stack. Lone surrogates are escaped as JSON.stringify does, which
// RFC 8785 does not take. Functions, symbols, handles and circles are errors.
func AppendCanonical(dst []byte, v value.Value) ([]byte, error) {
	w := canonical{dst: dst}
	if err := w.write(v); err != nil {
		return dst, err
	}
	return w.dst, nil
}

type canonical struct {
	dst   []byte
	depth int
}

func (w *canonical) text(s string) { w.dst = append(w.dst, s...) }

func (w *canonical) quote(s string) { w.dst = value.AppendJSON(w.dst, value.Str(s)) }

// tagged writes name("base64").
func (w *canonical) tagged(name string, b []byte) {
	w.text(name + `("` + base64.StdEncoding.EncodeToString(b) + `")`)
}

func (w *canonical) write(v value.Value) error {
	switch v.Kind() {
	case value.KindUndefined:
		w.text("undefined")
	case value.KindNull, value.KindBool, value.KindString:
		w.dst = value.AppendJSON(w.dst, v)
	case value.KindNumber:
		w.number(v.Num())
	case value.KindBigInt:
		w.text(v.BigInt().String() + "n")
	case value.KindDate:
		w.text("Date(")
		w.number(v.Date().Ms)
		w.text(")")
	case value.KindBuffer:
		w.tagged("Buffer", v.Buffer().B)
	case value.KindTypedArray:
		w.tagged(v.TypedArray().Class, v.TypedArray().B)
	case value.KindRegExp:
		w.text("RegExp(")
		w.quote(v.RegExp().Source)
		w.text(",")
		w.quote(v.RegExp().Flags)
		w.text(")")
	case value.KindForeign:
		return w.foreign(v.Foreign())
	case value.KindObject, value.KindArray, value.KindMap, value.KindSet, value.KindError:
		return w.container(v)
	default:
		return fmt.Errorf("a %s has no canonical form", v.TypeOf())
	}
	return nil
}

func (w *canonical) number(f float64) {
	switch {
	case f == 0:
		w.text("0")
	case f != f:
		w.text("NaN")
	case math.IsInf(f, 0):
		w.text(value.FormatNumber(f))
	default:
		w.dst = value.AppendNumber(w.dst, f)
	}
}

func (w *canonical) foreign(f value.Foreign) error {
	if f.TypeOf() == "function" {
		return errors.New("a function has no canonical form")
	}
	v := f.Snapshot()
	if v.Foreign() != nil {
		return fmt.Errorf("an object of class %s has no canonical form", f.Class())
	}
	return w.write(v)
}

func (w *canonical) container(v value.Value) error {
	if w.depth++; w.depth > maxDepth {
		return errors.New("the value refers to itself, or is nested too deep")
	}
	defer func() { w.depth-- }()
	switch v.Kind() {
	case value.KindArray:
		return w.list(v.Array().Elems)
	case value.KindMap:
		list := make([]value.Value, len(v.Map().Pairs))
		for i, p := range v.Map().Pairs {
			list[i] = value.Arr(p[0], p[1])
		}
		return w.around("Map", func() error { return w.list(list) })
	case value.KindSet:
		return w.around("Set", func() error { return w.list(v.Set().Items) })
	case value.KindError:
		e := v.Error()
		o := value.NewObject()
		for i := 0; e.Props != nil && i < e.Props.Len(); i++ {
			o.Set(e.Props.At(i).Key, e.Props.At(i).Value)
		}
		o.Set("name", value.Str(e.Name))
		o.Set("message", value.Str(e.Message))
		return w.around("Error", func() error { return w.object(o) })
	}
	return w.object(v.Object())
}

func (w *canonical) around(name string, inner func() error) error {
	w.text(name + "(")
	if err := inner(); err != nil {
		return err
	}
	w.text(")")
	return nil
}

func (w *canonical) list(elems []value.Value) error {
	w.text("[")
	for i, e := range elems {
		if i > 0 {
			w.text(",")
		}
		if err := w.write(e); err != nil {
			return fmt.Errorf("[%d]: %w", i, err)
		}
	}
	w.text("]")
	return nil
}

func (w *canonical) object(o *value.Object) error {
	keys := o.Keys()
	slices.SortFunc(keys, value.CompareStrings)
	w.text("{")
	first := true
	for _, k := range keys {
		v := o.Get(k)
		if v.IsUndefined() {
			continue
		}
		if !first {
			w.text(",")
		}
		first = false
		w.quote(k)
		w.text(":")
		if err := w.write(v); err != nil {
			return fmt.Errorf("%s: %w", k, err)
		}
	}
	w.text("}")
	return nil
}
