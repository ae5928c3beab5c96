package live

import (
	"bytes"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"strings"
	"unicode/utf8"

	"github.com/lockstep-flows/lockstep/engine/value"
)

// body reads and parses a request's body by its type, as Node-RED does: JSON,
// forms, uploads, text, or bytes.
func (p *HTTP) body(w http.ResponseWriter, r *http.Request, rt *route) (body value.Value, files *value.Array, err error) {
	limit := p.opt.MaxBody
	if rt.upload && strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/form-data") {
		limit = p.opt.MaxUpload
	}
	data, err := readBody(w, r, limit)
	if err != nil {
		return value.Undefined, nil, err
	}
	if rt.raw {
		return value.Bytes(data), nil, nil
	}
	typ, params := mediaType(r.Header.Get("Content-Type"))
	// A length of 0 is a body, too; net/http does not tell it from none, but these
	// methods are sent with one.
	hasBody := r.ContentLength != 0 || rt.method == http.MethodPost || rt.method == http.MethodPut || rt.method == http.MethodPatch
	switch {
	case typ == "application/json" && hasBody:
		body, err = jsonBody(string(data))
		return body, nil, err
	case typ == "application/x-www-form-urlencoded" && hasBody && rt.method != http.MethodGet:
		return value.Of(parseQuery(string(data), formArrayLimit, formDepth)), nil, nil
	case typ == "multipart/form-data" && rt.upload && rt.method == http.MethodPost:
		return upload(data, params["boundary"])
	}
	return rawBody(data, typ), nil, nil
}

// mediaType reads a content type, also one that breaks the rules.
func mediaType(text string) (typ string, params map[string]string) {
	if text == "application/json" {
		return text, nil
	}
	typ, params, err := mime.ParseMediaType(text)
	if err != nil {
		typ = strings.ToLower(strings.TrimSpace(strings.Split(text, ";")[0]))
	}
	return typ, params
}

// readBody reads a body of at most limit bytes.
func readBody(w http.ResponseWriter, r *http.Request, limit int64) ([]byte, error) {
	if n := r.ContentLength; n > 0 && n <= min(limit, defaultMaxBody) {
		data := make([]byte, n)
		_, err := io.ReadFull(r.Body, data)
		return data, err
	}
	return io.ReadAll(http.MaxBytesReader(w, r.Body, limit))
}

// jsonBody parses a JSON body; only objects and arrays are taken.
func jsonBody(text string) (value.Value, error) {
	if text == "" {
		return value.Of(value.NewObject()), nil
	}
	first := strings.TrimLeft(text, " \t\r\n")
	if first != "" && first[0] != '{' && first[0] != '[' {
		at := len(text) - len(first)
		masked := text[:at] + strings.Repeat("#", len(first))
		_, err := value.ParseJSON(masked)
		return value.Undefined, syntaxError(unmask(err, text, at), text)
	}
	v, err := value.ParseJSON(text)
	if err != nil {
		return v, syntaxError(err.(*value.Error).Message, text)
	}
	return v, nil
}

// unmask puts the text back where the message shows the mask.
func unmask(err error, text string, at int) string {
	msg := err.(*value.Error).Message
	var b strings.Builder
	for i := 0; i < len(msg); {
		n := 0
		for i+n < len(msg) && msg[i+n] == '#' {
			n++
		}
		if n == 0 {
			b.WriteByte(msg[i])
			i++
			continue
		}
		b.WriteString(text[at:min(at+n, len(text))])
		i += n
	}
	return b.String()
}

func syntaxError(msg, body string) error {
	return bodyError("SyntaxError", msg, "entity.parse.failed", http.StatusBadRequest, body)
}

func bodyError(name, msg, typ string, status int, body string) error {
	e := value.ThrownError(name, msg)
	e.SetProp("expose", value.True)
	e.SetProp("statusCode", value.Int(status))
	e.SetProp("status", value.Int(status))
	if body != "" {
		e.SetProp("body", value.Str(body))
	}
	e.SetProp("type", value.Str(typ))
	return e
}

// rawBody gives text for text types and for what is valid UTF-8, else a Buffer.
func rawBody(data []byte, typ string) value.Value {
	main, sub, _ := strings.Cut(typ, "/")
	text, check := true, false
	switch {
	case typ == "" || main == "text" || sub == "xml" || strings.HasSuffix(sub, "+xml"):
	case main != "application":
		text = false
	case sub != "octet-stream" && sub != "cbor" && sub != "x-protobuf":
		check = true
	default:
		text = false
	}
	if text && !check || check && utf8.Valid(data) {
		return value.Str(value.Text(data))
	}
	if check {
		return value.Str(value.Text(data))
	}
	return value.Bytes(data)
}

// upload parses a multipart form: its fields, and its files in memory.
func upload(data []byte, boundary string) (value.Value, *value.Array, error) {
	fields, files := value.NewObject(), value.NewArray()
	if boundary == "" {
		return value.Undefined, nil, value.ThrownError("Error", "Multipart: Boundary not found")
	}
	mr := multipart.NewReader(bytes.NewReader(data), boundary)
	for {
		part, err := mr.NextRawPart()
		if err == io.EOF {
			return value.Of(fields), files, nil
		}
		if err != nil {
			return value.Undefined, nil, value.ThrownError("Error", "Unexpected end of form")
		}
		content, err := io.ReadAll(part)
		if err != nil {
			return value.Undefined, nil, value.ThrownError("Error", "Unexpected end of form")
		}
		if part.FileName() == "" && strings.HasPrefix(part.Header.Get("Content-Type"), "application/octet-stream") {
			continue // a file without a name is left out
		}
		if part.FileName() == "" {
			insert(fields, keyPath(formName(part.FormName()), formDepth), value.Str(value.Text(content)), formArrayLimit)
			continue
		}
		typ := part.Header.Get("Content-Type")
		if typ == "" {
			typ = "application/octet-stream"
		}
		encoding := part.Header.Get("Content-Transfer-Encoding")
		if encoding == "" {
			encoding = "7bit"
		}
		files.Append(value.Obj("fieldname", formName(part.FormName()), "originalname", formName(part.FileName()), "encoding", encoding,
			"mimetype", strings.Split(typ, ";")[0], "buffer", content, "size", len(content)))
	}
}

// formNames undo what browsers do to line ends and quotes in names of forms.
var formNames = strings.NewReplacer("%0A", "\n", "%0a", "\n", "%0D", "\r", "%0d", "\r", "%22", `"`)

func formName(s string) string { return formNames.Replace(s) }
