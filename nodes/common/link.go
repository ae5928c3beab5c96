package common

import (
	"github.com/lockstep-flows/lockstep/engine"
	"github.com/lockstep-flows/lockstep/engine/value"
)

// LinkIn is the configuration of a link in node.
type LinkIn struct {
	// Links are the ids of the link out nodes that lead here.
	Links []string `json:"links"`
}

// LinkOut is the configuration of a link out node.
type LinkOut struct {
	// Mode is "link" (pass on to the linked nodes) or "return" (back to the link
	// call the message came from).
	Mode string `json:"mode" default:"link"`
	// Links are the ids of the link in nodes it leads to.
	Links value.Value `json:"links"`
}

// LinkCall is the configuration of a link call node.
type LinkCall struct {
	// Links holds the id of the link in node that is called.
	Links value.Value `json:"links"`
	// LinkType is "static" (the node in Links) or "dynamic" (msg.target names it by
	// id or name).
	LinkType string `json:"linkType"`
	// Timeout in seconds after which the call fails; 30 if empty.
	Timeout value.Value `json:"timeout"`
}

var linkTexts = map[string]string{
	"link.errors.missingReturn": "The message came from no link call: there is nowhere to return to",
}

var (
	linkInType   = engine.Define("link in", "Takes messages from link out and link call nodes anywhere.", newRelay[LinkIn]).Starts()
	linkOutType  = engine.Define("link out", "Sends messages to link in nodes, or back to the link call they came from.", newLinkOut).With(linkTexts)
	linkCallType = engine.Define("link call", "Calls the flow behind a link in node and waits for the message to return.", newLinkCall)
)

type linkOut struct {
	mode  string
	event value.Value
}

func newLinkOut(c *engine.Call, cfg LinkOut) (engine.Node, error) {
	mode := cfg.Mode
	if mode == "" {
		mode = "link"
	}
	return &linkOut{mode, value.Str("node:" + c.ID())}, nil
}

func (n *linkOut) Receive(c *engine.Call, m *engine.Message) error {
	m.Set("_event", n.event)
	switch n.mode {
	case "link":
		c.Send(m)
		return nil
	case "return":
		n.back(c, m)
		return nil
	}
	return engine.Pending
}

func (n *linkOut) back(c *engine.Call, m *engine.Message) {
	stack := m.Get("_linkSource").Array()
	if stack.Length() == 0 {
		c.Warn(value.Str(c.Text("link.errors.missingReturn")))
		return
	}
	last := stack.At(stack.Len() - 1).Object()
	stack.Splice(stack.Len()-1, 1)
	if last != nil {
		if to, node := c.Lookup(last.Get("node").Str()); to != nil {
			if caller, ok := node.(engine.LinkCaller); ok {
				caller.ReturnLink(to, last.Get("id").Str(), m)
				return
			}
		}
	}
	c.Warn(value.Str(c.Text("link.errors.missingReturn")))
}

// defaultCallTimeout in milliseconds.
const defaultCallTimeout = 30000

type linkCallNode struct {
	target  string
	dynamic bool
	timeout float64
	open    map[string]waiting
}

// waiting is a call that has not returned: its message, a clone of how it came for
// the error if it never does, and the timer.
type waiting struct {
	m, clone *engine.Message
	timer    engine.Timer
}

func newLinkCall(c *engine.Call, cfg LinkCall) (engine.Node, error) {
	n := &linkCallNode{dynamic: cfg.LinkType == "dynamic", timeout: defaultCallTimeout, open: map[string]waiting{}}
	if cfg.Links.IsString() {
		n.target = cfg.Links.Str()
	} else if a := cfg.Links.Array(); a != nil {
		n.target = a.At(0).Str()
	} else {
		v := cfg.Links
		_, err := value.GetKey(v, "0")
		return nil, err
	}
	if value.Truthy(cfg.Timeout) {
		if t := value.ParseFloat(value.ToString(cfg.Timeout)) * 1000; t == t {
			n.timeout = t
		}
	}
	return n, nil
}

func (n *linkCallNode) Receive(c *engine.Call, m *engine.Message) error {
	target := n.target
	if n.dynamic {
		target = ""
		if t := m.Get("target"); value.Truthy(t) {
			target = value.ToString(t)
		}
	}
	to, err := c.LinkIn(target, n.dynamic)
	if err != nil {
		return err
	}
	stack := m.Get("_linkSource").Array()
	if stack == nil {
		stack = value.NewArray()
		m.Set("_linkSource", value.Of(stack))
	}
	id := c.NewID() + c.NewID()[:12]
	n.open[id] = waiting{m, value.CloneMessage(m), c.After(n.timeout, func() { n.expire(c, id) })}
	stack.Append(value.Obj("id", id, "node", c.ID()))
	c.Deliver(to, m)
	return engine.Pending
}

// ReturnLink takes the answer of a call: it goes out, and the call is complete.
func (n *linkCallNode) ReturnLink(c *engine.Call, id string, m *engine.Message) {
	if a := m.Get("_linkSource").Array(); a != nil && a.Len() == 0 {
		m.Delete("_linkSource")
	}
	w, ok := n.open[id]
	if !ok {
		c.Send(m)
		return
	}
	c.Cancel(w.timer)
	delete(n.open, id)
	c.Send(m)
	c.Done(w.m)
}

func (n *linkCallNode) expire(c *engine.Call, id string) {
	w := n.open[id]
	delete(n.open, id)
	c.Error(engine.Fail("timeout"), w.clone)
}
