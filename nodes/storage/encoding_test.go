package storage

import (
	"encoding/hex"
	"os"
	"testing"

	"github.com/lockstep-flows/lockstep/engine/value"
)

// differing are texts that are written in another way, by encoding: Big5 of
// golang.org/x/text has the characters of its extensions for Windows950 too, EUC-JP
// writes another wave dash, and what Node.js makes of text that is not base64 depends on
// how it stores it.
var differing = map[string][]string{
	"windows950": {"Grüße, ñandú €5 “q”", "Привет Ґ", "こんにちは カタカナ ｱ 日本語 ～−"},
	"eucjp":      {"こんにちは カタカナ ｱ 日本語 ～−"},
	"base64":     {"Grüße, ñandú €5 “q”", "สวัสดี", "ĄČĘėŽ őű ţș", "\xed\xa0\xbd lone", "\ufeffmark"},
}

// TestEncodings holds every encoding to what iconv-lite made of the same texts and
// bytes: testdata/encodings.mjs.
func TestEncodings(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile("testdata/encodings.json")
	if err != nil {
		t.Fatal(err)
	}
	all, err := value.ParseJSON(string(data))
	if err != nil {
		t.Fatal(err)
	}
	texts := value.Elements(all.Object().Get("texts"))
	names := all.Object().Get("names").Object()
	if names.Len() < 80 {
		t.Fatalf("only %d encodings", names.Len())
	}
	for i := range names.Len() {
		name, want := names.At(i).Key, names.At(i).Value.Object()
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			left := map[string]bool{}
			for _, s := range differing[plainName(name)] {
				left[s] = true
			}
			if e := want.Get("error").Str(); e != "" {
				for _, err := range []error{fails(encode("x", name)), fails(decode([]byte("x"), name))} {
					if err == nil || err.(*value.Error).Message != e {
						t.Errorf("the error is %v, want %s", err, e)
					}
				}
				return
			}
			for k, w := range value.Elements(want.Get("encode")) {
				text := texts[k].Str()
				got, err := encode(text, name)
				if hex.EncodeToString(got) != w.Str() && !left[text] || err != nil {
					t.Errorf("encode %q: %x %v, want %s", text, got, err, w.Str())
				}
			}
			for _, pair := range value.Elements(want.Get("decode")) {
				p := value.Elements(pair)
				b, err := hex.DecodeString(p[0].Str())
				if err != nil {
					t.Fatal(err)
				}
				got, err := decode(b, name)
				if got != p[1].Str() && !left[p[0].Str()] || err != nil {
					t.Errorf("decode %x: %q %v, want %q", b, got, err, p[1].Str())
				}
			}
		})
	}
}

func fails[T any](_ T, err error) error { return err }
