package network

import (
	"mime"
	"net/http"
	"path"
	"strconv"
	"strings"

	"github.com/lockstep-flows/lockstep/engine"
	"github.com/lockstep-flows/lockstep/engine/value"
)

// sendAny is res.send with any value.
func (r *result) sendAny(v value.Value) error {
	switch {
	case v.IsBool() || v.IsNumber() || v.IsObject() && v.Buffer() == nil:
		return r.json(v)
	}
	return r.send(v)
}

// send sends text or bytes: type, length and ETag are added, a client that has
// the same already is told so.
func (r *result) send(v value.Value) error {
	if r.sent {
		return r.headersSent()
	}
	var body []byte
	known := true
	switch {
	case v.IsString():
		body = []byte(wellFormed(v.Str()))
		typ := r.get("Content-Type")
		if typ.IsUndefined() {
			typ = value.Str("text/html; charset=utf-8")
		}
		if err := r.set("Content-Type", value.Str(withCharset(typ.Str()))); err != nil {
			return err
		}
	case v.Buffer() != nil:
		body = v.Buffer().B
		if r.get("Content-Type").IsUndefined() {
			_ = r.set("Content-Type", value.Str("application/octet-stream"))
		}
	case v.IsNull():
		body = []byte{}
	default:
		known = false
	}
	if known {
		_ = r.set("Content-Length", itoa(len(body)))
		if r.get("ETag").IsUndefined() {
			_ = r.set("ETag", value.Str(engine.ETag(body)))
		}
	}
	if r.fresh() {
		r.status = http.StatusNotModified
	}
	switch r.status {
	case http.StatusNoContent, http.StatusNotModified:
		r.drop("Content-Type")
		r.drop("Content-Length")
		r.drop("Transfer-Encoding")
		body = nil
	case http.StatusResetContent:
		_ = r.set("Content-Length", value.Str("0"))
		body = nil
	}
	return r.emit(body)
}

func withCharset(typ string) string {
	if base, ok := strings.CutSuffix(typ, "; charset=utf-8"); ok && !strings.Contains(base, ";") {
		return typ
	}
	base, params, err := mime.ParseMediaType(typ)
	if err != nil {
		return typ
	}
	params["charset"] = "utf-8"
	return mime.FormatMediaType(base, params)
}

// fresh reports whether the client's copy is still good.
func (r *result) fresh() bool {
	method := first(r.req.Props, 2, "method").Str()
	if method != http.MethodGet && method != http.MethodHead || (r.status < 200 || r.status >= 300) && r.status != http.StatusNotModified {
		return false
	}
	match := r.asked("if-none-match")
	if match == "" || strings.Contains(r.asked("cache-control"), "no-cache") {
		return false
	}
	own := r.get("ETag").Str()
	if match == "*" {
		return true
	}
	for _, tag := range strings.Split(match, ",") {
		tag = strings.TrimSpace(tag)
		if own != "" && strings.TrimPrefix(tag, "W/") == strings.TrimPrefix(own, "W/") {
			return true
		}
	}
	return false
}

func (r *result) json(v value.Value) error {
	text, ok, err := value.Stringify(v, "")
	if err != nil {
		return err
	}
	if r.get("Content-Type").IsUndefined() {
		if err := r.set("Content-Type", value.Str("application/json")); err != nil {
			return err
		}
	}
	if !ok {
		return r.send(value.Undefined)
	}
	return r.send(value.Str(text))
}

