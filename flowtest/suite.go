package flowtest

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/lockstep-flows/lockstep/engine"
	"github.com/lockstep-flows/lockstep/engine/flow"
	"github.com/lockstep-flows/lockstep/engine/value"
	"github.com/lockstep-flows/lockstep/nodes"
	"github.com/lockstep-flows/lockstep/userdir"
)

// Suffixes are how the names of test files end.
var suffixes = []string{".test.yaml", ".test.yml"}

// skipped are folders that hold no tests of one's own.
var skipped = map[string]bool{"node_modules": true, "testdata": true, "vendor": true}

// Find lists the test files of paths: files as they are, folders with all below them.
// A path may end in "/...", which means the same.
func Find(paths []string) ([]string, error) {
	var out []string
	for _, p := range paths {
		if strings.HasSuffix(filepath.ToSlash(p), "/...") || p == "..." {
			if p = strings.TrimRight(strings.TrimSuffix(p, "..."), `/\`); p == "" {
				p = "."
			}
		}
		info, err := os.Stat(p)
		if err != nil {
			return nil, err
		}
		if !info.IsDir() {
			out = append(out, p)
			continue
		}
		err = filepath.WalkDir(p, func(path string, d os.DirEntry, err error) error {
			if err != nil {
				return err
			}
			if name := d.Name(); d.IsDir() && path != p && (skipped[name] || strings.HasPrefix(name, ".")) {
				return filepath.SkipDir
			}
			if !d.IsDir() && isTest(path) {
				out = append(out, path)
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	slices.Sort(out)
	return slices.Compact(out), nil
}

func isTest(path string) bool {
	return slices.ContainsFunc(suffixes, func(s string) bool { return strings.HasSuffix(path, s) })
}

// Suite is a test file with its flows, ready to run.
type Suite struct {
	*File
	// FlowNames are the flow files in use, for reports.
	FlowNames []string
	Defs      []*flow.Def
	Graph     *flow.Graph

	dir      string
	registry *engine.Registry
	index    map[string][]*flow.Node
}

// Load reads a test file and the flows it names. All that is wrong is told at once.
func Load(path string) (*Suite, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	f, err := Parse(path, text)
	if err != nil {
		return nil, err
	}
	return newSuite(f, filepath.Dir(path))
}

// newSuite makes a parsed file ready; names of files are relative to dir.
func newSuite(f *File, dir string) (*Suite, error) {
	s := &Suite{File: f, dir: dir, registry: nodes.Core()}
	if err := s.compile(); err != nil {
		return nil, err
	}
	s.makeIndex()
	return s, s.check()
}

func (s *Suite) compile() error {
	docs, err := s.documents()
	if err != nil {
		return err
	}
	for _, d := range docs {
		s.Defs = append(s.Defs, d.Defs...)
	}
	g, err := flow.Compile(func(t string) bool { return s.registry.Known(t) || engine.Inert(t) }, docs...)
	if err != nil {
		return err
	}
	s.Graph = g
	return nil
}

func (s *Suite) documents() ([]*flow.Document, error) {
	if s.Inline != nil {
		s.FlowNames = []string{s.Path}
		d, err := flow.FromValue("the flow in "+s.Path, value.Of(s.Inline))
		return []*flow.Document{d}, err
	}
	files, err := s.flowFiles()
	if err != nil {
		return nil, err
	}
	s.FlowNames = files
	var docs []*flow.Document
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			return nil, Problem{s.Path, 1, 1, "the flow cannot be read: " + err.Error(), "name it with flow:, relative to this file"}
		}
		d, err := flow.Parse(name, text)
		if err != nil {
			return nil, err
		}
		docs = append(docs, d)
	}
	return docs, nil
}

// flowFiles are the names of the flow files: those named, that of the user
// directory, or what lies beside the test.
func (s *Suite) flowFiles() ([]string, error) {
	if len(s.Flows) > 0 {
		out := make([]string, len(s.Flows))
		for i, f := range s.Flows {
			out[i] = filepath.Join(s.dir, filepath.FromSlash(f))
		}
		return out, nil
	}
	if s.UserDir != "" {
		d, err := s.userDir(Given{}, nil, nil)
		if err != nil {
			return nil, err
		}
		return []string{d.FlowFile}, nil
	}
	for _, name := range []string{"flow.json", "flows.json"} {
		if _, err := os.Stat(filepath.Join(s.dir, name)); err == nil {
			return []string{filepath.Join(s.dir, name)}, nil
		}
	}
	return nil, Problem{s.Path, 1, 1, "there is neither flow.json nor flows.json beside the file", "name the flow with flow:"}
}

func (s *Suite) userDir(g Given, env func(string) (string, bool), o *engine.Options) (*userdir.Dir, error) {
	opt := userdir.Options{Path: filepath.Join(s.dir, filepath.FromSlash(s.UserDir)), Env: env, Machine: g.Machine}
	if o != nil {
		opt.Zone = o.Zone
	}
	return userdir.Open(opt)
}

func (s *Suite) makeIndex() {
	s.index = map[string][]*flow.Node{}
	add := func(key string, n *flow.Node) {
		if key != "" && !slices.Contains(s.index[key], n) {
			s.index[key] = append(s.index[key], n)
		}
	}
	for _, n := range s.Graph.Nodes {
		add(n.Name, n)
		if n.Scope != nil && n.Scope.Label != "" {
			add(n.Scope.Label+"/"+n.Name, n)
		}
	}
	for _, n := range s.Graph.Nodes {
		key := n.Type
		if n.Instance != nil {
			key = s.subflowName(n)
		}
		if len(s.index[key]) == 0 || s.index[key][0].Name != key {
			add(key, n)
		}
	}
}

// subflowName is the name of the subflow that a node is an instance of.
func (s *Suite) subflowName(n *flow.Node) string {
	for _, d := range s.Defs {
		if d.ID == n.Instance.Template {
			return d.Name
		}
	}
	return n.Type
}

// Node finds a node by its id, its name, "tab/name", or its type if only one has it.
func (s *Suite) Node(name string) (*flow.Node, error) {
	if n := s.Graph.ByID(name); n != nil {
		return n, nil
	}
	list := s.index[name]
	switch len(list) {
	case 1:
		return list[0], nil
	case 0:
		if s.Graph.Mentions(name) {
			return nil, fmt.Errorf("the node %s does not run: it is disabled, or inside a subflow", name)
		}
		text := fmt.Sprintf("there is no node %q", name)
		words := make([]string, 0, len(s.index))
		for w := range s.index {
			words = append(words, w)
		}
		slices.Sort(words)
		if near := nearest(name, words); near != "" {
			text += fmt.Sprintf("; do you mean %q?", near)
		}
		return nil, fmt.Errorf("%s", text)
	}
	ids := make([]string, len(list))
	for i, n := range list {
		ids[i] = n.ID
	}
	return nil, fmt.Errorf("%q may be any of %d nodes; give \"tab/name\" or an id: %s", name, len(list), strings.Join(ids, ", "))
}

// check finds names in tests that no node has.
func (s *Suite) check() error {
	var out Problems
	node := func(p Place, name string) {
		if name == "" {
			return
		}
		if _, err := s.Node(name); err != nil {
			out = append(out, Problem{s.Path, p.Line, p.Col, err.Error(), ""})
		}
	}
	answers := func(list []*Answer) {
		for _, a := range list {
			node(a.Place, a.Node)
		}
	}
	given := func(g Given) {
		answers(g.Answers)
		for _, e := range g.Context {
			if e.Scope == "node" {
				node(e.Place, e.Owner)
			} else if e.Scope == "flow" && s.scope(e.Owner) == nil {
				out = append(out, Problem{s.Path, e.Line, e.Col, fmt.Sprintf("there is no flow %q", e.Owner), "give the label or id of a tab"})
			}
		}
	}
	given(s.Given)
	for _, t := range s.Tests {
		given(t.Given)
		for _, st := range t.Steps {
			if st.Verb != "event" && st.Verb != "reply" {
				node(st.Place, st.Node)
			}
			if st.Answer != nil {
				answers([]*Answer{st.Answer})
			}
		}
	}
	return out.err()
}

// scope finds a tab or subflow instance by label or id.
func (s *Suite) scope(name string) *flow.Scope {
	for _, sc := range s.Graph.Scopes {
		if sc.ID == name || sc.Label == name && name != "" {
			return sc
		}
	}
	return nil
}

// nodeText names a node for people.
func nodeText(n *flow.Node) string {
	if n == nil {
		return "the engine"
	}
	if n.Name != "" {
		return fmt.Sprintf("%s %q", n.Type, n.Name)
	}
	return n.Type + " " + n.ID
}
