package lockstep_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"
)

// exactMath are the functions of Go's math that are exact, and so the same on every
// machine and in JavaScript. All others differ between architectures.
const exactMath = " Abs Ceil Copysign Dim Float32bits Float32frombits Float64bits Float64frombits Floor Inf IsInf IsNaN Max Min Mod Modf NaN " +
	"Nextafter Round RoundToEven Signbit Sqrt Trunc Frexp Ldexp Remainder "

// TestMath fails if anything that runs flows computes with a function of Go's math
// that is not exact: those of engine/value give the bits of V8.
func TestMath(t *testing.T) {
	seen := 0
	for _, root := range []string{"engine", "nodes", "condition"} {
		err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			if strings.HasPrefix(filepath.ToSlash(path), "engine/flow/svg/") { // pictures reach no message
				return err
			}
			if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
				return err
			}
			files := token.NewFileSet()
			f, err := parser.ParseFile(files, path, nil, 0)
			if err != nil {
				return err
			}
			name := ""
			for _, imp := range f.Imports {
				if imp.Path.Value == `"math"` {
					name = "math"
					if imp.Name != nil {
						name = imp.Name.Name
					}
				}
			}
			if name == "" {
				return nil
			}
			seen++
			ast.Inspect(f, func(n ast.Node) bool {
				s, ok := n.(*ast.SelectorExpr)
				if !ok {
					return true
				}
				if id, ok := s.X.(*ast.Ident); !ok || id.Name != name || id.Obj != nil {
					return true
				}
				fn := s.Sel.Name
				constant := strings.HasPrefix(fn, "Max") || strings.HasPrefix(fn, "Smallest") || strings.HasPrefix(fn, "MinInt") || fn == "Pi" || fn == "E" || strings.HasPrefix(fn, "Ln") || strings.HasPrefix(fn, "Sqrt") || strings.HasPrefix(fn, "Log2E") || strings.HasPrefix(fn, "Log10E")
				if !constant && !strings.Contains(exactMath, " "+fn+" ") {
					t.Errorf("%s: math.%s differs between machines: take it from engine/value", files.Position(s.Pos()), fn)
				}
				return true
			})
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if seen < 10 {
		t.Fatalf("only %d files import math", seen)
	}
}
