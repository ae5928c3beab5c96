package main

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/lockstep-flows/lockstep/chain/devnet"
	"github.com/lockstep-flows/lockstep/chain/keys"
)

// chainKey is where a script finds its chain.
type chainKey struct{}

// TestOperatorScripts runs stories of operators and registrars, each on a chain of its own,
// which makes a block at each transaction. "blocks N" makes more.
func TestOperatorScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: filepath.Join("testdata", "operator"),
		Setup: func(e *testscript.Env) error {
			c, err := devnet.New(devnet.Settings{Spec73: strings.Contains(e.WorkDir, "spec73"), Accounts: funded(t)})
			if err != nil {
				return err
			}
			server := httptest.NewServer(c)
			e.Defer(func() {
				_ = c.Close() // at the end of the test
				server.Close()
			})
			e.Setenv("LOCKSTEP_RPC", server.URL)
			e.Values[chainKey{}] = c
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"blocks": func(ts *testscript.TestScript, _ bool, args []string) {
				n, err := strconv.Atoi(args[0])
				ts.Check(err)
				for range n {
					_, err := ts.Value(chainKey{}).(*devnet.Chain).Seal()
					ts.Check(err)
				}
			},
			"head": func(ts *testscript.TestScript, _ bool, args []string) {
				if _, n := ts.Value(chainKey{}).(*devnet.Chain).Head(); strconv.Itoa(int(n)) != args[0] {
					ts.Fatalf("the chain is at block %d, not %s", n, args[0])
				}
			},
			"setfile": func(ts *testscript.TestScript, _ bool, args []string) {
				ts.Setenv(args[0], strings.TrimSpace(ts.ReadFile(args[1])))
			},
		},
	})
}

// at runs a command line, and gives its exit code and all that it said.
func at(t *testing.T, args ...string) (code int, stdout, all string) {
	t.Helper()
	var out, errs bytes.Buffer
	code = run(t.Context(), args, streams{strings.NewReader(""), &out, &errs})
	return code, out.String(), out.String() + errs.String()
}

// TestFinal waits for a final block, and for the next one before it says that it is there.
func TestFinal(t *testing.T) {
	d := devChain(t, fast)
	t.Setenv("LOCKSTEP_RPC", d.url)
	code, out, all := at(t, "operator", "signup", "--name", "Eve", "--location", "FR", "--dev", "//Eve", "--yes", "--json")
	var in struct {
		OK    bool
		Block uint32
	}
	if code != exitOK || json.Unmarshal([]byte(out), &in) != nil || !in.OK {
		t.Fatal(code, all)
	}
	if _, final, err := d.rpc.Finalized(t.Context()); err != nil || final < in.Block {
		t.Errorf("it says that block %d is final, the chain is at %d, %v", in.Block, final, err)
	}
}

// testSeed and testPhrase are the secrets of tests.
const (
	testSeed   = "0x5eed5eed5eed5eed5eed5eed5eed5eed5eed5eed5eed5eed5eed5eed5eed5eed"
	testPhrase = "legal winner thank year wave sausage worth useful legal winner thank yellow"
	testPath   = "//zebrapath///zebraword"
)

// funded are accounts of tests that have money.
func funded(t *testing.T) (out [][32]byte) {
	t.Helper()
	for _, uri := range []string{testSeed, testPhrase + testPath} {
		p, err := keys.FromURI(uri, keys.Sr25519)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, p.AccountID())
	}
	for _, scheme := range []keys.Scheme{keys.Ed25519, keys.Ecdsa} {
		p, err := keys.FromURI("//Other", scheme)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, p.AccountID())
	}
	id, _, err := keys.ParseAddress("5CFSjwjBUkXZavSNQVYue2UixC8qTTxUMpTvGMaqpTGzdwRo")
	if err != nil {
		t.Fatal(err)
	}
	return append(out, id)
}

// altered is a chain some of whose answers are others.
func altered(t *testing.T, answers map[string]string) (string, *devnet.Chain) {
	t.Helper()
	c, err := devnet.New(devnet.Settings{Accounts: funded(t)})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		b, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		var q struct {
			ID     json.RawMessage
			Method string
		}
		_ = json.Unmarshal(b, &q) // else the chain says what is wrong
		if a, ok := answers[q.Method]; ok {
			_, _ = io.WriteString(w, `{"jsonrpc":"2.0","id":`+string(q.ID)+`,`+a+`}`)
			return
		}
		r.Body = io.NopCloser(bytes.NewReader(b))
		c.ServeHTTP(w, r)
	}))
	t.Cleanup(func() {
		_ = c.Close() // at the end of the test
		server.Close()
	})
	return server.URL, c
}

