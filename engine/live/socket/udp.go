package socket

import (
	"context"
	"net"
	"strconv"
	"sync"
	"time"

	"github.com/lockstep-flows/lockstep/engine"
	"github.com/lockstep-flows/lockstep/engine/value"
)

// UDP performs the effects of the UDP nodes:
//
//	udp.open      {type: "udp4" | "udp6", port, iface, quiet: bool, group}
//	udp.interface {type, iface}              → {address} or {}
//	udp.quiet     {socket}
//	udp.send      {socket, data: Buffer, address, port} → {} or {error}
//
// A socket's number is that of the request that opened it. Opening answers
//
//	{event: "interface"}                     there is no interface of that name
//	{event: "listening", address, port, iface}
//	{event: "message", data: Buffer, ip, port}
//	{event: "error", error, call}            call is "bind" or "addMembership"
//
// quiet says that multicasts are not to come back to this machine; with a group the
// socket becomes a member of it. iface names an interface or is its address.
type UDP struct {
	opt  Options
	ctx  context.Context
	stop context.CancelFunc
	wg   sync.WaitGroup

	mu      sync.Mutex
	sockets map[uint64]*udp
}

// udp is one UDP socket with the datagrams that wait to be sent.
type udp struct {
	id     uint64
	typ    string
	mapped bool // IPv4 peers show as IPv6 addresses
	jobs   chan job
	done   chan struct{}

	mu    sync.Mutex
	c     *net.UDPConn
	ended bool
}

// job is what the socket's sender has to do.
type job func(c *net.UDPConn)

// maxDatagram is more than a UDP datagram can hold.
const maxDatagram = 64 << 10

// NewUDP makes the performer.
func NewUDP(o Options) *UDP {
	ctx, stop := context.WithCancel(context.Background())
	return &UDP{opt: o.filled(), ctx: ctx, stop: stop, sockets: map[uint64]*udp{}}
}

// Kinds are those of the UDP nodes.
func (p *UDP) Kinds() []string { return []string{"udp.open", "udp.interface", "udp.quiet", "udp.send"} }

// Perform opens a socket or hands it a datagram.
func (p *UDP) Perform(f engine.Effect, reply func(value.Value, bool)) error {
	o := value.Clone(f.Body).Object()
	switch f.Kind {
	case "udp.open":
		u := &udp{id: f.Request, typ: o.Get("type").Str(), jobs: make(chan job, p.opt.MaxDatagrams), done: make(chan struct{})}
		p.mu.Lock()
		p.sockets[u.id] = u
		p.mu.Unlock()
		p.wg.Go(func() { p.open(u, o, reply) })
	case "udp.interface":
		p.wg.Go(func() {
			out := value.NewObject()
			if a, ok := interfaceAddress(o.Get("iface").Str(), o.Get("type").Str()); ok {
				out.Set("address", value.Str(a))
			}
			reply(value.Of(out), true)
		})
	case "udp.quiet":
		if u := p.socket(o); u != nil {
			u.queue(func(c *net.UDPConn) { _ = quiet(c, u.typ) }) // what is closed stays closed
		}
	case "udp.send":
		p.queue(o, reply)
	}
	return nil
}

func (p *UDP) socket(o *value.Object) *udp {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.sockets[uint64(o.Get("socket").Num())]
}

func (u *udp) queue(j job) bool {
	select {
	case u.jobs <- j:
		return true
	default:
		return false
	}
}

// queue hands a datagram to its socket, or says that too many wait already.
func (p *UDP) queue(o *value.Object, reply func(value.Value, bool)) {
	refuse := func(code string) {
		to := value.ToString(o.Get("address")) + ":" + value.ToString(o.Get("port"))
		e := value.ThrownError("Error", "send "+code+" "+to)
		e.SetProp("code", value.Str(code))
		go reply(value.Obj("error", e), true)
	}
	u := p.socket(o)
	if u == nil {
		refuse("EBADF")
		return
	}
	send := func(c *net.UDPConn) { reply(p.send(u, c, o), true) }
	if !u.queue(send) {
		refuse("ENOBUFS")
	}
}

