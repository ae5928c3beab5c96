package sequence

import (
	"github.com/lockstep-flows/lockstep/engine"
	"github.com/lockstep-flows/lockstep/engine/value"
)

// Join is the configuration of a join node.
type Join struct {
	// Mode is auto (by msg.parts), custom (by the properties below) or reduce.
	Mode string `json:"mode"`
	// Build is what a custom join makes: string, buffer, array, object or merged.
	Build string `json:"build"`
	// Property is what is joined, PropertyType is msg or full (the whole message).
	Property     string `json:"property"`
	PropertyType string `json:"propertyType"`
	// Key is the property that names the key when an object is built; topic if empty.
	Key string `json:"key"`
	// Joiner stands between strings or buffers; JoinerType is str or bin.
	Joiner     string `json:"joiner"`
	JoinerType string `json:"joinerType"`
	// Count of messages after which the joined one is sent.
	Count value.Value `json:"count"`
	// Timeout in seconds from the first message after which it is sent.
	Timeout value.Value `json:"timeout"`
	// Accumulate keeps the object and sends it again with every further message.
	Accumulate value.Value `json:"accumulate"`
	// UseParts uses msg.parts in a custom join too; default true.
	UseParts value.Value `json:"useparts"`
	// ReduceExp is the JSONata expression of a reduce, with $A, $I and $N.
	ReduceExp value.Value `json:"reduceExp"`
	// ReduceInit is the first value of $A, ReduceInitType its type.
	ReduceInit     value.Value `json:"reduceInit"`
	ReduceInitType string      `json:"reduceInitType"`
	// ReduceFixup is an expression applied to the result.
	ReduceFixup value.Value `json:"reduceFixup"`
	// ReduceRight goes from the last message to the first.
	ReduceRight bool `json:"reduceRight"`
}

var joinType = engine.Define("join", "Joins a sequence of messages into one.", newJoin).With(map[string]string{
	"join.too-many":            "Too many messages are waiting for their sequences",
	"join.errors.invalid-expr": "The JSONata expression is not valid: {{error}}",
	"join.errors.invalid-type": "A {{error}} cannot be joined to a buffer",
})

type join struct {
	Join
	count, timer float64
	countEmpty   bool
	useParts     bool
	accumulate   bool
	joiner       value.Value
	groups       map[string]*group
	order        []string
	reduce       *reducer
}

// group is a sequence being joined.
type group struct {
	id       string
	kind     string
	prop     string
	msg      *engine.Message
	object   *value.Object
	list     list
	count    float64
	target   value.Value
	joinChar value.Value
	arrayLen value.Value
	bytes    float64
	timeout  engine.Timer
	open     []*engine.Message // whose handling ends with the group
}

func newJoin(c *engine.Call, cfg Join) (engine.Node, error) {
	n := &join{Join: cfg, groups: map[string]*group{}}
	def := func(s *string, d string) {
		if *s == "" {
			*s = d
		}
	}
	def(&n.Mode, "auto")
	def(&n.Property, "payload")
	def(&n.PropertyType, "msg")
	def(&n.Key, "topic")
	def(&n.JoinerType, "str")
	def(&n.Build, "array")
	if n.PropertyType == "full" {
		n.Property = "payload"
	}
	if n.Mode != "auto" && value.Truthy(cfg.Timeout) {
		n.timer = value.ToNumber(cfg.Timeout) * 1000
	}
	if value.Truthy(cfg.Count) {
		n.count = value.ToNumber(cfg.Count)
	}
	n.countEmpty = cfg.Count.IsString() && cfg.Count.Str() == ""
	n.useParts = cfg.UseParts.IsUndefined() || value.Truthy(cfg.UseParts)
	n.accumulate = cfg.Accumulate.IsBool() && cfg.Accumulate.Bool()
	if n.Mode == "reduce" {
		r, err := newReducer(c, cfg)
		if err != nil {
			c.Error(c.TextError("join.errors.invalid-expr", "error", engine.MessageOf(err)), nil)
			return engine.Mute{}, nil
		}
		n.reduce = r
		return n, nil
	}
	return n, n.prepareJoiner()
}

