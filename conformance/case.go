package conformance

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"golang.org/x/tools/txtar"

	"github.com/lockstep-flows/lockstep/examples"
)

// Case is one flow with a script of requests and the recording of what the judge did.
type Case struct {
	// Name is the path of the file below the folder of cases, without its extension:
	// "<category>/<node>/<name>".
	Name string
	// Summary says in one sentence what the case shows.
	Summary string
	// Differs says why ours differs from the recording on purpose; empty if it must not.
	Differs string
	// ByNode: events are compared in order of each node only, not in one stream.
	ByNode bool
	// Wall: real time passes, since peers outside the flow are at work.
	Wall bool
	// Judge names the runtime and version the recording was made with.
	Judge string
	// Flow, Credentials and Settings are the arguments of the load, as JSON; the latter two may be empty.
	Flow, Credentials, Settings []byte
	// Script holds the requests that follow the load, one JSON line each, without ids. A line may be
	// an array of requests: they are sent in one write and are one step.
	Script []string
	// Want is the recording: for each step its result and then the events seen up to the
	// next step, one JSON line each. Empty if not recorded yet.
	Want []string
	// Example names the flow of the folder examples that is used, "" if the case has its own.
	Example string
}

const caseExt = ".txtar"

// Category is the first part of the name, such as "engine" or "function".
func (c *Case) Category() string { return strings.SplitN(c.Name, "/", 3)[0] }

// Node is the second part of the name: the node type, or the topic of an engine case.
func (c *Case) Node() string {
	parts := strings.SplitN(c.Name, "/", 3)
	if len(parts) < 3 {
		return ""
	}
	return parts[1]
}

// ParseCase reads a case file. Unknown headers and sections are errors.
func ParseCase(name string, data []byte) (*Case, error) {
	c := &Case{Name: name}
	ar := txtar.Parse(data)
	if err := c.header(string(ar.Comment)); err != nil {
		return nil, fmt.Errorf("case %s: %w", name, err)
	}
	for _, f := range ar.Files {
		switch f.Name {
		case "flow.json":
			c.Flow = f.Data
		case "credentials.json":
			c.Credentials = f.Data
		case "settings.json":
			c.Settings = f.Data
		case "script.jsonl":
			c.Script = lines(f.Data)
		case "want.jsonl":
			c.Want = lines(f.Data)
		default:
			return nil, fmt.Errorf("case %s: unknown section %s", name, f.Name)
		}
	}
	if err := c.check(); err != nil {
		return nil, fmt.Errorf("case %s: %w", name, err)
	}
	return c, nil
}

func (c *Case) header(comment string) error {
	all := lines([]byte(comment))
	if len(all) == 0 {
		return errors.New("no description in the first line")
	}
	c.Summary = all[0]
	for _, l := range all[1:] {
		key, value, _ := strings.Cut(l, ":")
		value = strings.TrimSpace(value)
		switch key {
		case "differs":
			c.Differs = value
		case "judge":
			c.Judge = value
		case "example":
			flow, err := examples.Files.ReadFile(value + "/flow.json")
			if err != nil {
				return fmt.Errorf("header example: %w", err)
			}
			c.Example, c.Flow = value, flow
		case "clock":
			if value != "wall" {
				return fmt.Errorf("header clock: unknown value %q", value)
			}
			c.Wall = true
		case "order":
			if value != "node" {
				return fmt.Errorf("header order: unknown value %q", value)
			}
			c.ByNode = true
		default:
			return fmt.Errorf("unknown header line %q", l)
		}
	}
	return nil
}

// laterTypes are node types that cases may be about before they are built.
var laterTypes = []string{"http request", "exec", "watch", "mqtt in", "tcp in", "tcp out", "tcp request", "udp in", "udp out", "websocket in"}

// Unsupported names a node type of the case that the runtime does not know, "" if
// it knows all.
func (c *Case) Unsupported(known func(typ string) bool) string {
	for _, typ := range laterTypes {
		if !known(typ) && strings.Contains(string(c.Flow), `"type":"`+typ+`"`) {
			return typ
		}
	}
	return ""
}

func (c *Case) check() error {
	if len(c.Flow) == 0 {
		return errors.New("no section flow.json")
	}
	for name, data := range map[string][]byte{"flow.json": c.Flow, "credentials.json": c.Credentials, "settings.json": c.Settings} {
		if len(data) == 0 {
			continue
		}
		if _, err := parseJSON(data); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	for i, l := range c.Script {
		if _, err := parseJSON([]byte(l)); err != nil {
			return fmt.Errorf("script.jsonl:%d: %w", i+1, err)
		}
	}
	return nil
}

// Bytes is the case file.
func (c *Case) Bytes() []byte {
	var head strings.Builder
	fmt.Fprintln(&head, c.Summary)
	if c.Example != "" {
		fmt.Fprintln(&head, "example: "+c.Example)
	}
	if c.Differs != "" {
		fmt.Fprintf(&head, "differs: %s\n", c.Differs)
	}
	if c.Wall {
		fmt.Fprintln(&head, "clock: wall")
	}
	if c.ByNode {
		fmt.Fprintln(&head, "order: node")
	}
	if c.Judge != "" {
		fmt.Fprintf(&head, "judge: %s\n", c.Judge)
	}
	ar := &txtar.Archive{Comment: []byte(head.String())}
	add := func(name string, data []byte) {
		if len(data) > 0 {
			ar.Files = append(ar.Files, txtar.File{Name: name, Data: data})
		}
	}
	if c.Example == "" {
		add("flow.json", c.Flow)
	}
	add("credentials.json", c.Credentials)
	add("settings.json", c.Settings)
	add("script.jsonl", joinLines(c.Script))
	add("want.jsonl", joinLines(c.Want))
	return txtar.Format(ar)
}

// LoadCases reads all case files below a folder whose name contains the pattern, in order of
// their names. It is an error if there is none.
func LoadCases(fsys fs.FS, pattern string) ([]*Case, error) {
	var cases []*Case
	err := fs.WalkDir(fsys, ".", func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || path.Ext(p) != caseExt {
			return err
		}
		name := strings.TrimSuffix(p, caseExt)
		if !strings.Contains(name, pattern) {
			return nil
		}
		data, err := fs.ReadFile(fsys, p)
		if err != nil {
			return err
		}
		c, err := ParseCase(name, data)
		cases = append(cases, c)
		return err
	})
	if err != nil {
		return nil, err
	}
	if len(cases) == 0 {
		return nil, fmt.Errorf("no case matches %q", pattern)
	}
	return cases, nil
}

// lines splits text into its lines, leaving out empty ones.
func lines(data []byte) []string {
	var out []string
	for _, l := range bytes.Split(data, []byte("\n")) {
		if l = bytes.TrimSpace(l); len(l) > 0 {
			out = append(out, string(l))
		}
	}
	return out
}

func joinLines(l []string) []byte {
	if len(l) == 0 {
		return nil
	}
	return []byte(strings.Join(l, "\n") + "\n")
}
