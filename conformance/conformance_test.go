package conformance_test

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/lockstep-flows/lockstep/conformance"
)

// TestCasesAreWellFormed reads every case file; all must be recorded and written as Bytes writes them.
func TestCasesAreWellFormed(t *testing.T) {
	t.Parallel()
	cases, err := conformance.LoadCases(conformance.Cases(), "")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range cases {
		if len(c.Want) == 0 || c.Judge == "" {
			t.Errorf("%s: not recorded", c.Name)
		}
		if c.Node() == "" {
			t.Errorf("%s: not in <category>/<node>/", c.Name)
		}
		data, err := os.ReadFile(filepath.Join("cases", filepath.FromSlash(c.Name)+".txtar"))
		if err != nil {
			t.Fatal(err)
		}
		if string(data) != string(c.Bytes()) {
			t.Errorf("%s: edited by hand, or not in canonical form", c.Name)
		}
		for _, l := range c.Want {
			if i := strings.Index(l, "node_modules"); i >= 0 {
				t.Errorf("%s: a path of the recording machine: %.80s", c.Name, l[i:])
			}
		}
	}
}

func TestLoadCasesFailsIfThereIsNone(t *testing.T) {
	t.Parallel()
	if _, err := conformance.LoadCases(conformance.Cases(), "no such case"); err == nil {
		t.Error("no error")
	}
}

const tiny = `One node.
-- flow.json --
[{"id":"a","type":"helper"}]
-- script.jsonl --
{"op":"receive","node":"a","msg":{"payload":1}}
[{"op":"receive","node":"a","msg":{}},{"op":"env","set":{}}]
-- want.jsonl --
{"step":0,"op":"load"}
{"step":1,"op":"receive","node":"a"}
{"ev":"input","node":"a","msg":{"payload":1,"_msgid":"<id:1>"}}
{"step":2,"op":"receive","node":"a"}
{"step":2,"op":"env"}
{"ev":"input","node":"a","msg":{"_msgid":"<id:2>"}}
{"ev":"input","node":"a","msg":{"_msgid":"<id:1>"}}
{"step":3,"op":"unload"}
`

// script answers n requests by the lines it is given: for each request the events that precede its reply.
func script(events ...string) conformance.Target {
	return conformance.InProcess(func(_ context.Context, _ string, in io.Reader, out io.Writer) error {
		fmt.Fprintln(out, `{"ev":"hello","protocol":1,"name":"fake","version":"1"}`)
		buf := make([]byte, 1<<16)
		id := 0
		for {
			n, err := in.Read(buf)
			if err == io.EOF {
				return nil
			} else if err != nil {
				return err
			}
			for range strings.Count(string(buf[:n]), "\n") {
				if id < len(events) && events[id] != "" {
					fmt.Fprintln(out, events[id])
				}
				id++
				fmt.Fprintf(out, `{"id":%d,"ok":true,"result":{}}`+"\n", id)
			}
		}
	})
}

func TestRun(t *testing.T) {
	t.Parallel()
	c, err := conformance.ParseCase("x/y/tiny", []byte(tiny))
	if err != nil {
		t.Fatal(err)
	}
	first := `{"ev":"input","msg":{"payload":1,"_msgid":"0123456789abcdef"},"node":"a"}`
	second := `{"ev":"input","node":"a","msg":{"_msgid":"1111111111111111"}}` + "\n" + `{"ev":"input","node":"a","msg":{"_msgid":"0123456789abcdef"}}`
	// requests: load sync, receive sync, receive env sync, unload
	for _, test := range []struct {
		name   string
		events []string
		want   string // in the diff
	}{
		{"same", []string{"", "", first, "", "", "", second}, ""},
		{"later in the step", []string{"", "", "", first, second}, ""},
		{"in another step", []string{"", "", "", "", first, second}, "- " + `{"ev":"input","node":"a","msg":{"payload":1`},
		{"missing", []string{"", "", first}, "step 2"},
		{"other value", []string{"", "", strings.Replace(first, "1", "2", 1), "", second}, `+ {"ev":"input","node":"a","msg":{"payload":2`},
		{"other key order", []string{"", "", `{"ev":"input","node":"a","msg":{"_msgid":"0123456789abcdef","payload":1}}`, "", second}, "+ "},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			diff, err := conformance.Run(t.Context(), script(test.events...), c, t.TempDir())
			if err != nil {
				t.Fatal(err)
			}
			if (test.want == "") != (diff == "") || !strings.Contains(diff, test.want) {
				t.Errorf("diff:\n%s\nwant in it: %s", diff, test.want)
			}
		})
	}
}

func FuzzParseCase(f *testing.F) {
	f.Add([]byte(tiny))
	f.Fuzz(func(t *testing.T, data []byte) {
		c, err := conformance.ParseCase("x", data)
		if err != nil {
			return
		}
		if _, err := conformance.ParseCase("x", c.Bytes()); err != nil {
			t.Errorf("written case does not parse: %v\n%s", err, c.Bytes())
		}
	})
}
