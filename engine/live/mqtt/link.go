package mqtt

import (
	"bufio"
	"errors"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"github.com/lockstep-flows/lockstep/engine/value"
)

// link is one connection of a client.
type link struct {
	c         *client
	conn      net.Conn
	in        *bufio.Reader
	wmu       sync.Mutex // of out
	out       *bufio.Writer
	keepalive time.Duration
	heard     atomic.Bool // something came in since the last ping
	busy      atomic.Bool // what came in is being handed over

	// what came in together and is handed over together: see hand
	arrived *value.Array
	owed    []owed
}

// owed is an acknowledgement that is sent once a message is handed over.
type owed struct {
	kind byte
	id   uint16
}

// together is how many messages are handed over at a time, at most.
const together = 64

var errRefused = errors.New("the broker refused the connection")

// greet sends CONNECT, waits for its answer and readies the session.
func (l *link) greet() error {
	c := l.c
	_ = l.conn.SetDeadline(time.Now().Add(connectTime))
	if err := c.wire.connect(l.out, &c.opt); err != nil {
		return err
	}
	if err := l.out.Flush(); err != nil {
		return err
	}
	p, err := c.wire.read(l.in)
	if err != nil {
		return err
	}
	if p.kind != connack || p.code != 0 {
		return errRefused
	}
	_ = l.conn.SetDeadline(time.Time{})
	l.keepalive = time.Duration(c.opt.keepalive) * time.Second
	quota := 0
	body := value.Obj("event", "connect", "sessionPresent", p.sessionPresent)
	if o := p.properties; o != nil {
		body.Object().Set("properties", value.Of(o))
		if k, ok := o.Lookup("serverKeepAlive"); ok && c.opt.keepalive > 0 {
			l.keepalive = time.Duration(k.Num()) * time.Second
		}
		quota = int(o.Get("receiveMaximum").Num())
	}
	c.mu.Lock()
	if !p.sessionPresent {
		clear(c.session.received)
	}
	c.session.begin(quota)
	c.mu.Unlock()
	c.event(body)
	c.poke()
	return nil
}

// write writes what waits, as much as possible at a time, until done.
func (l *link) write(done <-chan struct{}) {
	for {
		finished, err := l.writeWaiting()
		if err != nil || finished {
			if err == nil {
				err = l.bye()
			}
			_ = l.conn.Close() // the reader ends the connection
			_ = err
			return
		}
		select {
		case <-l.c.wake:
		case <-done:
			return
		}
	}
}

// writeWaiting empties the queue. It reports whether the client is to end and
// nothing is left to do.
func (l *link) writeWaiting() (finished bool, err error) {
	var written []*job
	defer func() {
		for _, j := range written {
			j.done(nil)
		}
	}()
	l.wmu.Lock()
	defer l.wmu.Unlock()
	_ = l.conn.SetWriteDeadline(time.Now().Add(writeTime))
	for {
		l.c.mu.Lock()
		j := l.c.session.take()
		var released, dup bool
		if j != nil {
			released, dup = j.released, j.dup
		}
		finished = j == nil && l.c.ending && l.c.session.idle()
		l.c.mu.Unlock()
		if j == nil {
			return finished, l.out.Flush()
		}
		if err := l.send(j, released, dup); err != nil {
			return false, err
		}
		if j.kind == jobPublish && j.message.qos == 0 {
			written = append(written, j)
		}
	}
}

func (l *link) send(j *job, released, dup bool) error {
	w := l.c.wire
	switch {
	case j.kind == jobSubscribe:
		return w.subscribe(l.out, j.id, j)
	case j.kind == jobUnsubscribe:
		return w.unsubscribe(l.out, j.id, j.topic)
	case released:
		return w.ack(l.out, pubrel, j.id)
	}
	return w.publish(l.out, j.message, j.id, dup)
}

func (l *link) bye() error {
	l.wmu.Lock()
	defer l.wmu.Unlock()
	if err := l.c.wire.disconnect(l.out); err != nil {
		return err
	}
	return l.out.Flush()
}

// keepAlive sends a ping when nothing was heard for the time agreed, and gives the
// connection up if even that is not answered.
func (l *link) keepAlive(done <-chan struct{}) {
	t := time.NewTicker(l.keepalive)
	defer t.Stop()
	silent := 0
	for {
		select {
		case <-t.C:
		case <-done:
			return
		}
		if l.heard.Swap(false) || l.busy.Load() {
			silent = 0
		} else if silent++; silent > 1 {
			_ = l.conn.Close()
			return
		}
		l.wmu.Lock()
		_ = l.conn.SetWriteDeadline(time.Now().Add(writeTime))
		err := l.c.wire.ping(l.out)
		if err == nil {
			err = l.out.Flush()
		}
		l.wmu.Unlock()
		if err != nil {
			_ = l.conn.Close()
			return
		}
	}
}

