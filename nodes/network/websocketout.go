package network

import (
	"github.com/lockstep-flows/lockstep/engine"
	"github.com/lockstep-flows/lockstep/engine/value"
)

// WebSocketOut is the configuration of a websocket out node.
type WebSocketOut struct {
	// Server is the id of a websocket-listener node: messages go to the client in
	// msg._session, or to all.
	Server string `json:"server"`
	// Client is the id of a websocket-client node; it wins over Server.
	Client string `json:"client"`
}

var webSocketOutType = engine.Define("websocket out", "Sends WebSocket messages.", newWebSocketOut).With(webSocketTexts)

type webSocketOut struct {
	config *webSocket
	view   *webSocketView
}

func newWebSocketOut(c *engine.Call, cfg WebSocketOut) (engine.Node, error) {
	n := &webSocketOut{config: webSocketOf(c, cfg.Client, cfg.Server)}
	w := n.config
	if w == nil {
		c.Error(engine.Fail(c.Text("websocket.errors.missing-conf")), nil)
		return engine.Mute{}, nil
	}
	n.view = w.view(c)
	if !w.isServer && len(w.inputs) == 0 {
		if err := w.start(); err != nil {
			return nil, err
		}
	}
	return n, nil
}

func (n *webSocketOut) Receive(_ *engine.Call, m *engine.Message) error {
	data, err := n.data(m)
	if err != nil || !value.Truthy(data) {
		return err
	}
	if id, ok := sessionID(m, "websocket"); ok {
		n.config.reply(id, data)
	} else {
		n.config.broadcast(data)
	}
	return nil
}

// data is what is sent: the payload, or all of the message but its session.
func (n *webSocketOut) data(m *engine.Message) (value.Value, error) {
	if !n.config.whole {
		v := m.Get("payload")
		if !m.Has("payload") || v.Buffer() != nil || v.IsString() {
			return v, nil
		}
		if v.TypeOf() != "object" {
			return value.Str(value.ToString(v)), nil
		}
		return jsonText(v)
	}
	s, has := m.Lookup("_session")
	m.Delete("_session")
	data, err := jsonText(value.Of(m))
	if err == nil && has && value.Truthy(s) {
		m.Set("_session", value.Clone(s))
	}
	return data, err
}

func jsonText(v value.Value) (value.Value, error) {
	text, ok, err := value.Stringify(v, "")
	if err != nil || !ok {
		return value.Undefined, err
	}
	return value.Str(text), nil
}

// Close clears the status.
func (n *webSocketOut) Close(c *engine.Call, _ bool) error {
	n.view.closed = true
	c.StatusValue(value.Of(value.NewObject()))
	return nil
}
