package socket

import (
	"errors"
	"net"
	"strings"
	"syscall"

	"golang.org/x/net/ipv4"
	"golang.org/x/net/ipv6"

	"github.com/lockstep-flows/lockstep/engine/value"
)

// multicastTTL is how many routers a multicast may pass.
const multicastTTL = 128

// quiet keeps the socket's multicasts from coming back to this machine.
func quiet(c *net.UDPConn, typ string) error {
	if typ == "udp6" {
		return ipv6.NewPacketConn(c).SetMulticastLoopback(false)
	}
	return ipv4.NewPacketConn(c).SetMulticastLoopback(false)
}

// join makes the socket a member of a multicast group, on the interface that has
// an address or on the one the system chooses.
func join(c *net.UDPConn, typ, group, iface string) *value.Error {
	failed := func(err error) *value.Error { return errorOf(err, "addMembership", nil) }
	ip := net.ParseIP(group)
	if ip == nil || ip.To4() == nil && typ != "udp6" {
		return failed(syscall.EINVAL)
	}
	ifi, err := interfaceOf(iface)
	if err != nil {
		return failed(err)
	}
	to := &net.UDPAddr{IP: ip}
	if typ == "udp6" {
		err = ipv6.NewPacketConn(c).SetMulticastHopLimit(multicastTTL)
	} else {
		err = ipv4.NewPacketConn(c).SetMulticastTTL(multicastTTL)
	}
	if ip.To4() == nil { // a socket of both families can be in groups of both
		err = errors.Join(err, ipv6.NewPacketConn(c).JoinGroup(ifi, to))
	} else {
		err = errors.Join(err, ipv4.NewPacketConn(c).JoinGroup(ifi, to))
	}
	if err != nil {
		return failed(err)
	}
	return nil
}

// interfaceOf finds the interface that has an address.
func interfaceOf(addr string) (*net.Interface, error) {
	if addr == "" {
		return nil, nil
	}
	host, zone, _ := strings.Cut(addr, "%")
	ip := net.ParseIP(host)
	if ip == nil {
		return nil, syscall.EINVAL
	}
	list, err := net.Interfaces()
	if err != nil {
		return nil, err
	}
	for i := range list {
		if zone != "" && list[i].Name != zone {
			continue
		}
		for _, a := range addressesOf(&list[i]) {
			if a.Equal(ip) {
				return &list[i], nil
			}
		}
	}
	return nil, syscall.ENODEV
}

func addressesOf(ifi *net.Interface) []net.IP {
	addrs, err := ifi.Addrs()
	if err != nil || ifi.Flags&net.FlagUp == 0 {
		return nil
	}
	var list []net.IP
	for _, a := range addrs {
		if n, ok := a.(*net.IPNet); ok {
			list = append(list, n.IP)
		}
	}
	return list
}

// interfaceAddress gives the address of a named interface; a name with a dot is an
// address already. Of the interface's first two addresses, that of the wanted
// family is the first or the second, as Node-RED takes it.
func interfaceAddress(name, typ string) (string, bool) {
	if strings.Contains(name, ".") || strings.Contains(name, ":") {
		return name, true
	}
	ifi, err := net.InterfaceByName(name)
	if err != nil {
		return "", false
	}
	list := addressesOf(ifi)
	if len(list) == 0 {
		return "", false
	}
	at := 0
	if (list[0].To4() == nil) == (typ == "udp4") {
		at = 1
	}
	if at >= len(list) {
		return "", false
	}
	return list[at].String(), true
}
