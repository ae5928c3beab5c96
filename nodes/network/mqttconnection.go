package network

import (
	"github.com/lockstep-flows/lockstep/engine"
	"github.com/lockstep-flows/lockstep/engine/value"
)

// mqttConnection is a client's life: what its events change, until it is dropped.
type mqttConnection struct {
	first bool
	then  func() // at the first connection
	// subscribed are the topics the client has asked for, in order, with their options.
	subscribed *value.Object
}

// connect makes a client unless there is a connection; then is called when it is up.
func (n *mqttBroker) connect(then func()) {
	if n.connected || n.connecting {
		return
	}
	n.closing, n.connecting = false, true
	n.each(showConnecting)
	n.server = value.NewObject()
	n.drop()
	conn := &mqttConnection{first: true, then: then, subscribed: value.NewObject()}
	n.connection = conn
	n.client = n.c.Listen("mqtt.connect", value.Of(n.connectBody()), func(v value.Value, _ bool) {
		if n.connection == conn {
			n.heard(v.Object())
		}
	})
}

// drop forgets a client that is left over.
func (n *mqttBroker) drop() {
	if n.client != 0 {
		n.c.Emit("mqtt.end", value.Obj("client", float64(n.client), "force", true))
		n.c.Unlisten(n.client)
	}
	n.client, n.connection = 0, nil
	n.subscriptions.handlers = nil
}

func (n *mqttBroker) heard(o *value.Object) {
	if e := o.Get("error").Error(); e != nil && !o.Has("event") { // this host has no MQTT
		n.c.Error(e, nil)
		return
	}
	switch o.Get("event").Str() {
	case "connect":
		n.up(o)
	case "messages":
		for _, m := range value.Elements(o.Get("messages")) {
			n.subscriptions.deliver(n, m.Object())
		}
	case "dropped":
		n.c.Warn(o.Get("error"))
	case "reconnect":
		n.each(showConnecting)
	case "close":
		if n.connected {
			n.connected = false
			n.c.Log(value.Str(n.c.Text("mqtt.state.disconnected", "broker", n.shownName())))
			n.each(showDisconnected)
		} else if n.connecting {
			n.c.Log(value.Str(n.c.Text("mqtt.state.connect-failed", "broker", n.shownName())))
		}
	case "disconnect":
		n.connected = false
		p := o.Get("properties").Object()
		text := ""
		if p != nil {
			text = p.Get("reasonString").Str()
		}
		n.c.Log(value.Str(n.c.Text("mqtt.state.broker-disconnected", "broker", n.shownName(),
			"reasonCode", value.ToString(o.Get("reasonCode")), "reasonString", text)))
		n.each(showDisconnected)
	}
}

// up handles a connection that has come up.
func (n *mqttBroker) up(o *value.Object) {
	conn := n.connection
	n.closing, n.connecting, n.connected = false, false, true
	again := !conn.first
	if conn.first && conn.then != nil {
		conn.then()
	}
	conn.first, conn.then = false, nil
	n.aliases = map[float64]string{}
	n.c.Log(value.Str(n.c.Text("mqtt.state.connected", "broker", n.shownName())))
	if p := o.Get("properties").Object(); n.v5() && p != nil {
		n.server = value.NewObject()
		for i := range p.Len() {
			n.server.Set(p.At(i).Key, p.At(i).Value)
		}
		for _, name := range []string{"retainAvailable", "wildcardSubscriptionAvailable", "subscriptionIdentifiersAvailable"} {
			if !p.Has(name) {
				n.server.Set(name, value.True)
			}
		}
	}
	n.each(showConnected)
	if again && (value.Truthy(n.o.Get("cleansession")) || n.version() >= 4 && !o.Get("sessionPresent").Bool()) {
		n.resubscribe(conn)
	}
	n.subscriptions.handlers = nil
	n.subscriptions.each(func(s *mqttSubscription) { n.attach(s) })
	if n.birth != nil {
		n.c.After(1, func() { n.publish(value.CloneMessage(n.birth), nil) })
	}
}

// resubscribe tells a broker that has forgotten the session what was subscribed to.
func (n *mqttBroker) resubscribe(conn *mqttConnection) {
	all := conn.subscribed
	if n.v5() {
		for i := range all.Len() {
			n.ask(all.At(i).Value)
		}
		return
	}
	list := value.NewArray()
	for i := range all.Len() {
		list.Append(value.Clone(all.At(i).Value))
	}
	if list.Length() > 0 {
		n.c.Emit("mqtt.subscribe", value.Obj("client", float64(n.client), "topics", list))
	}
}

// ask subscribes to one topic.
func (n *mqttBroker) ask(topic value.Value) {
	body := value.Obj("client", float64(n.client), "topics", value.Arr(value.Clone(topic)))
	if p := topic.Object().Get("properties"); !p.IsUndefined() {
		body.Object().Set("properties", value.Clone(p))
	}
	n.c.Emit("mqtt.subscribe", body)
}

