package admin

import (
	"crypto/sha1"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"mime"
	"net/http"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/lockstep-flows/lockstep/engine/mustache"
	"github.com/lockstep-flows/lockstep/engine/value"
)

// editor serves Node-RED's own editor from a folder into which a person installed
// it. A nil editor has no node definitions and no texts.
type editor struct {
	client, nodes *os.Root // the packages editor-client and nodes
	template      *mustache.Template
	version       string // part of the addresses of files, so that browsers fetch new ones
	look          *look
	sets          []set
	languages     []string
}

// packages are the folders of the editor's npm packages, below the one given.
const packages = "node_modules/@node-red"

func openEditor(o Options, sets []set) (*editor, error) {
	e := &editor{sets: sets}
	fail := func(err error) (*editor, error) {
		_ = e.close() // it was only read
		return nil, fmt.Errorf("the editor in %s cannot be used: %w; install it there with: npm install @node-red/editor-client@%s @node-red/nodes@%s", o.Editor, err, apiVersion, apiVersion)
	}
	var err error
	if e.client, err = os.OpenRoot(filepath.Join(o.Editor, packages, "editor-client")); err != nil {
		return fail(err)
	}
	if e.nodes, err = os.OpenRoot(filepath.Join(o.Editor, packages, "nodes")); err != nil {
		return fail(err)
	}
	text, err := e.client.ReadFile("templates/index.mst")
	if err != nil {
		return fail(err)
	}
	e.template = mustache.Parse(string(text))
	pkg, err := e.client.ReadFile("package.json")
	if err != nil {
		return fail(err)
	}
	v, err := value.ParseJSON(value.Text(pkg))
	if err != nil || v.Object() == nil {
		return fail(errors.New("package.json of editor-client is not a JSON object"))
	}
	sum := sha1.Sum([]byte(v.Object().Get("version").Str() + "-" + o.Release)) //nolint:gosec // not for security
	e.version = hex.EncodeToString(sum[:])[:12]
	if dirs, err := fs.ReadDir(e.client.FS(), "locales"); err == nil {
		for _, d := range dirs {
			if d.IsDir() {
				e.languages = append(e.languages, d.Name())
			}
		}
	}
	e.look = newLook(object(o.Settings, "editorTheme"))
	return e, nil
}

func (e *editor) close() error {
	if e == nil {
		return nil
	}
	for _, r := range []*os.Root{e.client, e.nodes} {
		if r != nil {
			_ = r.Close() // it was only read
		}
	}
	return nil
}

// editorRoutes adds those of the editor's page and files. They are public, as the
// login is a part of the page.
func (a *API) editorRoutes(t map[string][]route, ed adder) {
	e := a.editor
	public := func(first, path string, do func(*request)) {
		ed(first, http.MethodGet, path, open, do)
		t[first][len(t[first])-1].public = true
	}
	public("", "", a.getEditor)
	public("theme", "theme", func(q *request) { q.ok(value.Of(e.look.document())) })
	public("theme", "theme/(.+)", e.getThemeFile)
	public("locales", "locales/(.+)", e.getLocale)
	public("debug", "debug/view/(.+)", e.getDebugView)
	ed("icons", http.MethodGet, "icons", "nodes.read", e.getIcons)
	public("icons", "icons/"+module+"/([^/]+)", e.getIcon)
	files, _ := fs.ReadDir(e.client.FS(), "public") // none: the page says so
	for _, f := range files {
		path := strings.ReplaceAll(f.Name(), ".", `\.`)
		if f.IsDir() {
			path += "/.*"
		}
		public(f.Name(), "("+path+")", func(q *request) { q.file(e.client, "public/"+q.parts[0]) })
	}
}

// file answers with a file of a folder.
func (q *request) file(root *os.Root, name string) {
	name = path.Clean(name)
	info, err := root.Stat(name)
	if err != nil || info.IsDir() {
		cannot(q.w, q.r)
		return
	}
	f, err := root.Open(name)
	if err != nil {
		cannot(q.w, q.r)
		return
	}
	defer f.Close() //nolint:errcheck // it was only read
	h := q.w.Header()
	h.Set("Cache-Control", "public, max-age=0")
	h.Set("Content-Type", kindOf(name))
	http.ServeContent(q.w, q.r, "", info.ModTime(), f)
}

