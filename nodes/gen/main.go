// Command gen writes nodes/help.txt: the documented properties of every config
// struct in the folders below nodes, for `lockstep nodes TYPE`.
package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"reflect"
	"sort"
	"strings"
)

func main() {
	text, err := generate(".")
	if err == nil {
		err = os.WriteFile("help.txt", []byte(text), 0o644) //nolint:gosec // a file of the repository
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "gen:", err)
		os.Exit(1)
	}
}

// generate gives a line "package.Struct property type text" (tabs between) for
// each field with a json tag.
func generate(root string) (string, error) {
	files, err := filepath.Glob(filepath.Join(root, "*", "*.go"))
	if err != nil {
		return "", err
	}
	var lines []string
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") || filepath.Base(filepath.Dir(name)) == "gen" {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ParseComments)
		if err != nil {
			return "", err
		}
		ast.Inspect(f, func(n ast.Node) bool {
			if spec, ok := n.(*ast.TypeSpec); ok {
				if st, ok := spec.Type.(*ast.StructType); ok && spec.Name.IsExported() {
					lines = append(lines, fields(f.Name.Name+"."+spec.Name.Name, st)...)
				}
			}
			return true
		})
	}
	sort.SliceStable(lines, func(i, j int) bool { return before(lines[i]) < before(lines[j]) })
	return strings.Join(lines, "\n") + "\n", nil
}

func before(line string) string {
	name, _, _ := strings.Cut(line, "\t")
	return name
}

// fields are the lines of one struct; a comment stands for the fields that follow
// it without one of their own.
func fields(owner string, st *ast.StructType) []string {
	var out []string
	doc := ""
	for _, f := range st.Fields.List {
		if f.Doc != nil {
			doc = strings.Join(strings.Fields(f.Doc.Text()), " ")
		}
		if f.Tag == nil {
			continue
		}
		tag := reflect.StructTag(strings.Trim(f.Tag.Value, "`"))
		name, _, _ := strings.Cut(tag.Get("json"), ",")
		if name == "" {
			continue
		}
		text := doc
		if d := tag.Get("default"); d != "" && !strings.Contains(text, "default") {
			text += " Default " + d + "."
		}
		out = append(out, strings.Join([]string{owner, name, kind(f.Type), text}, "\t"))
	}
	return out
}

func kind(e ast.Expr) string {
	switch t := e.(type) {
	case *ast.Ident:
		switch t.Name {
		case "string":
			return "text"
		case "bool":
			return "bool"
		case "float64", "int":
			return "number"
		}
		return t.Name
	case *ast.ArrayType:
		return "list of " + kind(t.Elt)
	case *ast.SelectorExpr:
		return "any"
	case *ast.StarExpr:
		return "object"
	}
	return "any"
}
