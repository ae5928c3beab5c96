package mqtt

import (
	"fmt"
	"io"
	"log/slog"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	mochi "github.com/mochi-mqtt/server/v2"
	"github.com/mochi-mqtt/server/v2/listeners"
	"github.com/mochi-mqtt/server/v2/packets"

	"github.com/lockstep-flows/lockstep/engine"
	"github.com/lockstep-flows/lockstep/engine/value"
)

// patience bounds every wait of these tests.
const patience = 20 * time.Second

type everyone struct{ mochi.HookBase }

func (everyone) Provides(b byte) bool {
	return b == mochi.OnConnectAuthenticate || b == mochi.OnACLCheck
}
func (everyone) OnConnectAuthenticate(*mochi.Client, packets.Packet) bool { return true }
func (everyone) OnACLCheck(*mochi.Client, string, bool) bool              { return true }

// embedded starts a broker in this process and gives its address.
func embedded(t *testing.T) string {
	t.Helper()
	s := mochi.New(&mochi.Options{Logger: slog.New(slog.NewTextHandler(io.Discard, nil))})
	if err := s.AddHook(new(everyone), nil); err != nil {
		t.Fatal(err)
	}
	l := listeners.NewTCP(listeners.Config{ID: "t", Address: "127.0.0.1:0"})
	if err := s.AddListener(l); err != nil {
		t.Fatal(err)
	}
	if err := s.Serve(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return l.Address()
}

// user is a client as a broker node uses it.
type user struct {
	t      *testing.T
	p      *Clients
	id     uint64
	mu     sync.Mutex
	up     chan struct{} // one for each connection
	got    map[string]int
	asked  uint64
	failed chan string
	// answered is how many answers were taken from failed.
	answered int
}

func connect(t *testing.T, p *Clients, id uint64, addr string, version int, subscribe string) *user {
	t.Helper()
	u := &user{t: t, p: p, id: id, up: make(chan struct{}, 1000), got: map[string]int{}, asked: id * 1_000_000, failed: make(chan string, 100000)}
	body := value.Obj("url", "mqtt://"+addr, "protocolVersion", version, "clientId", fmt.Sprintf("%s-%d-%d", strings.ReplaceAll(t.Name(), "/", "-"), version, id), "clean", false,
		"keepalive", 60, "reconnectPeriod", 5).Object()
	if version == 5 {
		body.Set("properties", value.Obj("sessionExpiryInterval", 3600))
	}
	effect := engine.Effect{Kind: "mqtt.connect", Request: id, Body: value.Of(body)}
	err := p.Perform(effect, func(v value.Value, _ bool) { u.heard(v.Object(), subscribe) })
	if err != nil {
		t.Fatal(err)
	}
	return u
}

func (u *user) heard(o *value.Object, subscribe string) {
	switch o.Get("event").Str() {
	case "connect":
		if subscribe != "" && !o.Get("sessionPresent").Bool() {
			topics := value.Arr(value.Obj("topic", subscribe, "qos", 2))
			_ = u.p.Perform(engine.Effect{Kind: "mqtt.subscribe", Body: value.Obj("client", float64(u.id), "topics", topics)}, nil)
		}
		u.up <- struct{}{}
	case "messages":
		u.mu.Lock()
		defer u.mu.Unlock()
		for _, m := range value.Elements(o.Get("messages")) {
			u.got[string(m.Object().Get("payload").Buffer().B)]++
		}
	}
}

func (u *user) wait() {
	u.t.Helper()
	select {
	case <-u.up:
	case <-time.After(patience):
		u.t.Fatal("no connection")
	}
}

// publish sends a message; the answer goes to failed, "" if it went well.
func (u *user) publish(topic, payload string, qos int) {
	u.asked++
	body := value.Obj("client", float64(u.id), "topic", topic, "payload", payload, "qos", qos, "retain", false)
	_ = u.p.Perform(engine.Effect{Kind: "mqtt.publish", Request: u.asked, Body: body}, func(v value.Value, _ bool) {
		text := ""
		if e := v.Object().Get("error").Error(); e != nil {
			text = e.Message
		}
		u.failed <- text
	})
}

// settle waits until so many publications are answered.
func (u *user) settle(n int) {
	u.t.Helper()
	for ; u.answered < n; u.answered++ {
		select {
		case text := <-u.failed:
			if text != "" {
				u.t.Fatal(text)
			}
		case <-time.After(patience):
			u.t.Fatal("a publication is not answered")
		}
	}
}

func (u *user) has(payload string) int {
	u.mu.Lock()
	defer u.mu.Unlock()
	return u.got[payload]
}

// proxy passes bytes on to a broker and can cut all connections.
type proxy struct {
	l      net.Listener
	target string
	mu     sync.Mutex
	pairs  []pair
}

func newProxy(t *testing.T, target string) *proxy {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &proxy{l: l, target: target}
	t.Cleanup(func() { _ = l.Close(); p.cut() })
	go func() {
		for {
			in, err := l.Accept()
			if err != nil {
				return
			}
			out, err := net.Dial("tcp", target)
			if err != nil {
				_ = in.Close()
				continue
			}
			p.mu.Lock()
			p.pairs = append(p.pairs, pair{in, out.(*net.TCPConn)})
			p.mu.Unlock()
			go func() {
				_, _ = io.Copy(in, out)
				_ = in.Close()
				_, _ = io.Copy(io.Discard, out)
				_ = out.Close()
			}()
			go func() { _, _ = io.Copy(out, in); _ = out.(*net.TCPConn).CloseWrite() }()
		}
	}()
	return p
}

// cut breaks all connections for the clients at once. The broker reads what it was
// sent, and what it answers is lost: a broker that cannot write an answer
// loses messages it has acknowledged (seen with both brokers here).
func (p *proxy) cut() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, c := range p.pairs {
		_ = c.in.Close()
	}
	p.pairs = nil
}

