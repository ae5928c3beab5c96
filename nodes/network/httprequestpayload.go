package network

import (
	"math"
	"path"
	"strconv"
	"strings"

	"github.com/lockstep-flows/lockstep/engine/value"
)

// payload makes msg.payload the body, or part of the URL.
func (x *outgoing) payload() error {
	v := x.m.Get("payload")
	switch {
	case v.IsUndefined():
	case x.method != "GET" && x.method != "HEAD":
		if x.headers.Get("content-type").Str() == "multipart/form-data" && v.TypeOf() == "object" {
			return x.form(v)
		}
		return x.send(v)
	case x.method == "GET" && x.n.toQuery:
		x.query(v)
	case x.method == "GET" && x.n.toBody:
		return x.getBody(v)
	}
	return nil
}

func (x *outgoing) setBody(b []byte) { x.data, x.has = b, true }

// text is what a payload that is no object is sent as; ok is false for objects.
func plainBody(v value.Value) (b []byte, ok bool) {
	switch {
	case v.IsString():
		return []byte(wellFormed(v.Str())), true
	case v.Buffer() != nil:
		return v.Buffer().B, true
	case v.IsNumber():
		return []byte(value.ToString(v)), true
	}
	return nil, false
}

func (x *outgoing) send(v value.Value) error {
	b, ok := plainBody(v)
	if !ok {
		text, found := "", true
		typ := x.headers.Get("content-type")
		if typ.Str() == "application/x-www-form-urlencoded" {
			text, _ = queryString(v) // a lone surrogate is replaced
		} else {
			var err error
			if text, found, err = value.Stringify(v, ""); err != nil {
				return err
			}
			if typ.IsNullish() {
				x.headers.Set(x.spelled["content-type"], value.Str("application/json"))
			}
		}
		if !found {
			return codeError("TypeError", "ERR_INVALID_ARG_TYPE", `The "string" argument must be of type string or an instance of Buffer or ArrayBuffer. Received undefined`)
		}
		b = []byte(wellFormed(text))
	}
	if x.headers.Get("content-length").IsNullish() {
		x.headers.Set(x.spelled["content-length"], value.Int(len(b)))
	}
	x.setBody(b)
	return nil
}

func (x *outgoing) getBody(v value.Value) error {
	if b, ok := plainBody(v); ok && v.Buffer() == nil {
		x.setBody(b)
		return nil
	}
	if v.TypeOf() != "object" {
		return nil
	}
	text, _, err := value.Stringify(v, "")
	x.setBody([]byte(wellFormed(text)))
	return err
}

func (x *outgoing) query(v value.Value) {
	text, ok := "", false
	if v.TypeOf() == "object" {
		text, ok = queryString(v)
	}
	if !ok {
		x.c.Error(x.c.TextError("httpin.errors.invalid-payload"), x.m)
		x.refused = true
		return
	}
	switch {
	case !strings.Contains(x.url, "?"):
		x.url += "?"
	case !strings.HasSuffix(x.url, "?"):
		x.url += "&"
	}
	x.url += text
}

// queryString is Node.js's querystring.stringify; ok is false if a text cannot be encoded.
func queryString(v value.Value) (text string, ok bool) {
	var parts []string
	ok = true
	add := func(key string, v value.Value) {
		s := ""
		switch {
		case v.IsString():
			s = v.Str()
		case v.IsNumber() && !math.IsInf(v.Num(), 0) && !math.IsNaN(v.Num()), v.IsBool(), v.TypeOf() == "bigint":
			s = value.ToString(v)
		}
		if wellFormed(s) != s || wellFormed(key) != key {
			ok = false
		}
		parts = append(parts, value.EncodeURIComponent(key)+"="+value.EncodeURIComponent(s))
	}
	each(v, func(key string, v value.Value) {
		a := v.Array()
		if a == nil {
			add(key, v)
			return
		}
		for i := range a.Length() {
			add(key, a.At(i))
		}
	})
	return strings.Join(parts, "&"), ok
}

// each calls fn with the own properties of an object or array.
func each(v value.Value, fn func(key string, v value.Value)) {
	if a := v.Array(); a != nil {
		for i := range a.Length() {
			fn(strconv.Itoa(i), a.At(i))
		}
		return
	}
	if o := v.Object(); o != nil {
		for i := range o.Len() {
			fn(o.At(i).Key, o.At(i).Value)
		}
	}
}

