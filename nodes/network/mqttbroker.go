package network

import (
	"slices"

	"github.com/lockstep-flows/lockstep/engine"
	"github.com/lockstep-flows/lockstep/engine/value"
)

// MQTTBroker is the configuration of a mqtt-broker node. Its credentials are user
// and password.
type MQTTBroker struct {
	// Broker is the broker's host name or address, or a url: mqtt, mqtts, tcp, tls, ws or wss.
	Broker string `json:"broker"`
	// Port of the broker; default 1883.
	Port value.Value `json:"port"`
	// URL replaces Broker and Port in old flows.
	URL string `json:"url"`
	// ClientID names the client; empty makes one up at every start.
	ClientID string `json:"clientid"`
	// AutoConnect connects when the flow starts; default true.
	AutoConnect value.Value `json:"autoConnect"`
	// UseTLS encrypts, TLS is the id of the tls-config node that says how.
	UseTLS bool   `json:"usetls"`
	TLS    string `json:"tls"`
	// VerifyServerCert checks the broker's certificate in flows from before tls-config nodes.
	VerifyServerCert value.Value `json:"verifyservercert"`
	// ProtocolVersion is 3 (MQTT 3.1), 4 (3.1.1, the default) or 5.
	ProtocolVersion value.Value `json:"protocolVersion"`
	// CompatMode asks for MQTT 3.1 in old flows.
	CompatMode value.Value `json:"compatmode"`
	// KeepAlive is after how many silent seconds the connection is tried; default 60, 0 never.
	KeepAlive value.Value `json:"keepalive"`
	// CleanSession begins with an empty session, the default; else ClientID is needed.
	CleanSession value.Value `json:"cleansession"`
	// AutoUnsubscribe unsubscribes when a node is stopped; default true.
	AutoUnsubscribe value.Value `json:"autoUnsubscribe"`
	// BirthTopic is where a message goes at every connection; empty for none.
	BirthTopic string `json:"birthTopic"`
	// BirthPayload, BirthQoS, BirthRetain and BirthMsg (properties of MQTT 5) belong to it.
	BirthPayload value.Value `json:"birthPayload"`
	BirthQoS     value.Value `json:"birthQos"`
	BirthRetain  value.Value `json:"birthRetain"`
	BirthMsg     value.Value `json:"birthMsg"`
	// CloseTopic is where a message goes before an orderly end; empty for none.
	CloseTopic string `json:"closeTopic"`
	// ClosePayload, CloseQoS, CloseRetain and CloseMsg belong to it.
	ClosePayload value.Value `json:"closePayload"`
	CloseQoS     value.Value `json:"closeQos"`
	CloseRetain  value.Value `json:"closeRetain"`
	CloseMsg     value.Value `json:"closeMsg"`
	// WillTopic is where the broker sends a message if the connection is lost; empty for none.
	WillTopic string `json:"willTopic"`
	// WillPayload, WillQoS, WillRetain and WillMsg belong to it.
	WillPayload value.Value `json:"willPayload"`
	WillQoS     value.Value `json:"willQos"`
	WillRetain  value.Value `json:"willRetain"`
	WillMsg     value.Value `json:"willMsg"`
	// UserProps are user properties of the connection (MQTT 5), a JSON object as text.
	UserProps value.Value `json:"userProps"`
	// SessionExpiry is how many seconds the broker keeps the session (MQTT 5).
	SessionExpiry value.Value `json:"sessionExpiry"`
}

var mqttBrokerType = engine.Define("mqtt-broker", "Holds a connection to an MQTT broker.", newMQTTBroker).With(mqttTexts)

var mqttTexts = map[string]string{
	"mqtt.state.connected":                        "Connected to the broker {{broker}}",
	"mqtt.state.disconnected":                     "Disconnected from the broker {{broker}}",
	"mqtt.state.broker-disconnected":              "The broker {{broker}} ended the connection: {{reasonCode}} {{reasonString}}",
	"mqtt.state.connect-failed":                   "Could not connect to the broker {{broker}}",
	"mqtt.errors.not-defined":                     "No topic is given",
	"mqtt.errors.missing-config":                  "No broker is chosen",
	"mqtt.errors.invalid-topic":                   "The topic is not valid",
	"mqtt.errors.nonclean-missingclientid":        "A session that is kept needs a client id: a clean session is used",
	"mqtt.errors.invalid-json-string":             "The message is no JSON text",
	"mqtt.errors.invalid-json-parse":              "The message is not valid JSON",
	"mqtt.errors.invalid-action-action":           "The action is not known",
	"mqtt.errors.invalid-action-alreadyconnected": "It is connected: disconnect before connecting, or force it",
	"mqtt.errors.invalid-action-badsubscription":  "msg.topic is missing or is no topic",
}

