package network

import (
	"slices"

	"github.com/lockstep-flows/lockstep/engine"
	"github.com/lockstep-flows/lockstep/engine/value"
)

// WebSocketIn is the configuration of a websocket in node.
type WebSocketIn struct {
	// Server is the id of a websocket-listener node.
	Server string `json:"server"`
	// Client is the id of a websocket-client node; it wins over Server.
	Client string `json:"client"`
}

var webSocketInType = engine.Define("websocket in", "Receives WebSocket messages.", newWebSocketIn).With(webSocketTexts).Starts()

type webSocketIn struct {
	engine.Mute
	config *webSocket
	view   *webSocketView
}

// webSocketOf finds the listener or client that a node names.
func webSocketOf(c *engine.Call, client, server string) *webSocket {
	id := client
	if id == "" {
		id = server
	}
	_, node := c.Lookup(id)
	w, _ := node.(*webSocket)
	return w
}

func newWebSocketIn(c *engine.Call, cfg WebSocketIn) (engine.Node, error) {
	n := &webSocketIn{config: webSocketOf(c, cfg.Client, cfg.Server)}
	w := n.config
	if w == nil {
		c.Error(engine.Fail(c.Text("websocket.errors.missing-conf")), nil)
		return n, nil
	}
	w.inputs = append(w.inputs, c)
	if !w.isServer && len(w.inputs) == 1 {
		if err := w.start(); err != nil {
			return nil, err
		}
	}
	n.view = w.view(c)
	return n, nil
}

// Close stops listening.
func (n *webSocketIn) Close(c *engine.Call, _ bool) error {
	if n.config != nil {
		n.config.inputs = slices.DeleteFunc(n.config.inputs, func(o *engine.Call) bool { return o == c })
		n.view.closed = true
	}
	c.StatusValue(value.Of(value.NewObject()))
	return nil
}
