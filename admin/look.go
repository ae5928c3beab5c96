package admin

import (
	"os"
	"path/filepath"

	"github.com/lockstep-flows/lockstep/engine/value"
)

// look is how the editor appears: the setting editorTheme, as far as it is data.
type look struct {
	page  *value.Object     // what the page's template gets
	files map[string]string // those of the user, by their address below theme/
	// styles are the addresses of the user's style sheets.
	styles []string
	login  *value.Object
	button *value.Object // the deploy button, nil if it is as always
}

func newLook(theme *value.Object) *look {
	l := &look{files: map[string]string{}, page: value.Obj(
		"page", value.Obj("title", "Node-RED", "favicon", "favicon.ico", "tabicon", value.Obj("icon", "red/images/node-red-icon-black.svg", "colour", "#8f0000")),
		"header", value.Obj("title", "Node-RED", "image", "red/images/node-red-icon.svg"),
		"asset", value.Obj("red", "red/red.min.js", "main", "red/main.min.js", "vendorMonaco", "vendor/monaco/monaco-bootstrap.js", "vendorAce", "")).Object()}
	if c := object(theme, "codeEditor"); c != nil && c.Get("lib").Str() == "ace" {
		asset := l.page.Get("asset").Object()
		asset.Set("vendorMonaco", value.Str(""))
		asset.Set("vendorAce", value.Str("vendor/ace/ace-bootstrap.js"))
	}
	if theme == nil {
		return l
	}
	l.takePage(object(theme, "page"))
	l.takeHeader(object(theme, "header"))
	if b := object(theme, "deployButton"); b != nil {
		l.button = value.NewObject()
		if v := b.Get("label"); value.Truthy(v) {
			l.button.Set("label", v)
		}
		if b.Get("type").Str() == "simple" {
			l.button.Set("type", b.Get("type"))
			if icon := l.serve("deploy", b.Get("icon")); icon != "" {
				l.button.Set("icon", value.Str(icon))
			}
		}
	}
	if g := object(theme, "login"); g != nil {
		l.login = value.NewObject()
		if image := l.serve("login", g.Get("image")); image != "" {
			l.login.Set("image", value.Str(image))
		}
		if m := g.Get("message"); value.Truthy(m) {
			l.login.Set("message", m)
		}
	}
	return l
}

// serve gives the address of a file of the user, "" if there is no such file.
func (l *look) serve(folder string, v value.Value) string {
	file := v.Str()
	if file == "" {
		return ""
	}
	full, err := filepath.Abs(file)
	if err != nil {
		return ""
	}
	if info, err := os.Stat(full); err != nil || info.IsDir() {
		return ""
	}
	name := folder + "/" + filepath.Base(full)
	l.files[name] = full
	return "theme/" + name
}

func (l *look) takePage(o *value.Object) {
	if o == nil {
		return
	}
	p := l.page.Get("page").Object()
	for _, k := range []struct{ name, folder string }{{"css", "css"}, {"scripts", "scripts"}} {
		files := value.Elements(o.Get(k.name))
		if o.Get(k.name).IsString() {
			files = []value.Value{o.Get(k.name)}
		}
		list := value.Arr()
		for _, f := range files {
			if url := l.serve(k.folder, f); url != "" {
				list.Array().Elems = append(list.Array().Elems, value.Str(url))
				if k.name == "css" {
					l.styles = append(l.styles, url)
				}
			}
		}
		p.Set(k.name, list)
	}
	if url := l.serve("favicon", o.Get("favicon")); url != "" {
		p.Set("favicon", value.Str(url))
	}
	icon := o.Get("tabicon")
	if t := icon.Object(); t != nil {
		icon = t.Get("icon")
		if c := t.Get("colour"); value.Truthy(c) {
			p.Get("tabicon").Object().Set("colour", c)
		}
	}
	if url := l.serve("tabicon", icon); url != "" {
		p.Get("tabicon").Object().Set("icon", value.Str(url))
	}
	if t := o.Get("title"); value.Truthy(t) {
		p.Set("title", t)
	}
}

func (l *look) takeHeader(o *value.Object) {
	if o == nil {
		return
	}
	h := l.page.Get("header").Object()
	if t := o.Get("title"); value.Truthy(t) {
		h.Set("title", t)
	}
	if u, ok := o.Lookup("url"); ok {
		h.Set("url", u)
	}
	if image, ok := o.Lookup("image"); ok {
		if url := l.serve("header", image); url != "" {
			h.Set("image", value.Str(url))
		} else if !value.Truthy(image) {
			h.Set("image", value.Null)
		}
	}
}

// document is what GET /theme answers.
func (l *look) document() *value.Object {
	o := value.Clone(value.Of(l.page)).Object()
	if l.login != nil {
		o.Set("login", value.Of(l.login))
	}
	o.Set("themes", value.Arr())
	return o
}

// decorateLogin adds what the user wants to the login dialog.
func (e *editor) decorateLogin(o *value.Object) {
	if e == nil || e.look.login == nil {
		return
	}
	if v := e.look.login.Get("image"); value.Truthy(v) {
		o.Set("image", v)
	}
	if v := e.look.login.Get("message"); value.Truthy(v) {
		o.Set("loginMessage", v)
	}
}

// settings are those of editorTheme that the editor itself reads.
func (e *editor) settings(theme *value.Object) *value.Object {
	o := value.NewObject()
	languages := value.Arr()
	if e != nil {
		if e.look.button != nil {
			o.Set("deployButton", value.Of(e.look.button))
		}
		for _, l := range e.languages {
			languages.Array().Elems = append(languages.Array().Elems, value.Str(l))
		}
	}
	if theme != nil {
		for _, k := range []string{"userMenu", "menu", "palette", "multiplayer", "keymap", "theme", "tours"} {
			if v, ok := theme.Lookup(k); ok {
				o.Set(k, v)
			}
		}
		orderCategories(o)
	}
	o.Set("languages", languages)
	return o
}

// orderCategories writes a list of the palette's categories as the editor reads it:
// the order of an object that may hold more.
func orderCategories(o *value.Object) {
	p := object(o, "palette")
	if p == nil || p.Get("categories").Array() == nil {
		return
	}
	p = value.Clone(value.Of(p)).Object()
	p.Set("categories", value.Obj("order", p.Get("categories")))
	o.Set("palette", value.Of(p))
}
