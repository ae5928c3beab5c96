package engine

import (
	"strings"

	"github.com/lockstep-flows/lockstep/engine/value"
)

// instance is the node of a subflow instance: it passes messages on to what is
// wired to the subflow's input.
type instance struct{}

func (instance) Receive(c *Call, m *Message) error {
	c.Send(m)
	return Pending
}

func (instance) Close(c *Call, _ bool) error {
	c.StatusValue(value.Of(value.NewObject()))
	return nil
}

// statusTextLimit is how many characters of a shown value a status keeps.
const statusTextLimit = 32

// subflowStatus is what a subflow's status output leads to: messages become the
// status of the instance.
type subflowStatus struct{}

func (subflowStatus) Receive(c *Call, m *Message) error {
	s := c.n.def.Scope
	inst := c.e.byID[s.Instance.ID]
	if inst == nil {
		return Pending
	}
	if p, ok := m.Lookup("payload"); ok && !p.IsUndefined() {
		inst.call.StatusValue(statusOf(p))
		return Pending
	}
	if st, ok := m.Lookup("status"); ok && !st.IsUndefined() {
		if o := st.Object(); o != nil && strings.HasPrefix(o.Get("text").Str(), "common.") {
			o.Set("text", value.Str("node-red:"+o.Get("text").Str()))
		}
		inst.call.StatusValue(st)
	}
	return Pending
}

func statusOf(p value.Value) value.Value {
	if p.IsString() {
		return value.Obj("text", p)
	}
	if o := p.Object(); o != nil && (o.Len() == 0 || o.Has("text") || o.Has("fill") || o.Has("shape")) {
		return p
	}
	text := value.Inspect(p, value.InspectOptions{})
	if value.UTF16Len(text) > statusTextLimit {
		text = value.Slice(text, 0, statusTextLimit) + "..."
	}
	return value.Obj("text", text)
}
