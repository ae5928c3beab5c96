package journal

import (
	"bytes"
	"cmp"
	"slices"

	"github.com/lockstep-flows/lockstep/engine"
	"github.com/lockstep-flows/lockstep/engine/value"
)

// streamKey names the effects that are compared with each other when the flows
// have changed.
type streamKey struct{ node, kind string }

// stream holds what one side has put out and the other has not yet.
type stream struct{ want, got []*Record }

// recorded notes an effect of the recorded run.
func (p *player) recorded(rec *Record) {
	if !p.o.Changed {
		return
	}
	f := rec.Effect
	if f.Request != 0 && f.Kind != "cancel" {
		k := requestKey{f.Node, f.Kind}
		p.asked[k] = append(p.asked[k], f.Request)
	}
}

// changed compares an effect of changed flows: with the next one that the same node
// put out then.
func (p *player) changed(f engine.Effect) {
	if f.Request != 0 && f.Kind != "cancel" {
		k := requestKey{f.Node, f.Kind}
		if list := p.asked[k]; len(list) > 0 {
			p.ids[list[0]] = f.Request
			p.asked[k] = list[1:]
		}
	}
	got := &Record{Kind: EffectRecord, Event: engine.Event{}, Effect: f}
	got.Effect.Body = value.Clone(f.Body)
	p.drain()
	s := p.stream(f)
	s.got = append(s.got, got)
	p.settle(s)
}

// drain moves the recorded effects that are due to their streams.
func (p *player) drain() {
	for _, rec := range p.want {
		s := p.stream(rec.Effect)
		s.want = append(s.want, rec)
		p.settle(s)
	}
	p.want = p.want[:0]
}

func (p *player) stream(f engine.Effect) *stream {
	k := streamKey{f.Node, f.Kind}
	s := p.streams[k]
	if s == nil {
		s = &stream{}
		p.streams[k] = s
	}
	return s
}

func (p *player) settle(s *stream) {
	for len(s.want) > 0 && len(s.got) > 0 {
		w, g := s.want[0], s.got[0]
		s.want, s.got = s.want[1:], s.got[1:]
		if !bytes.Equal(value.AppendTagged(nil, w.Effect.Body), value.AppendTagged(nil, g.Effect.Body)) {
			_ = p.differs(Difference{Event: p.now, Want: w, Got: g})
		}
	}
}

// leftOver counts what only one side has put out.
func (p *player) leftOver() {
	p.drain()
	for _, k := range sortedStreams(p.streams) {
		s := p.streams[k]
		for _, w := range s.want {
			_ = p.differs(Difference{Want: w})
		}
		for _, g := range s.got {
			_ = p.differs(Difference{Got: g})
		}
	}
}

func sortedStreams(m map[streamKey]*stream) []streamKey {
	keys := make([]streamKey, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, func(a, b streamKey) int {
		return cmp.Or(cmp.Compare(a.node, b.node), cmp.Compare(a.kind, b.kind))
	})
	return keys
}
