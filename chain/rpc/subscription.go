package rpc

import (
	"context"
	"encoding/json"
	"errors"
	"sync"
	"time"
)

// Subscription yields what a node tells. When the connection breaks it is made again,
// maybe at another endpoint; what happened in between is not told: read it.
type Subscription struct {
	// Renewed counts how often it was made again; read it after a value of C.
	Renewed func() int

	method, unsubscribe string
	params              []any
	out                 chan json.RawMessage
	lost                chan struct{}
	done                chan struct{}
	once                sync.Once
	mu                  sync.Mutex
	leave               func()
	renewed             int
	err                 error
}

// queue is how many notifications wait for who reads them; further ones push out the
// oldest.
const queue = 256

// Subscribe makes a subscription. Its channel is closed when ctx or the client ends.
func (c *Client) Subscribe(ctx context.Context, method, unsubscribe string, params ...any) (*Subscription, error) {
	if params == nil {
		params = []any{}
	}
	s := &Subscription{method: method, unsubscribe: unsubscribe, params: params, out: make(chan json.RawMessage, queue), lost: make(chan struct{}, 1), done: make(chan struct{})}
	s.Renewed = func() int {
		s.mu.Lock()
		defer s.mu.Unlock()
		return s.renewed
	}
	if err := c.try(ctx, func(e endpoint) error { return e.subscribe(ctx, s) }); err != nil {
		return nil, err
	}
	go s.keep(ctx, c)
	return s, nil
}

// C yields the notifications.
func (s *Subscription) C() <-chan json.RawMessage { return s.out }

// Close ends the subscription.
func (s *Subscription) Close() { s.once.Do(func() { close(s.done) }) }

// Err says why it ended, nil if it was closed.
func (s *Subscription) Err() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.err
}

// keep makes the subscription again whenever its connection breaks.
func (s *Subscription) keep(ctx context.Context, c *Client) {
	defer close(s.out)
	pause := c.o.Pause
	for {
		select {
		case <-s.lost:
		case <-ctx.Done():
			s.end(ctx.Err())
			return
		case <-s.done:
			s.end(nil)
			return
		case <-c.ended:
			s.end(ErrClosed)
			return
		}
		for {
			n, e := c.current()
			err := e.subscribe(ctx, s)
			if err == nil {
				pause = c.o.Pause
				s.mu.Lock()
				s.renewed++
				s.mu.Unlock()
				break
			}
			var answer *Error
			if errors.As(err, &answer) {
				s.end(err)
				return
			}
			c.failed(n)
			select {
			case <-time.After(pause):
			case <-ctx.Done():
				s.end(ctx.Err())
				return
			case <-s.done:
				return
			case <-c.ended:
				s.end(ErrClosed)
				return
			}
			pause = min(2*pause, c.o.MaxPause)
		}
	}
}

func (s *Subscription) end(err error) {
	s.mu.Lock()
	s.err = err
	leave := s.leave
	s.mu.Unlock()
	if leave != nil && !errors.Is(err, ErrClosed) {
		leave()
	}
}

func (s *Subscription) setLeave(f func()) {
	s.mu.Lock()
	s.leave = f
	s.mu.Unlock()
}

func (s *Subscription) lose() {
	select {
	case s.lost <- struct{}{}:
	default:
	}
}

// put adds a notification; the oldest goes if nobody reads.
func (s *Subscription) put(r json.RawMessage) {
	for {
		select {
		case <-s.done:
			return
		case s.out <- r:
			return
		default:
		}
		select {
		case <-s.out:
		default:
		}
	}
}
