package content

import (
	"bytes"
	"encoding/hex"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/ipfs/go-cid"
)

// served is a store behind HTTP.
type served struct {
	*testing.T
	*Store
	url string
}

func serveStore(t *testing.T) *served {
	t.Helper()
	s := NewStore()
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	return &served{t, s, server.URL}
}

func (s *served) add(data []byte, how Settings) cid.Cid {
	s.Helper()
	c, err := s.Add(data, how)
	if err != nil {
		s.Fatal(err)
	}
	return c
}

// do makes a request; headers are name, value, …
func (s *served) do(method, path string, headers ...string) (*http.Response, []byte) {
	s.Helper()
	req, err := http.NewRequestWithContext(s.Context(), method, s.url+path, nil)
	if err != nil {
		s.Fatal(err)
	}
	for i := 0; i < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		s.Fatal(err)
	}
	defer res.Body.Close() //nolint:errcheck // it was only read
	var b bytes.Buffer
	if _, err := b.ReadFrom(res.Body); err != nil {
		s.Fatal(err)
	}
	return res, b.Bytes()
}

// TestGatewayFetch: what the server gives the client takes, in each way, with all settings.
func TestGatewayFetch(t *testing.T) {
	s := serveStore(t)
	odd := Settings{Version: 1, Chunk: 1000, Links: 3}
	for _, how := range []Settings{Kubo, KuboV1, odd, {Version: 0, RawLeaves: true, Chunk: 256 << 10, Links: 174, Wrapped: true}} {
		for _, size := range []int{0, 1, 11, 256 << 10, 700_000} {
			d := data(size)
			if how == odd {
				d = d[:min(size, 40_000)]
			}
			c := s.add(d, how)
			f := NewFetcher(Options{Gateways: []Gateway{{URL: s.url + "/ipfs/"}}, Warn: func(text string) { t.Error(text) }})
			if got, err := f.Fetch(t.Context(), c.String()); err != nil || !bytes.Equal(got, d) {
				t.Errorf("%s, %d bytes: %v", how, len(d), err)
			}
			if _, got := s.do(http.MethodGet, "/ipfs/"+c.String()); !bytes.Equal(got, d) {
				t.Errorf("%s, %d bytes: the bytes differ", how, len(d))
			}
			res, car := s.do(http.MethodGet, "/ipfs/"+c.String()+"?format=car")
			have := map[string]bool{}
			if err := readCAR(bytes.NewReader(car), 2<<20, func(c cid.Cid, _ []byte) { have[c.String()] = true }); err != nil {
				t.Error(err)
			}
			_, want := Blocks(d, how)
			if len(have) != len(want) || !have[c.String()] || res.Header.Get("Content-Type") != "application/vnd.ipld.car; version=1; order=dfs; dups=n" {
				t.Errorf("%s, %d bytes: a CAR of %d blocks, not %d, %v", how, len(d), len(have), len(want), res.Header)
			}
		}
	}
}

// TestGatewayBlocks takes blocks one by one, where a client knows no CAR.
func TestGatewayBlocks(t *testing.T) {
	s := serveStore(t)
	d := data(700_000)
	c := s.add(d, Kubo)
	plain := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.Header.Get("Accept"), typeCAR) {
			http.Error(w, "no", http.StatusNotAcceptable)
			return
		}
		s.ServeHTTP(w, r)
	}))
	defer plain.Close()
	got, err := NewFetcher(Options{Gateways: []Gateway{{URL: plain.URL + "/ipfs/"}}}).Fetch(t.Context(), c.String())
	if err != nil || !bytes.Equal(got, d) {
		t.Error(err)
	}
}

