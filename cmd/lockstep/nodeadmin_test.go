package main

import (
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// nodeAdmin is a folder of the npm package node-red-admin, which `make judge-admin`
// installs.
const nodeAdmin = "../../admin/editortest/node_modules/node-red-admin/node-red-admin.js"

// TestNodeRedAdmin has Node-RED's own command line work with our API: it logs in,
// lists and tells of node types, and is refused what it may not or cannot do.
func TestNodeRedAdmin(t *testing.T) {
	script, err := filepath.Abs(nodeAdmin)
	if err != nil {
		t.Fatal(err)
	}
	_, missing := os.Stat(script)
	node, noNode := exec.LookPath("node")
	if missing != nil || noNode != nil {
		if os.Getenv("LOCKSTEP_JUDGE") != "" {
			t.Fatal("node or node-red-admin is not installed: ", missing, noNode)
		}
		t.Skip("node-red-admin is not installed: make judge-admin")
	}
	home := t.TempDir()
	admin := func(args ...string) (string, error) {
		cmd := exec.CommandContext(t.Context(), node, append([]string{script}, args...)...)
		cmd.Env = append(os.Environ(), "HOME="+home, "NO_COLOR=1")
		out, err := cmd.CombinedOutput()
		return string(out), err
	}
	hash := askFor(t, home, node, script, []string{"hash-pw"}, "Password:", "s3cret")
	hash = hash[strings.Index(hash, "$2"):]
	hash = strings.TrimSpace(hash)

	dir := t.TempDir()
	settings := `module.exports = {flowFile: 'flows.json', uiHost: '127.0.0.1', adminAuth: {type: 'credentials', users: [{username: 'ann', password: '` + hash + `', permissions: '*'}]}}`
	if err := os.WriteFile(filepath.Join(dir, "settings.js"), []byte(settings), 0o644); err != nil {
		t.Fatal(err)
	}
	r := startRun(t, runFlags{userDir: dir})
	defer r.end()
	expect := func(want string, args ...string) {
		t.Helper()
		out, err := admin(args...)
		if !strings.Contains(out, want) {
			t.Errorf("node-red-admin %s: %v\n%s\nwant %s", strings.Join(args, " "), err, out, want)
		}
	}
	expect("Target: "+r.url, "target", r.url)
	expect("Not logged in", "list")
	if out := askFor(t, home, node, script, []string{"login"}, "Username:", "ann", "Password:", "wrong"); !strings.Contains(out, "Login failed") {
		t.Errorf("a wrong password: %s", out)
	}
	if out := askFor(t, home, node, script, []string{"login"}, "Username:", "ann", "Password:", "s3cret"); !strings.Contains(out, "Logged in") {
		t.Fatalf("the login: %s", out)
	}
	expect("node-red/inject", "list")
	expect("Module:    node-red", "info", "node-red")
	expect("node-red/function", "info", "node-red/function")
	expect("404", "info", "nope")
	expect("node-red/inject", "enable", "node-red/inject")
	expect("cannot be switched off", "disable", "node-red/inject")
	expect("cannot be added here", "install", "node-red-contrib-nothing")
	expect("cannot be removed", "remove", "node-red")
}

// askFor runs a command that asks for answers: pairs of question and answer.
func askFor(t *testing.T, home, node, script string, args []string, dialog ...string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), node, append([]string{script}, args...)...)
	cmd.Env = append(os.Environ(), "HOME="+home, "NO_COLOR=1")
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out := &screen{}
	cmd.Stdout, cmd.Stderr = out, out
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	for i := 0; i+1 < len(dialog); i += 2 {
		for n := 0; n < 1000 && !strings.Contains(out.String(), dialog[i]); n++ {
			time.Sleep(10 * time.Millisecond)
		}
		if _, err := io.WriteString(in, dialog[i+1]+"\n"); err != nil {
			t.Fatal(err)
		}
	}
	_ = in.Close() // or else it goes on waiting
	_ = cmd.Wait() // a refusal is looked at by its text
	return out.String()
}