// TestOtherChains: keys that everybody knows are refused where the chain does not say that it
// is for development, amounts where a token has other decimals; a node that refuses says why.
func TestOtherChains(t *testing.T) {
	const refused = `"error":{"code":-32000,"message":"Extrinsic is not allowed on public ewx node"}`
	const none = `"error":{"code":-32601,"message":"Method not found"}`
	signup := []string{"operator", "signup", "--name", "E", "--location", "FR", "--yes", "--best"}
	file := filepath.Join(t.TempDir(), "key")
	if err := os.WriteFile(file, []byte(" //Eve\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, method, answer string
		args                 []string
		code                 int
		want                 string
	}{
		{"live", "system_chainType", `"result":"Live"`, append(signup, "--dev", "//Eve"), exitUsage, "development chains only"},
		{"custom", "system_chainType", `"result":{"Custom":"x"}`, append(signup, "--dev", "//Eve"), exitUsage, "development chains only"},
		{"silent", "system_chainType", none, append(signup, "--dev", "//Eve"), exitUsage, "development chains only"},
		{"a worker", "system_chainType", `"result":"Live"`, []string{"operator", "connect", "//Eve", "--yes", "--best"}, exitUsage, "development chains only"},
		{"a key file", "system_chainType", `"result":"Live"`, append(signup, "--key-file", file), exitUsage, "development chains only"},
		{"a reader", "system_chainType", `"result":"Live"`, []string{"operator", "status", "--address", "//Eve"}, exitUsage, "development chains only"},
		{"a reader's key", "system_chainType", `"result":"Live"`, []string{"operator", "status", "--dev", "//Eve"}, exitUsage, "development chains only"},
		{"decimals", "system_properties", `"result":{"tokenDecimals":[12],"tokenSymbol":["X"]}`, append(signup, "--dev", "//Eve"), exitFailed, "12 decimals"},
		{"public", "author_submitExtrinsic", refused, append(signup, "--dev", "//Eve"), exitFailed, "signup_worker_node_operator: author_submitExtrinsic: Extrinsic is not allowed on public ewx node"},
		{"no fee", "payment_queryInfo", none, append(signup, "--dev", "//Eve"), exitOK, "NewWorkerNodeOperatorSignup"},
		{"name", "system_chain", `"result":"a\u001b[2Jb"`, append(signup, "--dev", "//Eve"), exitOK, `"a\x1b[2Jb"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			url, ch := altered(t, map[string]string{c.method: c.answer})
			t.Setenv("LOCKSTEP_RPC", url)
			t.Setenv("LOCKSTEP_KEY", "0x0101010101010101010101010101010101010101010101010101010101010101")
			code, _, all := at(t, c.args...)
			if code != c.code || !strings.Contains(all, c.want) {
				t.Errorf("%d, want %d with %q: %s", code, c.code, c.want, all)
			}
			if _, n := ch.Head(); n > 0 != (c.code == exitOK) {
				t.Errorf("the chain is at block %d", n)
			}
		})
	}
}

// TestNoAnswer: what was sent and is not in a block yet may come.
func TestNoAnswer(t *testing.T) {
	c, err := devnet.New(devnet.Settings{Manual: true})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(c)
	t.Cleanup(func() {
		_ = c.Close() // at the end of the test
		server.Close()
	})
	code, _, all := at(t, "operator", "signup", "--name", "E", "--location", "FR", "--dev", "//Eve", "--yes", "--rpc", server.URL, "--timeout", "1s")
	if code != exitFailed || !strings.Contains(all, "may still be carried out before block") {
		t.Error(code, all)
	}
}

// TestNoSecrets: nothing that is said has a part of a secret, whatever goes wrong.
func TestNoSecrets(t *testing.T) {
	url, _ := altered(t, nil)
	t.Setenv("LOCKSTEP_RPC", url)
	dir := t.TempDir()
	const seed, phrase, path = testSeed, testPhrase, testPath
	var stores struct {
		Keystores []struct {
			Password string
			JSON     json.RawMessage
		}
	}
	text, err := os.ReadFile(filepath.Join("..", "..", "chain", "keys", "testdata", "polkadotjs.json"))
	if err != nil || json.Unmarshal(text, &stores) != nil || len(stores.Keystores) < 2 {
		t.Fatal(err)
	}
	file := func(name, text string) string {
		name = filepath.Join(dir, name)
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return name
	}
	signup := []string{"operator", "signup", "--name", "E", "--location", "FR", "--best", "--json"}
	status := []string{"operator", "status"}
	key := func(base []string, more ...string) []string { return append(append([]string{}, base...), more...) }
	lines := [][]string{
		key(signup, "--yes", "--key-file", file("seed", seed)), key(signup, "--dry-run", "--key-file", file("phrase", phrase+path+"\n")),
		key(signup, "--key-file", file("short", "legal winner thank")), key(signup, "--key-file", file("bad", phrase+" zebraword")),
		key(signup, "--key-file", file("hex", seed[:60])), key(signup, "--key-file", file("step", phrase+"//")),
		key(signup, "--key-file", file("soft", phrase+"/zebraword"), "--scheme", "ed25519"),
		key(signup, "--keystore", file("store", string(stores.Keystores[0].JSON))), key(signup, "--yes", "--keystore", file("plain", string(stores.Keystores[1].JSON))),
		key(signup, "--key-file", file("json", string(stores.Keystores[1].JSON))), key(signup, "--keystore", file("phrasestore", phrase)),
		key(status, "--address", phrase), key(status, "--address", seed), key(status, "--address", phrase+path), key(status, "--address", "zebrapath//zebraword"),
		key(signup, "--dev", phrase), key(signup, "--dev", seed), {"operator", "connect", phrase}, {"operator", "connect", seed},
		{"registrar", "nominate", "sol", seed, "--dev", "//Eve"},
		key(status, "--key-file", file("read", seed)), key(signup), key(status),
	}
	secrets := []string{"5eed5eed", "winner", "sausage", "zebra", "open sesame", "MFMCAQEwBQYDK2Vw", "sNUVBN5oz"}
	for i, env := range [][2]string{{"open sesame", phrase + path}, {"secret", "winner sausage"}} {
		t.Setenv("LOCKSTEP_KEYSTORE_PASSWORD", env[0])
		t.Setenv("LOCKSTEP_KEY", env[1])
		ok := 0
		for _, line := range lines {
			code, _, all := at(t, line...)
			if code == exitOK {
				ok++
			} else if code != exitUsage && !strings.Contains(all, "Existing") {
				t.Errorf("%d: %q ends with %d: %s", i, line[:2], code, all)
			}
			for _, s := range secrets {
				if strings.Contains(all, s) {
					t.Errorf("%d: %q is in what %q says: %s", i, s, line[:2], all)
				}
			}
		}
		if want := []int{5, 2}[i]; ok != want { // signing up works once
			t.Errorf("%d: %d of the commands went well, want %d", i, ok, want)
		}
	}
}

// TestKeyFiles: a file with a key is closed to all but its owner.
func TestKeyFiles(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("modes of files are another thing there")
	}
	dir := t.TempDir()
	url, ch := altered(t, nil)
	t.Setenv("LOCKSTEP_RPC", url)
	const seed = testSeed
	for _, c := range []struct {
		name, text string
		mode       os.FileMode
		want       string
	}{
		{"group", seed, 0o640, "chmod 600"}, {"others", seed, 0o604, "chmod 600"}, {"write", seed, 0o620, "chmod 600"},
		{"large", strings.Repeat("x", 1<<16+1), 0o600, "too large"}, {"empty", "", 0o600, "is empty"}, {"dir", "", 0o700 | os.ModeDir, "is no file"},
		{"missing", "", 0, "no such file"}, {"json", "{}", 0o600, "--keystore"},
	} {
		t.Run(c.name, func(t *testing.T) {
			name := filepath.Join(dir, c.name)
			switch {
			case c.mode.IsDir():
				if err := os.Mkdir(name, 0o700); err != nil {
					t.Fatal(err)
				}
			case c.mode != 0:
				if err := os.WriteFile(name, []byte(c.text), 0o600); err != nil {
					t.Fatal(err)
				}
				if err := os.Chmod(name, c.mode); err != nil {
					t.Fatal(err)
				}
			}
			code, _, all := at(t, "operator", "deregister", "--yes", "--best", "--key-file", name)
			if code != exitUsage || !strings.Contains(all, c.want) {
				t.Errorf("%d, want %q: %s", code, c.want, all)
			}
		})
	}
	if _, n := ch.Head(); n != 0 {
		t.Errorf("something was sent: the chain is at block %d", n)
	}
}