func TestGatewayAnswers(t *testing.T) {
	s := serveStore(t)
	text := []byte("hello world")
	v0, v1 := s.add(text, Kubo).String(), s.add(text, KuboV1).String()
	gone := CID([]byte("something else"), Kubo).String()
	for _, c := range []struct {
		method, path string
		headers      []string
		status       int
		want         string // header: value, separated by |
		body         string
	}{
		{"GET", "/ipfs/" + v0, nil, 200, "Etag: \"" + v0 + "\"|Content-Type: text/plain; charset=utf-8|Cache-Control: public, max-age=29030400, immutable|X-Ipfs-Roots: " + v0 + "|X-Content-Type-Options: nosniff|Content-Length: 11|Vary: Accept", "hello world"},
		{"GET", "/ipfs/" + v0 + "/", nil, 200, "", "hello world"},
		{"GET", "/ipfs/" + v1, []string{"Accept", "text/html,*/*;q=0.8"}, 200, "", "hello world"},
		{"HEAD", "/ipfs/" + v1, nil, 200, "Content-Length: 11|Etag: \"" + v1 + "\"", ""},
		{"GET", "/ipfs/" + v1, []string{"Range", "bytes=6-8"}, 206, "Content-Range: bytes 6-8/11", "wor"},
		{"GET", "/ipfs/" + v1, []string{"Range", "bytes=-3"}, 206, "Content-Range: bytes 8-10/11", "rld"},
		{"GET", "/ipfs/" + v1, []string{"Range", "bytes=90-"}, 416, "", ""},
		{"GET", "/ipfs/" + v1, []string{"If-None-Match", `"` + v1 + `"`}, 304, "", ""},
		{"GET", "/ipfs/" + v1, []string{"If-None-Match", `"` + v1 + `.raw"`}, 200, "", "hello world"},
		{"GET", "/ipfs/" + v1 + "?format=raw", nil, 200, "Content-Type: application/vnd.ipld.raw|Etag: \"" + v1 + ".raw\"|Content-Disposition: attachment; filename=\"" + v1 + ".bin\"", "hello world"},
		{"GET", "/ipfs/" + v1, []string{"Accept", typeRaw}, 200, "Content-Type: application/vnd.ipld.raw", "hello world"},
		{"GET", "/ipfs/" + v1 + "?format=raw", []string{"Accept", typeCAR}, 200, "Content-Type: application/vnd.ipld.raw", "hello world"},
		{"HEAD", "/ipfs/" + v1 + "?format=car", nil, 200, "Content-Type: application/vnd.ipld.car; version=1; order=dfs; dups=n", ""},
		{"GET", "/ipfs/" + v1, []string{"Accept", typeCAR + ";version=1;order=dfs;dups=y, " + typeRaw + ";q=0.5"}, 200, "Content-Type: application/vnd.ipld.car; version=1; order=dfs; dups=y", "*"},
		{"GET", "/ipfs/" + v1, []string{"Accept", typeCAR + ";version=2"}, 406, "", "*"},
		{"GET", "/ipfs/" + v1 + "?format=car&car-order=bfs", nil, 406, "", "*"},
		{"GET", "/ipfs/" + v1 + "?format=car&dag-scope=some", nil, 400, "", "*"},
		{"GET", "/ipfs/" + v1 + "?format=dag-json", nil, 406, "", "*"},
		{"GET", "/ipfs/" + v1 + "?format=zip", nil, 400, "", "*"},
		{"GET", "/ipfs/" + v1, []string{"Accept", "application/vnd.ipld.dag-json"}, 406, "", "*"},
		{"GET", "/ipfs/" + v1, []string{"Accept", "application/vnd.ipld.dag-json, */*;q=0.1"}, 200, "", "hello world"},
		{"GET", "/ipfs/" + gone, nil, 404, "Cache-Control: ", "*"},
		{"GET", "/ipfs/" + gone + "?format=raw", nil, 404, "", "*"},
		{"GET", "/ipfs/" + gone + "?format=car", nil, 404, "", "*"},
		{"HEAD", "/ipfs/" + gone, []string{"Cache-Control", "only-if-cached"}, 412, "", "*"},
		{"GET", "/ipfs/bafyreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy", nil, 404, "", "*"}, // dag-cbor
		{"GET", "/ipfs/" + v1 + "/below", nil, 404, "", "*"},
		{"GET", "/ipfs/nonsense", nil, 400, "", "*"},
		{"GET", "/ipfs/", nil, 400, "", "*"},
		{"GET", "/ipns/" + v1, nil, 404, "", "*"},
		{"POST", "/ipfs/" + v1, nil, 405, "Allow: GET, HEAD, OPTIONS", "*"},
		{"OPTIONS", "/ipfs/" + v1, nil, 204, "Access-Control-Allow-Origin: *", ""},
	} {
		res, body := s.do(c.method, c.path, c.headers...)
		name := c.method + " " + c.path + " " + strings.Join(c.headers, " ")
		if res.StatusCode != c.status || c.body != "*" && c.status < 400 && string(body) != c.body {
			t.Errorf("%s: %d %q, want %d %q", name, res.StatusCode, body, c.status, c.body)
		}
		for _, w := range strings.Split(c.want, "|") {
			if header, value, ok := strings.Cut(w, ": "); ok && res.Header.Get(header) != value {
				t.Errorf("%s: %s is %q, not %q", name, header, res.Header.Get(header), value)
			}
		}
	}
}

