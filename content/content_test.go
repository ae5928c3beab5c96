package content

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ipfs/go-cid"
)

// data makes bytes as the script did that recorded the vectors with
// ipfs-unixfs-importer, the importer of Helia: a generator over float64.
func data(n int) []byte {
	if n == 11 {
		return []byte("hello world")
	}
	b := make([]byte, n)
	x := 1.0
	for i := range b {
		x = float64(uint64(float64(x*1103515245)+12345) % (1 << 31)) // whole, and less than 2^62
		b[i] = byte(int64(x) >> 16)
	}
	return b
}

func TestCID(t *testing.T) {
	all := map[string]Settings{
		"kubo": Kubo, "v1": KuboV1,
		"v1m":     {Version: 1, RawLeaves: true, Chunk: 1 << 20, Links: 174},
		"v0raw":   {Version: 0, RawLeaves: true, Chunk: 256 << 10, Links: 174, Wrapped: true},
		"three":   {Version: 0, Chunk: 256 << 10, Links: 3},
		"rawtype": {Version: 0, Chunk: 256 << 10, Links: 174, RawNodes: true},
	}
	text, err := os.ReadFile("testdata/importer.txt")
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for _, line := range strings.Split(strings.TrimSpace(string(text)), "\n") {
		var n int
		var name, want string
		if _, err := fmt.Sscan(line, &n, &name, &want); err != nil {
			t.Fatal(line, err)
		}
		seen++
		s, d := all[name], data(n)
		if got := CID(d, s).String(); got != want && !(n == 0 && name == "v0raw") {
			t.Errorf("%d bytes, %s: %s, want %s", n, name, got, want)
			continue
		}
		c, blocks := Blocks(d, s)
		if err := Check(c, d); err != nil && name != "three" {
			t.Errorf("%d bytes, %s: %v", n, name, err)
		}
		if n > 0 && n < 4<<20 && Check(c, d[1:]) == nil {
			t.Error("other bytes were taken")
		}
		back, err := assemble(t.Context(), c, func(_ context.Context, c cid.Cid) ([]byte, error) { return blocks[c.String()], nil }, n)
		if err != nil || !bytes.Equal(back, d) {
			t.Errorf("%d bytes, %s: %v", n, name, err)
		}
		if n > 0 {
			if _, err := assemble(t.Context(), c, func(_ context.Context, c cid.Cid) ([]byte, error) { return blocks[c.String()], nil }, n-1); err == nil {
				t.Error("the limit does not hold")
			}
		}
	}
	if seen < 30 {
		t.Fatalf("%d vectors", seen)
	}
}

func TestParseCID(t *testing.T) {
	for _, bad := range []string{"", "x", "Qm", "bafy", "QmbFMke1KXqnYyBBWxB74N4c5SBnJMVAiMNRcGu6x1Aw",
		"bafyreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy", // dag-cbor
		"../../etc/passwd"} {
		if c, err := ParseCID(bad); err == nil {
			t.Errorf("%q was taken as %s", bad, c)
		}
	}
}

// car makes a CAR of blocks.
func car(blocks map[string][]byte) []byte {
	out := []byte{10, 0xa1, 0x67, 'v', 'e', 'r', 's', 'i', 'o', 'n', 1}
	for k, b := range blocks {
		c, err := cid.Decode(k)
		if err != nil {
			panic(err)
		}
		out = binary.AppendUvarint(out, uint64(len(c.Bytes())+len(b)))
		out = append(append(out, c.Bytes()...), b...)
	}
	return out
}

// gateway serves blocks in the ways that it is told: car, raw, plain.
func gateway(t *testing.T, ways string, whole []byte, blocks map[string][]byte) (*httptest.Server, *int) {
	t.Helper()
	n := 0
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n++
		name := strings.TrimPrefix(r.URL.Path, "/ipfs/")
		accept := r.Header.Get("Accept")
		switch {
		case strings.HasPrefix(accept, typeCAR) && strings.Contains(ways, "car"):
			w.Header().Set("Content-Type", typeCAR+"; version=1")
			_, _ = w.Write(car(blocks))
		case accept == typeRaw && strings.Contains(ways, "raw") && blocks[name] != nil:
			w.Header().Set("Content-Type", typeRaw)
			_, _ = w.Write(blocks[name])
		case strings.Contains(ways, "plain"):
			w.Header().Set("Content-Type", "application/json")
			_, _ = w.Write(whole)
		default:
			http.NotFound(w, r)
		}
	}))
	t.Cleanup(s.Close)
	return s, &n
}

