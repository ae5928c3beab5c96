package onchain

import (
	"encoding/json"
	"math/big"
	"strings"
	"testing"
)

// TestEWT reads and shows amounts exactly.
func TestEWT(t *testing.T) {
	for _, c := range []struct{ text, planck, shown string }{
		{"0", "0", "0"}, {"12.5", "12500000000000000000", "12.5"}, {"0.1", "100000000000000000", "0.1"}, {"007.10", "7100000000000000000", "7.1"},
		{"0.000000000000000001", "1", "0.000000000000000001"}, {"1000000", "1000000000000000000000000", "1000000"},
		{"340282366920938463463.374607431768211455", "340282366920938463463374607431768211455", "340282366920938463463.374607431768211455"},
	} {
		n, err := ParseEWT(c.text)
		if err != nil || n.String() != c.planck || EWT(n) != c.shown {
			t.Errorf("%s: %v planck, shown as %s, %v; want %s and %s", c.text, n, EWT(n), err, c.planck, c.shown)
		}
	}
	for _, bad := range []string{"", ".", "1.", ".5", "-1", "+1", "1e3", "1,5", "1 ", "0x10", "1_000", "1.2.3", "٣", "0.0000000000000000001", "340282366920938463463.374607431768211456", "NaN"} {
		if n, err := ParseEWT(bad); err == nil {
			t.Errorf("%q is taken for %v", bad, n)
		}
	}
	if got := EWT(big.NewInt(-1500000000000000000)); got != "-1.5" {
		t.Error(got)
	}
	if got := EWT(nil); got != "0" {
		t.Error(got)
	}
	b, err := json.Marshal([]Amount{{big.NewInt(5)}, {}})
	if err != nil || string(b) != `["5",null]` {
		t.Errorf("%s %v", b, err)
	}
}

// TestNames shows bytes so that reading the text gives them back.
func TestNames(t *testing.T) {
	for text, want := range map[string]string{"grp": "grp", "": "", "0x41": "0x30783431", "0x4": "0x4", "\xff\x00": "0xff00", "a\x1b[2J": "0x611b5b324a", "名": "名", "a\u202eb": "0x61e280ae62"} {
		if got := Name([]byte(text)); got != want || string(NameBytes(got)) != text {
			t.Errorf("%q is shown as %s, which is read as %q; want %s", text, got, NameBytes(got), want)
		}
	}
}

// FuzzEWT reads any text as an amount; what it takes is shown as the same amount.
func FuzzEWT(f *testing.F) {
	for _, s := range []string{"0", "12.5", "0.000000000000000001", "340282366920938463463.374607431768211455", "1e3", "-1", "00.10"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		n, err := ParseEWT(text)
		if err != nil {
			return
		}
		shown := EWT(n)
		back, err := ParseEWT(shown)
		if err != nil || back.Cmp(n) != 0 || n.Sign() < 0 || n.BitLen() > 128 {
			t.Fatalf("%q is %v, shown as %s, read as %v, %v", text, n, shown, back, err)
		}
		want, ok := new(big.Rat).SetString(text)
		if !ok || want.Mul(want, new(big.Rat).SetInt(new(big.Int).Exp(big.NewInt(10), big.NewInt(Decimals), nil))).Cmp(new(big.Rat).SetInt(n)) != 0 {
			t.Fatalf("%q is %v planck, not %v", text, n, want)
		}
		if strings.Contains(shown, ".") && strings.HasSuffix(shown, "0") {
			t.Fatalf("%q is shown as %s", text, shown)
		}
	})
}