// mqttBroker is a broker node: one client, the nodes that use it, and what they
// subscribe to.
type mqttBroker struct {
	c    *engine.Call
	tls  string
	o    *value.Object // the options now in force, by Node-RED's names
	url  string
	will *value.Object // of the next connection
	// messages at the beginning and the end of a connection; nil for none
	birth, goodbye *value.Object

	users                          []mqttUser
	connected, connecting, closing bool
	server                         *value.Object // properties of the connection
	client                         uint64        // the request that is the client, 0 for none
	connection                     *mqttConnection
	subscriptions                  mqttSubscriptions
	aliases                        map[float64]string
}

// mqttUser is a node that uses a broker.
type mqttUser struct {
	id   string
	call *engine.Call
}

// brokerOptions are the options that a message may replace too.
var brokerOptions = []string{"url", "broker", "port", "clientid", "autoConnect", "usetls", "verifyservercert", "compatmode",
	"protocolVersion", "keepalive", "cleansession", "autoUnsubscribe", "topicAliasMaximum", "maximumPacketSize", "receiveMaximum"}

func newMQTTBroker(c *engine.Call, cfg MQTTBroker) (engine.Node, error) {
	n := &mqttBroker{c: c, tls: cfg.TLS, o: value.NewObject(), server: value.NewObject()}
	n.subscriptions.init()
	return n, n.setOptions(c.Config(), true)
}

// Receive ignores messages: the node has no input.
func (n *mqttBroker) Receive(*engine.Call, *engine.Message) error { return engine.Pending }

// Connection says how the connection stands.
func (n *mqttBroker) Connection() (connected, connecting bool) { return n.connected, n.connecting }

// Users are the nodes that use the broker.
func (n *mqttBroker) Users() []string {
	ids := make([]string, len(n.users))
	for i, u := range n.users {
		ids[i] = u.id
	}
	return ids
}

func (n *mqttBroker) version() int {
	switch compat := n.o.Get("compatmode"); {
	case compat.Str() == "true" || compat.IsBool() && compat.Bool() || value.LooseEqual(n.o.Get("protocolVersion"), value.Int(3)):
		return 3
	case value.LooseEqual(n.o.Get("protocolVersion"), value.Int(5)):
		return 5
	}
	return 4
}

func (n *mqttBroker) v5() bool { return n.version() == 5 }

// register adds a user; the first one makes the connection.
func (n *mqttBroker) register(c *engine.Call) {
	n.users = append(slices.DeleteFunc(n.users, func(u mqttUser) bool { return u.id == c.ID() }), mqttUser{c.ID(), c})
	if len(n.users) == 1 && value.Truthy(n.o.Get("autoConnect")) {
		n.connect(nil)
		n.c.Defer(n.showState) // once all nodes that start now are users too
	}
}

// deregister takes a user out; the last one that is deleted ends the connection.
func (n *mqttBroker) deregister(c *engine.Call, removed bool) {
	showDisconnected(c)
	n.users = slices.DeleteFunc(n.users, func(u mqttUser) bool { return u.id == c.ID() })
	if removed && !n.closing && n.connected && len(n.users) == 0 {
		n.disconnect(nil)
	}
}

func (n *mqttBroker) each(show func(c *engine.Call)) {
	for _, u := range slices.Clone(n.users) {
		show(u.call)
	}
}

func (n *mqttBroker) showState() {
	switch {
	case n.connecting:
		n.each(showConnecting)
	case n.connected:
		n.each(showConnected)
	default:
		n.each(showDisconnected)
	}
}

// shownName is the broker as log entries name it.
func (n *mqttBroker) shownName() string {
	if id := n.o.Get("clientid"); value.Truthy(id) {
		return value.ToString(id) + "@" + n.url
	}
	return n.url
}

// Close ends the connection.
func (n *mqttBroker) Close(*engine.Call, bool) error {
	if n.client == 0 || n.closing {
		return nil
	}
	if n.connected && n.goodbye != nil {
		n.publish(value.CloneMessage(n.goodbye), nil)
	}
	if n.connected {
		n.connected = false
		n.c.Log(value.Str(n.c.Text("mqtt.state.disconnected", "broker", n.shownName())))
		n.each(showDisconnected)
	}
	return nil
}

// brokerOf finds a running broker node.
func brokerOf(c *engine.Call, id string) *mqttBroker {
	_, node := c.Lookup(id)
	n, _ := node.(*mqttBroker)
	return n
}
