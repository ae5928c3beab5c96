package onchain

import (
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/lockstep-flows/lockstep/consensus"
)

// Decimals of an EWT: it has 10^18 planck.
const Decimals = 18

// ParseEWT reads an amount of EWT such as 12.5 and gives it in planck, exactly: digits, and
// at most 18 more after a point. Signs, exponents and separators are errors.
func ParseEWT(text string) (*big.Int, error) {
	whole, part, point := strings.Cut(text, ".")
	digits := func(s string) bool { return strings.Trim(s, "0123456789") == "" }
	switch {
	case whole == "" || point && part == "" || !digits(whole) || !digits(part):
		return nil, fmt.Errorf("%q is no amount of EWT: write it as 12 or 12.5", text)
	case len(part) > Decimals:
		return nil, fmt.Errorf("%q has %d digits after the point: an EWT has %d", text, len(part), Decimals)
	}
	n, ok := new(big.Int).SetString(whole+part+strings.Repeat("0", Decimals-len(part)), 10)
	if !ok || n.BitLen() > 128 {
		return nil, errors.New("the amount is larger than a chain can hold")
	}
	return n, nil
}

// EWT shows an amount of planck in EWT, exactly and without zeros at the end.
func EWT(planck *big.Int) string {
	if planck == nil {
		return "0"
	}
	sign, s := "", planck.String()
	if rest, ok := strings.CutPrefix(s, "-"); ok {
		sign, s = "-", rest
	}
	if len(s) <= Decimals {
		s = strings.Repeat("0", Decimals+1-len(s)) + s
	}
	at := len(s) - Decimals
	return sign + strings.TrimSuffix(s[:at]+"."+strings.TrimRight(s[at:], "0"), ".")
}

// Amount is a number of planck. In JSON it is a text of digits, since it may be larger than
// the numbers that readers of JSON keep exactly.
type Amount struct{ *big.Int }

// MarshalJSON writes the digits, null if there is no amount.
func (a Amount) MarshalJSON() ([]byte, error) {
	if a.Int == nil {
		return []byte("null"), nil
	}
	return json.Marshal(a.String())
}

// String is the amount in planck.
func (a Amount) String() string {
	if a.Int == nil {
		return "0"
	}
	return a.Int.String()
}

// Name shows the bytes of a namespace or a round: as text, or as 0x… where they are none, or
// a text that NameBytes would take for hex.
func Name(b []byte) string {
	if s := string(b); Printable(s) && !consensus.IsHex(s) {
		return s
	}
	return "0x" + hex.EncodeToString(b)
}

// NameBytes gives the bytes of a namespace or a round as polkadot-js and the worker do: a
// text such as 0x4142 stands for its bytes.
func NameBytes(text string) []byte { return consensus.TextBytes(text, consensus.PolkadotJS) }

// Printable reports whether a text of a chain can be shown to people: UTF-8, with no signs
// that control a terminal.
func Printable(s string) bool {
	return utf8.ValidString(s) && strings.IndexFunc(s, func(r rune) bool { return !unicode.IsPrint(r) }) < 0
}