func TestFetch(t *testing.T) {
	for _, s := range []Settings{Kubo, KuboV1} {
		for _, size := range []int{0, 11, 700_000} {
			d := data(size)
			c, blocks := Blocks(d, s)
			for _, ways := range []string{"car", "raw", "plain", "car raw plain"} {
				if c.Prefix().Codec == cid.Raw && !strings.Contains(ways, "plain") {
					continue // a raw block is its plain bytes
				}
				server, count := gateway(t, ways, d, blocks)
				dir := t.TempDir()
				f := NewFetcher(Options{Gateways: []Gateway{{URL: server.URL + "/ipfs/"}}, Dir: dir})
				for range 2 {
					got, err := f.Fetch(t.Context(), c.String())
					if err != nil || !bytes.Equal(got, d) {
						t.Errorf("%s %d %s: %v", s, size, ways, err)
					}
				}
				if asked := *count; ways == "car" && asked != 1 {
					t.Errorf("%d requests: the second time is from disk", asked)
				}
				// What the disk changed is fetched again.
				file := filepath.Join(dir, c.String())
				b, err := os.ReadFile(file)
				if err != nil {
					t.Fatal(err)
				}
				b[len(b)-1] ^= 1
				if err := os.WriteFile(file, b, 0o600); err != nil {
					t.Fatal(err)
				}
				if got, err := f.Fetch(t.Context(), c.String()); err != nil || !bytes.Equal(got, d) {
					t.Errorf("damaged: %v", err)
				}
			}
		}
	}
}

// TestHostile: whatever a gateway sends, it is an error, soon and in little memory.
func TestHostile(t *testing.T) {
	d := data(600_000)
	c, blocks := Blocks(d, Kubo)
	flipped := map[string][]byte{}
	for k, b := range blocks {
		b = bytes.Clone(b)
		b[len(b)/2] ^= 4
		flipped[k] = b
	}
	endless := func(kind string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", kind)
			for {
				if _, err := w.Write(make([]byte, 1<<16)); err != nil {
					return
				}
			}
		}
	}
	reply := func(kind string, b []byte) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", kind)
			_, _ = w.Write(b)
		}
	}
	for name, h := range map[string]http.HandlerFunc{
		"endless CAR":     endless(typeCAR),
		"endless block":   endless(typeRaw),
		"endless text":    endless("text/plain"),
		"flipped CAR":     reply(typeCAR, car(flipped)),
		"huge length":     reply(typeCAR, []byte{0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f, 1, 2}),
		"huge block":      reply(typeCAR, append([]byte{1, 0xa0}, 0xff, 0xff, 0xff, 0xff, 0x0f)),
		"wrong block":     reply(typeRaw, blocks[c.String()][1:]),
		"cut":             reply(typeCAR, car(blocks)[:1000]),
		"empty":           reply(typeCAR, nil),
		"other text":      reply("application/json", []byte(`{"label":"other"}`)),
		"says it is long": func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Content-Length", "99999999999999") },
		"stalls": func(w http.ResponseWriter, r *http.Request) {
			w.WriteHeader(http.StatusOK)
			w.(http.Flusher).Flush()
			<-r.Context().Done()
		},
		"round and round": func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, r.URL.Path, http.StatusFound) },
	} {
		s := httptest.NewServer(h)
		f := NewFetcher(Options{Gateways: []Gateway{{URL: s.URL + "/ipfs/"}}, Limit: 1 << 20, Timeout: 300 * time.Millisecond, Dir: t.TempDir()})
		got, err := f.Fetch(t.Context(), c.String())
		s.CloseClientConnections()
		s.Close()
		if err == nil {
			t.Errorf("%s: %d bytes were taken", name, len(got))
		}
	}
}

