package all_test

import (
	"errors"
	"net"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/lockstep-flows/lockstep/engine"
	"github.com/lockstep-flows/lockstep/engine/live"
	"github.com/lockstep-flows/lockstep/engine/live/all"
	"github.com/lockstep-flows/lockstep/engine/value"
)

// TestAllow: every performer that connects asks first, and what is refused is not connected.
func TestAllow(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close() //nolint:errcheck // nothing is written to it
	var connected atomic.Int32
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			connected.Add(1)
			_ = c.Close() // nothing was written
		}
	}()
	udp, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer udp.Close() //nolint:errcheck // nothing is written to it
	at, port := l.Addr().String(), l.Addr().(*net.TCPAddr).Port
	for _, c := range []struct {
		kind string
		body value.Value
		more func(p live.Performer, hear func(value.Value, bool)) error
	}{
		{"tcp.connect", value.Obj("host", "127.0.0.1", "port", port), nil},
		{"ws.connect", value.Obj("url", "ws://"+at+"/x"), nil},
		{"mqtt.connect", value.Obj("url", "mqtt://"+at, "protocolVersion", 4, "clientId", "c", "clean", true, "keepalive", 60, "reconnectPeriod", 20), nil},
		{"mqtt.connect", value.Obj("url", "ws://"+at, "protocolVersion", 5, "clientId", "c", "clean", true, "keepalive", 60, "reconnectPeriod", 20), nil},
		{"http.request", value.Obj("method", "GET", "url", "http://"+at+"/", "headers", value.Arr(), "cookies", value.Arr(), "timeout", 5000), nil},
		{"udp.open", value.Obj("type", "udp4", "port", 0), func(p live.Performer, hear func(value.Value, bool)) error {
			return p.Perform(engine.Effect{Kind: "udp.send", Request: 2, Body: value.Obj("socket", 1, "address", "127.0.0.1", "port", udp.LocalAddr().(*net.UDPAddr).Port, "data", &value.Buffer{B: []byte("x")})}, hear)
		}},
	} {
		t.Run(c.kind, func(t *testing.T) {
			var asked atomic.Int32
			list := all.Performers(all.Options{Allow: func(host string, ip net.IP) error {
				if host != "127.0.0.1" || ip.String() != host {
					t.Errorf("asked about %s %s", host, ip)
				}
				asked.Add(1)
				return errors.New("it is not for flows")
			}})
			i := slices.IndexFunc(list, func(p live.Performer) bool { return slices.Contains(p.Kinds(), c.kind) })
			heard := make(chan string, 100)
			hear := func(v value.Value, _ bool) {
				select {
				case heard <- string(value.AppendJSON(nil, v)) + value.ToString(value.Index(v, 0)):
				default: // who connects again tells it often
				}
			}
			if err := list[i].Perform(engine.Effect{Kind: c.kind, Request: 1, Body: c.body}, hear); err != nil {
				t.Fatal(err)
			}
			if c.more != nil {
				<-heard // it is open
				if err := c.more(list[i], hear); err != nil {
					t.Fatal(err)
				}
			}
			select {
			case text := <-heard:
				if strings.Contains(text, `"connect"`) {
					t.Error(text)
				}
			case <-time.After(10 * time.Second):
				t.Error("nothing is heard of the refusal")
			}
			if asked.Load() == 0 {
				t.Error("nobody was asked")
			}
			for _, p := range list {
				_ = p.Close() // a connection that is not there
			}
		})
	}
	if n := connected.Load(); n > 0 {
		t.Errorf("%d connections were made", n)
	}
	_ = udp.SetReadDeadline(time.Now().Add(20 * time.Millisecond)) // it can
	if n, _, err := udp.ReadFrom(make([]byte, 10)); err == nil {
		t.Errorf("%d bytes came", n)
	}
}
