package socket_test

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"io"
	"math/big"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/lockstep-flows/lockstep/engine"
	"github.com/lockstep-flows/lockstep/engine/live"
	"github.com/lockstep-flows/lockstep/engine/live/socket"
	"github.com/lockstep-flows/lockstep/engine/value"
)

// patience bounds what a test waits for.
const patience = 20 * time.Second

// outside is a performer with the answers to each request.
type outside struct {
	t    *testing.T
	p    live.Performer
	last uint64
}

type answers chan *value.Object

func with(t *testing.T, p live.Performer) *outside {
	o := &outside{t: t, p: p}
	t.Cleanup(func() { _ = p.Close() })
	return o
}

func (o *outside) ask(kind string, pairs ...any) (uint64, answers) {
	o.t.Helper()
	o.last++
	ch := make(answers, 100_000)
	f := engine.Effect{Kind: kind, Request: o.last, Body: value.Obj(pairs...)}
	if err := o.p.Perform(f, func(v value.Value, _ bool) { ch <- v.Object() }); err != nil {
		o.t.Fatal(err)
	}
	return o.last, ch
}

func (o *outside) tell(kind string, pairs ...any) {
	o.t.Helper()
	if err := o.p.Perform(engine.Effect{Kind: kind, Body: value.Obj(pairs...)}, func(value.Value, bool) {}); err != nil {
		o.t.Fatal(err)
	}
}

// next waits for an event of a name, passing over others.
func next(t *testing.T, ch answers, name string) *value.Object {
	t.Helper()
	var seen []string
	deadline := time.After(patience)
	for {
		select {
		case o := <-ch:
			if o.Get("event").Str() == name {
				return o
			}
			seen = append(seen, o.Get("event").Str())
		case <-deadline:
			t.Fatalf("no %q; seen: %v", name, seen)
		}
	}
}

// peer is a TCP server of the test.
func peer(t *testing.T, serve func(c net.Conn)) float64 {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go serve(c)
		}
	}()
	return float64(l.Addr().(*net.TCPAddr).Port)
}

func TestSlowReaderLosesOnlyItsOwn(t *testing.T) {
	t.Parallel()
	held := make(chan struct{})
	slow := peer(t, func(c net.Conn) { <-held; _ = c.Close() })
	fast := peer(t, func(c net.Conn) { _, _ = io.Copy(c, c) })
	defer close(held)
	o := with(t, socket.NewTCP(socket.Options{MaxPending: 1 << 20}))
	bad, badHears := o.ask("tcp.connect", "host", "127.0.0.1", "port", slow)
	good, goodHears := o.ask("tcp.connect", "host", "127.0.0.1", "port", fast)
	next(t, badHears, "open")
	next(t, goodHears, "open")
	block := make([]byte, 256<<10)
	for range 200 { // 50 MiB: more than the system and the queue take
		o.tell("tcp.write", "socket", float64(bad), "data", block)
	}
	d := next(t, badHears, "dropped")
	if d.Get("writes").Num() < 1 || d.Get("bytes").Num() != d.Get("writes").Num()*float64(len(block)) {
		t.Errorf("dropped %v writes, %v bytes", d.Get("writes"), d.Get("bytes"))
	}
	o.tell("tcp.write", "socket", float64(good), "data", []byte("still here"))
	if got := next(t, goodHears, "data").Get("data").Buffer().B; string(got) != "still here" {
		t.Errorf("got %q", got)
	}
	o.tell("tcp.destroy", "socket", float64(bad))
	next(t, badHears, "close")
}

func TestHalfOpenPeerEndsBoth(t *testing.T) {
	t.Parallel()
	rest := make(chan []byte, 1)
	port := peer(t, func(c net.Conn) {
		_, _ = c.Write([]byte("bye"))
		_ = c.(*net.TCPConn).CloseWrite()
		b, _ := io.ReadAll(c)
		rest <- b
	})
	o := with(t, socket.NewTCP(socket.Options{}))
	id, hears := o.ask("tcp.connect", "host", "127.0.0.1", "port", port)
	o.tell("tcp.write", "socket", float64(id), "data", []byte("queued before the connection is up"))
	next(t, hears, "data")
	next(t, hears, "end")
	next(t, hears, "close")
	if b := <-rest; string(b) != "queued before the connection is up" {
		t.Errorf("the peer got %q", b)
	}
}

func TestPeerResets(t *testing.T) {
	t.Parallel()
	port := peer(t, func(c net.Conn) {
		_ = c.(*net.TCPConn).SetLinger(0)
		_ = c.Close()
	})
	o := with(t, socket.NewTCP(socket.Options{}))
	_, hears := o.ask("tcp.connect", "host", "127.0.0.1", "port", port)
	if e := next(t, hears, "error").Get("error").Error(); e.Prop("code").Str() != "ECONNRESET" {
		t.Errorf("got %v", e)
	}
	next(t, hears, "close")
}

func TestRefusedAndUnknown(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	port := float64(l.Addr().(*net.TCPAddr).Port)
	_ = l.Close()
	o := with(t, socket.NewTCP(socket.Options{}))
	for _, c := range []struct{ host, text string }{
		{"127.0.0.1", "connect ECONNREFUSED 127.0.0.1:" + value.FormatNumber(port)},
		{"no.such.host.invalid", "getaddrinfo ENOTFOUND no.such.host.invalid"},
	} {
		_, hears := o.ask("tcp.connect", "host", c.host, "port", port)
		if e := next(t, hears, "error").Get("error").Error(); e.Message != c.text && !strings.Contains(e.Message, "EAI_AGAIN") {
			t.Errorf("%s: got %q", c.host, e.Message)
		}
		next(t, hears, "close")
	}
}

