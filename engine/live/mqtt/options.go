package mqtt

import (
	"time"

	"github.com/lockstep-flows/lockstep/engine/live"
	"github.com/lockstep-flows/lockstep/engine/value"
)

// options of a client, as mqtt.connect gives them.
type options struct {
	url                string
	version            byte
	clientID           string
	clean              bool
	keepalive          uint16
	username, password string
	reconnect          time.Duration
	will               *message
	properties         *value.Object
	tls                *value.Object
	dir                string
	allow              live.Allow
}

// message is one that is published, by us or by others.
type message struct {
	topic      string
	payload    []byte
	qos        byte
	retain     bool
	properties *value.Object
}

func readOptions(o *value.Object, dir string) options {
	return options{
		url: value.Reveal(o.Get("url")), version: byte(o.Get("protocolVersion").Num()), clientID: o.Get("clientId").Str(),
		clean: o.Get("clean").Bool(), keepalive: uint16(o.Get("keepalive").Num()),
		username: value.Reveal(o.Get("username")), password: value.Reveal(o.Get("password")),
		reconnect: time.Duration(o.Get("reconnectPeriod").Num() * float64(time.Millisecond)),
		will:      readMessage(o.Get("will").Object()), properties: value.Clone(o.Get("properties")).Object(),
		tls: value.Clone(o.Get("tls")).Object(), dir: dir,
	}
}

// readMessage copies a message out of an effect.
func readMessage(o *value.Object) *message {
	if o == nil {
		return nil
	}
	m := &message{topic: o.Get("topic").Str(), qos: byte(o.Get("qos").Num()), retain: o.Get("retain").Bool()}
	if b := o.Get("payload").Buffer(); b != nil {
		m.payload = append([]byte(nil), b.B...)
	} else {
		m.payload = []byte(o.Get("payload").Str())
	}
	if p := o.Get("properties").Object(); p != nil {
		m.properties = value.Clone(value.Of(p)).Object()
	}
	return m
}
