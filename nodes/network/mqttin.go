package network

import (
	"encoding/base64"
	"math"

	"github.com/lockstep-flows/lockstep/engine"
	"github.com/lockstep-flows/lockstep/engine/value"
)

// MQTTIn is the configuration of a mqtt in node.
type MQTTIn struct {
	// Topic to subscribe to; + stands for one level, # for all that follow.
	Topic value.Value `json:"topic"`
	// QoS is the quality asked for, 0, 1 or 2; default 2.
	QoS value.Value `json:"qos"`
	// DataType is what payloads become: auto-detect (bytes, text or parsed JSON),
	// auto (bytes or text), buffer, base64, utf8 (the default) or json.
	DataType string `json:"datatype"`
	// Broker is the id of a mqtt-broker node.
	Broker string `json:"broker"`
	// NL leaves out messages of the same client, RAP keeps their retain flag as it was
	// published, RH says which retained messages come: 0 at every subscription, 1 at new
	// ones, 2 none (all MQTT 5).
	NL  value.Value `json:"nl"`
	RAP value.Value `json:"rap"`
	RH  value.Value `json:"rh"`
	// Inputs is 1 if messages choose the subscriptions: msg.action is connect, disconnect,
	// subscribe, unsubscribe or getSubscriptions.
	Inputs value.Value `json:"inputs"`
	// SubscriptionIdentifier is written by old editors and has no effect.
	SubscriptionIdentifier value.Value `json:"subscriptionIdentifier"`
}

var mqttInType = engine.Define("mqtt in", "Subscribes to messages of an MQTT broker.", newMQTTIn).With(mqttTexts).Starts()

type mqttIn struct {
	MQTTIn
	broker  *mqttBroker
	topic   string
	dynamic bool
	subs    *value.Object // by topic, of a dynamic node
}

func newMQTTIn(c *engine.Call, cfg MQTTIn) (engine.Node, error) {
	n := &mqttIn{MQTTIn: cfg, broker: brokerOf(c, cfg.Broker), subs: value.NewObject(), topic: value.ToString(cfg.Topic)}
	n.dynamic = value.LooseEqual(cfg.Inputs, value.Int(1))
	if n.DataType == "" {
		n.DataType = "utf8"
	}
	if !n.dynamic && !validFilter(n.topic) {
		c.Warn(value.Str(c.Text("mqtt.errors.invalid-topic")))
		return engine.Mute{}, nil
	}
	b := n.broker
	if b == nil {
		c.Error(engine.Fail(c.Text("mqtt.errors.missing-config")), nil)
		return engine.Mute{}, nil
	}
	showDisconnected(c)
	if !value.Truthy(cfg.Topic) && !n.dynamic {
		c.Error(engine.Fail(c.Text("mqtt.errors.not-defined")), nil)
		return n, nil
	}
	b.register(c)
	if !n.dynamic {
		b.subscribe(n.topic, n.options(), c.ID(), func(o *value.Object) { mqttArrived(c, b, n.DataType, o) })
	}
	if b.connected {
		showConnected(c)
	}
	return n, nil
}

// options of the subscription of a node that is not dynamic.
func (n *mqttIn) options() *value.Object {
	quality := value.ParseInt(value.ToString(n.QoS), 10)
	if math.IsNaN(quality) || quality < 0 || quality > 2 {
		quality = 2
	}
	o := value.Obj("qos", quality).Object()
	if n.broker.v5() {
		from := value.Obj("rh", n.RH, "nl", n.NL, "rap", n.RAP).Object()
		if n.RH.IsUndefined() {
			from.Set("rh", value.Int(0))
		}
		setInt(from, o, "rh", 0, 2)
		setBool(from, o, "nl")
		setBool(from, o, "rap")
	}
	return o
}