// disconnect ends the connection in good order; then is called when it is closed.
func (n *mqttBroker) disconnect(then func()) {
	over := func() {
		if n.connected || n.connecting {
			n.each(showDisconnected)
		}
		n.connecting, n.connected = false, false
		n.subscriptions.handlers = nil
		n.connection = nil
		if then != nil {
			then()
		}
	}
	if n.client == 0 || n.closing {
		over()
		return
	}
	client := n.client
	end := func() {
		n.closing = true
		n.c.Ask("mqtt.end", value.Obj("client", float64(client), "force", false), func(value.Value, bool) { over() })
	}
	if n.connected && n.goodbye != nil {
		n.publish(value.CloneMessage(n.goodbye), func(error) { end() })
		return
	}
	end()
}

// warned is an error that is shown as a warning.
type warned struct{ err *value.Error }

// Error is the text of the warning.
func (w warned) Error() string { return w.err.Message }

// publish sends a message; then is called when the broker has it, or it failed. While
// there is no connection nothing happens at all, as in Node-RED.
func (n *mqttBroker) publish(m *value.Object, then func(error)) {
	if !n.connected {
		return
	}
	answer := then
	if then == nil {
		answer = func(err error) {
			if err != nil {
				n.c.Error(err, m)
			}
		}
	}
	payload, err := payloadBytes(m.Get("payload"))
	if err != nil {
		answer(err)
		return
	}
	m.Set("payload", payload)
	quality, retain := m.Get("qos"), m.Get("retain")
	topic := m.Get("topic")
	valid := topic.IsString() && validTopic(topic.Str())
	var properties *value.Object
	if n.v5() {
		properties = value.NewObject()
		if valid, err = n.setProperties(m, properties, valid); err != nil {
			answer(err)
			return
		}
	}
	if !valid {
		e := value.ThrownError("Error", n.c.Text("mqtt.errors.invalid-topic"))
		e.SetProp("warn", value.True)
		if then == nil {
			n.c.Warn(value.Of(e))
			return
		}
		then(warned{e})
		return
	}
	body := value.NewObject(6)
	body.Set("client", value.Num(float64(n.client)))
	body.Set("topic", m.Get("topic"))
	body.Set("payload", payload)
	body.Set("qos", value.Num(value.ToNumber(quality)))
	body.Set("retain", value.Bool(value.Truthy(retain)))
	if properties != nil {
		body.Set("properties", value.Of(properties))
	}
	n.c.Ask("mqtt.publish", value.Of(body), func(v value.Value, _ bool) {
		if e := v.Object().Get("error").Error(); e != nil {
			answer(e)
			return
		}
		answer(nil)
	})
}

// setProperties makes the properties of a publication (MQTT 5) and settles its topic.
func (n *mqttBroker) setProperties(m, p *value.Object, valid bool) (bool, error) {
	if u := m.Get("userProperties"); value.Truthy(u) && u.TypeOf() != "object" {
		m.Delete("userProperties")
	}
	if a, ok := m.Lookup("topicAlias"); ok && value.ToNumber(a) == value.ToNumber(a) {
		m.Set("topicAlias", value.Num(value.ParseInt(value.ToString(a), 10)))
	} else {
		m.Delete("topicAlias")
	}
	setText(m, p, "responseTopic")
	if err := setBuffer(m, p, "correlationData"); err != nil {
		return false, err
	}
	setText(m, p, "contentType")
	setInt(m, p, "messageExpiryInterval", 0, inf)
	setUser(m.Get("userProperties"), p)
	most := 0.0
	if v := n.server.Get("topicAliasMaximum"); v.IsNumber() {
		most = v.Num()
	}
	setInt(m, p, "topicAlias", 1, most)
	setBool(m, p, "payloadFormatIndicator")
	if alias := p.Get("topicAlias"); valid && alias.IsNumber() {
		if topic := m.Get("topic").Str(); n.aliases[alias.Num()] == topic {
			m.Set("topic", value.Str(""))
		} else {
			n.aliases[alias.Num()] = topic
		}
		return true, nil
	}
	if !value.Truthy(m.Get("topic")) && p.Has("responseTopic") {
		m.Set("topic", m.Get("responseTopic"))
		m.Delete("responseTopic")
		return validTopic(m.Get("topic").Str()), nil
	}
	return valid, nil
}

// connectAction handles msg.action connect.
func (n *mqttBroker) connectAction(c *engine.Call, m *engine.Message) {
	opts := m.Get("broker").Object()
	done := func() { c.Done(m) }
	switch {
	case !n.connected && !n.connecting:
		if opts != nil {
			if err := n.setOptions(opts, false); err != nil {
				c.Fail(m, err)
				return
			}
		}
		n.connect(done)
	case opts == nil:
		done()
	case value.Truthy(opts.Get("force")):
		n.disconnect(func() {
			if err := n.setOptions(opts, false); err != nil {
				c.Fail(m, err)
				return
			}
			n.connect(done)
		})
	default:
		c.Fail(m, value.ThrownError("Error", c.Text("mqtt.errors.invalid-action-alreadyconnected")))
	}
}
