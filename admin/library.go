package admin

import (
	"io/fs"
	"net/http"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/lockstep-flows/lockstep/engine/value"
)

// libraryTypes are those that editors have a library for.
var libraryTypes = []string{"flows", "functions", "templates"}

// getLibrary reads the library of the user (lib in the user directory) or the
// examples that come with the editor. Neither is written.
func (a *API) getLibrary(q *request) {
	library, typ, name := q.parts[0], q.parts[1], q.parts[2]
	switch {
	case library != "local" && library != "examples":
		q.fail(failed(http.StatusBadRequest, "unexpected_error", "Unknown library: %s", library))
	case !slices.Contains(libraryTypes, typ):
		q.fail(failed(http.StatusBadRequest, "unexpected_error", "Unknown library type: %s", typ))
	case strings.Contains(name, "..") || strings.ContainsRune(name, 0):
		q.fail(failed(http.StatusForbidden, "forbidden", "Error"))
	case library == "local":
		a.getLocal(q, typ, name)
	default:
		a.getExample(q, name)
	}
}

func (a *API) postLibrary(q *request) {
	q.fail(failed(http.StatusBadRequest, "not_supported", "the library cannot be written here"))
}

func (a *API) getLocal(q *request, typ, name string) {
	var root *os.Root
	if a.opt.UserDir != "" {
		root, _ = os.OpenRoot(filepath.Join(a.opt.UserDir, "lib", typ)) // none: it is empty
	}
	if root == nil {
		a.nothing(q, name)
		return
	}
	defer root.Close() //nolint:errcheck // it was only read
	at := path.Clean("./" + name)
	info, err := root.Stat(at)
	if err != nil && typ == "flows" && !strings.HasSuffix(name, "/") && !strings.HasSuffix(name, ".json") {
		at += ".json"
		info, err = root.Stat(at)
	}
	switch {
	case err != nil:
		a.nothing(q, name)
	case info.IsDir():
		q.ok(entries(root, at))
	default:
		text, err := root.ReadFile(at)
		if err != nil {
			q.fail(err)
			return
		}
		kind := "text/plain"
		if typ == "flows" {
			kind = "application/json"
		}
		q.text(http.StatusOK, kind, libraryBody(string(text)))
	}
}

// nothing answers for what is not there: a folder is empty, a file is missing.
func (a *API) nothing(q *request, name string) {
	if name == "" || strings.HasSuffix(name, "/") {
		q.ok(value.Arr())
		return
	}
	q.fail(failed(http.StatusBadRequest, "ENOENT", "ENOENT: no such file or directory, lstat '%s'", name))
}

var libraryMeta = regexp.MustCompile(`^// (\w+): (.*)`)

// entries lists a folder: the names of folders, then files with what their first
// lines say of them.
func entries(root *os.Root, dir string) value.Value {
	var folders, files []value.Value
	all, _ := fs.ReadDir(root.FS(), dir) // none: the list is empty
	for _, f := range all {
		name := f.Name()
		info, err := root.Stat(path.Join(dir, name))
		switch {
		case err != nil || name[0] == '.':
		case info.IsDir():
			folders = append(folders, value.Str(name))
		default:
			text, _ := root.ReadFile(path.Join(dir, name)) // what cannot be read has no properties
			o := value.NewObject()
			for line := range strings.Lines(string(text)) {
				m := libraryMeta.FindStringSubmatch(strings.TrimRight(line, "\n"))
				if m == nil {
					break
				}
				o.Set(m[1], value.Str(strings.NewReplacer(`\\`, `\`, `\n`, "\n").Replace(m[2])))
			}
			o.Set("fn", value.Str(name))
			files = append(files, value.Of(o))
		}
	}
	return value.Arr(append(folders, files...)...)
}

// libraryBody is a file without the lines that say what it is.
func libraryBody(text string) string {
	for {
		line, rest, more := strings.Cut(text, "\n")
		if !more || libraryMeta.FindString(line) == "" {
			return text
		}
		text = rest
	}
}

// exampleModule is what the examples of the core nodes are listed under.
const exampleModule = coreModule

func (a *API) getExample(q *request, name string) {
	none := failed(http.StatusNotFound, "not_found", "not_found")
	name = strings.TrimSuffix(name, "/")
	if a.editor == nil {
		if name != "" {
			q.fail(none)
			return
		}
		q.ok(value.Arr())
		return
	}
	if name == "" {
		q.ok(value.Arr(value.Str(exampleModule)))
		return
	}
	rest, ok := strings.CutPrefix(name, exampleModule)
	if !ok || rest != "" && rest[0] != '/' {
		q.fail(none)
		return
	}
	at := path.Clean("examples/" + rest)
	if text, err := a.editor.nodes.ReadFile(at + ".json"); err == nil {
		q.text(http.StatusOK, "application/json", string(text))
		return
	}
	all, err := fs.ReadDir(a.editor.nodes.FS(), at)
	if err != nil {
		q.fail(none)
		return
	}
	var folders, files []value.Value
	for _, f := range all {
		if base, ok := strings.CutSuffix(f.Name(), ".json"); ok {
			files = append(files, value.Obj("fn", base))
		} else if f.IsDir() {
			folders = append(folders, value.Str(f.Name()))
		}
	}
	q.ok(value.Arr(append(folders, files...)...))
}
