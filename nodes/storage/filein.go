package storage

import (
	"strings"

	"github.com/lockstep-flows/lockstep/engine"
	"github.com/lockstep-flows/lockstep/engine/value"
)

// FileIn is the configuration of a file in node.
type FileIn struct {
	// Filename names the file, FilenameType its type: str, msg, flow, global, env,
	// jsonata; relative names start at the working directory.
	Filename     string `json:"filename"`
	FilenameType string `json:"filenameType"`
	// Format is utf8 (one text), lines (a message a line), stream (a message a
	// 64 KiB chunk) or empty for one Buffer.
	Format string `json:"format"`
	// Encoding of the text; none is UTF-8.
	Encoding string `json:"encoding"`
	// AllProps keeps the properties of the message on each line or chunk.
	AllProps bool `json:"allProps"`
	// SendError sends a message with the error too, as Node-RED did before 0.20; default true.
	SendError value.Value `json:"sendError"`
	// Chunk is written by old editors and has no effect.
	Chunk bool `json:"chunk"`
}

var fileInType = engine.Define("file in", "Reads a file.", newFileIn).With(texts)

type fileIn struct {
	FileIn
	name      *engine.Input
	sendError bool
}

func newFileIn(_ *engine.Call, cfg FileIn) (engine.Node, error) {
	n := &fileIn{FileIn: cfg, name: nameInput(cfg.Filename, cfg.FilenameType)}
	n.sendError = cfg.SendError.IsUndefined() || value.Truthy(cfg.SendError)
	if n.Encoding == "" {
		n.Encoding = "none"
	}
	return n, nil
}

func (n *fileIn) Receive(c *engine.Call, m *engine.Message) error {
	name, err := evalName(c, n.name, m)
	if err != nil {
		c.Error(err, m)
		return nil
	}
	name = lineMarks.Replace(name)
	if n.Filename == "" && n.FilenameType != "" {
		showName(c, name)
	}
	if name == "" {
		c.Warn(value.Str(c.Text("file.errors.nofilename")))
		return nil
	}
	m.Set("filename", value.Str(name))
	r := &reading{n: n, c: c, m: m}
	chunks := n.Format == "lines" || n.Format == "stream"
	body := value.Obj("path", fullName(c, name), "chunks", chunks)
	c.AskMany("file.read", body, func(v value.Value, _ bool) { r.answer(v) })
	return engine.Pending
}

// reading is a file being read for a message.
type reading struct {
	n     *fileIn
	c     *engine.Call
	m     *engine.Message
	count int
	spare string
	bytes []byte // of a character that is not complete yet
	full  bool   // the last chunk was a full one
}

func (r *reading) answer(v value.Value) {
	o := v.Object()
	if err := o.Get("error"); !err.IsUndefined() {
		r.failed(err)
		return
	}
	data := o.Get("data")
	switch r.n.Format {
	case "lines":
		if b := data.Buffer(); b != nil {
			r.lines(b.B)
		}
		if o.Get("end").Bool() {
			r.line(r.spare+text(r.bytes, r.n.Encoding), true)
			r.c.Done(r.m)
		}
	case "stream":
		r.chunk(data, o.Get("end").Bool())
	default:
		r.m.Set("payload", data)
		if r.n.Format == "utf8" {
			r.m.Set("payload", value.Str(text(data.Buffer().B, r.n.Encoding)))
		}
		r.c.Send(r.m)
		r.c.Done(r.m)
	}
}

func (r *reading) failed(err value.Value) {
	r.c.ErrorValue(err, r.m)
	if r.n.sendError {
		m := value.CloneMessage(r.m)
		m.Delete("payload")
		m.Set("error", err)
		r.c.Send(m)
	}
	r.c.Done(r.m)
}

// part makes the message for a line or chunk.
func (r *reading) part(payload value.Value, typ, ch string) (*engine.Message, *value.Object) {
	m := value.NewObject(5)
	if r.n.AllProps {
		m = value.CloneMessage(r.m)
	} else {
		m.Set("topic", r.m.Get("topic"))
		m.Set("filename", r.m.Get("filename"))
	}
	m.Set("payload", payload)
	parts := value.Obj("index", r.count, "ch", ch, "type", typ, "id", r.m.Get("_msgid")).Object()
	m.Set("parts", value.Of(parts))
	r.count++
	return m, parts
}

func (r *reading) lines(b []byte) {
	whole, rest := complete(append(r.bytes, b...), r.n.Encoding)
	r.bytes = append([]byte(nil), rest...)
	list := strings.Split(r.spare+text(whole, r.n.Encoding), "\n")
	for _, l := range list[:len(list)-1] {
		r.line(l, false)
	}
	r.spare = list[len(list)-1]
}

func (r *reading) line(s string, last bool) {
	m, parts := r.part(value.Str(s), "string", "\n")
	if last {
		m.Set("parts", value.Obj("index", r.count-1, "count", r.count, "ch", "\n", "type", "string", "id", parts.Get("id")))
	}
	r.c.Send(m)
}

func (r *reading) chunk(data value.Value, end bool) {
	if b := data.Buffer(); b != nil {
		m, parts := r.part(data, "buffer", "")
		r.full = len(b.B) == chunkSize
		if !r.full {
			parts.Set("count", value.Int(r.count))
		}
		r.c.Send(m)
	}
	if !end {
		return
	}
	if r.full {
		r.c.Send(value.Obj("parts", value.Obj("index", r.count, "count", r.count, "ch", "", "type", "buffer", "id", r.m.Get("_msgid"))).Object())
	}
	r.c.Done(r.m)
}

// chunkSize is that of Node.js file streams.
const chunkSize = 64 << 10

func (n *fileIn) Close(c *engine.Call, _ bool) error {
	clearStatus(c)
	return nil
}
