package network

import (
	"slices"

	"github.com/lockstep-flows/lockstep/engine"
	"github.com/lockstep-flows/lockstep/engine/value"
)

// mqttSubscription is what one node asked a broker for.
type mqttSubscription struct {
	topic, ref string // ref is the node's id
	options    *value.Object
	take       func(o *value.Object)
	broker     string // the broker's id
	identifier int    // number of the topic; 0 if the broker has none
	checked    bool   // the broker names the subscription a message is for
}

// mqttSubscriptions are those of one broker, by topic and node.
type mqttSubscriptions struct {
	topics   []string
	byTopic  map[string][]*mqttSubscription
	ids      map[string]int
	lastID   int
	handlers []*mqttSubscription // those that hear messages, in the order they began to
}

func (s *mqttSubscriptions) init() {
	s.byTopic, s.ids = map[string][]*mqttSubscription{}, map[string]int{}
}

func (s *mqttSubscriptions) each(fn func(*mqttSubscription)) {
	for _, t := range slices.Clone(s.topics) {
		for _, sub := range slices.Clone(s.byTopic[t]) {
			fn(sub)
		}
	}
}

func (s *mqttSubscriptions) find(topic, ref string) *mqttSubscription {
	for _, sub := range s.byTopic[topic] {
		if sub.ref == ref {
			return sub
		}
	}
	return nil
}

func (s *mqttSubscriptions) silence(sub *mqttSubscription) {
	s.handlers = slices.DeleteFunc(slices.Clone(s.handlers), func(h *mqttSubscription) bool { return h == sub })
}

// deliver hands a message to every subscription it fits.
func (s *mqttSubscriptions) deliver(n *mqttBroker, o *value.Object) {
	topic := o.Get("topic").Str()
	var number value.Value
	if p := o.Get("properties").Object(); p != nil {
		number = p.Get("subscriptionIdentifier")
	}
	for _, sub := range s.handlers {
		if sub.checked && sub.identifier != 0 && value.Truthy(number) && !value.StrictEqual(number, value.Int(sub.identifier)) {
			continue
		}
		if matchTopic(sub.topic, topic) {
			sub.take(o)
		}
	}
}

// leftovers are topics that stopped nodes did not unsubscribe from, by node: see
// AutoUnsubscribe.
type leftovers map[string][]*mqttSubscription

type leftoversKey struct{}

func (n *mqttBroker) leftovers() leftovers {
	return n.c.Shared(leftoversKey{}, func() any { return leftovers{} }).(leftovers)
}

// subscribe asks for a topic on behalf of a node.
func (n *mqttBroker) subscribe(topic string, options *value.Object, ref string, take func(*value.Object)) {
	left := n.leftovers()
	for _, old := range left[ref] {
		if old.broker != n.c.ID() {
			if b := brokerOf(n.c, old.broker); b != nil {
				b.unsubscribe(old.topic, ref, true)
			}
		}
	}
	delete(left, ref)
	s := &n.subscriptions
	sub := s.find(topic, ref)
	if sub != nil && !sameOptions(sub.options, options) {
		n.unsubscribe(topic, ref, true)
		sub = nil
	}
	if sub == nil {
		sub = &mqttSubscription{topic: topic, ref: ref, options: options, broker: n.c.ID()}
		if len(s.byTopic[topic]) == 0 {
			s.topics = append(s.topics, topic)
		}
		s.byTopic[topic] = append(s.byTopic[topic], sub)
	}
	if s.ids[topic] == 0 {
		s.lastID++
		s.ids[topic] = s.lastID
	}
	sub.take = take
	n.attach(sub)
}

func sameOptions(a, b *value.Object) bool { return value.DeepEqual(value.Of(a), value.Of(b)) }

// attach makes a subscription hear messages, and asks the broker for them, if there
// is a connection.
func (n *mqttBroker) attach(sub *mqttSubscription) {
	if !n.connected {
		return
	}
	s := &n.subscriptions
	available := n.v5() && value.Truthy(n.server.Get("subscriptionIdentifiersAvailable"))
	sub.checked, sub.identifier = available, 0
	if available {
		sub.identifier = s.ids[sub.topic]
	}
	s.handlers = append(slices.Clone(s.handlers), sub)
	quality := 0.0
	if q := sub.options.Get("qos"); q.IsNumber() {
		quality = q.Num()
	}
	asked := n.connection.subscribed
	if old := asked.Get(sub.topic).Object(); old != nil && old.Get("qos").Num() >= quality {
		return
	}
	topic := value.Obj("topic", sub.topic, "qos", quality)
	if n.v5() {
		for _, name := range []string{"nl", "rap"} {
			topic.Object().Set(name, value.Bool(value.Truthy(sub.options.Get(name))))
		}
		rh := 0.0
		if v := sub.options.Get("rh"); v.IsNumber() {
			rh = v.Num()
		}
		topic.Object().Set("rh", value.Num(rh))
		if sub.identifier != 0 {
			topic.Object().Set("properties", value.Obj("subscriptionIdentifier", sub.identifier))
		}
	}
	asked.Set(sub.topic, topic)
	n.ask(topic)
}

