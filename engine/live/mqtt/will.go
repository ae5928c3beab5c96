package mqtt

import (
	"encoding/binary"
	"net"

	"github.com/eclipse/paho.golang/packets"

	"github.com/lockstep-flows/lockstep/engine/value"
)

// lastWill is a CONNECT with a will that keeps all of the will's properties; the
// library writes its delay and user properties only.
type lastWill struct {
	*packets.Connect
	properties *value.Object
}

// flagsAt is where the flags of a CONNECT are: behind the protocol's name and version.
const flagsAt = 2 + len("MQTT") + 1

// Buffers are the packet's contents: MQTT 5, 3.1.2 and 3.1.3.
func (l *lastWill) Buffers() net.Buffers {
	head := *l.Connect
	head.WillFlag, head.UsernameFlag, head.PasswordFlag = false, false, false
	b := head.Buffers()[0]
	b[flagsAt] = l.PackFlags()
	p := properties5(l.properties)
	will := p.Pack(packets.PUBLISH)
	if p.WillDelayInterval != nil {
		will = binary.BigEndian.AppendUint32(append(will, packets.PropWillDelayInterval), *p.WillDelayInterval)
	}
	b = appendLength(b, len(will))
	b = append(b, will...)
	b = appendText(b, l.WillTopic)
	b = appendText(b, string(l.WillMessage))
	if l.UsernameFlag {
		b = appendText(b, l.Username)
	}
	if l.PasswordFlag {
		b = appendText(b, string(l.Password))
	}
	return net.Buffers{b}
}

// appendLength adds a variable byte integer: seven bits a byte, the lowest first.
func appendLength(b []byte, n int) []byte {
	for n > 127 {
		b = append(b, byte(n)|128)
		n >>= 7
	}
	return append(b, byte(n))
}

func appendText(b []byte, s string) []byte {
	return append(binary.BigEndian.AppendUint16(b, uint16(min(len(s), 65535))), s[:min(len(s), 65535)]...)
}
