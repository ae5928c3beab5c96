package sequence

import (
	"math"
	"slices"

	"github.com/lockstep-flows/lockstep/engine"
	"github.com/lockstep-flows/lockstep/engine/value"
)

// Sort is the configuration of a sort node.
type Sort struct {
	// Order is ascending (default) or descending.
	Order string `json:"order"`
	// AsNum compares as numbers.
	AsNum bool `json:"as_num"`
	// Target is the property that is sorted if TargetType is msg (payload if empty);
	// with TargetType seq the messages of a sequence are.
	Target     string `json:"target"`
	TargetType string `json:"targetType"`
	// MsgKey is the key of an element: elem, or a JSONata expression, as MsgKeyType says.
	MsgKey     value.Value `json:"msgKey"`
	MsgKeyType string      `json:"msgKeyType"`
	// SeqKey is the key of a message: a property, or a JSONata expression, as SeqKeyType says.
	SeqKey     value.Value `json:"seqKey"`
	SeqKeyType string      `json:"seqKeyType"`
}

var sortType = engine.Define("sort", "Sorts an array, or a sequence of messages.", newSort).With(map[string]string{
	"sort.invalid-exp": "The JSONata expression of the sort key failed: {{message}}",
	"sort.too-many":    "Too many messages are waiting for their sequences",
	"sort.clear":       "Messages that waited for their sequence were dropped",
})

type sortNode struct {
	Sort
	exp    *engine.Expression
	key    string
	groups map[string]*sortGroup
	order  []string // group ids as they came
	count  int
}

type sortGroup struct {
	count value.Value
	msgs  []kept
}

// keyed is something to sort with its key.
type keyed[T any] struct {
	item T
	key  value.Value
}

func newSort(c *engine.Call, cfg Sort) (engine.Node, error) {
	n := &sortNode{Sort: cfg, key: "payload", groups: map[string]*sortGroup{}}
	if n.Target == "" {
		n.Target = "payload"
	}
	typ, key := cfg.SeqKeyType, cfg.SeqKey
	if value.Truthy(cfg.SeqKey) {
		n.key = value.ToString(cfg.SeqKey)
	}
	if cfg.TargetType == "msg" {
		typ, key = cfg.MsgKeyType, cfg.MsgKey
	}
	if typ == "jsonata" {
		var err error
		if n.exp, err = engine.NewExpression(value.ToString(key)); err != nil {
			c.Error(c.TextError("sort.invalid-exp", "message", value.ToString(engine.Thrown(err))), nil)
			return engine.Mute{}, nil
		}
	}
	return n, nil
}

// compare orders two keys as Node-RED's sort does: what is neither equal nor
// greater is less.
func (n *sortNode) compare(x, y value.Value) int {
	dir := 1
	if n.descending() {
		dir = -1
	}
	if n.AsNum {
		x, y = value.Num(value.ToNumber(x)), value.Num(value.ToNumber(y))
	}
	if value.StrictEqual(x, y) {
		return 0
	}
	if l, ok := value.Less(y, x); ok && l {
		return dir
	}
	return -dir
}

func (n *sortNode) Receive(c *engine.Call, m *engine.Message) error {
	if n.TargetType == "msg" {
		return n.sortProperty(c, m)
	}
	parts := m.Get("parts").Object()
	if parts == nil || !parts.Has("id") || !parts.Has("index") {
		return nil
	}
	id := value.ToString(parts.Get("id"))
	g := n.groups[id]
	if g == nil {
		g = &sortGroup{}
		n.groups[id] = g
		n.order = append(n.order, id)
	}
	g.msgs = append(g.msgs, keep(c, m))
	if count, ok := parts.Lookup("count"); ok {
		g.count = count
	}
	n.count++
	if value.StrictEqual(g.count, value.Int(len(g.msgs))) {
		n.forget(id)
		n.count -= len(g.msgs)
		n.sortGroup(c, g)
	} else if limit := keptLimit(c); limit > 0 && n.count > limit {
		n.dropOldest(c)
	}
	return engine.Pending
}

