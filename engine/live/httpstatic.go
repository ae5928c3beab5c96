package live

import (
	"errors"
	"fmt"
	"html"
	"io"
	"io/fs"
	"mime"
	"net/http"
	"os"
	"path"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// Static is a folder whose files are served, as Node-RED's httpStatic.
type Static struct {
	// Dir is the folder.
	Dir string
	// Prefix is the path under which it lies; "" is /.
	Prefix string
	// CORS of these files (cors, httpStaticCors); nil sets nothing.
	CORS *CORS
}

// folder serves a Static; what leaves the folder, by its name or by a symbolic
// link, is not found.
type folder struct {
	prefix string // without a slash at its end
	root   *os.Root
	cors   *CORS
}

func openFolders(list []Static) ([]*folder, error) {
	var out []*folder
	for _, s := range list {
		root, err := os.OpenRoot(s.Dir)
		if err != nil {
			return nil, fmt.Errorf("static files: %w", err)
		}
		if s.CORS != nil {
			if err := s.CORS.prepare(); err != nil {
				return nil, err
			}
		}
		out = append(out, &folder{strings.TrimRight(path.Join("/", s.Prefix), "/"), root, s.CORS})
	}
	return out, nil
}

// serve answers a request for a file; it reports whether there is one.
func (f *folder) serve(w http.ResponseWriter, r *http.Request, g *gate) bool {
	name, ok := strings.CutPrefix(r.URL.Path, f.prefix)
	if !ok || name != "" && name[0] != '/' {
		return false
	}
	if f.cors != nil && f.cors.apply(w, r) || !g.lets(w, r) {
		return true
	}
	if r.Method != http.MethodGet && r.Method != http.MethodHead || strings.ContainsRune(name, 0) {
		return false
	}
	for _, part := range strings.Split(name, "/") {
		if strings.HasPrefix(part, ".") {
			return false // hidden, or the way out
		}
	}
	file, info, err := f.open(name)
	if err != nil {
		return false
	}
	defer func() { _ = file.Close() }() // it was only read
	if info.IsDir() {
		redirectTo(w, r, path.Join("/", r.URL.EscapedPath())+"/"+query(r))
		return true
	}
	h := w.Header()
	h.Set("Accept-Ranges", "bytes")
	h.Set("Cache-Control", "public, max-age=0")
	h.Set("ETag", `W/"`+strconv.FormatInt(info.Size(), 16)+"-"+strconv.FormatInt(info.ModTime().UnixMilli(), 16)+`"`)
	h.Set("Content-Type", staticType(info.Name()))
	http.ServeContent(w, r, "", info.ModTime().Truncate(time.Second), file)
	return true
}

// open opens the file of a path; a path with a slash at its end is its index.html.
func (f *folder) open(name string) (*os.File, fs.FileInfo, error) {
	inside := strings.TrimLeft(path.Clean(name), "/")
	if strings.HasSuffix(name, "/") {
		inside = path.Join(inside, "index.html")
	}
	if inside == "" {
		inside = "."
	}
	file, err := f.root.Open(filepath.FromSlash(inside))
	if err != nil {
		return nil, nil, err
	}
	info, err := file.Stat()
	if err == nil && !info.Mode().IsRegular() && !info.IsDir() || err == nil && info.IsDir() && strings.HasSuffix(name, "/") {
		err = fs.ErrNotExist
	}
	if err != nil {
		return nil, nil, errors.Join(err, file.Close())
	}
	return file, info, nil
}

func query(r *http.Request) string {
	if r.URL.RawQuery == "" {
		return ""
	}
	return "?" + r.URL.RawQuery
}

const redirectPage = "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>Redirecting</title>\n</head>\n<body>\n<pre>Redirecting to %s</pre>\n</body>\n</html>\n"

func redirectTo(w http.ResponseWriter, r *http.Request, to string) {
	page := fmt.Sprintf(redirectPage, html.EscapeString(to))
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=UTF-8")
	h.Set("Content-Length", strconv.Itoa(len(page)))
	h.Set("Content-Security-Policy", "default-src 'none'")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Location", to)
	w.WriteHeader(http.StatusMovedPermanently)
	if r.Method != http.MethodHead {
		_, _ = io.WriteString(w, page) // a client that went away cannot be told
	}
}

// staticTypes are media types by extension, as npm's mime 1 has them; others are
// looked up in the system's table.
var staticTypes = map[string]string{
	".html": "text/html; charset=UTF-8", ".htm": "text/html; charset=UTF-8", ".css": "text/css; charset=UTF-8", ".js": "application/javascript; charset=UTF-8",
	".mjs": "application/javascript; charset=UTF-8", ".json": "application/json; charset=UTF-8", ".map": "application/json; charset=UTF-8",
	".txt": "text/plain; charset=UTF-8", ".log": "text/plain; charset=UTF-8", ".md": "text/markdown; charset=UTF-8", ".csv": "text/csv; charset=UTF-8",
	".xml": "application/xml", ".svg": "image/svg+xml", ".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".gif": "image/gif",
	".webp": "image/webp", ".ico": "image/x-icon", ".bmp": "image/bmp", ".pdf": "application/pdf", ".zip": "application/zip", ".gz": "application/gzip",
	".wasm": "application/wasm", ".mp3": "audio/mpeg", ".wav": "audio/x-wav", ".ogg": "audio/ogg", ".mp4": "video/mp4", ".webm": "video/webm",
	".woff": "font/woff", ".woff2": "font/woff2", ".ttf": "font/ttf", ".otf": "font/otf", ".yaml": "text/yaml; charset=UTF-8", ".yml": "text/yaml; charset=UTF-8",
}

func staticType(name string) string {
	ext := strings.ToLower(path.Ext(name))
	if t := staticTypes[ext]; t != "" {
		return t
	}
	if t := mime.TypeByExtension(ext); t != "" {
		return t
	}
	return "application/octet-stream"
}
