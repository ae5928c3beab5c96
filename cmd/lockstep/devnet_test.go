package main

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/lockstep-flows/lockstep/chain"
)

// TestDevnet starts a devnet by its command line, asks it something, stops it and goes on
// with its log.
func TestDevnet(t *testing.T) {
	log := filepath.Join(t.TempDir(), "chain.log")
	first := runDevnet(t, "devnet", "--listen", "127.0.0.1:0", "--block-time", "5ms", "--log", log, "--account", "//Worker1", "--json")
	if again := runDevnet(t, "devnet", "--listen", "127.0.0.1:0", "--on-demand", "--log", log, "--account", "//Worker1", "--json"); again < first {
		t.Errorf("it goes on at block %d, want at least %d", again, first)
	}
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"--listen", "0.0.0.0:0"}, "--open"},
		{[]string{"--account", "nobody"}, "no address"},
		{[]string{"--balance", "x"}, "--balance"},
		{[]string{"--block-time", "0"}, "--on-demand"},
	} {
		var text strings.Builder
		if code := run(context.Background(), append([]string{"devnet"}, c.args...), streams{strings.NewReader(""), io.Discard, &text}); code != exitUsage || !strings.Contains(text.String(), c.want) {
			t.Errorf("%v: %d, %s", c.args, code, text.String())
		}
	}
}

// runDevnet runs one until it has made some blocks, and gives the last.
func runDevnet(t *testing.T, args ...string) uint32 {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	r, w := io.Pipe()
	code := make(chan int, 1)
	stop, end := context.WithCancel(ctx)
	go func() {
		code <- run(stop, args, streams{strings.NewReader(""), w, io.Discard})
		w.Close()
	}()
	line, err := bufio.NewReader(r).ReadString('\n')
	var at struct{ RPC, HTTP, Genesis string }
	if err != nil || json.Unmarshal([]byte(line), &at) != nil {
		t.Fatal(line, err)
	}
	c, err := chain.Dial(ctx, chain.Options{Endpoints: []string{at.RPC, at.HTTP}})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	id, err := accountOf("//Worker1")
	if err != nil {
		t.Fatal(err)
	}
	if v, err := c.Get(ctx, nil, "System", "Account", id); err != nil || v == nil {
		t.Error(v, err)
	}
	var number uint32
	for number < 3 && ctx.Err() == nil {
		if _, number, err = c.Head(ctx); err != nil {
			t.Fatal(err)
		}
	}
	end()
	if got := <-code; got != exitOK {
		t.Errorf("it ended with %d", got)
	}
	return number
}
