package network

import (
	"net/netip"
	"strings"

	"github.com/lockstep-flows/lockstep/engine/value"
)

// setOptions takes options from the configuration (init) or from a message.
func (n *mqttBroker) setOptions(opts *value.Object, init bool) error {
	for _, name := range brokerOptions {
		if init || opts.Has(name) {
			n.o.Set(name, opts.Get(name))
		}
	}
	n.setAny(opts, "userProperties", "userProperties", "userProps")
	n.setAny(opts, "sessionExpiryInterval", "sessionExpiry", "sessionExpiryInterval")
	if err := n.setMessages(opts, init); err != nil {
		return err
	}
	creds := n.c.Credentials()
	if creds.Len() > 0 {
		n.o.Set("username", creds.Get("user"))
		n.o.Set("password", creds.Get("password"))
	}
	if !init {
		n.setAny(opts, "username", "username")
		n.setAny(opts, "password", "password")
	}
	n.setDefaults(init)
	n.setURL()
	if !value.Truthy(n.o.Get("cleansession")) && !value.Truthy(n.o.Get("clientid")) {
		n.o.Set("cleansession", value.True)
		n.c.Warn(value.Str(n.c.Text("mqtt.errors.nonclean-missingclientid")))
	}
	id := n.o.Get("clientid")
	if !value.Truthy(id) {
		id = value.Str("nodered" + n.c.NewID())
	}
	n.o.Set("clientId", id)
	return nil
}

// setAny sets an option from the first of several names that is there.
func (n *mqttBroker) setAny(opts *value.Object, name string, from ...string) {
	for _, f := range from {
		if v, ok := opts.Lookup(f); ok {
			n.o.Set(name, v)
			return
		}
	}
}

func (n *mqttBroker) setDefaults(init bool) {
	o := n.o
	if init {
		v := o.Get("autoConnect")
		o.Set("autoConnect", value.Bool(v.Str() != "false" && !(v.IsBool() && !v.Bool())))
	}
	if o.Get("usetls").IsUndefined() {
		o.Set("usetls", value.False)
	}
	if o.Get("keepalive").IsUndefined() {
		o.Set("keepalive", value.Int(60))
	}
	if o.Get("cleansession").IsUndefined() {
		o.Set("cleansession", value.True)
	}
	if !o.Get("autoUnsubscribe").IsBool() {
		o.Set("autoUnsubscribe", value.True)
	}
}

// setURL makes the broker's url of the options.
func (n *mqttBroker) setURL() {
	if u := n.o.Get("url"); value.Truthy(u) && value.ToString(u) != n.url {
		n.url = value.ToString(u)
		return
	}
	host := value.ToString(n.o.Get("broker"))
	if n.o.Get("broker").IsString() && strings.Contains(host, "://") {
		n.url = host
		return
	}
	n.url = "mqtt://"
	if value.Truthy(n.o.Get("usetls")) {
		n.url = "mqtts://"
	}
	if host == "" {
		n.url += "localhost:1883"
		return
	}
	if a, err := netip.ParseAddr(host); err == nil && a.Is6() {
		host = "[" + host + "]"
	}
	port := "1883"
	if p := n.o.Get("port"); value.Truthy(p) {
		port = value.ToString(p)
	}
	n.url += host + ":" + port
}

// setMessages takes the messages of birth, close and will.
func (n *mqttBroker) setMessages(opts *value.Object, init bool) error {
	for _, kind := range []struct {
		name string
		into **value.Object
		sub  bool // properties go into an object of their own
	}{{"birth", &n.birth, false}, {"close", &n.goodbye, false}, {"will", &n.will, true}} {
		if init {
			if opts.Has(kind.name + "Topic") {
				*kind.into = lastMessage(opts.Get(kind.name+"Topic"), opts.Get(kind.name+"Payload"), opts.Get(kind.name+"Qos"),
					opts.Get(kind.name+"Retain"), opts.Get(kind.name+"Msg"), kind.sub)
			}
			continue
		}
		v, ok := opts.Lookup(kind.name)
		if !ok {
			continue
		}
		if v.IsNull() {
			return value.ThrownError("TypeError", "Cannot read properties of null (reading 'topic')")
		}
		m := v.Object()
		if m == nil {
			m = value.NewObject()
		}
		*kind.into = lastMessage(m.Get("topic"), m.Get("payload"), m.Get("qos"), m.Get("retain"), m.Get("properties"), kind.sub)
	}
	if n.will != nil {
		if p, err := payloadBytes(n.will.Get("payload")); err == nil {
			n.will.Set("payload", p)
		}
	}
	return nil
}

