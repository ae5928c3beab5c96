package consensus

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// TestMain runs the process that gets killed, if it is one.
func TestMain(m *testing.M) {
	if url := os.Getenv("LOCKSTEP_TEST_LEDGER"); url != "" {
		if err := victim(url, os.Getenv("LOCKSTEP_TEST_STORE")); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// victim votes in rounds 0, 1, 2 …, each time it lives with another text: the store
// must hold it to the first. It says which rounds are safe.
func victim(url, file string) error {
	s, err := OpenStore(file)
	if err != nil {
		return err
	}
	q := NewQueue(s, remote{url}, QueueOptions{RetryAfter: time.Millisecond, BusyAfter: time.Millisecond})
	from := max(0, s.Len()-50) // again over some that were made
	for i := from; ; i++ {
		v := vote("s", strconv.Itoa(i), strconv.Itoa(os.Getpid()))
		if _, _, err := q.Add(v); err == nil {
			fmt.Println(i)
		}
		if i%64 == 0 {
			time.Sleep(time.Millisecond) // lets the queue work
		}
	}
}

// remote is the ledger in the parent process.
type remote struct{ url string }

func (r remote) ask(path string, in, out any) error {
	body, err := json.Marshal(in)
	if err != nil {
		return err
	}
	res, err := http.Post(r.url+path, "application/json", bytes.NewReader(body))
	if err != nil {
		return &Failure{Cause: Unreachable, Err: err}
	}
	defer res.Body.Close() //nolint:errcheck // it was only read
	if res.StatusCode != http.StatusOK {
		return &Failure{Cause: Known, Text: "known"}
	}
	return json.NewDecoder(res.Body).Decode(out)
}

func (r remote) Encode(_ context.Context, v Vote) ([]byte, string, error) {
	x, err := json.Marshal(v)
	return x, v.Round, err
}

func (r remote) Submit(_ context.Context, x []byte) error {
	var out string
	return r.ask("/submit", json.RawMessage(x), &out)
}
func (r remote) Mark(context.Context) (uint32, error) { return 0, nil }
func (r remote) Find(_ context.Context, hash string, _ uint32) (Inclusion, error) {
	return Inclusion{Block: hash}, nil
}
func (r remote) Voted(_ context.Context, k Key, _ []byte) (result []byte, found bool, err error) {
	err = r.ask("/voted", k, &result)
	return result, result != nil, err
}

// chain is the ledger: it counts what it is given.
type chain struct {
	mu      sync.Mutex
	votes   map[string][]byte
	doubled []string
}

func (c *chain) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return // the victim died
	}
	var v Vote
	if json.Unmarshal(body, &v) != nil {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if r.URL.Path == "/voted" {
		_ = json.NewEncoder(w).Encode(c.votes[v.Round]) // it may have died
		return
	}
	if old := c.votes[v.Round]; old != nil {
		if !bytes.Equal(old, v.Result) {
			c.doubled = append(c.doubled, v.Round)
		}
		w.WriteHeader(http.StatusConflict)
		return
	}
	c.votes[v.Round] = v.Result
	_ = json.NewEncoder(w).Encode("") // as above
}

// TestKill kills a voting process at random moments: no vote that it promised is lost,
// none comes with two results. LOCKSTEP_SOAK=100000 makes it that many votes.
func TestKill(t *testing.T) {
	goal := 3000
	if n, err := strconv.Atoi(os.Getenv("LOCKSTEP_SOAK")); err == nil {
		goal = n
	} else if testing.Short() {
		t.Skip("it starts processes")
	}
	c := &chain{votes: map[string][]byte{}}
	server := httptest.NewServer(c)
	defer server.Close()
	file := filepath.Join(t.TempDir(), "votes.log")
	promised := map[string]bool{}
	rng := rand.New(rand.NewPCG(1, uint64(time.Now().UnixNano()))) //nolint:gosec // not for secrets
	lives := 0
	for ; len(promised) < goal; lives++ {
		for _, r := range live(t, server.URL, file, time.Duration(20+rng.IntN(250))*time.Millisecond) {
			promised[r] = true
		}
	}
	s, err := OpenStore(file)
	if err != nil {
		t.Fatal(err)
	}
	q := NewQueue(s, remote{server.URL}, QueueOptions{RetryAfter: time.Millisecond, Workers: 16})
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	if err := q.Drain(ctx); err != nil {
		t.Fatal(err)
	}
	q.Close()
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	for r := range promised {
		if c.votes[r] == nil {
			t.Errorf("the vote of round %s was lost", r)
		}
	}
	if len(c.doubled) > 0 {
		t.Errorf("doubled: %v", c.doubled)
	}
	t.Logf("%d votes through %d kills", len(promised), lives)
}

// live runs a victim for a while and kills it; it gives what it promised.
func live(t *testing.T, url, file string, d time.Duration) (rounds []string) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "LOCKSTEP_TEST_LEDGER="+url, "LOCKSTEP_TEST_STORE="+file)
	var errors strings.Builder
	cmd.Stderr = &errors
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	kill := time.AfterFunc(30*time.Second, func() { _ = cmd.Process.Kill() }) // it may have ended
	defer kill.Stop()
	in := bufio.NewReader(out)
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			break // a line that is not complete was not promised
		}
		if len(rounds) == 0 {
			kill.Reset(d)
		}
		rounds = append(rounds, strings.TrimSpace(line))
	}
	_ = cmd.Wait() // it was killed
	if errors.Len() > 0 {
		t.Fatal(errors.String())
	}
	return rounds
}
