package live

import (
	"net"
	"syscall"
)

// Allow is asked before a connection of a flow is made, with the host as the flow names it and
// the address that it has; nil is an address that only a proxy knows. An error refuses the
// connection, and becomes the node's. A nil Allow allows all.
type Allow func(host string, ip net.IP) error

// Dialer makes d ask before it connects to a host. It is asked with the address that is
// connected to: no name can change in between.
func (a Allow) Dialer(d net.Dialer, host string) *net.Dialer {
	if a != nil {
		d.Control = func(_, to string, _ syscall.RawConn) error {
			ip, _, err := net.SplitHostPort(to)
			if err != nil {
				return err
			}
			return a(host, net.ParseIP(ip))
		}
	}
	return &d
}

// Far asks about a host that a proxy connects to.
func (a Allow) Far(host string) error {
	if a == nil {
		return nil
	}
	return a(host, net.ParseIP(host))
}