func (n *join) prepareJoiner() error {
	n.joiner = value.Str(n.Joiner)
	switch n.JoinerType {
	case "str":
		n.joiner = value.Str(escapes.Replace(n.Joiner))
	case "bin":
		text := n.Joiner
		if text == "" {
			text = "[]"
		}
		v, err := value.ParseJSON(text)
		if err != nil {
			return err
		}
		if v.Array() == nil {
			return value.ThrownError("Error", "not an array")
		}
		n.joiner = value.Bytes(toBytes(v.Array()))
	}
	return nil
}

// arrival is what is known of a message that arrives.
type arrival struct {
	m                           *engine.Message
	id, kind                    string
	property, key               value.Value
	target, ch, arrayLen, index value.Value
	parts                       *value.Object
}

func (n *join) Receive(c *engine.Call, m *engine.Message) error {
	a, stop, err := n.identify(c, m)
	if stop || err != nil {
		return err
	}
	if n.Mode == "reduce" {
		n.reduce.arrive(c, m)
		return engine.Pending
	}
	if m.Has("restartTimeout") {
		if g := n.groups[a.id]; g != nil {
			c.Cancel(g.timeout)
			n.startTimer(c, g)
		}
	}
	if m.Has("reset") {
		if g := n.groups[a.id]; g != nil {
			c.Cancel(g.timeout)
			g.finish(c)
			n.forget(a.id)
		}
		return nil
	}
	if a.kind == "object" && (a.key.IsNullish() || a.key.IsString() && a.key.Str() == "") {
		n.withoutKey(c, a)
		return nil
	}
	return n.add(c, a)
}

// identify finds the group a message belongs to; stop says that its handling is over.
func (n *join) identify(c *engine.Call, m *engine.Message) (a arrival, stop bool, err error) {
	a = arrival{m: m, id: "_"}
	if n.PropertyType == "full" {
		a.property = value.Of(m)
	} else if a.property, err = value.GetMessageProperty(m, n.Property); err != nil {
		c.Warn(value.Str("Message property " + n.Property + " not found"))
		return a, true, nil
	}
	a.parts = m.Get("parts").Object()
	if n.Mode == "auto" && (a.parts == nil || !a.parts.Has("id")) {
		if m.Has("reset") {
			n.groups, n.order = map[string]*group{}, nil
		} else {
			c.Warn(value.Str("Message missing msg.parts property - cannot join in 'auto' mode"))
		}
		return a, true, nil
	}
	if n.Mode == "custom" && m.Has("parts") && !n.useParts {
		if a.parts != nil && a.parts.Has("parts") {
			m.Set("parts", value.Obj("parts", a.parts.Get("parts")))
		} else {
			m.Delete("parts")
		}
		a.parts = m.Get("parts").Object()
	}
	switch n.Mode {
	case "auto":
		return n.identifyAuto(a)
	case "reduce":
		return a, false, nil
	}
	a.kind, a.target, a.ch = n.Build, value.Num(n.count), n.joiner
	if n.countEmpty && m.Has("parts") {
		a.target = value.Num(0)
		if a.parts != nil {
			if t := a.parts.Get("count"); value.Truthy(t) {
				a.target = t
			}
			if id, ok := a.parts.Lookup("id"); ok {
				a.id = value.ToString(id)
			}
		}
	}
	if n.Build == "object" {
		a.key, err = value.GetMessageProperty(m, n.Key)
	}
	return a, false, err
}

func (n *join) identifyAuto(a arrival) (arrival, bool, error) {
	p := a.parts
	a.id, a.kind = value.ToString(p.Get("id")), p.Get("type").Str()
	a.target, a.ch, a.key, a.arrayLen, a.index = p.Get("count"), p.Get("ch"), p.Get("key"), p.Get("len"), p.Get("index")
	prop := "payload"
	if v := p.Get("property"); value.Truthy(v) {
		prop = value.ToString(v)
	}
	var err error
	a.property, err = value.GetMessageProperty(a.m, prop)
	return a, false, err
}

func (n *join) forget(id string) {
	delete(n.groups, id)
	for i, o := range n.order {
		if o == id {
			n.order = append(n.order[:i], n.order[i+1:]...)
			return
		}
	}
}

func (n *join) startTimer(c *engine.Call, g *group) {
	if n.timer > 0 {
		g.timeout = c.After(n.timer, func() {
			if err := n.send(c, g); err != nil {
				c.Error(err, nil)
			}
		})
	}
}

