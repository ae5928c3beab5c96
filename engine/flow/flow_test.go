package flow

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// FuzzParse: whatever the bytes, Parse gives a document or problems with places,
// and what it gives can be compiled.
func FuzzParse(f *testing.F) {
	examples, err := filepath.Glob("../../examples/*/flow.json")
	if err != nil || len(examples) == 0 {
		f.Fatal("no examples", err)
	}
	for _, name := range examples {
		text, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	for _, s := range []string{"", "[]", "{}", `{"label":"x","nodes":[{"id":"a","type":"debug"}],"configs":[]}`, `[{"id":"a","type":"subflow:b","z":"b","x":1,"y":1},{"id":"b","type":"subflow"}]`, "[[[[", "\xff", `[{"id":1,"type":2,"wires":[[null]]}]`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		d, err := Parse("f.json", text)
		if err == nil {
			_, err = Compile(nil, d)
		}
		var problems Problems
		if err != nil && (!errors.As(err, &problems) || len(problems) == 0) {
			t.Errorf("an error without problems: %v", err)
		}
		for _, p := range problems {
			if p.Text == "" {
				t.Error("a problem without a text")
			}
		}
	})
}

// TestBadFiles: a clear error for each kind of broken file.
func TestBadFiles(t *testing.T) {
	deep := strings.Repeat("[", 5000)
	for _, c := range []struct{ name, text, want string }{
		{"empty", "", "f.json:1:1: the file is empty"},
		{"not json", "hello", "f.json:1:1: unexpected 'h'"},
		{"cut", `[{"id":"a","ty`, "f.json:1:12: a string that does not end"},
		{"comma", "[{\"id\":\"a\"},\n]", "f.json:2:1: unexpected ']'"},
		{"after", "[] []", "f.json:1:4: unexpected '['"},
		{"control", "[\"a\nb\"]", "f.json:1:4: a control character (0x0a)"},
		{"utf-8", "[\"\xff\"]", "f.json:1:3: byte 0xff is not valid UTF-8"},
		{"deep", deep, "nested more than 1000 levels deep"},
		{"shape", "5", "a flow file is an array of nodes"},
		{"object", "{}", `neither "flows" nor "nodes"`},
		{"entry", "[1]", "entry 0 is a number, not a node object"},
		{"no id", `[{"type":"debug"}]`, "f.json:1:2: an entry without an id"},
		{"no type", `[{"id":"x"}]`, "f.json:1:2: node x, property type: a node without a type"},
		{"wires", "[{\"id\":\"x\",\"type\":\"debug\",\n\"wires\":[[5]]}]", "f.json:2:9: node x (debug), property wires: wire 0 of output 0 is a number"},
	} {
		_, err := Parse("f.json", []byte(c.text))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %q", c.name, err, c.want)
		}
	}
}

// TestGenerations: every form in which flows are kept loads.
func TestGenerations(t *testing.T) {
	for name, text := range map[string]string{
		"0.x":         `[{"id":"1.5","type":"tab","label":"a"},{"id":"2.5","type":"debug","name":"","active":true,"complete":"false","x":1,"y":2,"z":"1.5","wires":[]}]`,
		"no tab":      `[{"id":"2.5","type":"debug","x":1,"y":2,"z":"gone","wires":[]}]`,
		"flows":       `{"rev":"x","flows":[{"id":"t","type":"tab"},{"id":"d","type":"debug","z":"t","x":1,"y":1,"wires":[]}]}`,
		"single flow": `{"id":"t","label":"a","nodes":[{"id":"d","type":"debug","x":1,"y":1,"wires":[]}],"configs":[]}`,
		"bom":         "\ufeff" + `[{"id":"t","type":"tab"},{"id":"d","type":"debug","z":"t","x":1,"y":1,"wires":[]}]`,
	} {
		d, err := Parse(name, []byte(text))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		g, err := Compile(nil, d)
		if err != nil || len(g.Nodes) != 1 || g.Nodes[0].Type != "debug" {
			t.Errorf("%s: compiled to %v, %v", name, g, err)
		}
	}
}
