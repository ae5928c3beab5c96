package js

import (
	"fmt"
	"sort"
	"strings"
	"testing"

	"github.com/lockstep-flows/lockstep/engine/value"
)

// testHost is a function node's engine in tests: it records everything as text
// and has timers in virtual time.
type testHost struct {
	log    []string
	sent   [][]*value.Object
	timers map[uint64]testTimer
	last   uint64
	now    float64
	data   map[string]*value.Object
	quiet  bool
}

type testTimer struct {
	due    float64
	period float64
}

func newHost() *testHost {
	return &testHost{timers: map[uint64]testTimer{}, data: map[string]*value.Object{}}
}

func show(v value.Value) string {
	if v.IsUndefined() {
		return "undefined"
	}
	if e := v.Error(); e != nil {
		return "[" + e.Error() + "]"
	}
	s, ok, err := value.Stringify(v, "")
	if err != nil {
		return err.Error()
	}
	if !ok {
		return v.TypeOf()
	}
	return s
}

func (h *testHost) add(format string, args ...any) {
	if !h.quiet {
		h.log = append(h.log, fmt.Sprintf(format, args...))
	}
}

func (h *testHost) Send(msg *value.Object, outputs [][]*value.Object) {
	if h.quiet {
		h.sent = outputs
		return
	}
	if msg == nil {
		var list []value.Value
		for _, out := range outputs {
			var l []value.Value
			for _, m := range out {
				l = append(l, value.Of(m))
			}
			list = append(list, value.Arr(l...))
		}
		h.add("nodesend %s", show(value.Arr(list...)))
		return
	}
	for i, out := range outputs {
		for _, m := range out {
			h.add("send%d %s", i, show(value.Of(m)))
			h.sent = append(h.sent, []*value.Object{m})
		}
	}
}
func (h *testHost) Done(msg *value.Object)                   { h.add("done") }
func (h *testHost) Fail(msg *value.Object, err value.Value)  { h.add("fail %s", show(err)) }
func (h *testHost) Error(err, about value.Value)             { h.add("error %s about %s", show(err), show(about)) }
func (h *testHost) SendValue(v value.Value)                  { h.add("sendvalue %s", show(v)) }
func (h *testHost) Env(name string) value.Value              { return value.Str("env:" + name) }
func (h *testHost) Text(key string, params ...string) string { return key }
func (h *testHost) Call(method string, args []value.Value) error {
	args = append(args, value.Undefined, value.Undefined)
	switch method {
	case "error":
		h.Error(args[0], args[1])
	default:
		h.add("%s %s", method, show(args[0]))
	}
	return nil
}
func (h *testHost) LinkCall(target string, msg *value.Object, timeout float64, answer func(*value.Object, error)) error {
	msg.Set("called", value.Str(target))
	h.add("linkcall %s %v %s", target, timeout, show(value.Of(msg)))
	answer(msg, nil)
	return nil
}
func (h *testHost) SetTimer(ms float64, repeat bool) uint64 {
	h.last++
	t := testTimer{due: h.now + ms}
	if repeat {
		t.period = ms
	}
	h.timers[h.last] = t
	return h.last
}
func (h *testHost) ClearTimer(id uint64) { delete(h.timers, id) }
func (h *testHost) Context(scope string) Store {
	if h.data[scope] == nil {
		h.data[scope] = value.NewObject()
	}
	return testStore{h.data[scope]}
}

type testStore struct{ o *value.Object }

func (s testStore) Get(key, store string) (value.Value, error) { return s.o.Get(key), nil }
func (s testStore) Set(key, store string, v value.Value) error { s.o.Set(key, v); return nil }
func (s testStore) Keys(store string) ([]string, error)        { return s.o.Keys(), nil }
func (s testStore) Uncached(string, string) bool               { return false }

// run lets virtual time pass until no timers are left or it is later than until.
func (h *testHost) run(r *Runtime, until float64) {
	for len(h.timers) > 0 {
		ids := make([]uint64, 0, len(h.timers))
		for id := range h.timers {
			ids = append(ids, id)
		}
		sort.Slice(ids, func(i, j int) bool {
			a, b := h.timers[ids[i]], h.timers[ids[j]]
			return a.due < b.due || a.due == b.due && ids[i] < ids[j]
		})
		t := h.timers[ids[0]]
		if t.due > until {
			return
		}
		h.now = t.due
		if t.period > 0 {
			h.timers[ids[0]] = testTimer{due: t.due + t.period, period: t.period}
		} else {
			delete(h.timers, ids[0])
		}
		r.Fire(ids[0])
	}
}

// runBody runs a function body on one message and gives what the host saw.
func runBody(t *testing.T, body string, msg value.Value) string {
	t.Helper()
	h := newHost()
	r := New(Options{Now: func() float64 { return h.now }})
	return runIn(t, r, h, Source{Func: body}, msg)
}

func runIn(t *testing.T, r *Runtime, h *testHost, src Source, msg value.Value) string {
	t.Helper()
	f, err := r.NewFunction(h, Identity{ID: "n1", Name: "fn", Type: "function", Z: "t", Path: "t/n1", Outputs: value.Int(1)}, src)
	if err != nil {
		return "syntax " + err.Error()
	}
	f.Start()
	if o := msg.Object(); o != nil {
		f.Receive(o)
	}
	h.run(r, 10000)
	return strings.Join(h.log, "\n")
}
