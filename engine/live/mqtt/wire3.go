package mqtt

import (
	"errors"
	"io"

	"github.com/eclipse/paho.mqtt.golang/packets"
)

// wire3 is MQTT 3.1 and 3.1.1.
type wire3 struct{}

func (wire3) connect(w io.Writer, o *options) error {
	p := packets.NewControlPacket(packets.Connect).(*packets.ConnectPacket)
	p.ProtocolName, p.ProtocolVersion = "MQTT", 4
	if o.version == 3 {
		p.ProtocolName, p.ProtocolVersion = "MQIsdp", 3
	}
	p.ClientIdentifier, p.CleanSession, p.Keepalive = o.clientID, o.clean, o.keepalive
	if o.username != "" {
		p.UsernameFlag, p.Username = true, o.username
	}
	if o.password != "" {
		p.PasswordFlag, p.Password = true, []byte(o.password)
	}
	if m := o.will; m != nil {
		p.WillFlag, p.WillTopic, p.WillMessage, p.WillQos, p.WillRetain = true, m.topic, m.payload, m.qos, m.retain
	}
	return p.Write(w)
}

func (wire3) publish(w io.Writer, m *message, id uint16, dup bool) error {
	p := packets.PublishPacket{FixedHeader: packets.FixedHeader{MessageType: packets.Publish, Qos: m.qos, Retain: m.retain, Dup: dup},
		TopicName: m.topic, MessageID: id, Payload: m.payload}
	return p.Write(w)
}

func (wire3) ack(w io.Writer, kind byte, id uint16) error {
	h := packets.FixedHeader{MessageType: kind, RemainingLength: 2}
	switch kind {
	case puback:
		return (&packets.PubackPacket{FixedHeader: h, MessageID: id}).Write(w)
	case pubrec:
		return (&packets.PubrecPacket{FixedHeader: h, MessageID: id}).Write(w)
	case pubrel:
		h.Qos = 1
		return (&packets.PubrelPacket{FixedHeader: h, MessageID: id}).Write(w)
	}
	return (&packets.PubcompPacket{FixedHeader: h, MessageID: id}).Write(w)
}

func (wire3) subscribe(w io.Writer, id uint16, j *job) error {
	p := packets.NewControlPacket(packets.Subscribe).(*packets.SubscribePacket)
	p.MessageID = id
	for _, s := range j.topics {
		p.Topics = append(p.Topics, s.topic)
		p.Qoss = append(p.Qoss, s.qos)
	}
	return p.Write(w)
}

func (wire3) unsubscribe(w io.Writer, id uint16, topic string) error {
	p := packets.NewControlPacket(packets.Unsubscribe).(*packets.UnsubscribePacket)
	p.MessageID, p.Topics = id, []string{topic}
	return p.Write(w)
}

func (wire3) ping(w io.Writer) error { return packets.NewControlPacket(packets.Pingreq).Write(w) }

func (wire3) disconnect(w io.Writer) error {
	return packets.NewControlPacket(packets.Disconnect).Write(w)
}

func (wire3) read(r io.Reader) (packet, error) {
	cp, err := packets.ReadPacket(r)
	if err != nil {
		return packet{}, err
	}
	switch p := cp.(type) {
	case *packets.PublishPacket:
		return packet{kind: publish, id: p.MessageID, dup: p.Dup,
			message: &message{topic: p.TopicName, payload: p.Payload, qos: p.Qos, retain: p.Retain}}, nil
	case *packets.PubackPacket:
		return packet{kind: puback, id: p.MessageID}, nil
	case *packets.PubrecPacket:
		return packet{kind: pubrec, id: p.MessageID}, nil
	case *packets.PubrelPacket:
		return packet{kind: pubrel, id: p.MessageID}, nil
	case *packets.PubcompPacket:
		return packet{kind: pubcomp, id: p.MessageID}, nil
	case *packets.SubackPacket:
		return packet{kind: suback, id: p.MessageID, codes: p.ReturnCodes}, nil
	case *packets.UnsubackPacket:
		return packet{kind: unsuback, id: p.MessageID}, nil
	case *packets.ConnackPacket:
		return packet{kind: connack, code: p.ReturnCode, sessionPresent: p.SessionPresent}, nil
	case *packets.DisconnectPacket: // no broker should, some do
		return packet{kind: disconnect}, nil
	case *packets.PingrespPacket:
		return packet{kind: pingresp}, nil
	}
	return packet{}, errors.New("the broker sent a packet that only clients send")
}
