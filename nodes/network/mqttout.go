package network

import (
	"errors"

	"github.com/lockstep-flows/lockstep/engine"
	"github.com/lockstep-flows/lockstep/engine/value"
)

// MQTTOut is the configuration of a mqtt out node.
type MQTTOut struct {
	// Topic to publish to; empty takes msg.topic.
	Topic value.Value `json:"topic"`
	// QoS is the quality, 0, 1 or 2; empty takes msg.qos, else 0.
	QoS value.Value `json:"qos"`
	// Retain asks the broker to keep the message; empty takes msg.retain.
	Retain value.Value `json:"retain"`
	// RespTopic, ContentType, UserProps (a JSON object as text), Correl and Expiry
	// (seconds) replace those of the message: responseTopic, contentType, userProperties,
	// correlationData and messageExpiryInterval (all MQTT 5).
	RespTopic   value.Value `json:"respTopic"`
	ContentType value.Value `json:"contentType"`
	UserProps   value.Value `json:"userProps"`
	Correl      value.Value `json:"correl"`
	Expiry      value.Value `json:"expiry"`
	// Broker is the id of a mqtt-broker node.
	Broker string `json:"broker"`
}

var mqttOutType = engine.Define("mqtt out", "Publishes messages to an MQTT broker.", newMQTTOut).With(mqttTexts)

type mqttOut struct {
	MQTTOut
	broker *mqttBroker
	user   value.Value // user properties
}

func newMQTTOut(c *engine.Call, cfg MQTTOut) (engine.Node, error) {
	n := &mqttOut{MQTTOut: cfg, broker: brokerOf(c, cfg.Broker)}
	if n.broker == nil {
		c.Error(engine.Fail(c.Text("mqtt.errors.missing-config")), nil)
		return engine.Mute{}, nil
	}
	props := value.NewObject()
	userText(cfg.UserProps, props)
	n.user = props.Get("userProperties")
	showDisconnected(c)
	if n.broker.connected {
		showConnected(c)
	}
	n.broker.register(c)
	return n, nil
}

// Receive publishes a message, or handles msg.action.
func (n *mqttOut) Receive(c *engine.Call, m *engine.Message) error {
	if action := m.Get("action"); value.Truthy(action) {
		switch action.Str() {
		case "connect":
			n.broker.connectAction(c, m)
		case "disconnect":
			n.broker.disconnect(func() { c.Done(m) })
		default:
			return value.ThrownError("Error", c.Text("mqtt.errors.invalid-action-action"))
		}
		return engine.Pending
	}
	n.prepare(m)
	if !m.Has("payload") {
		return nil
	}
	n.broker.publish(m, func(err error) {
		var w warned
		switch {
		case errors.As(err, &w):
			c.Warn(value.Of(w.err))
		case err != nil:
			c.Fail(m, err)
		default:
			c.Done(m)
		}
	})
	return engine.Pending
}

// prepare settles the options of a publication in the message.
func (n *mqttOut) prepare(m *engine.Message) {
	if q := m.Get("qos"); value.Truthy(q) {
		f := value.ParseInt(value.ToString(q), 10)
		if f == 0 || f == 1 || f == 2 {
			m.Set("qos", value.Num(f))
		} else {
			m.Set("qos", value.Null)
		}
	}
	if value.Truthy(n.Topic) {
		m.Set("topic", n.Topic)
	}
	quality := 0.0
	if value.Truthy(n.QoS) {
		quality = value.ToNumber(n.QoS)
	} else if q := m.Get("qos"); value.Truthy(q) {
		quality = value.ToNumber(q)
	}
	m.Set("qos", value.Num(quality))
	retain := n.Retain
	if !value.Truthy(retain) {
		retain = m.Get("retain")
	}
	m.Set("retain", value.Bool(retain.Str() == "true" || retain.IsBool() && retain.Bool()))
	if !n.broker.v5() {
		return
	}
	for _, p := range []struct {
		name string
		v    value.Value
	}{{"userProperties", n.user}, {"responseTopic", n.RespTopic}, {"correlationData", n.Correl}, {"contentType", n.ContentType},
		{"messageExpiryInterval", n.Expiry}} {
		if value.Truthy(p.v) {
			m.Set(p.name, p.v)
		}
	}
}

// Close takes the node from the broker's users.
func (n *mqttOut) Close(c *engine.Call, removed bool) error {
	n.broker.deregister(c, removed)
	return nil
}
