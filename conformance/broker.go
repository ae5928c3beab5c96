package conformance

import (
	"io"
	"log/slog"
	"net"
	"strings"
	"time"

	mochi "github.com/mochi-mqtt/server/v2"
	"github.com/mochi-mqtt/server/v2/listeners"
	"github.com/mochi-mqtt/server/v2/packets"
)

// Placeholders for the ports of an MQTT broker that is there while the case runs: plain
// and by websocket. Its user "good" has the password "secret"; any other password for
// this user is refused, everyone else is let in.
const (
	brokerPlaceholder = "<broker>"
	brokerWSHolder    = "<broker-ws>"
)

// brokerDoor lets clients in and keeps them out of topics below "forbidden".
type brokerDoor struct{ mochi.HookBase }

// ID names the hook.
func (brokerDoor) ID() string { return "door" }

// Provides lists what the hook decides.
func (brokerDoor) Provides(b byte) bool {
	return b == mochi.OnConnectAuthenticate || b == mochi.OnACLCheck
}

// greetTime is how long the broker takes to let a client in: Node-RED shows a
// connection a millisecond late, so with a faster one it is chance what it shows.
const greetTime = 30 * time.Millisecond

// OnConnectAuthenticate checks the password of the user "good".
func (brokerDoor) OnConnectAuthenticate(_ *mochi.Client, p packets.Packet) bool {
	time.Sleep(greetTime)
	return string(p.Connect.Username) != "good" || string(p.Connect.Password) == "secret"
}

// OnACLCheck checks a topic.
func (brokerDoor) OnACLCheck(_ *mochi.Client, topic string, _ bool) bool {
	return !strings.HasPrefix(topic, "forbidden/")
}

func usesBroker(c *Case) bool {
	return strings.Contains(string(c.Flow)+strings.Join(c.Script, "\n"), "<broker")
}

// broker starts the MQTT broker of a case that mentions it. stop ends it.
func (n *names) broker(c *Case) (stop func(), err error) {
	if !usesBroker(c) {
		return func() {}, nil
	}
	can := mochi.NewDefaultServerCapabilities()
	can.MaximumMessageExpiryInterval = 0 // else messages show how many seconds they are old
	s := mochi.New(&mochi.Options{Capabilities: can, Logger: slog.New(slog.NewTextHandler(io.Discard, nil))})
	if err := s.AddHook(new(brokerDoor), nil); err != nil {
		return nil, err
	}
	plain := listeners.NewTCP(listeners.Config{ID: "plain", Address: "127.0.0.1:0"})
	wsPort, err := unusedPort()
	if err != nil {
		return nil, err
	}
	framed := listeners.NewWebsocket(listeners.Config{ID: "ws", Address: net.JoinHostPort("127.0.0.1", wsPort)})
	if err := s.AddListener(plain); err != nil {
		return nil, err
	}
	if err := s.AddListener(framed); err != nil {
		return nil, err
	}
	if err := s.Serve(); err != nil {
		return nil, err
	}
	_, port, err := net.SplitHostPort(plain.Address())
	if err != nil {
		return nil, err
	}
	n.pair(brokerPlaceholder, port)
	n.pair(brokerWSHolder, wsPort)
	return func() { _ = s.Close() }, nil
}
