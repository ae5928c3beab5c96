package mqtt

import (
	"github.com/eclipse/paho.golang/packets"

	"github.com/lockstep-flows/lockstep/engine/value"
)

// properties5 gives properties of MQTT 5, named as Node-RED names them, the shape
// of the library.
func properties5(o *value.Object) *packets.Properties {
	p := &packets.Properties{}
	if o == nil {
		return p
	}
	p.ContentType, p.ResponseTopic = o.Get("contentType").Str(), o.Get("responseTopic").Str()
	if b := o.Get("correlationData").Buffer(); b != nil {
		p.CorrelationData = b.B
	}
	p.PayloadFormat = bit(o, "payloadFormatIndicator")
	p.RequestResponseInfo = bit(o, "requestResponseInformation")
	p.RequestProblemInfo = bit(o, "requestProblemInformation")
	p.MessageExpiry = number(o, "messageExpiryInterval")
	p.SessionExpiryInterval = number(o, "sessionExpiryInterval")
	p.WillDelayInterval = number(o, "willDelayInterval")
	if n := number(o, "topicAlias"); n != nil {
		alias := uint16(*n)
		p.TopicAlias = &alias
	}
	if n := number(o, "subscriptionIdentifier"); n != nil {
		id := int(*n)
		p.SubscriptionIdentifier = &id
	}
	if user := o.Get("userProperties").Object(); user != nil {
		for i := range user.Len() {
			p.User = append(p.User, packets.User{Key: user.At(i).Key, Value: value.ToString(user.At(i).Value)})
		}
	}
	return p
}

func bit(o *value.Object, name string) *byte {
	v, ok := o.Lookup(name)
	if !ok {
		return nil
	}
	var b byte
	if value.Truthy(v) {
		b = 1
	}
	return &b
}

func number(o *value.Object, name string) *uint32 {
	v, ok := o.Lookup(name)
	if !ok {
		return nil
	}
	n := value.ToUint32(value.ToNumber(v))
	return &n
}

// object5 gives what a broker sent: nil if it sent none.
func object5(p *packets.Properties) *value.Object {
	if p == nil {
		return nil
	}
	o := value.NewObject()
	set := func(name string, v value.Value) { o.Set(name, v) }
	setBit := func(name string, b *byte) {
		if b != nil {
			set(name, value.Bool(*b != 0))
		}
	}
	setText := func(name, s string) {
		if s != "" {
			set(name, value.Str(s))
		}
	}
	setBit("payloadFormatIndicator", p.PayloadFormat)
	setWide(o, "messageExpiryInterval", p.MessageExpiry)
	setText("contentType", p.ContentType)
	setText("responseTopic", p.ResponseTopic)
	if p.CorrelationData != nil {
		set("correlationData", value.Bytes(p.CorrelationData))
	}
	if p.SubscriptionIdentifier != nil {
		set("subscriptionIdentifier", value.Int(*p.SubscriptionIdentifier))
	}
	setWide(o, "sessionExpiryInterval", p.SessionExpiryInterval)
	setText("assignedClientIdentifier", p.AssignedClientID)
	setNarrow(o, "serverKeepAlive", p.ServerKeepAlive)
	setText("responseInformation", p.ResponseInfo)
	setText("serverReference", p.ServerReference)
	setText("reasonString", p.ReasonString)
	setNarrow(o, "receiveMaximum", p.ReceiveMaximum)
	setNarrow(o, "topicAliasMaximum", p.TopicAliasMaximum)
	setNarrow(o, "topicAlias", p.TopicAlias)
	if p.MaximumQOS != nil {
		set("maximumQoS", value.Int(int(*p.MaximumQOS)))
	}
	setBit("retainAvailable", p.RetainAvailable)
	setWide(o, "maximumPacketSize", p.MaximumPacketSize)
	setBit("wildcardSubscriptionAvailable", p.WildcardSubAvailable)
	setBit("subscriptionIdentifiersAvailable", p.SubIDAvailable)
	setBit("sharedSubscriptionAvailable", p.SharedSubAvailable)
	if len(p.User) > 0 {
		set("userProperties", userProperties(p.User))
	}
	if o.Len() == 0 {
		return nil
	}
	return o
}

// userProperties by name; those of a name that came several times are a list.
func userProperties(list []packets.User) value.Value {
	o := value.NewObject(len(list))
	for _, u := range list {
		old, twice := o.Lookup(u.Key)
		switch {
		case !twice:
			o.Set(u.Key, value.Str(u.Value))
		case old.Array() != nil:
			old.Array().Append(value.Str(u.Value))
		default:
			o.Set(u.Key, value.Arr(old, value.Str(u.Value)))
		}
	}
	return value.Of(o)
}

func setWide(o *value.Object, name string, n *uint32) {
	if n != nil {
		o.Set(name, value.Num(float64(*n)))
	}
}

func setNarrow(o *value.Object, name string, n *uint16) {
	if n != nil {
		o.Set(name, value.Int(int(*n)))
	}
}
