package socket

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"strconv"
	"time"

	"github.com/lockstep-flows/lockstep/engine/live"
	"github.com/lockstep-flows/lockstep/engine/value"
)

// listen opens a server.
func (p *TCP) listen(id uint64, o *value.Object, reply func(value.Value, bool)) {
	port := int(value.ToNumber(o.Get("port")))
	failed := func(err error) {
		go reply(value.Obj("event", "error", "error", err), true)
	}
	var config *tls.Config
	if t := o.Get("tls").Object(); t != nil {
		var err error
		if config, err = live.TLSConfig(t, p.opt.Dir); err != nil {
			failed(err)
			return
		}
		if len(config.Certificates) == 0 {
			config.Certificates = []tls.Certificate{{}} // clients are refused, as without a certificate in Node.js
		}
	}
	lc := net.ListenConfig{KeepAliveConfig: keepAlive(true), KeepAlive: -1}
	l, err := lc.Listen(p.ctx, "tcp", ":"+strconv.Itoa(port))
	if err != nil {
		failed(errorOf(err, "listen", &place{address: "::", port: port, listen: true}))
		return
	}
	s := &server{listener: l, conns: map[uint64]*conn{}}
	p.mu.Lock()
	p.servers[id] = s
	p.mu.Unlock()
	p.wg.Go(func() {
		reply(value.Obj("event", "listening", "port", l.Addr().(*net.TCPAddr).Port), false)
		p.accept(s, config, millisOr0(o.Get("timeout")), reply)
	})
}

func millisOr0(v value.Value) time.Duration {
	if v.IsNullish() {
		return 0
	}
	return millis(v)
}

func (p *TCP) accept(s *server, config *tls.Config, timeout time.Duration, reply func(value.Value, bool)) {
	own, _ := s.listener.Addr().(*net.TCPAddr)
	mapped := own != nil && own.IP.To4() == nil
	for {
		nc, err := s.listener.Accept()
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err != nil { // too many files, or a client that is gone already
			time.Sleep(acceptWait)
			continue
		}
		p.mu.Lock()
		p.last++
		c := newConn(p.last, p.opt.MaxPending, reply)
		c.timeout = timeout
		stopped := s.stopped
		if !stopped {
			p.conns[c.id], s.conns[c.id] = c, c
		}
		p.mu.Unlock()
		if stopped {
			_ = nc.Close()
			return
		}
		p.wg.Go(func() {
			defer p.forget(c, s)
			p.serve(c, nc, config, mapped)
		})
	}
}

func (p *TCP) serve(c *conn, nc net.Conn, config *tls.Config, mapped bool) {
	if config == nil {
		c.opened(nc, mapped)
		c.run(nc)
		return
	}
	ctx, cancel := context.WithTimeout(p.ctx, handshakeTime)
	defer cancel()
	secure := tls.Server(nc, config)
	if secure.HandshakeContext(ctx) != nil {
		_ = nc.Close()
		close(c.gone)
		return
	}
	c.opened(nc, mapped)
	c.run(secure)
}

// close stops accepting and ends what was accepted.
func (p *TCP) close(s *server) {
	p.mu.Lock()
	s.stopped = true
	list := make([]*conn, 0, len(s.conns))
	for _, c := range s.conns {
		list = append(list, c)
	}
	p.mu.Unlock()
	_ = s.listener.Close() // closed already by Close
	for _, c := range list {
		c.end()
		t := time.AfterFunc(lingerTime, c.destroy)
		go func() {
			<-c.gone
			t.Stop()
		}()
	}
}
