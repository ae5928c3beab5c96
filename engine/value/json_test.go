package value

import (
	"bufio"
	"encoding/json"
	"os"
	"testing"
)

// lines gives the JSON lines of a file of vectors, read by our own parser.
func lines(t *testing.T, name string) []Value {
	t.Helper()
	f, err := os.Open("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	sc := bufio.NewScanner(f)
	sc.Buffer(nil, 1<<24)
	var out []Value
	for sc.Scan() {
		v, err := ParseJSON(sc.Text())
		if err != nil {
			t.Fatalf("%s:%d: %v", name, len(out)+1, err)
		}
		out = append(out, v)
	}
	if len(out) == 0 {
		t.Fatalf("%s has no vectors", name)
	}
	return out
}

func TestParseJSON(t *testing.T) {
	bad := 0
	for _, l := range lines(t, "jsonparse.jsonl") {
		in, ok, want := l.Array().At(0).Str(), l.Array().At(1).Num() == 1, l.Array().At(2).Str()
		v, err := ParseJSON(in)
		got := ""
		if err != nil {
			got = err.(*Error).Message
		}
		if (err == nil) == ok && (ok || got == want) {
			_ = v
			continue
		}
		if bad++; bad < 20 {
			t.Errorf("%q\n got %q\nwant %q", in, got, want)
		}
	}
}

var _ = json.Valid
