package mqtt

import (
	"io"

	"github.com/lockstep-flows/lockstep/engine/value"
)

// kinds of packets, by their numbers on the wire.
const (
	connack    = 2
	publish    = 3
	puback     = 4
	pubrec     = 5
	pubrel     = 6
	pubcomp    = 7
	suback     = 9
	unsuback   = 11
	pingresp   = 13
	disconnect = 14
)

// packet is one that came in.
type packet struct {
	kind           byte
	id             uint16
	code           byte // reason or return code
	codes          []byte
	sessionPresent bool
	dup            bool
	message        *message
	properties     *value.Object
}

// wire writes and reads the packets of a version of the protocol.
type wire interface {
	connect(w io.Writer, o *options) error
	publish(w io.Writer, m *message, id uint16, dup bool) error
	ack(w io.Writer, kind byte, id uint16) error
	subscribe(w io.Writer, id uint16, j *job) error
	unsubscribe(w io.Writer, id uint16, topic string) error
	ping(w io.Writer) error
	disconnect(w io.Writer) error
	read(r io.Reader) (packet, error)
}

func wireOf(version byte) wire {
	if version == 5 {
		return wire5{}
	}
	return wire3{}
}