// jsonp sends JSON, as a call of the function that the query names as callback.
func (r *result) jsonp(v value.Value) error {
	text, ok, err := value.Stringify(v, "")
	if err != nil {
		return err
	}
	if r.get("Content-Type").IsUndefined() {
		_ = r.set("X-Content-Type-Options", value.Str("nosniff"))
		if err := r.set("Content-Type", value.Str("application/json")); err != nil {
			return err
		}
	}
	callback := value.Undefined
	if q := first(r.req.Props, 7, "query").Object(); q != nil {
		callback = q.Get("callback")
	}
	if a := callback.Array(); a != nil {
		callback = a.At(0)
	}
	if name := callback.Str(); name != "" {
		_ = r.set("X-Content-Type-Options", value.Str("nosniff"))
		_ = r.set("Content-Type", value.Str("text/javascript"))
		name = strings.Map(func(c rune) rune {
			if c == '[' || c == ']' || c == '.' || c == '$' || c == '_' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' {
				return c
			}
			return -1
		}, name)
		if !ok {
			text = ""
		}
		text = strings.NewReplacer("\u2028", "\\u2028", "\u2029", "\\u2029").Replace(text)
		return r.send(value.Str("/**/ typeof " + name + " === 'function' && " + name + "(" + text + ");"))
	}
	if !ok {
		return r.send(value.Undefined)
	}
	return r.send(value.Str(text))
}

func (r *result) end(v value.Value) error {
	if b := v.Buffer(); b != nil {
		return r.emit(b.B)
	}
	if v.IsNullish() {
		return r.emit(nil)
	}
	return r.emit([]byte(wellFormed(value.ToString(v))))
}

func (r *result) redirect(a, b value.Value) error {
	status, to := http.StatusFound, a
	if a.IsNumber() {
		status, to = int(a.Num()), b
	} else if b.IsNumber() {
		status = int(b.Num())
	}
	if err := r.set("Location", to); err != nil {
		return err
	}
	r.status = status
	body := statusText(status) + ". Redirecting to " + value.ToString(to)
	if strings.Contains(r.asked("accept"), "text/html") {
		body = "<p>" + statusText(status) + ". Redirecting to " + value.ToString(to) + "</p>"
		_ = r.set("Content-Type", value.Str("text/html; charset=utf-8"))
	} else {
		_ = r.set("Content-Type", value.Str("text/plain; charset=utf-8"))
	}
	_ = r.set("Content-Length", itoa(len(body)))
	return r.emit([]byte(body))
}

func (r *result) attachment(name value.Value) error {
	if name.IsNullish() {
		return r.set("Content-Disposition", value.Str("attachment"))
	}
	file := path.Base(value.ToString(name))
	if err := r.set("Content-Type", value.Str(mediaType(path.Ext(file)))); err != nil {
		return err
	}
	return r.set("Content-Disposition", value.Str(`attachment; filename="`+strings.ReplaceAll(file, `"`, `\"`)+`"`))
}

// mediaTypes by short name and extension: those that Express knows and flows use.
var mediaTypes = map[string]string{
	"html": "text/html; charset=utf-8", "txt": "text/plain; charset=utf-8", "text": "text/plain; charset=utf-8", "css": "text/css; charset=utf-8",
	"csv": "text/csv; charset=utf-8", "js": "application/javascript; charset=utf-8", "json": "application/json; charset=utf-8",
	"xml": "application/xml", "svg": "image/svg+xml", "png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg", "gif": "image/gif",
	"webp": "image/webp", "ico": "image/x-icon", "pdf": "application/pdf", "zip": "application/zip", "gz": "application/gzip",
	"bin": "application/octet-stream", "mp3": "audio/mpeg", "mp4": "video/mp4", "wasm": "application/wasm", "md": "text/markdown; charset=utf-8",
	"yaml": "text/yaml; charset=utf-8", "yml": "text/yaml; charset=utf-8", "form": "application/x-www-form-urlencoded",
}

// mediaType is what res.type makes of a short name, an extension or a full type.
func mediaType(name string) string {
	if strings.Contains(name, "/") {
		return name
	}
	if t, ok := mediaTypes[strings.TrimPrefix(strings.ToLower(name), ".")]; ok {
		return t
	}
	return "application/octet-stream"
}

func statusText(code int) string {
	if t := http.StatusText(code); t != "" {
		return t
	}
	return strconv.Itoa(code)
}
