package mqtt

import (
	"bytes"
	"errors"
	"io"

	"github.com/eclipse/paho.golang/packets"
)

// wire5 is MQTT 5.
type wire5 struct{}

func write5(w io.Writer, p interface {
	WriteTo(w io.Writer) (int64, error)
}) error {
	_, err := p.WriteTo(w)
	return err
}

func (wire5) connect(w io.Writer, o *options) error {
	p := &packets.Connect{ProtocolName: "MQTT", ProtocolVersion: 5, ClientID: o.clientID, CleanStart: o.clean, KeepAlive: o.keepalive,
		Properties: properties5(o.properties)}
	if o.username != "" {
		p.UsernameFlag, p.Username = true, o.username
	}
	if o.password != "" {
		p.PasswordFlag, p.Password = true, []byte(o.password)
	}
	if m := o.will; m != nil {
		p.WillFlag, p.WillTopic, p.WillMessage, p.WillQOS, p.WillRetain = true, m.topic, m.payload, m.qos, m.retain
		return write5(w, &packets.ControlPacket{FixedHeader: packets.FixedHeader{Type: packets.CONNECT}, Content: &lastWill{p, m.properties}})
	}
	return write5(w, p)
}

func (wire5) publish(w io.Writer, m *message, id uint16, dup bool) error {
	return write5(w, &packets.Publish{Topic: m.topic, Payload: m.payload, QoS: m.qos, Retain: m.retain, Duplicate: dup, PacketID: id,
		Properties: properties5(m.properties)})
}

func (wire5) ack(w io.Writer, kind byte, id uint16) error {
	switch kind {
	case puback:
		return write5(w, &packets.Puback{PacketID: id, Properties: &packets.Properties{}})
	case pubrec:
		return write5(w, &packets.Pubrec{PacketID: id, Properties: &packets.Properties{}})
	case pubrel:
		return write5(w, &packets.Pubrel{PacketID: id, Properties: &packets.Properties{}})
	}
	return write5(w, &packets.Pubcomp{PacketID: id, Properties: &packets.Properties{}})
}

func (wire5) subscribe(w io.Writer, id uint16, j *job) error {
	p := &packets.Subscribe{PacketID: id, Properties: properties5(j.properties)}
	for _, s := range j.topics {
		p.Subscriptions = append(p.Subscriptions, packets.SubOptions{Topic: s.topic, QoS: s.qos, NoLocal: s.noLocal,
			RetainAsPublished: s.keepRetain, RetainHandling: s.retained})
	}
	return write5(w, p)
}

func (wire5) unsubscribe(w io.Writer, id uint16, topic string) error {
	return write5(w, &packets.Unsubscribe{PacketID: id, Topics: []string{topic}, Properties: &packets.Properties{}})
}

func (wire5) ping(w io.Writer) error { return write5(w, &packets.Pingreq{}) }

func (wire5) disconnect(w io.Writer) error {
	return write5(w, &packets.Disconnect{Properties: &packets.Properties{}})
}

func (wire5) read(r io.Reader) (packet, error) {
	var raw bytes.Buffer
	cp, err := packets.ReadPacket(io.TeeReader(r, &raw))
	if err != nil {
		return packet{}, err
	}
	switch p := cp.Content.(type) {
	case *packets.Publish:
		m := &message{topic: p.Topic, payload: p.Payload, qos: p.QoS, retain: p.Retain, properties: object5(p.Properties)}
		if p.Properties.SubscriptionIdentifier != nil {
			setIdentifiers(m.properties, identifiers(raw.Bytes(), p.QoS > 0))
		}
		return packet{kind: publish, id: p.PacketID, dup: p.Duplicate, message: m}, nil
	case *packets.Puback:
		return packet{kind: puback, id: p.PacketID, code: p.ReasonCode}, nil
	case *packets.Pubrec:
		return packet{kind: pubrec, id: p.PacketID, code: p.ReasonCode}, nil
	case *packets.Pubrel:
		return packet{kind: pubrel, id: p.PacketID, code: p.ReasonCode}, nil
	case *packets.Pubcomp:
		return packet{kind: pubcomp, id: p.PacketID, code: p.ReasonCode}, nil
	case *packets.Suback:
		return packet{kind: suback, id: p.PacketID, codes: p.Reasons}, nil
	case *packets.Unsuback:
		return packet{kind: unsuback, id: p.PacketID}, nil
	case *packets.Connack:
		return packet{kind: connack, code: p.ReasonCode, sessionPresent: p.SessionPresent, properties: object5(p.Properties)}, nil
	case *packets.Pingresp:
		return packet{kind: pingresp}, nil
	case *packets.Disconnect:
		return packet{kind: disconnect, code: p.ReasonCode, properties: object5(p.Properties)}, nil
	}
	return packet{}, errors.New("the broker sent a packet that only clients send")
}