func (p *UDP) open(u *udp, o *value.Object, reply func(value.Value, bool)) {
	failed := func(err error, call string) {
		reply(value.Obj("event", "error", "error", err, "call", call), false)
	}
	iface := o.Get("iface").Str()
	if iface != "" {
		found, ok := interfaceAddress(iface, u.typ)
		if !ok {
			reply(value.Obj("event", "interface"), false)
		}
		iface = found
	}
	c, err := p.bind(u, int(value.ToNumber(o.Get("port"))))
	if err != nil {
		failed(err, "bind")
		p.drain(u)
		return
	}
	u.mu.Lock()
	ended := u.ended
	u.c = c
	u.mu.Unlock()
	if ended {
		_ = c.Close()
		return
	}
	p.wg.Go(func() { u.sendAll(c) })
	own := c.LocalAddr().(*net.UDPAddr)
	body := value.Obj("event", "listening", "address", own.IP.String(), "port", own.Port).Object()
	if iface != "" {
		body.Set("iface", value.Str(iface))
	}
	if o.Get("quiet").Bool() {
		_ = quiet(c, u.typ) // fails only on a closed socket
	}
	if o.Has("group") {
		if err := join(c, u.typ, value.ToString(o.Get("group")), iface); err != nil {
			body.Set("error", value.Of(err))
		}
	}
	reply(value.Of(body), false)
	u.read(c, reply)
}

// bind opens the socket; one of both families shows IPv4 peers as IPv6 addresses.
func (p *UDP) bind(u *udp, port int) (*net.UDPConn, error) {
	network, host := "udp4", "0.0.0.0"
	if u.typ == "udp6" {
		network, host, u.mapped = "udp", "::", true
	}
	lc := net.ListenConfig{Control: reuse}
	c, err := lc.ListenPacket(p.ctx, network, net.JoinHostPort(host, strconv.Itoa(port)))
	if err != nil {
		return nil, errorOf(err, "bind", &place{address: host, port: port})
	}
	return c.(*net.UDPConn), nil
}

func (u *udp) read(c *net.UDPConn, reply func(value.Value, bool)) {
	buf := make([]byte, maxDatagram)
	for {
		n, from, err := c.ReadFromUDP(buf)
		u.mu.Lock()
		ended := u.ended
		u.mu.Unlock()
		if ended {
			return
		}
		if err != nil {
			time.Sleep(acceptWait) // an answer of the network to something sent
			continue
		}
		data := append([]byte(nil), buf[:n]...)
		reply(value.Obj("event", "message", "data", data, "ip", address(from.IP, from.Zone, u.mapped), "port", from.Port), false)
	}
}

func (u *udp) sendAll(c *net.UDPConn) {
	for {
		select {
		case j := <-u.jobs:
			j(c)
		case <-u.done:
			for { // what was asked for before the end is still sent
				select {
				case j := <-u.jobs:
					j(c)
				default:
					_ = c.Close() // nothing can be lost
					return
				}
			}
		}
	}
}

// drain answers what was to be sent by a socket that could not be opened.
func (p *UDP) drain(u *udp) {
	c := &net.UDPConn{}
	for {
		select {
		case j := <-u.jobs:
			j(c)
		case <-u.done:
			return
		}
	}
}

func (p *UDP) send(u *udp, c *net.UDPConn, o *value.Object) value.Value {
	host, port := value.ToString(o.Get("address")), int(value.ToNumber(o.Get("port")))
	network, want := "ip4", "udp4"
	if u.typ == "udp6" {
		network, want = "ip6", "udp6"
	}
	ip, err := net.ResolveIPAddr(network, host)
	if err != nil && u.typ == "udp6" {
		ip, err = net.ResolveIPAddr("ip", host)
	}
	if err == nil && ip == nil {
		err = &net.DNSError{Name: host, IsNotFound: true}
	}
	if err != nil {
		if _, ok := err.(*net.AddrError); ok { //nolint:errorlint // what net returns
			err = &net.DNSError{Name: host, IsNotFound: true}
		}
		return value.Obj("error", errorOf(err, "send", nil), "type", want)
	}
	if p.opt.Allow != nil {
		if err := p.opt.Allow(host, ip.IP); err != nil {
			return value.Obj("error", value.ThrownError("Error", err.Error()))
		}
	}
	_, err = c.WriteToUDP(o.Get("data").Buffer().B, &net.UDPAddr{IP: ip.IP, Zone: ip.Zone, Port: port})
	if err != nil {
		return value.Obj("error", errorOf(err, "send", &place{address: ip.String(), port: port}))
	}
	return value.Of(value.NewObject())
}

// Cancel closes a socket, after what it has to send.
func (p *UDP) Cancel(request uint64) {
	p.mu.Lock()
	u := p.sockets[request]
	delete(p.sockets, request)
	p.mu.Unlock()
	if u != nil {
		u.end()
	}
}

func (u *udp) end() {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.ended {
		return
	}
	u.ended = true
	close(u.done)
	if u.c != nil {
		_ = u.c.SetReadDeadline(time.Now()) // wakes the reader; the sender closes
	}
}

// Close closes all sockets.
func (p *UDP) Close() error {
	p.stop()
	p.mu.Lock()
	list := p.sockets
	p.sockets = map[uint64]*udp{}
	p.mu.Unlock()
	for _, u := range list {
		u.end()
	}
	waitFor(&p.wg, lingerTime)
	return nil
}
