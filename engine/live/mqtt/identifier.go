package mqtt

import (
	"encoding/binary"

	"github.com/eclipse/paho.golang/packets"

	"github.com/lockstep-flows/lockstep/engine/value"
)

// identifiers finds the subscription identifiers of a PUBLISH packet of MQTT 5. A
// broker names all subscriptions a message is for, but the library keeps the last
// only.
func identifiers(raw []byte, numbered bool) []int {
	_, b := length(raw[1:])
	if len(b) < 2 {
		return nil
	}
	skip := 2 + int(binary.BigEndian.Uint16(b))
	if numbered {
		skip += 2
	}
	if len(b) < skip {
		return nil
	}
	n, b := length(b[skip:])
	if n > len(b) {
		return nil
	}
	var ids []int
	for b = b[:n]; len(b) > 1; {
		kind := b[0]
		b = b[1:]
		size := 0
		switch kind {
		case packets.PropSubscriptionIdentifier:
			var id int
			id, b = length(b)
			ids = append(ids, id)
		case packets.PropPayloadFormat:
			size = 1
		case packets.PropTopicAlias:
			size = 2
		case packets.PropMessageExpiry:
			size = 4
		default: // texts and bytes; user properties are two of them
			size = text(b)
			if kind == packets.PropUser && size <= len(b) {
				size += text(b[size:])
			}
		}
		if size > len(b) {
			return ids
		}
		b = b[size:]
	}
	return ids
}

// length reads a variable byte integer.
func length(b []byte) (n int, rest []byte) {
	for i := 0; i < len(b) && i < 4; i++ {
		n |= int(b[i]&127) << (7 * i)
		if b[i] < 128 {
			return n, b[i+1:]
		}
	}
	return 0, nil
}

// text is how many bytes a text with its length takes.
func text(b []byte) int {
	if len(b) < 2 {
		return 2
	}
	return 2 + int(binary.BigEndian.Uint16(b))
}

// setIdentifiers shows several identifiers as a list, as Node-RED's client does.
func setIdentifiers(o *value.Object, ids []int) {
	if len(ids) < 2 {
		return
	}
	list := value.NewArray()
	for _, id := range ids {
		list.Append(value.Int(id))
	}
	o.Set("subscriptionIdentifier", value.Of(list))
}
