package js

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/dop251/goja"
)

// TestExpressions holds the language and its library to what Node 22 gave for the
// expressions in testdata/expr (see gen.mjs). Lines listed in known differ for
// reasons given there.
func TestExpressions(t *testing.T) {
	files, err := filepath.Glob("testdata/expr/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatal("no expressions found", err)
	}
	show, err := os.ReadFile("testdata/show.js")
	if err != nil {
		t.Fatal(err)
	}
	known := readKnown(t)
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".txt")
		t.Run(name, func(t *testing.T) {
			zone := time.UTC
			if _, z, ok := strings.Cut(name, "."); ok {
				if zone, err = time.LoadLocation(strings.Replace(z, "-", "/", 1)); err != nil {
					t.Fatal(err)
				}
			}
			exprs, wants := readLines(t, file), readLines(t, strings.TrimSuffix(file, ".txt")+".want")
			bad := 0
			for i, expr := range exprs {
				if expr == "" || strings.HasPrefix(expr, "//") {
					continue
				}
				got := evaluate(t, zone, string(show), expr, name == "modules", 0)
				if name == "eval" {
					if limited := evaluate(t, zone, string(show), expr, false, 1e6); limited != got && limited != wants[i] {
						t.Errorf("%s\n with a step limit %s\n without %s", expr, limited, got)
					}
				}
				if got != wants[i] && known[name+": "+expr] != got {
					bad++
					recordKnown(t, name+": "+expr, got, wants[i])
					t.Errorf("%s\n got %s\nwant %s", expr, got, wants[i])
				}
			}
			t.Logf("%d of %d differ", bad, len(exprs))
		})
	}
}

func readLines(t *testing.T, file string) []string {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return strings.Split(string(b), "\n")
}

// readKnown reads testdata/known.txt: pairs of lines, "file: expression" and what we give.
func readKnown(t *testing.T) map[string]string {
	t.Helper()
	b, err := os.ReadFile("testdata/known.txt")
	if err != nil {
		return nil
	}
	known := map[string]string{}
	var lines []string
	for _, l := range strings.Split(string(b), "\n") {
		if l != "" && !strings.HasPrefix(l, "//") {
			lines = append(lines, l)
		}
	}
	for i := 0; i+1 < len(lines); i += 2 {
		known[lines[i]] = strings.TrimPrefix(lines[i+1], "\t")
	}
	return known
}

func evaluate(t *testing.T, zone *time.Location, show, expr string, modules bool, steps int64) (out string) {
	t.Helper()
	r := New(Options{Zone: zone, MaxSteps: steps})
	f, err := r.NewFunction(newHost(), Identity{ID: "x"}, Source{Func: "globalThis"})
	if err == nil {
		err = f.built()
	}
	if err != nil {
		t.Fatal(err)
	}
	if modules {
		_ = r.globals.Set("require", r.requireFunc(r.require))
	}
	f.enter(func() {
		showFn, err := r.vm.RunString(show)
		if err != nil {
			t.Fatal(err)
		}
		call, _ := goja.AssertFunction(showFn)
		shown := func(v goja.Value) string {
			s, err := call(r.undefined, v)
			if err != nil {
				return "show fails: " + err.Error()
			}
			return text(s)
		}
		prg, err := r.program("expr", "(function () { return (\n"+expr+"\n); })()", r.counting())
		if err != nil {
			out = "throws " + f.syntaxError("", err, "").Error()
			return
		}
		if strings.Contains(expr, "RegExp.$") {
			r.cached("lastmatch")
		}
		v, err := r.vm.RunProgram(prg)
		if err == nil {
			out = strings.ReplaceAll(shown(v), "\n", "\\n")
			return
		}
		thrown := r.mend(r.failure(err))
		if o, ok := thrown.(*goja.Object); ok && o.Get("message") != nil {
			out = "throws " + text(o.Get("name")) + ": " + text(o.Get("message").ToString())
			if c := o.Get("code"); c != nil && c.ToBoolean() {
				out += " [" + text(c.ToString()) + "]"
			}
		} else {
			out = "throws " + shown(thrown)
		}
	})
	return strings.ReplaceAll(out, "\n", "\\n")
}

// recordKnown adds a difference to testdata/known.txt if LOCKSTEP_RECORD_KNOWN is set:
// to be looked at before it is kept.
func recordKnown(t *testing.T, what, got, want string) {
	t.Helper()
	if os.Getenv("LOCKSTEP_RECORD_KNOWN") == "" {
		return
	}
	f, err := os.OpenFile("testdata/known.txt", os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := f.WriteString("// Node: " + want + "\n" + what + "\n\t" + got + "\n"); err != nil {
		t.Fatal(err)
	}
}
