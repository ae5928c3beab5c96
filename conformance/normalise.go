package conformance

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// Placeholders in case files for what is known only when the case runs.
const (
	dirPlaceholder  = "<dir>"  // the working directory
	basePlaceholder = "<http>" // the base URL of the runtime's web server
	hostPlaceholder = "<host>" // host:port of it
	portPlaceholder = "<port>"
)

// freePort is a placeholder for a port that nobody listens on: <free:1>, <free:2> …
var freePort = regexp.MustCompile(`<free:[0-9]>`)

// pidText is a status with the number of a process.
var pidText = regexp.MustCompile(`^pid:[0-9]+$`)

// names knows the run-time values behind the placeholders, and which ids are part of the case.
type names struct {
	toCase, toRun []string // pairs for strings.NewReplacer
	fixed         map[string]bool
}

var (
	rawID  = regexp.MustCompile(`\b(?:[0-9a-f]{16}|[0-9a-f]{28})\b`)
	someID = regexp.MustCompile(`<id:[0-9]+>|\b(?:[0-9a-f]{16}|[0-9a-f]{28})\b`)
)

func newNames(c *Case, dir string) *names {
	n := &names{fixed: map[string]bool{}}
	text := string(c.Flow) + string(c.Credentials) + string(c.Settings) + strings.Join(c.Script, "\n")
	for _, id := range rawID.FindAllString(text, -1) {
		n.fixed[id] = true
	}
	if dir != "" {
		n.pair(dirPlaceholder, dir)
	}
	return n
}

// free chooses the ports for the placeholders of a case.
func (n *names) free(c *Case) error {
	marks := freePort.FindAllString(string(c.Flow)+string(c.Settings)+strings.Join(c.Script, "\n"), -1)
	slices.Sort(marks)
	for _, m := range slices.Compact(marks) {
		port, err := unusedPort()
		if err != nil {
			return err
		}
		n.pair(m, port)
	}
	return nil
}

// unusedPort finds a port that is free for TCP and UDP.
func unusedPort() (string, error) {
	for range 20 {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return "", err
		}
		p, err := net.ListenPacket("udp", l.Addr().String())
		if err == nil {
			err = p.Close()
		}
		if err = errors.Join(err, l.Close()); err == nil {
			_, port, err := net.SplitHostPort(l.Addr().String())
			return port, err
		}
	}
	return "", errors.New("no port is free for TCP and UDP")
}

func (n *names) pair(placeholder, actual string) {
	n.toRun = append(n.toRun, placeholder, actual)
	n.toCase = append(n.toCase, actual, placeholder)
}

func (n *names) setServer(base string) {
	n.pair(basePlaceholder, base)
	if u, err := url.Parse(base); err == nil {
		n.pair(hostPlaceholder, u.Host)
		n.pair(portPlaceholder, u.Port())
	}
}

// fill puts actual values into text of a case file.
func (n *names) fill(text string) string { return strings.NewReplacer(n.toRun...).Replace(text) }

// normalise makes what a runtime reported comparable: no timestamps, stacks cut to their first
// line, placeholders, envelopes in one order of keys, generated ids as <id:1>, <id:2> … in
// order of first appearance.
func normalise(stream []jvalue, n *names, byNode bool) []string {
	replace := strings.NewReplacer(n.toCase...)
	stream = slices.DeleteFunc(stream, func(v jvalue) bool { return isLogCopy(&v) })
	for i := range stream {
		v := &stream[i]
		v.order("step", "ev", "op", "node", "method", "topic", "retain")
		tidyEntry(v.get("entry"))
		tidyData(v.get("data"))
		cutStacks(v)
		tidyErrors(v, replace)
		hidePeers(v)
		v.mapStrings(replace.Replace)
		v.mapStrings(func(s string) string { return pidText.ReplaceAllString(s, "pid:<pid>") })
	}
	if byNode {
		groupByNode(stream)
	}
	out := make([]string, len(stream))
	rename := renamer(n.fixed)
	for i := range stream {
		stream[i].mapStrings(rename)
		out[i] = stream[i].String()
	}
	return out
}

// regroup gives recorded lines in the order they are compared in.
func regroup(c *Case, recorded []string) ([]string, error) {
	stream := make([]jvalue, len(recorded))
	for i, l := range recorded {
		v, err := parseJSON([]byte(l))
		if err != nil {
			return nil, fmt.Errorf("want.jsonl:%d: %w", i+1, err)
		}
		stream[i] = v
	}
	return normalise(stream, newNames(c, ""), true), nil
}

