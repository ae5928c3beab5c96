// Package storage holds Node-RED's storage nodes: file, file in and watch.
package storage

import (
	"path/filepath"
	"strings"

	"github.com/lockstep-flows/lockstep/engine"
	"github.com/lockstep-flows/lockstep/engine/value"
)

// Types is the table of the folder's node types.
var Types = []engine.Type{fileInType, fileType, watchType}

var texts = map[string]string{
	"file.errors.nofilename":  "No file name is given",
	"file.errors.deletefail":  "The file could not be deleted: {{error}}",
	"file.errors.writefail":   "The file could not be written: {{error}}",
	"file.errors.appendfail":  "The file could not be appended to: {{error}}",
	"file.errors.createfail":  "The folder could not be made: {{error}}",
	"file.status.deletedfile": "deleted {{file}}",
}

// nameInput gives the typed input for a file name; flows from before Node-RED 3
// have no type: an empty name then means msg.filename.
func nameInput(name, typ string) *engine.Input {
	if typ == "" {
		typ = "str"
		if name == "" {
			name, typ = "filename", "msg"
		}
	}
	return engine.NewInput(typ, value.Str(name))
}

// evalName gives the file name for a message, "" if there is none.
func evalName(c *engine.Call, in *engine.Input, m *engine.Message) (string, error) {
	v, err := in.Eval(c, m)
	if err != nil || !value.Truthy(v) {
		return "", err
	}
	return value.ToString(v), nil
}

// fullName is a name within the folder of the setting fileWorkingDirectory.
func fullName(c *engine.Call, name string) string {
	dir := c.Setting("fileWorkingDirectory").Str()
	if dir == "" || filepath.IsAbs(name) {
		return name
	}
	return filepath.Join(dir, name)
}

func showName(c *engine.Call, name string) {
	c.StatusValue(value.Obj("fill", "grey", "shape", "dot", "text", name))
}

func clearStatus(c *engine.Call) { c.StatusValue(value.Of(value.NewObject())) }

var lineMarks = strings.NewReplacer("\t", "", "\r", "", "\n", "")