// withoutKey handles a message that cannot go into an object: msg.complete still
// completes it.
func (n *join) withoutKey(c *engine.Call, a arrival) {
	switch {
	case n.Mode == "auto":
		c.Warn(value.Str("Message missing 'msg.parts.key' property - cannot add to object"))
	case a.m.Has("complete"):
		if g := n.groups[a.id]; g != nil {
			g.msg.Set("complete", a.m.Get("complete"))
			if err := n.send(c, g); err != nil {
				c.Error(err, a.m)
			}
		}
	default:
		c.Warn(value.Str("Message missing key property 'msg." + n.Key + "' - cannot add to object"))
	}
}

func (n *join) newGroup(c *engine.Call, a arrival) *group {
	g := &group{id: a.id, kind: a.kind, target: a.target, msg: value.CloneMessage(a.m), prop: n.Property}
	switch a.kind {
	case "object", "merged":
		g.kind, g.object = "object", value.NewObject()
	case "string", "buffer":
		g.joinChar = a.ch
	case "array":
		g.arrayLen = a.arrayLen
	}
	n.groups[a.id] = g
	n.order = append(n.order, a.id)
	n.startTimer(c, g)
	if n.Mode == "auto" {
		g.prop = ""
		if v := a.parts.Get("property"); value.Truthy(v) {
			g.prop = value.ToString(v)
		}
	}
	if g.prop == "" {
		g.prop = "payload"
	}
	return g
}

// add puts a message into its group, and sends the group if it is complete.
func (n *join) add(c *engine.Call, a arrival) error {
	g := n.groups[a.id]
	if g == nil {
		g = n.newGroup(c, a)
	}
	m := a.m
	g.open = append(g.open, m)
	if a.kind == "buffer" && !a.property.IsUndefined() {
		if a.property.Buffer() == nil && !a.property.IsString() && a.property.Array() == nil {
			return c.TextError("join.errors.invalid-type", "error", a.property.TypeOf())
		}
		g.bytes += float64(value.Length(a.property))
	}
	switch a.kind {
	case "object":
		g.put(value.ToString(a.key), a.property)
	case "merged":
		n.merge(c, g, a)
	default:
		if err := g.insert(a); err != nil {
			return err
		}
	}
	for i := range m.Len() {
		p := m.At(i)
		g.msg.Set(p.Key, p.Value)
	}
	if m.Has("parts") && !value.Truthy(g.target) {
		g.target = value.Undefined
		if a.parts != nil {
			g.target = a.parts.Get("count")
		}
	}
	target := value.ToNumber(g.target)
	if target > 0 && g.count >= target || m.Has("complete") {
		if err := n.send(c, g); err != nil {
			return err
		}
	}
	return engine.Pending
}

func (n *join) merge(c *engine.Call, g *group, a arrival) {
	if g.object == nil || a.property.Array() != nil || a.property.TypeOf() != "object" {
		if !a.m.Has("complete") {
			c.Warn(value.Str("Cannot merge non-object types"))
		}
		return
	}
	for _, k := range value.Keys(a.property) {
		if k == "_msgid" {
			continue
		}
		if v, err := value.GetKey(a.property, k); err == nil {
			g.object.Set(k, v)
		}
	}
	g.count = float64(g.object.Len())
}

// send sends what was joined.
func (n *join) send(c *engine.Call, g *group) error {
	c.Cancel(g.timeout)
	if n.Mode == "auto" || !n.accumulate || g.msg.Has("complete") {
		n.forget(g.id)
	}
	out, err := g.result()
	if err != nil {
		return err
	}
	if n.PropertyType == "full" && g.kind != "string" {
		g.msg = value.CloneMessage(g.msg)
	}
	if _, err := value.SetMessageProperty(g.msg, g.prop, out, true); err != nil {
		return err
	}
	if parts := g.msg.Get("parts").Object(); parts != nil && parts.Has("parts") {
		g.msg.Set("parts", parts.Get("parts"))
	} else {
		g.msg.Delete("parts")
	}
	g.msg.Delete("complete")
	c.Send(value.CloneMessage(g.msg))
	g.finish(c)
	return nil
}

func (n *join) Close(c *engine.Call, _ bool) error {
	if n.reduce != nil {
		return nil
	}
	for _, id := range n.order {
		n.groups[id].finish(c)
	}
	return nil
}
