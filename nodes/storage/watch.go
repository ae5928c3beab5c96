package storage

import (
	"path"
	"strings"

	"github.com/lockstep-flows/lockstep/engine"
	"github.com/lockstep-flows/lockstep/engine/value"
)

// Watch is the configuration of a watch node.
type Watch struct {
	// Files are the files and folders to watch, with commas between them.
	Files string `json:"files"`
	// Recursive watches the folders in a folder too.
	Recursive bool `json:"recursive"`
}

var watchType = engine.Define("watch", "Starts a flow when files change.", newWatch).Starts()

type watch struct{ topic value.Value }

func newWatch(c *engine.Call, cfg Watch) (engine.Node, error) {
	files := value.NewArray()
	for _, f := range strings.Split(cfg.Files, ",") {
		files.Append(value.Str(value.Trim(f)))
	}
	n := &watch{topic: files.At(0)}
	if files.Length() > 1 {
		text, _, err := value.Stringify(value.Of(files), "")
		if err != nil {
			return nil, err
		}
		n.topic = value.Str(text)
	}
	c.Listen("watch.start", value.Obj("files", files, "recursive", cfg.Recursive), func(v value.Value, _ bool) { n.changed(c, v.Object()) })
	return n, nil
}

// Receive ignores messages: the node has no input.
func (n *watch) Receive(*engine.Call, *engine.Message) error { return engine.Pending }

func (n *watch) changed(c *engine.Call, o *value.Object) {
	if e := o.Get("error"); !e.IsUndefined() {
		c.ErrorValue(e, value.Obj("payload", "").Object())
		return
	}
	m := value.NewObject(8)
	name := o.Get("path")
	m.Set("payload", name)
	m.Set("topic", n.topic)
	m.Set("file", value.Str(path.Base(strings.ReplaceAll(name.Str(), "\\", "/"))))
	m.Set("filename", name)
	m.Set("event", o.Get("event"))
	if size, ok := o.Lookup("size"); ok {
		m.Set("size", size)
	}
	m.Set("type", o.Get("type"))
	c.Send(m)
}
