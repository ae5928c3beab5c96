package worker

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"time"

	"github.com/lockstep-flows/lockstep/engine/live"
)

// policy says which hosts flows may reach.
type policy struct {
	hosts []string // although their addresses are private; * is all
	own   []string // host:port of the worker's API
}

// special are ranges that are not the internet, beyond those that package net names.
var special = []netip.Prefix{
	netip.MustParsePrefix("0.0.0.0/8"), netip.MustParsePrefix("100.64.0.0/10"), netip.MustParsePrefix("192.0.0.0/24"), netip.MustParsePrefix("198.18.0.0/15"),
	netip.MustParsePrefix("240.0.0.0/4"), netip.MustParsePrefix("64:ff9b::/96"), netip.MustParsePrefix("2002::/16"),
}

// private reports whether an address is not one of the internet.
func private(ip net.IP) bool {
	a, ok := netip.AddrFromSlice(ip)
	if !ok {
		return true
	}
	a = a.Unmap()
	if a.IsPrivate() || a.IsLoopback() || a.IsLinkLocalUnicast() || a.IsMulticast() || a.IsUnspecified() || a.IsInterfaceLocalMulticast() {
		return true
	}
	return slices.ContainsFunc(special, func(p netip.Prefix) bool { return p.Contains(a) })
}

// Allow is asked before each connection of a flow; a nil address is known to a proxy only.
func (p *policy) Allow(host string, ip net.IP) error {
	if slices.Contains(p.hosts, "*") || slices.Contains(p.hosts, host) {
		return nil
	}
	if ip == nil {
		if ip = net.ParseIP(host); ip == nil {
			return nil
		}
	}
	if private(ip) {
		return fmt.Errorf("%s has the private address %s, which flows may not reach: LOCKSTEP_ALLOW_HOSTS can allow it", host, ip)
	}
	return nil
}

// client gives a client of HTTP that keeps to the policy; trusted hosts are those the
// operator has named, which may be anywhere.
func (p *policy) client(trusted func(host string) bool) *http.Client {
	dial := func(ctx context.Context, network, address string) (net.Conn, error) {
		host, _, err := net.SplitHostPort(address)
		if err != nil {
			return nil, err
		}
		var allow live.Allow
		if !trusted(host) && !slices.Contains(p.own, address) {
			allow = p.Allow
		}
		return allow.Dialer(net.Dialer{Timeout: 10 * time.Second}, host).DialContext(ctx, network, address)
	}
	return &http.Client{Transport: &http.Transport{DialContext: dial, ForceAttemptHTTP2: true, MaxIdleConns: 16, IdleConnTimeout: 30 * time.Second, ResponseHeaderTimeout: 60 * time.Second}}
}