func TestCloseWhileConnecting(t *testing.T) {
	t.Parallel()
	p := socket.NewTCP(socket.Options{})
	o := with(t, p)
	id, hears := o.ask("tcp.connect", "host", "192.0.2.1", "port", 9.0) // nobody answers there
	_, hears2 := o.ask("tcp.connect", "host", "192.0.2.1", "port", 9.0)
	p.Cancel(id)
	next(t, hears, "close")
	if err := p.Close(); err != nil {
		t.Error(err)
	}
	next(t, hears2, "close")
}

func TestIdleConnectionsAreTold(t *testing.T) {
	t.Parallel()
	port := peer(t, func(c net.Conn) { _, _ = io.Copy(io.Discard, c); _ = c.Close() })
	o := with(t, socket.NewTCP(socket.Options{}))
	id, hears := o.ask("tcp.connect", "host", "127.0.0.1", "port", port, "timeout", 30.0)
	next(t, hears, "timeout")
	next(t, hears, "timeout")
	o.tell("tcp.end", "socket", float64(id))
	next(t, hears, "close")
}

func TestServer(t *testing.T) {
	t.Parallel()
	o := with(t, socket.NewTCP(socket.Options{}))
	id, hears := o.ask("tcp.listen", "port", 0.0)
	port := next(t, hears, "listening").Get("port").Num()
	_, failed := o.ask("tcp.listen", "port", port)
	if e := next(t, failed, "error").Get("error").Error(); e.Prop("code").Str() != "EADDRINUSE" {
		t.Errorf("got %v", e)
	}
	c, err := net.Dial("tcp", "127.0.0.1:"+value.FormatNumber(port))
	if err != nil {
		t.Fatal(err)
	}
	s := next(t, hears, "open").Get("socket")
	o.tell("tcp.write", "socket", s, "data", []byte("hello"), "end", true)
	if b, err := io.ReadAll(c); err != nil || string(b) != "hello" {
		t.Errorf("got %q, %v", b, err)
	}
	_ = c.Close()
	next(t, hears, "close")
	d, err := net.Dial("tcp", "127.0.0.1:"+value.FormatNumber(port))
	if err != nil {
		t.Fatal(err)
	}
	next(t, hears, "open")
	o.p.Cancel(id)
	if _, err := d.Read(make([]byte, 1)); err != io.EOF { //nolint:errorlint // what net gives
		t.Errorf("a cancelled server's connection ends with %v", err)
	}
}

// certificate makes a certificate for localhost, as PEM texts.
func certificate(t *testing.T) (cert, key string) {
	t.Helper()
	k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	tmpl := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "localhost"}, DNSNames: []string{"localhost"},
		NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature}
	der, err := x509.CreateCertificate(rand.Reader, tmpl, tmpl, &k.PublicKey, k)
	if err != nil {
		t.Fatal(err)
	}
	kb, err := x509.MarshalPKCS8PrivateKey(k)
	if err != nil {
		t.Fatal(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})), string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: kb}))
}

func TestTLS(t *testing.T) {
	t.Parallel()
	cert, key := certificate(t)
	o := with(t, socket.NewTCP(socket.Options{}))
	_, hears := o.ask("tcp.listen", "port", 0.0, "tls", value.Obj("cert", cert, "key", value.NewSecret("key", key)))
	port := next(t, hears, "listening").Get("port").Num()
	id, client := o.ask("tcp.connect", "host", "localhost", "port", port, "tls", value.Obj("ca", cert))
	next(t, client, "open")
	o.tell("tcp.write", "socket", float64(id), "data", []byte("secret"), "end", true)
	if b := next(t, hears, "data").Get("data").Buffer().B; string(b) != "secret" {
		t.Errorf("got %q", b)
	}
	next(t, client, "close")
	_, stranger := o.ask("tcp.connect", "host", "localhost", "port", port, "early", true, "tls", value.Obj("servername", "x"))
	next(t, stranger, "open")
	next(t, stranger, "error")
	next(t, stranger, "close")
	_, careless := o.ask("tcp.connect", "host", "localhost", "port", port, "tls", value.Obj("verify", false))
	next(t, careless, "open")
}

// TestBackPressure: while nobody takes answers, the peer is slowed down, and all of it comes.
func TestBackPressure(t *testing.T) {
	t.Parallel()
	const total = 8 << 20
	port := peer(t, func(c net.Conn) {
		_, _ = c.Write(bytes.Repeat([]byte("x"), total))
		_ = c.Close()
	})
	p := socket.NewTCP(socket.Options{})
	defer func() { _ = p.Close() }()
	gate, over := make(chan struct{}), make(chan int, 1)
	var once sync.Once
	got := 0
	f := engine.Effect{Kind: "tcp.connect", Request: 1, Body: value.Obj("host", "127.0.0.1", "port", port)}
	err := p.Perform(f, func(v value.Value, last bool) {
		once.Do(func() { <-gate })
		if b := v.Object().Get("data").Buffer(); b != nil {
			got += len(b.B)
		}
		if last {
			over <- got
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	close(gate)
	select {
	case n := <-over:
		if n != total {
			t.Errorf("got %d bytes of %d", n, total)
		}
	case <-time.After(patience):
		t.Fatal("not all came")
	}
}
