package nodes

import (
	"os"
	"os/exec"
	"strings"
	"testing"
)

// TestEveryTypeIsDocumented fails if a type has no summary or an undocumented property.
func TestEveryTypeIsDocumented(t *testing.T) {
	types := Core().Types()
	if len(types) == 0 {
		t.Fatal("no types")
	}
	for _, typ := range types {
		if typ.Summary == "" || !strings.HasSuffix(typ.Summary, ".") {
			t.Errorf("%s: the summary should be a sentence: %q", typ.Name, typ.Summary)
		}
		for _, p := range Properties(typ) {
			if p.Text == "" {
				t.Errorf("%s: the property %s has no comment", typ.Name, p.Name)
			}
		}
	}
}

// TestHelpIsUpToDate fails if help.txt is not what gen writes now.
func TestHelpIsUpToDate(t *testing.T) {
	before, err := os.ReadFile("help.txt")
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("go", "run", "./gen")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	after, err := os.ReadFile("help.txt")
	if err != nil {
		t.Fatal(err)
	}
	if string(before) != string(after) {
		t.Error("help.txt was out of date; it is written anew: commit it")
	}
}
