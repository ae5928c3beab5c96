package main

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

// TestDotEnv reads what operators have in their files.
func TestDotEnv(t *testing.T) {
	got, skipped := dotEnv("\ufeff# a worker\r\nPORT=8000 # of flows\r\nexport HOST = localhost\n\nSEED=\"one two three\" # words\nKEY='a#b \\n'\nRPC=wss://x/?a=b=c#d\n" +
		"EMPTY=\nNOTE: text\nTWO=\"a\nb\\nc\"\nB=`x 'y'`\njust words\nPORT=9000\nOPEN=\"abc\nLAST=1")
	want := map[string]string{"PORT": "9000", "HOST": "localhost", "SEED": "one two three", "KEY": `a#b \n`, "RPC": "wss://x/?a=b=c#d", "EMPTY": "", "NOTE": "text",
		"TWO": "a\nb\nc", "B": "x 'y'", "OPEN": `"abc`, "LAST": "1"}
	if !reflect.DeepEqual(got, want) || !reflect.DeepEqual(skipped, []int{13}) {
		t.Errorf("got  %q %v\nwant %q", got, skipped, want)
	}
}

// TestWorkerEnv: the process's own variables win, also empty ones; odd lines are told without
// their text.
func TestWorkerEnv(t *testing.T) {
	file := filepath.Join(t.TempDir(), "e")
	if err := os.WriteFile(file, []byte("LOCKSTEP_TEST_A=file\nLOCKSTEP_TEST_B=file\nmy secret\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("LOCKSTEP_TEST_A", "")
	lookup, skipped, err := workerEnv(file, true)
	if err != nil || len(skipped) != 1 || !strings.HasSuffix(skipped[0], "e:3 is not of the form NAME=value and is passed over") {
		t.Fatal(skipped, err)
	}
	if v, ok := lookup("LOCKSTEP_TEST_A"); v != "" || !ok {
		t.Error(v)
	}
	if v, _ := lookup("LOCKSTEP_TEST_B"); v != "file" {
		t.Error(v)
	}
	if _, _, err := workerEnv(file+"x", false); err != nil {
		t.Error(err)
	}
	if _, _, err := workerEnv(file+"x", true); err == nil {
		t.Error("a file that is not there was taken")
	}
}

func FuzzDotEnv(f *testing.F) {
	f.Add("A=\"b\nc\" # d\nexport E: 'f'")
	f.Fuzz(func(_ *testing.T, text string) { dotEnv(text) }) // that it ends
}
