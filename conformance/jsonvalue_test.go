package conformance

import (
	"encoding/json"
	"testing"
)

func TestJSONKeepsWhatItReads(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		`{"b":1,"a":[1.0,1e21,-0,5e-324]}`:     ``,
		` { "a" : [ true , null ] } `:          `{"a":[true,null]}`,
		`"\ud83d"`:                             ``,
		`"\ud83d\ude00\u00e9\/"`:               `"😀é/"`,
		`"\ud83dx\udc00"`:                      ``,
		`"\u0000\u001f\u007f\n\r\t\"\\"`:       ``,
		`{"a":{"a":[]},"":{}}`:                 ``,
		`"<>&` + "\u2028" + `"`:                ``,
		`[[],[[]],{"x":[{"y":"}"}]},"]",1,-1]`: ``,
	} {
		v, err := parseJSON([]byte(in))
		if err != nil {
			t.Errorf("%s: %v", in, err)
			continue
		}
		if want == "" {
			want = in
		}
		if got := v.String(); got != want {
			t.Errorf("%s: got %s, want %s", in, got, want)
		}
	}
}

func FuzzJSON(f *testing.F) {
	f.Add([]byte(`{"a":["\ud83d\ude00",1e5,{}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		v, err := parseJSON(data)
		if err != nil {
			if json.Valid(data) {
				t.Errorf("valid JSON refused: %q: %v", data, err)
			}
			return
		}
		text := v.String()
		if !json.Valid([]byte(text)) {
			t.Fatalf("wrote invalid JSON: %q for %q", text, data)
		}
		again, err := parseJSON([]byte(text))
		if err != nil || again.String() != text {
			t.Errorf("not stable: %q, %q, %v", text, again.String(), err)
		}
	})
}

func TestFrames(t *testing.T) {
	t.Parallel()
	in := `["Error: x\n    at f (/a/b.js:1:2)\n    at /c.js:3:4\nmore","{\"stack\":\"E: y\\n    at g (x:1:1)\\n    at h\",\"z\":1}"]`
	v, err := parseJSON([]byte(in))
	if err != nil {
		t.Fatal(err)
	}
	cutStacks(&v)
	if got, want := v.String(), `["Error: x\nmore","{\"stack\":\"E: y\",\"z\":1}"]`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