// isLogCopy: Node-RED publishes log entries of nodes to the sidebar too. They are not compared a second time.
func isLogCopy(v *jvalue) bool {
	return v.str("ev") == "comms" && v.str("topic") == "debug" && v.get("data").get("level") != nil
}

func tidyEntry(e *jvalue) {
	if e == nil {
		return
	}
	e.remove("timestamp")
	e.order("level", "id", "type", "z", "_alias", "name", "path", "msg")
}

func tidyData(d *jvalue) {
	if d == nil || d.kind != '{' {
		return
	}
	d.remove("timestamp")
	orderConfig(d)
}

// orderConfig sorts the keys of an object whose order means nothing.
func orderConfig(v *jvalue) {
	if v != nil && v.kind == '{' {
		v.order(append([]string{"id", "type"}, slices.Sorted(slices.Values(v.keys))...)...)
	}
}

// frame is one line of a stack trace, also of one inside JSON text inside a string.
var frame = regexp.MustCompile(`(?:\n|\\n)\s+at [^\n\\"]*`)

// cutStacks cuts stack traces, which name files and lines of the runtime, to their first line.
func cutStacks(v *jvalue) {
	if v.kind == '"' {
		v.text = frame.ReplaceAllString(v.text, "")
	}
	for i := range v.list {
		m := &v.list[i]
		if v.kind == '{' && v.keys[i] == "stack" && m.kind == '"' {
			m.text = headOfStack(m.text)
		}
		cutStacks(m)
	}
}

// errorLine is the line of a stack trace that names the error.
var errorLine = regexp.MustCompile(`(?m)^\w*(?:Error|Exception)\b.*$`)

// headOfStack is the line that names the error: the first one, but where Node.js has put an
// excerpt of the source in front of it.
func headOfStack(stack string) string {
	if l := errorLine.FindString(stack); l != "" {
		return l
	}
	first, _, _ := strings.Cut(stack, "\n")
	return first
}

// renamer gives stable names to generated ids.
func renamer(fixed map[string]bool) func(string) string {
	seen := map[string]string{}
	return func(s string) string {
		return someID.ReplaceAllStringFunc(s, func(id string) string {
			if fixed[id] {
				return id
			}
			if seen[id] == "" {
				seen[id] = fmt.Sprintf("<id:%d>", len(seen)+1)
			}
			return seen[id]
		})
	}
}

// groupByNode brings the events of each step together by node, keeping each node's order.
func groupByNode(stream []jvalue) {
	for from := 0; from < len(stream); {
		for from+1 < len(stream) && stream[from+1].get("step") != nil {
			from++
		}
		to := from + 1
		for to < len(stream) && stream[to].get("step") == nil {
			to++
		}
		slices.SortStableFunc(stream[from+1:to], func(a, b jvalue) int {
			return strings.Compare(sourceOf(&a), sourceOf(&b))
		})
		from = to
	}
}

// sourceOf is the node an event comes from.
func sourceOf(v *jvalue) string {
	if id := v.str("node"); id != "" {
		return id
	}
	if id := v.get("entry").str("id"); id != "" {
		return id
	}
	return v.get("data").str("id")
}

// clientDetails are what Node-RED's HTTP client hangs on its errors: its own state.
var clientDetails = []string{"input", "timings", "options", "event"}

// tidyErrors takes the state of an HTTP client off its errors, and makes ports in
// errors placeholders.
func tidyErrors(v *jvalue, replace *strings.Replacer) {
	for i := range v.list {
		tidyErrors(&v.list[i], replace)
	}
	props := v.get("props")
	if v.str("$t") != "error" || props == nil {
		return
	}
	name := func(pair jvalue) string {
		if len(pair.list) == 2 && pair.list[0].kind == '"' {
			return pair.list[0].text
		}
		return ""
	}
	client := slices.ContainsFunc(props.list, func(p jvalue) bool { n := name(p); return n == "timings" || n == "options" })
	props.list = slices.DeleteFunc(props.list, func(p jvalue) bool { return client && slices.Contains(clientDetails, name(p)) })
	for i := range props.list {
		if p := &props.list[i]; name(*p) == "port" && p.list[1].kind == '0' {
			if text := replace.Replace(p.list[1].text); text != p.list[1].text {
				p.list[1] = jstring(text)
			}
		}
	}
	if len(props.list) == 0 {
		v.remove("props")
	}
}