// read takes in packets until the connection ends.
func (l *link) read() error {
	l.arrived = value.NewArray()
	for {
		p, err := l.c.wire.read(l.in)
		if err != nil {
			return errors.Join(l.hand(), err)
		}
		l.heard.Store(true)
		if err := l.take(p); err != nil {
			return err
		}
		if l.arrived.Len() >= together || !l.more() {
			if err := l.hand(); err != nil {
				return err
			}
		}
	}
}

// more reports whether another whole packet is there already.
func (l *link) more() bool {
	n := l.in.Buffered()
	if n < 2 {
		return false
	}
	head, _ := l.in.Peek(min(n, 5)) // it is buffered
	size, rest := length(head[1:])
	return size > 0 && n >= size+len(head)-len(rest)
}

// hand hands over the messages that came together, waiting while the flow is behind,
// and acknowledges them.
func (l *link) hand() error {
	if l.arrived.Len() > 0 {
		l.busy.Store(true)
		l.c.event(value.Obj("event", "messages", "messages", l.arrived))
		l.busy.Store(false)
		l.arrived = value.NewArray()
	}
	if len(l.owed) == 0 {
		return nil
	}
	l.wmu.Lock()
	defer l.wmu.Unlock()
	_ = l.conn.SetWriteDeadline(time.Now().Add(writeTime))
	for _, o := range l.owed {
		if err := l.c.wire.ack(l.out, o.kind, o.id); err != nil {
			return err
		}
	}
	l.owed = l.owed[:0]
	return l.out.Flush()
}

var errDisconnected = errors.New("the broker ended the connection")

func (l *link) take(p packet) error {
	switch p.kind {
	case publish:
		l.incoming(p)
	case pubrel:
		l.c.mu.Lock()
		m := l.c.session.received[p.id]
		delete(l.c.session.received, p.id)
		l.c.mu.Unlock()
		if m != nil {
			l.deliver(m)
		}
		l.owed = append(l.owed, owed{pubcomp, p.id})
	case pubrec:
		l.received(p)
	case puback, pubcomp, suback, unsuback:
		l.acknowledged(p)
	case disconnect:
		if err := l.hand(); err != nil {
			return err
		}
		body := value.Obj("event", "disconnect", "reasonCode", int(p.code))
		if p.properties != nil {
			body.Object().Set("properties", value.Of(p.properties))
		}
		l.c.event(body)
		return errDisconnected
	}
	return nil
}

func (l *link) incoming(p packet) {
	switch p.message.qos {
	case 0:
		l.deliver(p.message)
	case 1:
		l.deliver(p.message)
		l.owed = append(l.owed, owed{puback, p.id})
	default:
		l.c.mu.Lock()
		l.c.session.received[p.id] = p.message
		l.c.mu.Unlock()
		l.owed = append(l.owed, owed{pubrec, p.id})
	}
}

// deliver adds a message to those that are handed over next.
func (l *link) deliver(m *message) {
	o := value.NewObject(5)
	o.Set("topic", value.Str(m.topic))
	o.Set("payload", value.Bytes(m.payload))
	o.Set("qos", value.Int(int(m.qos)))
	o.Set("retain", value.Bool(m.retain))
	if m.properties != nil {
		o.Set("properties", value.Of(m.properties))
	}
	l.arrived.Append(value.Of(o))
}

// received handles PUBREC: the broker has the message, or refuses it.
func (l *link) received(p packet) {
	l.c.mu.Lock()
	j := l.c.session.flying[p.id]
	if j != nil && p.code >= 0x80 {
		l.c.session.finish(p.id)
	} else if j != nil {
		j.released = true
	}
	l.c.mu.Unlock()
	if j != nil && p.code >= 0x80 {
		j.done(refusal{"Publish error: ", p.code})
		l.c.poke()
		return
	}
	l.owed = append(l.owed, owed{pubrel, p.id})
}

func (l *link) acknowledged(p packet) {
	l.c.mu.Lock()
	j := l.c.session.finish(p.id)
	more := len(l.c.session.waiting) > 0 || l.c.ending
	l.c.mu.Unlock()
	if more {
		l.c.poke()
	}
	if j == nil {
		return
	}
	if p.kind == pubcomp && p.code == unknownID {
		p.code = 0 // it was released before the connection was lost
	}
	if j.kind == jobPublish && p.code > 0 && p.code != noSubscribers {
		j.done(refusal{"Publish error: ", p.code})
		return
	}
	j.done(nil)
}

// reason codes that are no failures: nobody got the message, and the broker does not
// know the identifier.
const (
	noSubscribers = 16
	unknownID     = 146
)

// refusal is a reason code as an error.
type refusal struct {
	what string
	code byte
}

// Error words the code.
func (r refusal) Error() string {
	if text := reasons[r.code]; text != "" {
		return r.what + text
	}
	return r.what + "undefined"
}

// reasons are the texts of MQTT 5's reason codes that answer a publication.
var reasons = map[byte]string{
	128: "Unspecified error", 131: "Implementation specific error", 135: "Not authorized", 144: "Topic Name invalid",
	145: "Packet identifier in use", 146: "Packet Identifier not found", 151: "Quota exceeded", 153: "Payload format invalid",
}