// TestTotal: a gateway that gives many blocks, each slowly, is given up.
func TestTotal(t *testing.T) {
	d := data(600_000)
	c, blocks := Blocks(d, Settings{Version: 0, Chunk: 600, Links: 20})
	var n atomic.Int32
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n.Add(1)
		if r.Header.Get("Accept") != typeRaw {
			http.NotFound(w, r)
			return
		}
		time.Sleep(10 * time.Millisecond)
		w.Header().Set("Content-Type", typeRaw)
		_, _ = w.Write(blocks[strings.TrimPrefix(r.URL.Path, "/ipfs/")])
	}))
	defer s.Close()
	f := NewFetcher(Options{Gateways: []Gateway{{URL: s.URL + "/ipfs/"}}, Total: 200 * time.Millisecond})
	if _, err := f.Fetch(t.Context(), c.String()); !errors.Is(err, context.DeadlineExceeded) {
		t.Error(err)
	}
	if n := n.Load(); n > 100 {
		t.Errorf("%d requests", n)
	}
}

// TestUnverified: what cannot be checked is taken only if that is allowed.
func TestUnverified(t *testing.T) {
	d := data(600_000)
	c, _ := Blocks(d, Settings{Version: 0, Chunk: 12345, Links: 7})
	s, _ := gateway(t, "plain", d, nil)
	o := Options{Gateways: []Gateway{{URL: s.URL + "/ipfs/", User: "u", Password: "secret"}}}
	if _, err := NewFetcher(o).Fetch(t.Context(), c.String()); !errors.Is(err, ErrUnverified) {
		t.Error(err)
	}
	warned := 0
	o.Unverified, o.Warn = true, func(string) { warned++ }
	if got, err := NewFetcher(o).Fetch(t.Context(), c.String()); err != nil || !bytes.Equal(got, d) || warned == 0 {
		t.Error(err, warned)
	}
}

// TestBomb: blocks that name one another many times do not unfold.
func TestBomb(t *testing.T) {
	blocks := map[string][]byte{}
	put := func(c cid.Cid, b []byte) { blocks[c.String()] = b }
	p := Kubo.leaf(nil, put)
	for range 20 {
		p = Kubo.join([]piece{p, p, p, p, p, p, p, p}, put)
	}
	start := time.Now()
	_, err := assemble(t.Context(), p.cid, func(_ context.Context, c cid.Cid) ([]byte, error) { return blocks[c.String()], nil }, 1<<20)
	if err == nil || time.Since(start) > 20*time.Second {
		t.Error(err)
	}
}

func FuzzNode(f *testing.F) {
	_, blocks := Blocks(data(600_000), Kubo)
	for _, b := range blocks {
		if len(b) < 1000 {
			f.Add(b)
		}
	}
	_, small := Blocks(data(11), Kubo)
	for _, b := range small {
		f.Add(b)
	}
	f.Fuzz(func(_ *testing.T, b []byte) {
		_, _ = parseNode(b) // only that it ends
	})
}

func FuzzCAR(f *testing.F) {
	_, blocks := Blocks(data(11), Kubo)
	f.Add(car(blocks))
	f.Fuzz(func(t *testing.T, b []byte) {
		total := 0
		_ = readCAR(bytes.NewReader(b), 1<<16, func(c cid.Cid, block []byte) {
			total += len(block)
			if CheckBlock(c, block) != nil {
				t.Error("a block was not checked")
			}
		})
		if total > len(b) {
			t.Error("more came out than went in")
		}
	})
}

func FuzzCID(f *testing.F) {
	f.Add("QmbFMke1KXqnYyBBWxB74N4c5SBnJMVAiMNRcGu6x1AwQH")
	f.Add("bafkreifzjut3te2nhyekklss27nh3k72ysco7y32koao5eei66wof36n5e")
	f.Fuzz(func(t *testing.T, s string) {
		c, err := ParseCID(s)
		if err == nil && strings.ContainsAny(c.String(), "/\\.") {
			t.Errorf("%q is a path", c)
		}
	})
}
