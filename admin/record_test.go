package admin

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// TestRecord asks a real Node-RED and writes down its answers, for TestSame. It runs
// only when NODE_RED_RECORD names the folder of the node-red package; NODE is the node
// binary ("node" if it is not set).
func TestRecord(t *testing.T) {
	home := os.Getenv("NODE_RED_RECORD")
	if home == "" {
		t.Skip("NODE_RED_RECORD is not set")
	}
	for _, name := range []string{"open", "auth", "cors"} {
		t.Run(name, func(t *testing.T) {
			got := play(t, nodeRED(t, home, name), name)
			var text bytes.Buffer
			enc := json.NewEncoder(&text)
			enc.SetEscapeHTML(false)
			enc.SetIndent("", " ")
			if err := enc.Encode(got); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join("testdata", name+".json"), text.Bytes(), 0o644); err != nil {
				t.Fatal(err)
			}
		})
	}
}

// nodeRED starts a Node-RED with the settings of a list, and gives its address.
func nodeRED(t *testing.T, home, name string) string {
	t.Helper()
	dir := t.TempDir()
	settings, err := os.ReadFile(filepath.Join("testdata", name+".settings.json"))
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	port := l.Addr().(*net.TCPAddr).Port
	_ = l.Close() // it was only to find a free port
	js := fmt.Sprintf("module.exports = Object.assign(%s, {uiHost: '127.0.0.1', uiPort: %d, flowFile: 'flows.json', telemetry: {enabled: false, updateNotification: false}});", settings, port)
	if err := os.WriteFile(filepath.Join(dir, "settings.js"), []byte(js), 0o644); err != nil {
		t.Fatal(err)
	}
	node := os.Getenv("NODE")
	if node == "" {
		node = "node"
	}
	cmd := exec.CommandContext(t.Context(), node, filepath.Join(home, "red.js"), "-u", dir)
	var log bytes.Buffer
	cmd.Stdout, cmd.Stderr = &log, &log
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() }) // killed on purpose
	url := fmt.Sprintf("http://127.0.0.1:%d", port)
	for range 300 {
		time.Sleep(100 * time.Millisecond)
		if res, err := http.Get(url + "/auth/login"); err == nil { //nolint:noctx // a poll of our own child
			_ = res.Body.Close() // its status is not looked at
			time.Sleep(time.Second)
			return url
		}
	}
	t.Fatalf("Node-RED did not start:\n%s", log.String())
	return ""
}
