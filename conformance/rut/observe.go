package rut

import (
	"time"

	"github.com/lockstep-flows/lockstep/engine"
	"github.com/lockstep-flows/lockstep/engine/value"
)

// helper is a sink that every message arriving at is reported.
var helper = engine.Type{
	Name: "helper", Summary: "A sink for tests: what arrives is reported to the driver.",
	New: func(*engine.Call) (engine.Node, error) { return engine.Mute{}, nil },
}

// Input reports what arrives at helpers and at nodes subscribed to.
func (s *Server) Input(c *engine.Call, m value.Value) {
	if c.Type() != "helper" && !s.watched[c.ID()] {
		return
	}
	line := append([]byte(`{"ev":"input","node":`), value.AppendJSON(nil, value.Str(c.ID()))...)
	line = value.AppendTagged(append(line, `,"msg":`...), m)
	s.write(string(append(line, '}')))
}

// Called reports calls of the methods that the driver asked for.
func (s *Server) Called(c *engine.Call, method string, args ...value.Value) {
	if !s.report[method] {
		return
	}
	line := append([]byte(`{"ev":"call","node":`), value.AppendJSON(nil, value.Str(c.ID()))...)
	line = append(line, `,"method":"`+method+`","args":`...)
	line = value.AppendTagged(line, value.Arr(args...))
	s.write(string(append(line, '}')))
}

// alarm wakes the loop after some real time.
func (s *Server) alarm(ms float64) {
	l := s.live
	time.AfterFunc(time.Duration(ms*float64(time.Millisecond)), func() { l.Post(engine.Event{Kind: engine.EventTick}) })
}
