package main

import (
	"bytes"
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestUserDir runs the directory that a real Node-RED left, from empty context: our
// files of context must be the same, byte for byte.
func TestUserDir(t *testing.T) {
	const left = "../../userdir/testdata/nodered"
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(left)); err != nil {
		t.Fatal(err)
	}
	if err := os.RemoveAll(filepath.Join(dir, "context")); err != nil {
		t.Fatal(err)
	}
	var out, log bytes.Buffer
	f := runFlags{userDir: dir, logLevel: "info", logFormat: "text", once: true}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	if err := f.run(ctx, streams{in: strings.NewReader(""), out: &out, err: &log}, nil); err != nil {
		t.Fatalf("%v\n%s", err, log.String())
	}
	seen := 0
	err := fs.WalkDir(os.DirFS(filepath.Join(left, "context")), ".", func(p string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		seen++
		want, err := os.ReadFile(filepath.Join(left, "context", p))
		if err != nil {
			return err
		}
		got, err := os.ReadFile(filepath.Join(dir, "context", p))
		if err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s: %s, %v; Node-RED wrote %s", p, got, err, want)
		}
		return nil
	})
	if err != nil || seen != 3 {
		t.Fatal(seen, err)
	}
}
