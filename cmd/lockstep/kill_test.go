package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/lockstep-flows/lockstep/chain"
	"github.com/lockstep-flows/lockstep/chain/keys"
	"github.com/lockstep-flows/lockstep/consensus"
	"github.com/lockstep-flows/lockstep/worker/onchain"
)

// victimArgs names the variable with the arguments of a process that will be killed.
const victimArgs = "LOCKSTEP_TEST_VICTIM"

// victim is the command with shorter pauses, so that many votes and kills fit into a test.
func victim(args []string) int {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	s := streams{strings.NewReader(""), os.Stdout, os.Stderr}
	if args[0] != "worker" {
		return run(ctx, args, s)
	}
	if err := runWorker(ctx, s, args[1], true, consensus.QueueOptions{Workers: 32, RetryAfter: 100 * time.Millisecond, BusyAfter: 50 * time.Millisecond}); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

// askedFlow votes with what it is asked to by HTTP, and answers when the vote is safe.
const askedFlow = `{"label":"x","nodes":[
 {"id":"aaaaaaaaaaaa0001","type":"http in","z":"f","x":1,"y":1,"url":"/vote","method":"post","wires":[["aaaaaaaaaaaa0002"]]},
 {"id":"aaaaaaaaaaaa0002","type":"submit-result","z":"f","x":1,"y":1,"wires":[["aaaaaaaaaaaa0003"]]},
 {"id":"aaaaaaaaaaaa0003","type":"http response","z":"f","x":1,"y":1,"wires":[]}],"configs":[]}`

// process is one that is started, killed, and started again.
type process struct {
	t    *testing.T
	args []string
	log  string
	cmd  *exec.Cmd
}

func (p *process) start() {
	p.t.Helper()
	p.cmd = exec.Command(os.Args[0])
	p.cmd.Env = append(os.Environ(), victimArgs+"="+strings.Join(p.args, "\n"), "GORACE=")
	f, err := os.OpenFile(p.log, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		p.t.Fatal(err)
	}
	defer f.Close() //nolint:errcheck // the process has it
	p.cmd.Stdout, p.cmd.Stderr = f, f
	if err := p.cmd.Start(); err != nil {
		p.t.Fatal(err)
	}
}

func (p *process) kill() {
	_ = p.cmd.Process.Kill()
	_ = p.cmd.Wait() // it was killed
}

// network is a chain and a worker, each a process of its own.
type network struct {
	*testing.T
	chain, worker  *process
	rpc            string
	api, endpoints string
	public         []byte
	client         *chain.Client

	mu       sync.Mutex
	promised map[string]string // text by round
	next     int
	kills    [3]int
}

func newNetwork(t *testing.T) *network {
	dir := t.TempDir()
	n := &network{T: t, promised: map[string]string{}}
	port := freePort(t)
	n.rpc = "ws://127.0.0.1:" + port
	n.chain = &process{t: t, log: filepath.Join(dir, "chain.out"), args: []string{"devnet", "--spec73", "--block-time", "50ms", "--reward-period", "10", "--listen", "127.0.0.1:" + port, "--log", filepath.Join(dir, "chain.log")}}
	n.chain.start()
	n.dial()
	pair, err := keys.FromURI("//Dave//worker", keys.Sr25519)
	if err != nil {
		t.Fatal(err)
	}
	id := pair.AccountID()
	n.public = id[:]
	services, cids := services(t, n.rpc, askedFlow)
	d := &onDevnet{TB: t, rpc: n.client, url: n.rpc, spec73: true}
	d.prepare(cids[0], id)
	var env string
	env, n.endpoints, n.api = settings(t, dir, n.rpc, services, "RETRY_WORKER_CHECKS=true")
	n.worker = &process{t: t, log: filepath.Join(dir, "worker.out"), args: []string{"worker", env}}
	n.worker.start()
	t.Cleanup(func() {
		n.client.Close()
		n.chain.kill()
		n.worker.kill()
		if t.Failed() {
			for _, p := range []*process{n.chain, n.worker} {
				b, _ := os.ReadFile(p.log)
				t.Logf("%s\n%s", p.args[0], b[max(0, len(b)-4000):])
			}
		}
	})
	return n
}

// dial waits for the chain.
func (n *network) dial() {
	n.Helper()
	var err error
	for end := time.Now().Add(time.Minute); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if n.client, err = chain.Dial(n.Context(), chain.Options{Endpoints: []string{n.rpc}}); err == nil {
			return
		}
	}
	n.Fatal(err)
}

// vote asks for votes in one new round after the other, each time with another text, until
// it is promised that one is safe.
func (n *network) vote(ctx context.Context, goal int) {
	client := &http.Client{Timeout: 5 * time.Second}
	for {
		n.mu.Lock()
		n.next++
		round := "r" + strconv.Itoa(n.next)
		done := len(n.promised) >= goal && n.kills[0]+n.kills[1]+n.kills[2] >= 6
		n.mu.Unlock()
		for try := 0; ; try++ {
			if done || ctx.Err() != nil {
				return
			}
			text := fmt.Sprintf("%s-%d", round, try)
			taken, err := n.ask(ctx, client, round, text)
			if err != nil {
				time.Sleep(5 * time.Millisecond) // it was killed
				continue
			}
			if taken {
				n.mu.Lock()
				n.promised[round] = text
				n.mu.Unlock()
			}
			break // or another text is on disk: which one the answer does not say
		}
	}
}