func (n *sortNode) forget(id string) {
	delete(n.groups, id)
	for i, o := range n.order {
		if o == id {
			n.order = append(n.order[:i], n.order[i+1:]...)
			return
		}
	}
}

// dropOldest drops the sequence that began first: its last message is in error.
func (n *sortNode) dropOldest(c *engine.Call) {
	g := n.groups[n.order[0]]
	n.forget(n.order[0])
	last := len(g.msgs) - 1
	c.Fail(g.msgs[last].m, c.TextError("sort.too-many"))
	for _, k := range g.msgs[:last] {
		k.done()
	}
	n.count -= len(g.msgs)
}

func (n *sortNode) sortProperty(c *engine.Call, m *engine.Message) error {
	v, err := value.GetMessageProperty(m, n.Target)
	if err != nil {
		return err
	}
	a := v.Array()
	if a == nil {
		return nil
	}
	if n.exp == nil && n.sortNumbers(a.Elems) {
		c.Send(m)
		return nil
	}
	if n.exp == nil {
		value.SortStable(a.Elems, func(x, y value.Value) int { return n.compare(x, y) })
		c.Send(m)
		return nil
	}
	list := make([]keyed[value.Value], a.Len())
	for i, e := range a.Elems {
		k, err := n.exp.EvalOn(c, e)
		if err != nil {
			return c.TextError("sort.invalid-exp", "message", value.ToString(engine.Thrown(err)))
		}
		list[i] = keyed[value.Value]{e, k}
	}
	value.MergeSort(list, func(x, y keyed[value.Value]) int { return n.compare(x.key, y.key) })
	out := make([]value.Value, len(list))
	for i := range list {
		out[i] = list[i].item
	}
	if _, err := value.SetMessageProperty(m, n.Target, value.Arr(out...), true); err != nil {
		return err
	}
	c.Send(m)
	return nil
}

// sortNumbers sorts a list of numbers, for which any sort gives what Node-RED's
// does; it reports false, and changes nothing, if there is something else in it.
func (n *sortNode) sortNumbers(list []value.Value) bool {
	numbers := make([]float64, len(list))
	for i, v := range list {
		f := v.Num()
		if !v.IsNumber() || math.IsNaN(f) || f == 0 && math.Signbit(f) {
			return false
		}
		numbers[i] = f
	}
	slices.Sort(numbers)
	if n.descending() {
		slices.Reverse(numbers)
	}
	for i, f := range numbers {
		list[i] = value.Num(f)
	}
	return true
}

func (n *sortNode) descending() bool { return n.Order != "" && n.Order != "ascending" }

// sortGroup sends a complete sequence in its new order.
func (n *sortNode) sortGroup(c *engine.Call, g *sortGroup) {
	list := make([]keyed[kept], len(g.msgs))
	for i, k := range g.msgs {
		key, err := n.messageKey(c, k.m)
		if err != nil {
			if n.exp == nil {
				return // Node-RED drops the sequence without a word
			}
			last := len(g.msgs) - 1
			c.Fail(g.msgs[last].m, c.TextError("sort.invalid-exp", "message", value.ToString(engine.Thrown(err))))
			for _, k := range g.msgs[:last] {
				k.done()
			}
			return
		}
		list[i] = keyed[kept]{k, key}
	}
	value.MergeSort(list, func(x, y keyed[kept]) int { return n.compare(x.key, y.key) })
	for i, k := range list {
		k.item.m.Get("parts").Object().Set("index", value.Int(i))
		c.Send(k.item.m)
		k.item.done()
	}
}

func (n *sortNode) messageKey(c *engine.Call, m *engine.Message) (value.Value, error) {
	if n.exp != nil {
		return n.exp.Eval(c, m)
	}
	return value.GetMessageProperty(m, n.key)
}

func (n *sortNode) Close(c *engine.Call, _ bool) error {
	for _, id := range n.order {
		c.Log(value.Str(c.Text("sort.clear")))
		for _, k := range n.groups[id].msgs {
			k.done()
		}
	}
	n.groups, n.order, n.count = map[string]*sortGroup{}, nil, 0
	return nil
}
