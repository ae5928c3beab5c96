package storage

import (
	"github.com/lockstep-flows/lockstep/engine"
	"github.com/lockstep-flows/lockstep/engine/value"
)

// File is the configuration of a file node.
type File struct {
	// Filename names the file, FilenameType its type: str, msg, flow, global, env,
	// jsonata; relative names start at the working directory.
	Filename     string `json:"filename"`
	FilenameType string `json:"filenameType"`
	// AppendNewline adds a line end to text.
	AppendNewline bool `json:"appendNewline"`
	// OverwriteFile is "true" to replace the file, "false" to append, "delete" to
	// delete it.
	OverwriteFile value.Value `json:"overwriteFile"`
	// CreateDir makes the folder if it is missing.
	CreateDir bool `json:"createDir"`
	// Encoding of text; none is UTF-8, setbymsg takes msg.encoding.
	Encoding string `json:"encoding"`
}

var fileType = engine.Define("file", "Writes messages to a file, or deletes the file.", newFile).With(texts)

type file struct {
	File
	name  *engine.Input
	mode  string
	queue []*engine.Message
	shown engine.Timer // shows the name of the file soon
}

// showDelay is how long, in milliseconds, a name from a message is not shown yet.
const showDelay = 333

func newFile(_ *engine.Call, cfg File) (engine.Node, error) {
	n := &file{File: cfg, name: nameInput(cfg.Filename, cfg.FilenameType)}
	if cfg.OverwriteFile.IsNullish() {
		_, err := value.GetKey(cfg.OverwriteFile, "toString")
		return nil, err
	}
	n.mode = value.ToString(cfg.OverwriteFile)
	if n.Encoding == "" {
		n.Encoding = "none"
	}
	return n, nil
}

// Receive handles one message after the other: the next begins when the file is written.
func (n *file) Receive(c *engine.Call, m *engine.Message) error {
	n.queue = append(n.queue, m)
	if len(n.queue) == 1 {
		n.process(c, m)
	}
	return engine.Pending
}

// next ends the handling of the first message and begins that of the next.
func (n *file) next(c *engine.Call) {
	c.Done(n.queue[0])
	n.queue = n.queue[1:]
	if len(n.queue) > 0 {
		n.process(c, n.queue[0])
	}
}

func (n *file) process(c *engine.Call, m *engine.Message) {
	name, err := evalName(c, n.name, m)
	if err != nil {
		c.Error(err, m)
		n.next(c)
		return
	}
	m.Set("filename", value.Str(name))
	if n.Filename == "" && n.FilenameType != "" && n.shown == 0 {
		n.shown = c.After(showDelay, func() {
			n.shown = 0
			showName(c, name)
		})
	}
	payload := m.Get("payload")
	switch {
	case name == "":
		c.Warn(value.Str(c.Text("file.errors.nofilename")))
		n.next(c)
	case n.mode == "delete":
		c.Ask("file.delete", value.Obj("path", fullName(c, name)), func(r value.Value, _ bool) { n.deleted(c, m, name, r) })
	case payload.IsUndefined():
		n.next(c)
	default:
		n.write(c, m, name, payload)
	}
}

func (n *file) deleted(c *engine.Call, m *engine.Message, name string, r value.Value) {
	if err := r.Object().Get("error"); !err.IsUndefined() {
		c.Error(c.TextError("file.errors.deletefail", "error", value.ToString(err)), m)
	} else {
		c.Debug(value.Str(c.Text("file.status.deletedfile", "file", name)))
		c.Send(m)
	}
	n.next(c)
}

func (n *file) write(c *engine.Call, m *engine.Message, name string, payload value.Value) {
	data, err := n.bytes(m, payload)
	if err != nil {
		c.Error(err, m)
		n.next(c)
		return
	}
	add := n.mode != "true"
	body := value.Obj("path", fullName(c, name), "data", data, "append", add, "mkdir", n.CreateDir)
	c.Ask("file.write", body, func(r value.Value, _ bool) {
		e := r.Object().Get("error")
		switch {
		case e.IsUndefined():
			c.Send(m)
		case r.Object().Get("mkdir").Bool():
			c.Error(c.TextError("file.errors.createfail", "error", value.ToString(e)), m)
		case add:
			c.Send(m) // Node-RED sends the message although it was not written
			c.Error(c.TextError("file.errors.appendfail", "error", value.ToString(e)), m)
		default:
			c.Error(c.TextError("file.errors.writefail", "error", value.ToString(e)), m)
		}
		n.next(c)
	})
}

// bytes are what is written for a payload.
func (n *file) bytes(m *engine.Message, v value.Value) ([]byte, error) {
	enc := n.Encoding
	if enc == "setbymsg" {
		enc = "none"
		if e := m.Get("encoding"); value.Truthy(e) {
			enc = value.ToString(e)
		}
	}
	if b := v.Buffer(); b != nil {
		return b.B, nil
	}
	var text string
	if v.TypeOf() == "object" {
		var err error
		if text, _, err = value.Stringify(v, ""); err != nil {
			return nil, err
		}
	} else {
		text = value.ToString(v)
	}
	if n.AppendNewline && !lastPart(m) {
		text += "\n"
	}
	return encode(text, enc)
}

// lastPart reports whether the message is the last of a split string.
func lastPart(m *engine.Message) bool {
	p := m.Get("parts").Object()
	return p != nil && p.Get("type").Str() == "string" && value.StrictEqual(p.Get("count"), value.Num(value.ToNumber(p.Get("index"))+1))
}

func (n *file) Close(c *engine.Call, _ bool) error {
	clearStatus(c)
	return nil
}