// TestGatewayCAR holds the bytes of a CAR against ones put together by hand: the header is
// {roots: [root], version: 1}, the blocks come depth first.
func TestGatewayCAR(t *testing.T) {
	s := serveStore(t)
	how := Settings{Version: 1, RawLeaves: true, Chunk: 1, Links: 2}
	c := s.add([]byte("abab"), how) // two equal halves
	_, all := s.do(http.MethodGet, "/ipfs/"+c.String()+"?format=car")
	header := "3aa265726f6f747381d82a582500" + hex.EncodeToString(c.Bytes()) + "6776657273696f6e01"
	if got := hex.EncodeToString(all); !strings.HasPrefix(got, header) {
		t.Errorf("the CAR begins with %.140s, not with %s", got, header)
	}
	half := CID([]byte("ab"), how)
	a, b := CID([]byte("a"), how), CID([]byte("b"), how)
	for query, want := range map[string][]cid.Cid{
		"":                 {c, half, a, b},
		"&dag-scope=all":   {c, half, a, b},
		"&dag-scope=block": {c},
		"&car-dups=y":      {c, half, a, b, half, a, b},
	} {
		_, car := s.do(http.MethodGet, "/ipfs/"+c.String()+"?format=car"+query)
		var got []cid.Cid
		if err := readCAR(bytes.NewReader(car), 1<<20, func(c cid.Cid, _ []byte) { got = append(got, c) }); err != nil {
			t.Error(err)
		}
		if len(got) != len(want) {
			t.Errorf("%s: %v, want %v", query, got, want)
			continue
		}
		for i := range got {
			if !got[i].Equals(want[i]) {
				t.Errorf("%s: %v, want %v", query, got, want)
				break
			}
		}
	}
}

// TestGatewayOdd: settings that cannot be, blocks that are wrong, missing or of directories,
// and links that repeat.
func TestGatewayOdd(t *testing.T) {
	s := serveStore(t)
	for _, how := range []Settings{{}, {Version: 2, Chunk: 1, Links: 2}, {Chunk: 1, Links: 1}, {Chunk: 2 << 20, Links: 2}} {
		if _, err := s.Add([]byte("x"), how); err == nil {
			t.Errorf("%+v was taken", how)
		}
	}
	d := data(700_000)
	c, blocks := Blocks(d, Kubo)
	if err := s.AddBlock(c, []byte("other")); err == nil {
		t.Error("a wrong block was taken")
	}
	if err := s.AddBlock(c, blocks[c.String()]); err != nil {
		t.Error(err)
	}
	for query, want := range map[string]int{"": 404, "?format=car": 404, "?format=raw": 200, "?format=car&dag-scope=block": 200} {
		if res, _ := s.do(http.MethodGet, "/ipfs/"+c.String()+query); res.StatusCode != want {
			t.Errorf("without its leaves %s answers %d, not %d", query, res.StatusCode, want)
		}
	}
	directory := appendBytes(nil, 1, appendNumber(nil, 1, kindDirectory))
	dir := sum(cid.Prefix{Version: 1, Codec: cid.DagProtobuf}, directory)
	if err := s.AddBlock(dir, directory); err != nil {
		t.Error(err)
	}
	for query, want := range map[string]int{"": 406, "?format=car": 200, "?format=raw": 200} {
		if res, _ := s.do(http.MethodGet, "/ipfs/"+dir.String()+query); res.StatusCode != want {
			t.Errorf("a directory %s answers %d, not %d", query, res.StatusCode, want)
		}
	}
	bomb := bombOf(s, 40)
	for query, want := range map[string]int{"": 406, "?format=car&car-dups=y": 406, "?format=raw": 200} {
		if res, _ := s.do(http.MethodGet, "/ipfs/"+bomb.String()+query); res.StatusCode != want {
			t.Errorf("links that repeat %s answer %d, not %d", query, res.StatusCode, want)
		}
	}
}

// bombOf makes a file of 2^levels parts that are all the same block.
func bombOf(s *served, levels int) cid.Cid {
	s.Helper()
	c := s.add([]byte("x"), KuboV1)
	size := uint64(1)
	for range levels {
		var b []byte
		fs := appendNumber(nil, 1, kindFile)
		fs = appendNumber(fs, 3, 2*size)
		for range 2 {
			l := appendBytes(nil, 1, c.Bytes())
			b = appendBytes(b, 2, appendNumber(appendBytes(l, 2, nil), 3, size))
			fs = appendNumber(fs, 4, size)
		}
		b = appendBytes(b, 1, fs)
		c, size = sum(cid.Prefix{Version: 1, Codec: cid.DagProtobuf}, b), 2*size
		if err := s.AddBlock(c, b); err != nil {
			s.Fatal(err)
		}
	}
	return c
}