// Receive handles msg.action.
func (n *mqttIn) Receive(c *engine.Call, m *engine.Message) error {
	switch m.Get("action").Str() {
	case "connect":
		n.broker.connectAction(c, m)
		return engine.Pending
	case "disconnect":
		n.broker.disconnect(func() { c.Done(m) })
		return engine.Pending
	case "subscribe", "unsubscribe":
		return n.change(c, m)
	case "getSubscriptions":
		m.Set("topic", value.Str("subscriptions"))
		m.Set("payload", n.list())
		c.Send(m)
		return nil
	}
	return value.ThrownError("Error", c.Text("mqtt.errors.invalid-action-action"))
}

// list is the subscriptions of a dynamic node.
func (n *mqttIn) list() value.Value {
	list := value.NewArray()
	for i := range n.subs.Len() {
		list.Append(n.subs.At(i).Value)
	}
	return value.Of(list)
}

// change subscribes to the topics of a message, or unsubscribes from them.
func (n *mqttIn) change(c *engine.Call, m *engine.Message) error {
	remove := m.Get("action").Str() == "unsubscribe"
	topic := m.Get("topic")
	var wanted []value.Value
	switch {
	case remove && topic.IsBool() && topic.Bool():
		wanted = value.Elements(n.list())
	case topic.Array() != nil:
		wanted = value.Elements(topic)
	case topic.IsString() || topic.TypeOf() == "object":
		wanted = []value.Value{topic}
	default:
		return value.ThrownError("Error", c.Text("mqtt.errors.invalid-action-badsubscription"))
	}
	var subs []*value.Object
	for _, w := range wanted {
		if w.IsString() {
			w = value.Obj("topic", w)
		}
		if w.IsNullish() {
			return value.ThrownError("TypeError", "Cannot read properties of "+value.ToString(w)+" (reading 'topic')")
		}
		o := w.Object()
		if o == nil || !value.Truthy(o.Get("topic")) || !validFilter(value.ToString(o.Get("topic"))) {
			return value.ThrownError("Error", c.Text("mqtt.errors.invalid-topic"))
		}
		subs = append(subs, o)
	}
	for _, s := range subs {
		name := value.ToString(s.Get("topic"))
		if remove {
			n.broker.unsubscribe(name, c.ID(), true)
			n.subs.Delete(name)
		} else {
			n.add(c, name, s)
		}
	}
	m.Set("subscriptions", n.list())
	return nil
}

// add subscribes a dynamic node to a topic.
func (n *mqttIn) add(c *engine.Call, topic string, sub *value.Object) {
	if n.subs.Has(topic) {
		n.broker.unsubscribe(topic, c.ID(), true)
		n.subs.Delete(topic)
	}
	options := value.NewObject()
	if sub.Has("qos") {
		setInt(sub, options, "qos", 0, 2)
	} else {
		options.Set("qos", value.Int(2))
	}
	sub.Set("qos", options.Get("qos"))
	if n.broker.v5() {
		if sub.Has("rh") {
			setInt(sub, options, "rh", 0, 2)
		} else {
			options.Set("rh", value.Int(0))
		}
		sub.Set("rh", options.Get("rh"))
		if sub.Get("rap").IsNullish() {
			options.Set("rap", value.True)
		} else {
			setBool(sub, options, "rap")
		}
		sub.Set("rap", options.Get("rap"))
		setBool(sub, options, "nl")
		if options.Has("nl") {
			sub.Set("nl", options.Get("nl"))
		} else {
			sub.Delete("nl")
		}
	}
	datatype := n.DataType
	if d := sub.Get("datatype"); value.Truthy(d) {
		datatype = value.ToString(d)
	}
	b := n.broker
	b.subscribe(topic, options, c.ID(), func(o *value.Object) { mqttArrived(c, b, datatype, o) })
	n.subs.Set(topic, value.Of(sub))
}

// Close takes the subscriptions back.
func (n *mqttIn) Close(c *engine.Call, removed bool) error {
	if n.dynamic {
		for _, topic := range n.subs.Keys() {
			n.broker.unsubscribe(topic, c.ID(), removed)
		}
		n.subs = value.NewObject()
	} else {
		n.broker.unsubscribe(n.topic, c.ID(), removed)
	}
	n.broker.deregister(c, removed)
	return nil
}

func base64Text(b []byte) string { return base64.StdEncoding.EncodeToString(b) }
