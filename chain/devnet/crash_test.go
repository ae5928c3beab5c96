package devnet

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"net/http/httptest"
	"os"
	osexec "os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
)

// TestKill kills a process that makes blocks, at any moment: what it had told of must be
// there when the chain goes on.
func TestKill(t *testing.T) {
	s := Settings{Manual: true, Log: os.Getenv("LOCKSTEP_DEVNET_LOG")}
	if s.Log != "" { // the process that will be killed
		c, err := New(s)
		if err != nil {
			fmt.Println("error", err)
			os.Exit(1)
		}
		for {
			h, err := c.Seal()
			if err != nil {
				os.Exit(1)
			}
			_, n := c.Head()
			fmt.Printf("sealed %d %x\n", n, h)
		}
	}
	s.Log = filepath.Join(t.TempDir(), "log")
	last, hash := uint64(0), ""
	for range 5 {
		cmd := osexec.Command(os.Args[0], "-test.run=^TestKill$")
		cmd.Env = append(os.Environ(), "LOCKSTEP_DEVNET_LOG="+s.Log)
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		want := 1 + rand.IntN(200)
		lines := bufio.NewScanner(out)
		for n := 0; lines.Scan(); n++ {
			var number uint64
			if _, err := fmt.Sscanf(lines.Text(), "sealed %d %s", &number, &hash); err != nil {
				t.Fatal(lines.Text())
			}
			if number != last+1 && n > 0 || number <= last {
				t.Fatalf("block %d after %d", number, last)
			}
			last = number
			if n == want {
				_ = cmd.Process.Kill()
			}
		}
		_ = cmd.Wait()
		c, err := New(s)
		if err != nil {
			t.Fatal(err)
		}
		if uint64(len(c.hashes)) <= last || fmt.Sprintf("%x", c.hashes[last]) != hash {
			t.Fatalf("block %d is lost: the chain has %d", last, len(c.hashes)-1)
		}
		last = uint64(len(c.hashes) - 1)
		if err := c.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// TestSlowReader makes blocks although somebody who subscribed never reads: that
// connection ends.
func TestSlowReader(t *testing.T) {
	c := open(t, Settings{Manual: true, History: 100})
	server := httptest.NewServer(c)
	defer server.Close()
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	ws, _, err := websocket.Dial(ctx, strings.Replace(server.URL, "http", "ws", 1), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer ws.CloseNow()
	many := "[" + strings.Repeat(`{"id":1,"method":"chain_subscribeNewHeads"},`, 199) + `{"id":1,"method":"chain_subscribeNewHeads"}]`
	if err := ws.Write(ctx, websocket.MessageText, []byte(many)); err != nil {
		t.Fatal(err)
	}
	sessions := func() int {
		c.lock.RLock()
		defer c.lock.RUnlock()
		return len(c.sessions)
	}
	for sessions() == 0 && ctx.Err() == nil {
		time.Sleep(time.Millisecond)
	}
	for n := 0; sessions() > 0; n++ {
		if n == 200_000 {
			t.Fatal("the connection is still there")
		}
		if _, err := c.Seal(); err != nil {
			t.Fatal(err)
		}
	}
}
