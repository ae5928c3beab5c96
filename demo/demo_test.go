package demo

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/lockstep-flows/lockstep/consensus"
	"github.com/lockstep-flows/lockstep/worker/onchain"
)

// TestDemo runs a small network until a round is settled, and looks at it as a person and as
// a program would.
func TestDemo(t *testing.T) {
	temp := t.TempDir()
	t.Setenv("TMPDIR", temp)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	ready := make(chan [2]string, 1)
	done := make(chan error, 1)
	var log lines
	go func() {
		done <- Run(ctx, Options{Workers: 3, Faulty: 1, Page: "127.0.0.1:0", RPC: "127.0.0.1:0", BlockTime: 250 * time.Millisecond, Every: 4 * time.Second, Version: "test",
			Log: log.add, Ready: func(page, rpc string) { ready <- [2]string{page, rpc} }})
	}()
	var base, rpc string
	select {
	case at := <-ready:
		base, rpc = at[0], at[1]
	case err := <-done:
		t.Fatal(err)
	}
	var page string
	for end := time.Now().Add(90 * time.Second); !strings.Contains(page, "state settled") || !strings.Contains(page, " kWh, "); page = fetch(t, base+"/") {
		if time.Now().After(end) {
			t.Fatalf("no round was settled\n%s\n%s", page, log.text())
		}
		time.Sleep(100 * time.Millisecond)
	}
	row := ""
	for _, r := range strings.Split(page, "<tr>") {
		if strings.Contains(r, "state settled") && strings.Contains(r, " kWh, ") {
			row = r
		}
	}
	round := regexp.MustCompile(`matching-[0-9-]+`).FindString(row)
	votes := regexp.MustCompile(`class="hash (\w+)" href="([^"]+)" title="[^"]*(0x[0-9a-f]{64})`).FindAllStringSubmatch(row, -1)
	if len(votes) != 3 || votes[0][3] != votes[1][3] || votes[1][3] == votes[2][3] || votes[0][1] != "agree" || votes[2][1] != "differ" {
		t.Fatalf("the votes are %v\n%s\n%s", votes, page, log.text())
	}
	for i, v := range votes {
		text := fetch(t, base+v[2])
		if fine := strings.Contains(text, "This vote holds"); fine != (i < 2) {
			t.Errorf("the receipt of worker %d:\n%s", i+1, text)
		}
	}
	receipt(t, fetch(t, base+votes[0][2]+"/files.zip"))
	graph(t, base, round, votes[0][3])
	live(t, base)
	for _, path := range []string{"/receipts/9/matching-2026-01-01", "/receipts/1/none", "/receipts/x/y/files.zip", "/nothing"} {
		if res, err := http.Get(base + path); err != nil || res.StatusCode != http.StatusNotFound {
			t.Error(path, res, err)
		}
	}
	cancel()
	select {
	case err := <-done:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(30 * time.Second):
		t.Fatal("it did not end")
	}
	left, err := os.ReadDir(temp)
	if err != nil || len(left) > 0 {
		t.Error("it leaves behind", left, err)
	}
	for _, at := range []string{strings.TrimPrefix(base, "http://"), strings.TrimPrefix(rpc, "ws://")} {
		if c, err := net.Dial("tcp", at); err == nil {
			_ = c.Close()
			t.Error("something listens at " + at)
		}
	}
}

func fetch(t *testing.T, url string) string {
	t.Helper()
	res, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close() //nolint:errcheck // it was only read
	b, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != http.StatusOK {
		t.Fatal(url, res.Status, err, string(b))
	}
	return string(b)
}

// receipt unpacks what was downloaded, and verifies it apart from the network.
func receipt(t *testing.T, data string) {
	t.Helper()
	z, err := zip.NewReader(strings.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := os.CopyFS(dir, z); err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(dir, "receipts", "*.json"))
	if err != nil || len(files) != 1 {
		t.Fatal(files, err)
	}
	text, err := os.ReadFile(files[0])
	if err != nil {
		t.Fatal(err)
	}
	r, err := consensus.ParseReceipt(text)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range r.Verify(t.Context(), onchain.Checks(filepath.Dir(files[0]))) {
		if c.State == "failed" {
			t.Error(c)
		}
		if c.Name == "replay" && c.State != "ok" {
			t.Error("it was not executed again", c)
		}
	}
}

// graph asks the indexer what the chain settled on.
func graph(t *testing.T, base, round, result string) {
	t.Helper()
	query, err := json.Marshal(map[string]string{"query": `{votingRounds(where: {settled_eq: true, votingRoundId_eq: "` + round + `"}) {votingRoundId result votes {worker {id}}}}`})
	if err != nil {
		t.Fatal(err)
	}
	res, err := http.Post(base+"/votes/graphql", "application/json", bytes.NewReader(query))
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close() //nolint:errcheck // it was only read
	b, err := io.ReadAll(res.Body)
	if err != nil || !strings.Contains(string(b), `"votingRoundId":"`+round+`"`) || !strings.Contains(string(b), result) {
		t.Errorf("the indexer answers %s, %v; settled was %s", b, err, result)
	}
}

// live waits for two events of the page.
func live(t *testing.T, base string) {
	t.Helper()
	res, err := http.Get(base + "/live?worker=2")
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close() //nolint:errcheck // it was only read
	var got []byte
	for part := make([]byte, 4096); bytes.Count(got, []byte("\n\n")) < 2; {
		n, err := res.Body.Read(part)
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, part[:n]...)
	}
	if !bytes.Contains(got, []byte("The flow of worker 2")) {
		t.Errorf("%s", got)
	}
}