// kinds of files whose type must not depend on the machine.
var kinds = map[string]string{
	".js": "application/javascript; charset=UTF-8", ".css": "text/css; charset=UTF-8", ".html": "text/html; charset=UTF-8", ".svg": "image/svg+xml", ".json": "application/json; charset=UTF-8",
	".map": "application/json; charset=UTF-8", ".ttf": "font/ttf", ".woff": "font/woff", ".woff2": "font/woff2", ".ico": "image/x-icon", ".png": "image/png", ".gif": "image/gif",
	".ts": "video/mp2t", ".txt": "text/plain; charset=UTF-8", "": "application/octet-stream",
}

func kindOf(name string) string {
	ext := strings.ToLower(path.Ext(name))
	if k := kinds[ext]; k != "" {
		return k
	}
	if k := mime.TypeByExtension(ext); k != "" {
		return k
	}
	return kinds[""]
}

// getEditor shows the page.
func (a *API) getEditor(q *request) {
	if !strings.HasSuffix(q.r.URL.Path, "/") {
		to := q.r.URL.Path + "/"
		if q.r.URL.RawQuery != "" {
			to += "?" + q.r.URL.RawQuery
		}
		redirect(q, http.StatusMovedPermanently, to)
		return
	}
	o := a.editor.look.document()
	o.Set("cacheBuster", value.Str(a.editor.version))
	text, err := a.editor.template.Render(value.Of(o), nil)
	if err != nil {
		page(q.w, http.StatusInternalServerError, "the editor's page cannot be made: "+err.Error())
		return
	}
	q.text(http.StatusOK, htmlType, text)
}

func (e *editor) getThemeFile(q *request) {
	file := e.look.files[q.parts[0]]
	if file == "" {
		cannot(q.w, q.r)
		return
	}
	http.ServeFile(q.w, q.r, file)
}

func (e *editor) getLocale(q *request) {
	lang := q.r.URL.Query().Get("lng")
	if lang == "" {
		lang = defaultLanguage
	}
	q.ok(e.catalogue(strings.TrimSuffix(q.parts[0], ".json"), lang))
}

func (e *editor) getDebugView(q *request) {
	name := q.parts[0]
	if name != "view.html" {
		file := "core/common/lib/debug/" + name
		if info, err := e.nodes.Stat(file); err != nil || info.IsDir() || strings.Contains("/"+name, "/.") {
			q.status(http.StatusNotFound)
			return
		}
		q.file(e.nodes, file)
		return
	}
	text, err := e.nodes.ReadFile("core/common/lib/debug/view.html")
	if err != nil {
		q.status(http.StatusNotFound)
		return
	}
	styles := ""
	for _, s := range e.look.styles {
		styles += "<link rel=\"stylesheet\" href=\"../../" + s + "\">\n"
	}
	q.text(http.StatusOK, htmlType, strings.Replace(string(text), "<!-- INSERT-THEME-CSS -->", styles, 1))
}

func (e *editor) getIcons(q *request) {
	list := value.Arr()
	entries, _ := fs.ReadDir(e.nodes.FS(), "icons") // none: the list is empty
	for _, f := range entries {
		switch strings.ToLower(path.Ext(f.Name())) {
		case ".svg", ".png", ".jpg", ".gif":
			list.Array().Elems = append(list.Array().Elems, value.Str(f.Name()))
		}
	}
	q.ok(value.Obj(coreModule, list))
}

// getIcon gives an icon, or the one for all that have none.
func (e *editor) getIcon(q *request) {
	name := path.Base(q.parts[1])
	if _, err := e.nodes.Stat("icons/" + name); err == nil {
		q.file(e.nodes, "icons/"+name)
		return
	}
	q.file(e.client, "public/red/images/icons/arrow-in.svg")
}