// form makes the payload's properties the parts of a multipart form.
func (x *outgoing) form(v value.Value) error {
	var mark strings.Builder
	mark.WriteString("--------------------------")
	for range 24 {
		mark.WriteByte("0123456789abcdef"[int(x.c.Random()*16)])
	}
	boundary := mark.String()
	var b []byte
	var failed error
	each(v, func(key string, v value.Value) {
		if v.IsNullish() || failed != nil {
			return
		}
		content, options := v, value.NewObject()
		o := v.Object()
		switch {
		case v.IsString() || v.Buffer() != nil:
		case o != nil && o.Has("value"):
			content = o.Get("value")
			if given := o.Get("options"); given.Object() != nil {
				options = given.Object()
			} else if given.IsString() {
				options.Set("filename", given)
			}
		default:
			text, _, err := value.Stringify(v, "")
			content, failed = value.Str(text), err
		}
		b = append(b, "--"+boundary+"\r\n"+partHeader(key, content, options)+"\r\n"...)
		data, ok := plainBody(content)
		if !ok {
			data = []byte(value.ToString(content))
		}
		b = append(append(b, data...), "\r\n"...)
	})
	if failed != nil {
		return failed
	}
	x.headers.Delete("content-type")
	x.headers.Set("content-type", value.Str("multipart/form-data; boundary="+boundary))
	x.spelled["content-type"] = "content-type"
	x.setBody(append(b, "--"+boundary+"--\r\n"...))
	return nil
}

var fieldEscapes = strings.NewReplacer("\r", "%0D", "\n", "%0A", `"`, "%22")

// partHeader is the header of a part, as npm's form-data writes it: options are
// header, filename, filepath and contentType.
func partHeader(field string, content value.Value, options *value.Object) string {
	if h := options.Get("header"); h.IsString() {
		return h.Str()
	}
	disposition := `form-data; name="` + fieldEscapes.Replace(field) + `"`
	name := ""
	if p := options.Get("filepath"); p.IsString() {
		name = path.Clean(strings.ReplaceAll(p.Str(), `\`, "/"))
	} else if f := options.Get("filename"); value.Truthy(f) {
		name = path.Base(value.ToString(f))
	}
	if name != "" {
		disposition += `; filename="` + fieldEscapes.Replace(name) + `"`
	}
	typ := ""
	switch {
	case value.Truthy(options.Get("contentType")):
		typ = value.ToString(options.Get("contentType"))
	case name != "":
		typ = formTypes[strings.ToLower(strings.TrimPrefix(path.Ext(name), "."))]
	}
	if typ == "" && content.Buffer() != nil {
		typ = "application/octet-stream"
	}
	headers := value.Obj("Content-Disposition", disposition).Object()
	if typ != "" {
		headers.Set("Content-Type", value.Str(typ))
	}
	each(options.Get("header"), func(key string, v value.Value) { headers.Set(key, v) })
	var b strings.Builder
	each(value.Of(headers), func(key string, v value.Value) {
		var list []string
		if a := v.Array(); a != nil {
			for _, e := range a.Elems {
				list = append(list, value.ToString(e))
			}
		} else if !v.IsNullish() {
			list = []string{value.ToString(v)}
		}
		if len(list) > 0 {
			b.WriteString(key + ": " + strings.Join(list, "; ") + "\r\n")
		}
	})
	return b.String()
}

// formTypes are the media types of uploaded files by extension.
var formTypes = map[string]string{
	"html": "text/html", "htm": "text/html", "txt": "text/plain", "log": "text/plain", "css": "text/css", "csv": "text/csv",
	"js": "application/javascript", "json": "application/json", "xml": "application/xml", "svg": "image/svg+xml", "png": "image/png",
	"jpg": "image/jpeg", "jpeg": "image/jpeg", "gif": "image/gif", "webp": "image/webp", "bmp": "image/bmp", "ico": "image/vnd.microsoft.icon",
	"tif": "image/tiff", "tiff": "image/tiff", "pdf": "application/pdf", "zip": "application/zip", "gz": "application/gzip",
	"tar": "application/x-tar", "bin": "application/octet-stream", "mp3": "audio/mpeg", "wav": "audio/wav", "ogg": "audio/ogg",
	"mp4": "video/mp4", "webm": "video/webm", "md": "text/markdown", "yaml": "text/yaml", "yml": "text/yaml",
	"doc": "application/msword", "xls": "application/vnd.ms-excel", "wasm": "application/wasm",
	"docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
	"xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
