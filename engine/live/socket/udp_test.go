package socket_test

import (
	"net"
	"testing"

	"github.com/lockstep-flows/lockstep/engine/live/socket"
	"github.com/lockstep-flows/lockstep/engine/value"
)

// answered waits for the only answer of a request.
func answered(t *testing.T, ch answers) *value.Object {
	t.Helper()
	return next(t, ch, "")
}

func TestDatagrams(t *testing.T) {
	t.Parallel()
	p := socket.NewUDP(socket.Options{})
	o := with(t, p)
	in, hears := o.ask("udp.open", "type", "udp4", "port", 0.0)
	port := next(t, hears, "listening").Get("port").Num()
	out, ready := o.ask("udp.open", "type", "udp4", "port", 0.0)
	_, early := o.ask("udp.send", "socket", float64(out), "data", []byte("one"), "address", "127.0.0.1", "port", port)
	if e := answered(t, early); e.Has("error") {
		t.Errorf("sending: %v", e.Get("error").Error())
	}
	next(t, ready, "listening")
	m := next(t, hears, "message")
	if string(m.Get("data").Buffer().B) != "one" || m.Get("ip").Str() != "127.0.0.1" {
		t.Errorf("got %v from %v", m.Get("data"), m.Get("ip"))
	}
	_, long := o.ask("udp.send", "socket", float64(out), "data", make([]byte, 70_000), "address", "127.0.0.1", "port", port)
	if e := answered(t, long).Get("error").Error(); e == nil || e.Prop("code").Str() != "EMSGSIZE" {
		t.Errorf("too long: %v", e)
	}
	_, nobody := o.ask("udp.send", "socket", 99.0, "data", []byte("x"), "address", "127.0.0.1", "port", port)
	if e := answered(t, nobody); !e.Has("error") {
		t.Error("a socket that is not there takes datagrams")
	}
	p.Cancel(in)
	p.Cancel(out)
}

func TestTooManyDatagramsAreRefused(t *testing.T) {
	t.Parallel()
	taken, err := net.ListenPacket("udp4", "0.0.0.0:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = taken.Close() }()
	p := socket.NewUDP(socket.Options{MaxDatagrams: 4})
	o := with(t, p)
	// names are looked up one after the other, so the queue fills
	out, _ := o.ask("udp.open", "type", "udp4", "port", 0.0)
	refused := 0
	var all []answers
	for range 200 {
		_, ch := o.ask("udp.send", "socket", float64(out), "data", []byte("x"), "address", "localhost", "port", 9.0)
		all = append(all, ch)
	}
	for _, ch := range all {
		if e := answered(t, ch).Get("error").Error(); e != nil && e.Prop("code").Str() == "ENOBUFS" {
			refused++
		}
	}
	if refused == 0 || refused == len(all) {
		t.Errorf("%d of %d were refused", refused, len(all))
	}
}

func TestPortInUse(t *testing.T) {
	t.Parallel()
	taken, err := net.ListenPacket("udp4", "0.0.0.0:0") // without sharing the address
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = taken.Close() }()
	o := with(t, socket.NewUDP(socket.Options{}))
	id, hears := o.ask("udp.open", "type", "udp4", "port", float64(taken.LocalAddr().(*net.UDPAddr).Port))
	if e := next(t, hears, "error").Get("error").Error(); e.Prop("code").Str() != "EADDRINUSE" {
		t.Errorf("got %v", e)
	}
	_, ch := o.ask("udp.send", "socket", float64(id), "data", []byte("x"), "address", "127.0.0.1", "port", 9.0)
	if !answered(t, ch).Has("error") {
		t.Error("a socket that failed takes datagrams")
	}
}

func TestInterfaces(t *testing.T) {
	t.Parallel()
	o := with(t, socket.NewUDP(socket.Options{}))
	_, ch := o.ask("udp.interface", "type", "udp4", "iface", "nosuch0")
	if answered(t, ch).Has("address") {
		t.Error("an interface that is not there has an address")
	}
	_, hears := o.ask("udp.open", "type", "udp4", "port", 0.0, "iface", "nosuch0", "quiet", true, "group", "239.9.9.9")
	next(t, hears, "interface")
	next(t, hears, "listening")
	_, hears = o.ask("udp.open", "type", "udp4", "port", 0.0, "group", "1.2.3.4")
	if !next(t, hears, "listening").Has("error") {
		t.Error("1.2.3.4 is no group")
	}
}