// ask reports whether the vote is safe; false says that another one is.
func (n *network) ask(ctx context.Context, client *http.Client, round, text string) (bool, error) {
	body, err := json.Marshal(map[string]string{"result": text, "votingRoundID": round})
	if err != nil {
		return false, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, n.endpoints+"/api/vote", bytes.NewReader(body))
	if err != nil {
		return false, err
	}
	req.Header.Set("Content-Type", "application/json")
	res, err := client.Do(req)
	if err != nil {
		return false, err
	}
	defer res.Body.Close() //nolint:errcheck // it was only read
	b, err := io.ReadAll(res.Body)
	if err != nil {
		return false, err
	}
	var a struct {
		Success *bool  `json:"success"`
		Root    string `json:"root"`
	}
	if err := json.Unmarshal(b, &a); err != nil || a.Success == nil {
		return false, fmt.Errorf("it answered %d %s", res.StatusCode, b)
	}
	return *a.Success && a.Root == text, nil
}

// drained waits until the worker has no vote left.
func (n *network) drained() {
	n.Helper()
	last, since := "", time.Now()
	for time.Since(since) < 2*time.Minute {
		if res, err := http.Get(n.api + "/queue-info"); err == nil {
			b, _ := bufio.NewReader(res.Body).ReadString('\n')
			_ = res.Body.Close() // it was only read
			if strings.Contains(b, `"isIdle":true`) {
				return
			}
			if b != last {
				last, since = b, time.Now()
			}
		}
		time.Sleep(50 * time.Millisecond)
	}
	n.Fatalf("votes are left: %s", last)
}

// counted reads from all blocks which votes counted.
func (n *network) counted() map[string][]string {
	n.Helper()
	_, top, err := n.client.Head(n.Context())
	if err != nil {
		n.Fatal(err)
	}
	votes := map[string][]string{}
	err = n.client.Each(n.Context(), nil, onchain.Pallet, "SolutionResults", []any{"sol"}, func(k []any, v any) error {
		round, ok := k[len(k)-2].([]byte)
		result, fine := v.([]byte)
		if !ok || !fine {
			return fmt.Errorf("a result is %v: %v", k, v)
		}
		votes[string(round)] = append(votes[string(round)], hex.EncodeToString(result))
		return nil
	})
	if err != nil {
		n.Fatal(err)
	}
	n.Logf("%d blocks", top)
	return votes
}

// TestKill kills the worker, the chain, or both with SIGKILL at random moments while votes
// are made: none that was promised is lost, none comes with two results.
// LOCKSTEP_SOAK=100000 makes it that many votes.
func TestKill(t *testing.T) {
	goal, apart := 400, 1000 // ms between kills, at most
	if v, err := strconv.Atoi(os.Getenv("LOCKSTEP_SOAK")); err == nil {
		goal, apart = v, 5000
	} else if testing.Short() {
		t.Skip("it starts processes")
	}
	n := newNetwork(t)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var wg sync.WaitGroup
	for range 24 {
		wg.Go(func() { n.vote(ctx, goal) })
	}
	voted := make(chan struct{})
	go func() { wg.Wait(); close(voted) }()
	rng := rand.New(rand.NewPCG(1, uint64(time.Now().UnixNano()))) //nolint:gosec // not for secrets
	last, since := 0, time.Now()
	for running := true; running; {
		n.mu.Lock()
		if len(n.promised) > last {
			last, since = len(n.promised), time.Now()
		}
		n.mu.Unlock()
		if time.Since(since) > 2*time.Minute {
			t.Fatalf("no vote was taken for two minutes, after %d", last)
		}
		select {
		case <-voted:
			running = false
			continue
		case <-time.After(time.Duration(50+rng.IntN(apart)) * time.Millisecond):
		}
		n.mu.Lock()
		which := (n.kills[0] + n.kills[1] + n.kills[2]) % len(n.kills)
		n.kills[which]++
		n.mu.Unlock()
		if which != 1 {
			n.worker.kill()
		}
		if which != 0 {
			n.chain.kill()
			n.chain.start()
		}
		if which != 1 {
			n.worker.start()
		}
	}
	n.client.Close()
	n.dial()
	n.drained()
	n.check()
	t.Logf("%d votes through kill -9 of the worker %d times, the chain %d times, both %d times", len(n.promised), n.kills[0], n.kills[1], n.kills[2])
}

// check holds what was promised against the chain.
func (n *network) check() {
	n.Helper()
	votes := n.counted()
	for round, text := range n.promised {
		want, err := consensus.VoteBytes(text, true, consensus.PolkadotJS)
		if err != nil {
			n.Fatal(err)
		}
		switch got := votes[round]; {
		case len(got) == 0:
			n.Error(errors.New("the vote of round " + round + " was lost"))
		case len(got) > 1 || got[0] != hex.EncodeToString(want):
			n.Errorf("round %s has %v, promised was %x", round, got, want)
		}
	}
}
