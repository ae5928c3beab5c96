package engine

import (
	"github.com/lockstep-flows/lockstep/engine/flow"
	"github.com/lockstep-flows/lockstep/engine/value"
)

// LinkCaller is implemented by nodes that call a link in node and wait for the
// message to come back.
type LinkCaller interface {
	// ReturnLink takes the message that answers call id.
	ReturnLink(c *Call, id string, m *Message)
}

// LinkIn finds the link in node that a link call names: by id or, if dynamic, by
// name, in the caller's own flow first. The errors are Node-RED's.
func (c *Call) LinkIn(target string, dynamic bool) (*Call, error) {
	if n := c.e.byID[target]; n != nil && n.impl != nil && n.def.Type == "link in" {
		return &n.call, nil
	}
	if target == "" || !dynamic {
		return nil, value.ThrownError("Error", "target link-in node '"+target+"' not found")
	}
	var here, tabs []*node
	for _, n := range c.e.nodes {
		if n.impl == nil || n.def.Type != "link in" || linkName(n) != target {
			continue
		}
		if n.def.Scope == c.n.def.Scope {
			here = append(here, n)
		}
		if n.def.Scope.Kind != flow.ScopeSubflow {
			tabs = append(tabs, n)
		}
	}
	switch {
	case len(here) == 1:
		return &here[0].call, nil
	case len(tabs) == 1:
		return &tabs[0].call, nil
	case len(tabs) > 1:
		return nil, value.ThrownError("Error", "Multiple link-in nodes named '"+target+"' found")
	}
	return nil, value.ThrownError("Error", "target link-in node '"+target+"' not found")
}

func linkName(n *node) string {
	if v := n.call.config.Get("name"); value.Truthy(v) {
		return value.ToString(v)
	}
	return n.def.ID
}