type pair struct {
	in  net.Conn
	out *net.TCPConn
}

// perRound messages of each quality go out between two interruptions.
const (
	perRound = 30
	rounds   = 20
)

// soak publishes through one address while interrupt is called again and again, and
// holds what arrives through the other one to what the qualities promise.
func soak(t *testing.T, from, addr string, version int, exact bool, interrupt func(settled func()) (resume func())) {
	t.Helper()
	p := New("", nil)
	topic := fmt.Sprintf("soak/%d", version)
	in := connect(t, p, 1, addr, version, topic)
	in.wait()
	out := connect(t, p, 2, from, version, "")
	out.wait()
	for deadline := time.Now().Add(patience); in.has("first") == 0; { // the subscription is there
		out.publish(topic, "first", 1)
		time.Sleep(20 * time.Millisecond)
		if time.Now().After(deadline) {
			t.Fatal("no subscription")
		}
	}
	sent := 0
	for r := range rounds {
		var resume func()
		for i := range perRound {
			out.publish(topic, fmt.Sprintf("1/%d/%d", r, i), 1)
			out.publish(topic, fmt.Sprintf("2/%d/%d", r, i), 2)
			sent += 2
			if i == perRound/2 {
				resume = interrupt(func() { out.settle(sent) })
			}
		}
		resume()
		out.wait()
	}
	all := func() (missing, twice int) {
		for r := range rounds {
			for i := range perRound {
				one, two := in.has(fmt.Sprintf("1/%d/%d", r, i)), in.has(fmt.Sprintf("2/%d/%d", r, i))
				if one == 0 {
					missing++
				}
				if two == 0 {
					missing++
				}
				if two > 1 {
					twice++
				}
			}
		}
		return missing, twice
	}
	for deadline := time.Now().Add(patience); exact; time.Sleep(10 * time.Millisecond) {
		missing, twice := all()
		if missing == 0 {
			if twice > 0 {
				t.Logf("%d messages of quality 2 came twice", twice)
			}
			break
		}
		if time.Now().After(deadline) {
			t.Fatalf("%d of %d messages are lost", missing, sent)
		}
	}
	out.settle(sent)
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
}

// TestCut: a publisher's connection breaks 20 times, and every publication is
// acknowledged in the end. (What arrives is held to its quality with mosquitto: the
// embedded broker itself loses messages when a session is taken over.)
func TestCut(t *testing.T) {
	t.Parallel()
	for _, version := range []int{3, 4, 5} {
		t.Run(fmt.Sprint(version), func(t *testing.T) {
			t.Parallel()
			addr := embedded(t)
			p := newProxy(t, addr)
			soak(t, p.l.Addr().String(), addr, version, false, func(func()) func() { p.cut(); return func() {} })
		})
	}
}

// deaf accepts connections, answers their CONNECT if greets, and reads no more.
func deaf(t *testing.T, greets bool) string {
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
			t.Cleanup(func() { _ = c.Close() })
			if greets {
				_, _ = c.Write([]byte{0x20, 2, 0, 0})
			}
		}
	}()
	return l.Addr().String()
}

// TestDeafBroker: a broker that does not read fills a bounded queue; what finds no
// room is answered with an error, and nothing blocks.
func TestDeafBroker(t *testing.T) {
	t.Parallel()
	p := New("", nil)
	u := connect(t, p, 1, deaf(t, true), 4, "")
	u.wait()
	big := strings.Repeat("x", 10000)
	dropped := make(chan struct{}, 1)
	for range 3 * maxWaiting {
		u.publish("t", big, 1)
		select {
		case text := <-u.failed:
			if !strings.Contains(text, "dropped") {
				t.Fatal(text)
			}
			select {
			case dropped <- struct{}{}:
			default:
			}
		default:
		}
		if len(dropped) > 0 {
			break
		}
	}
	select {
	case <-dropped:
	case text := <-u.failed:
		if !strings.Contains(text, "dropped") {
			t.Fatal(text)
		}
	case <-time.After(patience):
		t.Fatal("nothing is dropped")
	}
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
}

// TestSilentBroker: a broker that never answers does not hold up the end.
func TestSilentBroker(t *testing.T) {
	t.Parallel()
	p := New("", nil)
	connect(t, p, 1, deaf(t, false), 5, "t")
	connect(t, p, 2, "127.0.0.1:1", 4, "t")
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
}

// TestKeepAlive: a broker that is gone without a word is noticed.
func TestKeepAlive(t *testing.T) {
	t.Parallel()
	p := New("", nil)
	closed := make(chan struct{}, 10)
	body := value.Obj("url", "mqtt://"+deaf(t, true), "protocolVersion", 4, "clientId", "k", "clean", true, "keepalive", 1, "reconnectPeriod", 10000)
	err := p.Perform(engine.Effect{Kind: "mqtt.connect", Request: 1, Body: body}, func(v value.Value, _ bool) {
		if v.Object().Get("event").Str() == "close" {
			closed <- struct{}{}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	select {
	case <-closed:
	case <-time.After(patience):
		t.Fatal("the connection is not given up")
	}
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
}
