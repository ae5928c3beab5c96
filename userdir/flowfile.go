package userdir

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/lockstep-flows/lockstep/engine/value"
)

// findFlows finds the flow file and its credentials as Node-RED does: those of the
// active project, else the setting flowFile, absolute, or in the working directory,
// or in the user directory; without a setting flows_<hostname>.json, or flows.json
// where only that exists.
func (d *Dir) findFlows() error {
	name := d.Settings.Get("flowFile").Str()
	if d.opt.FlowFile != "" {
		name = d.opt.FlowFile
	}
	if d.projects() {
		done, err := d.findProject(name)
		if done || err != nil {
			return err
		}
	}
	switch {
	case name == "":
		d.FlowFile = filepath.Join(d.Path, "flows_"+d.opt.Hostname+".json")
		if other := filepath.Join(d.Path, "flows.json"); !exists(d.FlowFile) && exists(other) {
			d.FlowFile = other
		}
	case filepath.IsAbs(name):
		d.FlowFile = name
	case strings.HasPrefix(name, "./") || exists(name):
		full, err := filepath.Abs(name)
		if err != nil {
			return err
		}
		d.FlowFile = full
	default:
		d.FlowFile = filepath.Join(d.Path, name)
	}
	d.CredentialFile = filepath.Join(d.Path, credentialName(d.FlowFile))
	if !exists(d.CredentialFile) {
		d.CredentialFile = filepath.Join(filepath.Dir(d.FlowFile), credentialName(d.FlowFile))
	}
	if !exists(d.FlowFile) {
		d.warn("the flow file %s does not exist: there are no flows", d.FlowFile)
	}
	return nil
}

func credentialName(flowFile string) string {
	ext := filepath.Ext(flowFile)
	return strings.TrimSuffix(filepath.Base(flowFile), ext) + "_cred" + ext
}

func exists(file string) bool {
	_, err := os.Stat(file)
	return err == nil
}

// projects reports whether the feature is on.
func (d *Dir) projects() bool {
	if v, ok := d.opt.Env("NODE_RED_ENABLE_PROJECTS"); ok && v != "" {
		return !strings.EqualFold(v, "false")
	}
	theme := d.Settings.Get("editorTheme").Object()
	if theme == nil {
		return false
	}
	p := theme.Get("projects").Object()
	return p != nil && value.Truthy(p.Get("enabled"))
}

// findProject takes the files that the active project's package.json names.
func (d *Dir) findProject(name string) (done bool, err error) {
	config, err := readJSON(filepath.Join(d.Path, ".config.projects.json"))
	if err != nil {
		return false, err
	}
	root := filepath.Join(d.Path, "projects")
	if p := d.Settings.Get("editorTheme").Object().Get("projects").Object(); p != nil && p.Get("path").Str() != "" {
		root = p.Get("path").Str()
	}
	active := config.Get("activeProject").Str()
	if name != "" && exists(filepath.Join(root, name, "package.json")) {
		active = name
	}
	if active == "" {
		return false, nil
	}
	dir := filepath.Join(root, active)
	pkg, err := readJSON(filepath.Join(dir, "package.json"))
	if err != nil {
		return false, err
	}
	set := value.NewObject()
	if o := pkg.Get("node-red").Object(); o != nil && o.Get("settings").Object() != nil {
		set = o.Get("settings").Object()
	}
	flow := set.Get("flowFile").Str()
	if flow == "" {
		return false, fmt.Errorf("%s names no flow file (node-red.settings.flowFile)", filepath.Join(dir, "package.json"))
	}
	d.Project, d.FlowFile = active, filepath.Join(dir, flow)
	d.CredentialFile = filepath.Join(filepath.Dir(d.FlowFile), credentialName(d.FlowFile))
	if c := set.Get("credentialsFile").Str(); c != "" {
		d.CredentialFile = filepath.Join(dir, c)
	}
	if list := config.Get("projects").Object(); list != nil {
		if own := list.Get(active).Object(); own != nil {
			d.addSecret(".config.projects.json", own.Get("credentialSecret"))
		}
	}
	return true, nil
}
