package mqtt

import (
	"io"
	"log/slog"
	"testing"
	"time"

	mochi "github.com/mochi-mqtt/server/v2"
	
	"github.com/mochi-mqtt/server/v2/listeners"
"github.com/mochi-mqtt/server/v2/packets"

	"github.com/lockstep-flows/lockstep/engine"
	"github.com/lockstep-flows/lockstep/engine/value"
)

func TestX(t *testing.T) {
	s := mochi.New(&mochi.Options{Logger: slog.New(slog.NewTextHandler(io.Discard, nil))})
	_ = s.AddHook(new(allow), nil)
	l := listeners.NewTCP(listeners.Config{ID: "t", Address: "127.0.0.1:0"})
	_ = s.AddListener(l)
	go s.Serve()
	time.Sleep(100*time.Millisecond)
	p := New("")
	ch := make(chan string, 100)
	p.Perform(engine.Effect{Kind: "mqtt.connect", Request: 1, Body: value.Obj("url", "mqtt://"+l.Address(), "protocolVersion", 4, "clientId", "x", "clean", true, "keepalive", 60, "reconnectPeriod", 100)}, func(v value.Value, last bool) {
		b, _, _ := value.Stringify(v, "")
		ch <- b
	})
	for range 3 {
		select {
		case x := <-ch:
			t.Log(x)
		case <-time.After(2*time.Second):
			t.Log("timeout")
		}
	}
}
type allow struct{ mochi.HookBase }
func (allow) Provides(b byte) bool { return b == mochi.OnConnectAuthenticate || b == mochi.OnACLCheck }
func (allow) OnConnectAuthenticate(*mochi.Client, packets.Packet) bool { return true }
func (allow) OnACLCheck(*mochi.Client, string, bool) bool { return true }
