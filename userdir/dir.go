package userdir

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/lockstep-flows/lockstep/engine"
	"github.com/lockstep-flows/lockstep/engine/js"
	"github.com/lockstep-flows/lockstep/engine/value"
)

// Options say what to open.
type Options struct {
	// Path is the directory; it must exist.
	Path string
	// SettingsFile replaces settings.js of the directory; "" is that.
	SettingsFile string
	// FlowFile replaces the setting flowFile; "" leaves it.
	FlowFile string
	// Env looks up the process environment; nil is empty.
	Env func(name string) (string, bool)
	// Machine is what the module os tells settings.js and flows.
	Machine *value.Object
	// Zone is local time in settings.js; nil is UTC.
	Zone *time.Location
	// Hostname is the name in flows_<hostname>.json, where no flow file is set.
	Hostname string
}

// Dir is an opened directory.
type Dir struct {
	// Path is the directory; FlowFile and CredentialFile are the files in use,
	// whether they exist or not.
	Path, FlowFile, CredentialFile string
	// Project is the name of the active project, "" if there is none.
	Project string
	// Settings are all settings that are data.
	Settings *value.Object
	// Globals is functionGlobalContext; its live values belong to Runtime.
	Globals *value.Object
	// Runtime is where settings.js ran; the function nodes must use it.
	Runtime *js.Runtime
	// Credentials by node id, decrypted.
	Credentials map[string]*value.Object
	// Stores are the context stores with what is on disk, DefaultStore the name of
	// the default; StoreDirs are the folders of those that are saved.
	Stores       []engine.ContextStore
	DefaultStore string
	StoreDirs    map[string]string
	// Warnings are what is odd but no error.
	Warnings []string

	opt     Options
	secrets []secret // those that may fit, in order
	plain   bool     // credentials are not encrypted (credentialSecret: false)
}

// Open reads a directory. Its flow file may be missing: then there are no flows.
func Open(o Options) (*Dir, error) {
	if o.Env == nil {
		o.Env = func(string) (string, bool) { return "", false }
	}
	path, err := filepath.Abs(o.Path)
	if err != nil {
		return nil, err
	}
	if info, err := os.Stat(path); err != nil || !info.IsDir() {
		return nil, fmt.Errorf("%s is not a directory: give the user directory of Node-RED, often ~/.node-red", path)
	}
	d := &Dir{Path: path, opt: o, Credentials: map[string]*value.Object{}, StoreDirs: map[string]string{}}
	for _, step := range []func() error{d.readSettings, d.findFlows, d.readCredentials, d.openStores} {
		if err := step(); err != nil {
			return nil, err
		}
	}
	return d, nil
}

// Flows is the text of the flow file, "[]" if there is none.
func (d *Dir) Flows() ([]byte, error) {
	text, err := os.ReadFile(d.FlowFile)
	if errors.Is(err, fs.ErrNotExist) {
		return []byte("[]"), nil
	}
	return text, err
}

// SaveFlows writes the flow file; the one before is kept as .NAME.backup, as
// Node-RED keeps it.
func (d *Dir) SaveFlows(text []byte) error { return replace(d.FlowFile, text, 0o644) }

// replace writes a file as a whole: beside its place first, then renamed.
func replace(file string, text []byte, mode fs.FileMode) error {
	if old, err := os.ReadFile(file); err == nil {
		backup := filepath.Join(filepath.Dir(file), "."+filepath.Base(file)+".backup")
		if err := os.WriteFile(backup, old, mode); err != nil {
			return err
		}
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return err
	}
	tmp := file + ".$$$"
	f, err := os.OpenFile(tmp, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, mode) //nolint:gosec // the user's own file
	if err != nil {
		return err
	}
	_, err = f.Write(text)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	return os.Rename(tmp, file)
}

// readJSON reads a JSON object; a file that is not there is empty.
func readJSON(file string) (*value.Object, error) {
	text, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) || err == nil && len(text) == 0 {
		return value.NewObject(), nil
	}
	if err != nil {
		return nil, err
	}
	v, err := value.ParseJSON(value.Text(text))
	if err != nil || v.Object() == nil {
		return nil, fmt.Errorf("%s is not a JSON object", file)
	}
	return v.Object(), nil
}
