package flowtest

import (
	"bytes"
	"maps"
	"path"
	"strings"

	"github.com/lockstep-flows/lockstep/engine/value"
)

// memory is a file system that lives in a test. Names are compared as they are,
// after cleaning; folders exist where a file is, and where one was made.
type memory struct {
	files   map[string][]byte
	folders map[string]bool
}

func newMemory(given map[string][]byte) memory {
	m := memory{files: map[string][]byte{}, folders: map[string]bool{"/": true, ".": true}}
	for name, data := range given {
		if strings.HasSuffix(name, "/") {
			m.mkdir(path.Clean(name))
			continue
		}
		m.mkdir(path.Dir(path.Clean(name)))
		m.files[path.Clean(name)] = bytes.Clone(data)
	}
	return m
}

func (m memory) mkdir(name string) {
	for ; !m.folders[name]; name = path.Dir(name) {
		m.folders[name] = true
	}
}

// piece is one answer to a file operation.
type piece struct {
	body value.Value
	last bool
}

// filePart is how much of a file one answer carries, as when it is read from disk.
const filePart = 64 << 10

func (m memory) perform(kind string, o *value.Object) []piece {
	asked := value.ToString(o.Get("path"))
	name := path.Clean(strings.ReplaceAll(asked, `\`, "/"))
	one := func(v value.Value) []piece { return []piece{{v, true}} }
	switch kind {
	case "file.write":
		return one(m.write(name, asked, o))
	case "file.delete":
		if _, ok := m.files[name]; !ok {
			return one(fileError("ENOENT", errorTexts["ENOENT"], "unlink", asked))
		}
		delete(m.files, name)
		return one(value.Of(value.NewObject()))
	}
	data, ok := m.files[name]
	switch {
	case m.folders[name]:
		e := fileError("EISDIR", errorTexts["EISDIR"], "read", "")
		return one(e)
	case !ok:
		return one(fileError("ENOENT", errorTexts["ENOENT"], "open", asked))
	case !o.Get("chunks").Bool():
		return one(value.Obj("data", value.Bytes(bytes.Clone(data)), "end", true))
	}
	var out []piece
	for ; len(data) > 0; data = data[min(len(data), filePart):] {
		out = append(out, piece{value.Obj("data", value.Bytes(bytes.Clone(data[:min(len(data), filePart)]))), false})
	}
	return append(out, piece{value.Obj("end", true), true})
}

func (m memory) write(name, asked string, o *value.Object) value.Value {
	if o.Get("mkdir").Bool() {
		m.mkdir(path.Dir(name))
	}
	switch {
	case m.folders[name]:
		return fileError("EISDIR", errorTexts["EISDIR"], "open", asked)
	case !m.folders[path.Dir(name)]:
		return fileError("ENOENT", errorTexts["ENOENT"], "open", asked)
	}
	data := bytesOf(o.Get("data"))
	if o.Get("append").Bool() {
		data = append(bytes.Clone(m.files[name]), data...)
	}
	m.files[name] = data
	return value.Of(value.NewObject())
}

// shown are the files as conditions see them: text by name.
func (m memory) shown() map[string]any {
	out := map[string]any{}
	for name := range maps.Keys(m.files) {
		out[name] = value.Text(m.files[name])
	}
	return out
}

// fileError is the answer to a file operation that failed, in Node.js's words.
func fileError(code, text, call, name string) value.Value {
	message := code + ": " + text + ", " + call
	if name != "" {
		message += " '" + name + "'"
	}
	if text == "" {
		message = code
	}
	e := value.ThrownError("Error", message)
	e.SetProp("code", value.Str(code))
	e.SetProp("syscall", value.Str(call))
	if name != "" {
		e.SetProp("path", value.Str(name))
	}
	return value.Obj("error", e)
}