// lastMessage makes a message of its parts; nil without a topic.
func lastMessage(topic, payload, qos, retain, opts value.Value, sub bool) *value.Object {
	if !value.Truthy(topic) {
		return nil
	}
	if !value.Truthy(payload) {
		payload = value.Str("")
	}
	quality := 0.0
	if value.Truthy(qos) {
		quality = value.ToNumber(qos)
	}
	m := value.Obj("topic", topic, "payload", value.Clone(payload), "qos", quality,
		"retain", retain.Str() == "true" || retain.IsBool() && retain.Bool()).Object()
	from := opts.Object()
	if from == nil {
		return m
	}
	to := m
	if sub {
		to = value.NewObject()
		m.Set("properties", value.Of(to))
	}
	from = value.Clone(opts).Object()
	for _, alias := range [][2]string{{"respTopic", "responseTopic"}, {"correl", "correlationData"}, {"expiry", "messageExpiryInterval"},
		{"delay", "willDelayInterval"}, {"userProps", "userProperties"}} {
		if v, ok := from.Lookup(alias[0]); ok {
			from.Set(alias[1], v)
		}
	}
	switch user := from.Get("userProperties"); {
	case user.IsString() && startsObject(user.Str()):
		userText(from.Get("userProps"), to)
	case user.Object() != nil:
		setUser(user, to)
	}
	setText(from, to, "contentType")
	setText(from, to, "responseTopic")
	_ = setBuffer(from, to, "correlationData") // one that is no text or bytes is left out
	setInt(from, to, "messageExpiryInterval", -inf, inf)
	setInt(from, to, "willDelayInterval", -inf, inf)
	return m
}

// connectBody is the effect that makes a client.
func (n *mqttBroker) connectBody() *value.Object {
	url := value.Str(n.url)
	if strings.Contains(n.url, "@") {
		url = value.NewSecret("url", n.url)
	}
	period := 5000.0
	if p := n.c.Setting("mqttReconnectTime"); value.Truthy(p) {
		period = value.ToNumber(p)
	}
	body := value.Obj("url", url, "protocolVersion", n.version(), "clientId", value.ToString(n.o.Get("clientId")),
		"clean", value.Truthy(n.o.Get("cleansession")), "keepalive", value.ToNumber(n.o.Get("keepalive")), "reconnectPeriod", period).Object()
	for _, name := range []string{"username", "password"} {
		if v := n.o.Get(name); value.Truthy(v) {
			body.Set(name, value.NewSecret(name, value.Reveal(v)))
		}
	}
	if n.will != nil {
		body.Set("will", value.Of(n.will))
	}
	if n.v5() {
		p := value.Obj("requestResponseInformation", true, "requestProblemInformation", true).Object()
		userText(n.o.Get("userProperties"), p)
		if s := n.o.Get("sessionExpiryInterval"); value.Truthy(s) && s.Str() != "0" {
			setInt(n.o, p, "sessionExpiryInterval", -inf, inf)
		}
		body.Set("properties", value.Of(p))
	}
	n.setTLS(body)
	return body
}

// setTLS adds the TLS options. Without a tls-config node a broker's certificate is
// checked only if the broker node says so.
func (n *mqttBroker) setTLS(body *value.Object) {
	o := value.NewObject()
	if value.Truthy(n.o.Get("usetls")) && n.tls != "" {
		if v, err := tlsOptions(n.c, n.tls); err == nil && v.Object() != nil {
			o = v.Object()
		}
	}
	if !o.Has("verify") {
		v := n.o.Get("verifyservercert")
		o.Set("verify", value.Bool(v.Str() == "true" || v.IsBool() && v.Bool()))
	}
	body.Set("tls", value.Of(o))
}