// unsubscribe takes a node's subscription back; always says that the broker hears of
// it even if AutoUnsubscribe is off.
func (n *mqttBroker) unsubscribe(topic, ref string, always bool) {
	s := &n.subscriptions
	list := s.byTopic[topic]
	if len(list) == 0 {
		return
	}
	unsub := always || value.Truthy(n.o.Get("autoUnsubscribe"))
	if sub := s.find(topic, ref); sub != nil {
		s.silence(sub)
		if unsub {
			list = slices.DeleteFunc(slices.Clone(list), func(x *mqttSubscription) bool { return x == sub })
			s.byTopic[topic] = list
		}
	}
	left := n.leftovers()
	if !unsub {
		left[ref] = append(left[ref], &mqttSubscription{topic: topic, ref: ref, broker: n.c.ID()})
		return
	}
	if len(list) > 0 {
		return
	}
	if n.connection != nil {
		n.connection.subscribed.Delete(topic)
		n.c.Emit("mqtt.unsubscribe", value.Obj("client", float64(n.client), "topic", topic))
	}
	delete(s.byTopic, topic)
	delete(s.ids, topic)
	s.topics = slices.DeleteFunc(s.topics, func(t string) bool { return t == topic })
	left[ref] = slices.DeleteFunc(left[ref], func(x *mqttSubscription) bool { return x.topic == topic })
}

// asText says which media types are text, bytes or JSON.
var mediaKinds = map[string]string{
	"text/css": "string", "text/html": "string", "text/plain": "string", "application/json": "json",
	"application/octet-stream": "buffer", "application/pdf": "buffer", "application/x-gtar": "buffer", "application/x-gzip": "buffer",
	"application/x-tar": "buffer", "application/xml": "string", "application/zip": "buffer", "audio/aac": "buffer", "audio/ac3": "buffer",
	"audio/basic": "buffer", "audio/mp4": "buffer", "audio/ogg": "buffer", "image/bmp": "buffer", "image/gif": "buffer",
	"image/jpeg": "buffer", "image/tiff": "buffer", "image/png": "buffer",
}

// mqttArrived makes the message for one that a broker sent, and sends it.
func mqttArrived(c *engine.Call, n *mqttBroker, datatype string, o *value.Object) {
	m := value.NewObject(6)
	m.Set("topic", o.Get("topic"))
	m.Set("payload", value.Null)
	m.Set("qos", o.Get("qos"))
	m.Set("retain", o.Get("retain"))
	v5 := n.v5()
	if p := o.Get("properties").Object(); v5 && p != nil {
		setText(p, m, "responseTopic")
		_ = setBuffer(p, m, "correlationData") // it is a Buffer
		setText(p, m, "contentType")
		setInt(p, m, "messageExpiryInterval", 0, inf)
		setBool(p, m, "payloadFormatIndicator")
		setText(p, m, "reasonString")
		setUser(p.Get("userProperties"), m)
	}
	payload, failed := decodePayload(m, datatype, v5, o.Get("payload"))
	if failed != "" {
		c.Error(engine.Fail(c.Text(failed)), value.Obj("payload", payload, "topic", o.Get("topic"), "qos", o.Get("qos"), "retain", o.Get("retain")).Object())
		return
	}
	m.Set("payload", payload)
	if b := n.o.Get("broker").Str(); b == "localhost" || b == "127.0.0.1" {
		m.Set("_topic", o.Get("topic"))
	}
	c.Send(m)
}

// decodePayload turns bytes into what the datatype asks for; failed is the key of the
// text that says why it cannot.
func decodePayload(m *value.Object, datatype string, v5 bool, raw value.Value) (payload value.Value, failed string) {
	bytes := raw.Buffer().B
	marked := v5 && m.Get("payloadFormatIndicator").Bool()
	isText := func() bool { return marked || value.LooksUTF8(bytes) }
	switch datatype {
	case "buffer":
		return raw, ""
	case "base64":
		return value.Str(base64Text(bytes)), ""
	case "utf8":
		return value.Str(value.Text(bytes)), ""
	case "json":
		if !isText() {
			return raw, "mqtt.errors.invalid-json-string"
		}
		v, err := value.ParseJSON(value.Text(bytes))
		if err != nil {
			return raw, "mqtt.errors.invalid-json-parse"
		}
		return v, ""
	}
	kind := ""
	if typ := m.Get("contentType"); v5 && (marked || typ.IsString()) {
		kind = mediaKinds[value.ToLower(value.ToString(typ))]
	}
	text := value.Str(value.Text(bytes))
	switch {
	case kind == "string":
		return text, ""
	case kind == "buffer":
		return raw, ""
	case kind == "json":
		v, err := value.ParseJSON(text.Str())
		if err != nil {
			return text, "mqtt.errors.invalid-json-parse"
		}
		if datatype == "auto-detect" {
			return v, ""
		}
		return text, ""
	case !isText():
		return raw, ""
	}
	if datatype == "auto-detect" {
		if v, err := value.ParseJSON(text.Str()); err == nil {
			return v, ""
		}
	}
	return text, ""
}
