package mqtt

import (
	"errors"
	"fmt"
	"time"

	"github.com/lockstep-flows/lockstep/engine/live"
	"github.com/lockstep-flows/lockstep/engine/value"
)

type jobKind uint8

const (
	jobPublish jobKind = iota
	jobSubscribe
	jobUnsubscribe
)

// job is something for the broker.
type job struct {
	kind       jobKind
	message    *message
	topic      string
	topics     []subscription
	properties *value.Object
	reply      func(value.Value, bool)

	id       uint16
	released bool // quality 2: the broker has it, what is left is to say so
	dup      bool
	flies    bool // it counts as flying
	over     bool // it is acknowledged; a broker may do so before it is written again
}

// subscription is a topic filter with its options.
type subscription struct {
	topic      string
	qos        byte
	noLocal    bool
	keepRetain bool
	retained   byte // which retained messages are wanted
}

func (j *job) done(err error) {
	if j.reply == nil {
		return
	}
	var r refusal
	switch {
	case errors.As(err, &r):
		e := value.ThrownError("ErrorWithReasonCode", r.Error())
		e.SetProp("code", value.Int(int(r.code)))
		j.reply(value.Obj("error", e), true)
		return
	case err != nil:
		j.reply(live.Failure("", err.Error()), true)
		return
	}
	j.reply(value.Of(value.NewObject()), true)
}

// session is what outlives a connection.
type session struct {
	waiting  []*job          // not written yet
	flying   map[uint16]*job // written, not acknowledged
	order    []*job          // publications of flying, in the order they were written
	received map[uint16]*message
	lastID   uint16
	quota    int // how many publications may fly; 0 is any number
	count    int // publications that fly
}

func (s *session) init() {
	s.flying, s.received = map[uint16]*job{}, map[uint16]*message{}
}

// begin starts a connection: what flew is written again, before all else.
func (s *session) begin(quota int) {
	again := make([]*job, 0, len(s.order)+len(s.waiting))
	for _, j := range s.order {
		if s.flying[j.id] == j {
			j.dup, j.flies = true, false
			again = append(again, j)
		}
	}
	s.waiting = append(again, s.waiting...)
	s.order, s.count, s.quota = nil, 0, quota
}

// lost ends a connection: subscriptions that were not acknowledged are made anew by
// the node.
func (s *session) lost() {
	for id, j := range s.flying {
		if j.kind != jobPublish {
			delete(s.flying, id)
		}
	}
}

// drain takes out all jobs, when the client ends.
func (s *session) drain() []*job {
	left := s.waiting
	for _, j := range s.order {
		if s.flying[j.id] == j {
			left = append(left, j)
		}
	}
	s.waiting, s.order = nil, nil
	s.flying = map[uint16]*job{}
	return left
}

func (s *session) idle() bool { return len(s.waiting) == 0 && len(s.flying) == 0 }

// take gives the next job that may be written now, nil if there is none.
func (s *session) take() *job {
	for len(s.waiting) > 0 && s.waiting[0].over {
		s.waiting = s.waiting[1:]
	}
	if len(s.waiting) == 0 {
		return nil
	}
	j := s.waiting[0]
	counted := j.kind == jobPublish && j.message.qos > 0
	if counted && s.quota > 0 && s.count >= s.quota {
		return nil
	}
	if j.kind != jobPublish || counted {
		if j.id == 0 && !s.number(j) {
			return nil
		}
		s.flying[j.id] = j
	}
	if counted {
		s.order = append(s.order, j)
		s.count++
		j.flies = true
		s.trim()
	}
	s.waiting[0] = nil
	s.waiting = s.waiting[1:]
	return j
}

// number gives a job an identifier that is free.
func (s *session) number(j *job) bool {
	if len(s.flying) >= 65535 {
		return false
	}
	for {
		s.lastID++
		if s.lastID != 0 && s.flying[s.lastID] == nil {
			j.id = s.lastID
			return true
		}
	}
}

// trim forgets the order of what was acknowledged.
func (s *session) trim() {
	if len(s.order) < 2*s.count+64 {
		return
	}
	kept := s.order[:0]
	for _, j := range s.order {
		if s.flying[j.id] == j {
			kept = append(kept, j)
		}
	}
	clear(s.order[len(kept):])
	s.order = kept
}

// finish takes out an acknowledged job.
func (s *session) finish(id uint16) *job {
	j := s.flying[id]
	if j == nil {
		return nil
	}
	delete(s.flying, id)
	if j.over = true; j.flies {
		s.count--
	}
	return j
}

// maxWaiting is how many publications may wait to be written.
const maxWaiting = 20000

var errFull = errors.New("too many messages wait for the broker, this one is dropped")

func (c *client) publish(o *value.Object, reply func(value.Value, bool)) {
	j := &job{kind: jobPublish, message: readMessage(o), reply: reply}
	c.mu.Lock()
	full := len(c.session.waiting) >= maxWaiting
	if !full && !c.ending {
		c.session.waiting = append(c.session.waiting, j)
	}
	ending := c.ending
	c.mu.Unlock()
	switch {
	case ending:
		go j.done(errEnded)
	case full && j.reply == nil:
		c.dropped()
	case full:
		go j.done(fmt.Errorf("%w (%d wait)", errFull, maxWaiting))
	default:
		c.poke()
	}
}

// dropped counts publications that nobody waits for, and says now and then how many
// were lost.
func (c *client) dropped() {
	if c.lost.Add(1) > 1 {
		return // it is said already
	}
	time.AfterFunc(reportTime, func() {
		n := c.lost.Swap(0)
		err := fmt.Errorf("more than %d messages wait for the broker: %d are dropped", maxWaiting, n)
		c.event(value.Obj("event", "dropped", "error", value.ThrownError("Error", err.Error())))
	})
}

// reportTime is how long dropped messages are counted until it is said.
const reportTime = time.Second

func (c *client) subscribe(o *value.Object) {
	j := &job{kind: jobSubscribe}
	if p := o.Get("properties").Object(); p != nil {
		j.properties = value.Clone(value.Of(p)).Object()
	}
	for _, el := range value.Elements(o.Get("topics")) {
		t := el.Object()
		j.topics = append(j.topics, subscription{topic: t.Get("topic").Str(), qos: byte(t.Get("qos").Num()),
			noLocal: t.Get("nl").Bool(), keepRetain: t.Get("rap").Bool(), retained: byte(t.Get("rh").Num())})
	}
	c.queue(j)
}

// queue adds a job that is no publication.
func (c *client) queue(j *job) {
	c.mu.Lock()
	if !c.ending {
		c.session.waiting = append(c.session.waiting, j)
	}
	c.mu.Unlock()
	c.poke()
}
