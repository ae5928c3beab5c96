package httpclient

import (
	"bufio"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/lockstep-flows/lockstep/engine/weburl"
)

// dialer connects to hosts: itself or through a proxy.
type dialer struct {
	allow func(host string, ip net.IP) error
	own   []string
	proxy *weburl.URL
	tls   *tls.Config
}

// familyTime is how long an address has before the next one is tried too, as in Node.js.
const familyTime = 250 * time.Millisecond

func (d *dialer) dial(ctx context.Context, _, address string) (net.Conn, error) {
	c, err := d.connect(ctx, address)
	if err != nil {
		return nil, err
	}
	return &conn{Conn: c}, nil
}

func (d *dialer) dialTLS(ctx context.Context, _, address string) (net.Conn, error) {
	c, err := d.connect(ctx, address)
	if err != nil {
		return nil, err
	}
	host, _, _ := net.SplitHostPort(address) // net/http gives host:port
	s, err := secure(ctx, c, d.tls, host)
	if err != nil {
		return nil, err
	}
	return &conn{Conn: s}, nil
}

// connect gives a connection to an address, through the proxy if there is one.
func (d *dialer) connect(ctx context.Context, address string) (net.Conn, error) {
	if d.proxy == nil {
		return d.direct(ctx, address)
	}
	if host, _, err := net.SplitHostPort(address); d.allow != nil && err == nil {
		if err := d.allow(host, nil); err != nil {
			return nil, err
		}
	}
	c, err := d.direct(ctx, net.JoinHostPort(strings.Trim(d.proxy.Hostname, "[]"), d.proxy.DialPort()))
	if err != nil {
		return nil, err
	}
	if d.proxy.Scheme == "https" {
		if c, err = secure(ctx, c, &tls.Config{MinVersion: tls.VersionTLS12}, strings.Trim(d.proxy.Hostname, "[]")); err != nil {
			return nil, err
		}
	}
	if err := d.tunnel(ctx, c, address); err != nil {
		_ = c.Close() // the tunnel's error counts
		return nil, err
	}
	return c, nil
}

// tunnel asks the proxy for a way to an address.
func (d *dialer) tunnel(ctx context.Context, c net.Conn, address string) error {
	stop := context.AfterFunc(ctx, func() { _ = c.SetDeadline(time.Unix(1, 0)) })
	defer stop()
	text := "CONNECT " + address + " HTTP/1.1\r\nconnection: keep-alive\r\nhost: " + address + "\r\n"
	if d.proxy.User != "" || d.proxy.Password != "" {
		user, _ := url.PathUnescape(d.proxy.User) // it is escaped
		password, _ := url.PathUnescape(d.proxy.Password)
		text += "proxy-authorization: Basic " + base64.StdEncoding.EncodeToString([]byte(user+":"+password)) + "\r\n"
	}
	if _, err := c.Write([]byte(text + "\r\n")); err != nil {
		return err
	}
	// One byte at a time: what follows the answer belongs to the tunnel.
	res, err := http.ReadResponse(bufio.NewReaderSize(oneByte{c}, 16), &http.Request{Method: http.MethodConnect})
	if err != nil {
		return err
	}
	if res.StatusCode != http.StatusOK {
		return &failure{class: "Error", text: "Bad response: " + strconv.Itoa(res.StatusCode)}
	}
	return nil
}

type oneByte struct{ net.Conn }

func (o oneByte) Read(b []byte) (int, error) { return o.Conn.Read(b[:1]) }

// direct connects to one of a host's addresses.
func (d *dialer) direct(ctx context.Context, address string) (net.Conn, error) {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	ips, err := lookup(ctx, host)
	if err != nil {
		return nil, err
	}
	var first error
	for i, ip := range ips {
		if d.allow != nil && !slices.Contains(d.own, address) {
			if err := d.allow(host, ip); err != nil {
				return nil, err
			}
		}
		attempt, cancel := ctx, func() {}
		if i < len(ips)-1 {
			attempt, cancel = context.WithTimeout(ctx, familyTime)
		}
		c, err := (&net.Dialer{}).DialContext(attempt, "tcp", net.JoinHostPort(ip.String(), port))
		cancel()
		if err == nil {
			return c, nil
		}
		if first == nil {
			first = &dialFailure{net.JoinHostPort(ip.String(), port), len(ips) > 1, err}
		}
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
	}
	return nil, first
}

func lookup(ctx context.Context, host string) ([]net.IP, error) {
	if ip := net.ParseIP(strings.Trim(host, "[]")); ip != nil {
		return []net.IP{ip}, nil
	}
	addrs, err := net.DefaultResolver.LookupIPAddr(ctx, host)
	if err != nil {
		return nil, &lookupFailure{host, err}
	}
	ips := make([]net.IP, len(addrs))
	for i, a := range addrs {
		ips[i] = a.IP
	}
	return ips, nil
}

// secure makes a connection one of TLS. The chain is checked before the name, as
// OpenSSL does, so that the errors are the same.
func secure(ctx context.Context, c net.Conn, cfg *tls.Config, host string) (net.Conn, error) {
	cfg = cfg.Clone()
	if cfg.ServerName == "" {
		cfg.ServerName = host
	}
	if !cfg.InsecureSkipVerify {
		cfg.InsecureSkipVerify = true //nolint:gosec // VerifyConnection does it
		cfg.VerifyConnection = func(s tls.ConnectionState) error { return verify(s, cfg.RootCAs, cfg.ServerName) }
	}
	s := tls.Client(c, cfg)
	if err := s.HandshakeContext(ctx); err != nil {
		_ = c.Close() // the handshake's error counts
		return nil, err
	}
	return s, nil
}

func verify(s tls.ConnectionState, roots *x509.CertPool, name string) error {
	o := x509.VerifyOptions{Roots: roots, Intermediates: x509.NewCertPool()}
	for _, c := range s.PeerCertificates[1:] {
		o.Intermediates.AddCert(c)
	}
	leaf := s.PeerCertificates[0]
	if _, err := leaf.Verify(o); err != nil {
		return chainFailure(err, s.PeerCertificates)
	}
	if len(leaf.DNSNames) == 0 && len(leaf.IPAddresses) == 0 && strings.EqualFold(leaf.Subject.CommonName, name) {
		return nil // certificates of old have no other name
	}
	if err := leaf.VerifyHostname(name); err != nil {
		return nameFailure(leaf, name)
	}
	return nil
}

// chainFailure words a chain that is not trusted as OpenSSL does.
func chainFailure(err error, chain []*x509.Certificate) error {
	selfSigned := func(c *x509.Certificate) bool {
		return c.CheckSignatureFrom(c) == nil || string(c.RawIssuer) == string(c.RawSubject)
	}
	var invalid x509.CertificateInvalidError
	if errors.As(err, &invalid) && invalid.Reason == x509.Expired {
		if time.Now().Before(chain[0].NotBefore) {
			return &failure{class: "Error", code: "CERT_NOT_YET_VALID", text: "certificate is not yet valid"}
		}
		return &failure{class: "Error", code: "CERT_HAS_EXPIRED", text: "certificate has expired"}
	}
	last := chain[len(chain)-1]
	switch {
	case len(chain) == 1 && selfSigned(last):
		return &failure{class: "Error", code: "DEPTH_ZERO_SELF_SIGNED_CERT", text: "self-signed certificate"}
	case selfSigned(last):
		return &failure{class: "Error", code: "SELF_SIGNED_CERT_IN_CHAIN", text: "self-signed certificate in certificate chain"}
	case len(chain) == 1:
		return &failure{class: "Error", code: "UNABLE_TO_VERIFY_LEAF_SIGNATURE", text: "unable to verify the first certificate"}
	}
	return &failure{class: "Error", code: "UNABLE_TO_GET_ISSUER_CERT_LOCALLY", text: "unable to get local issuer certificate"}
}

func nameFailure(c *x509.Certificate, name string) error {
	reason := ""
	var names []string
	for _, n := range c.DNSNames {
		names = append(names, "DNS:"+n)
	}
	for _, ip := range c.IPAddresses {
		names = append(names, "IP Address:"+ip.String())
	}
	switch {
	case net.ParseIP(name) != nil:
		var ips []string
		for _, ip := range c.IPAddresses {
			ips = append(ips, ip.String())
		}
		reason = "IP: " + name + " is not in the cert's list: " + strings.Join(ips, ", ")
	case len(c.DNSNames) > 0:
		reason = "Host: " + name + ". is not in the cert's altnames: " + strings.Join(names, ", ")
	default:
		reason = "Host: " + name + ". is not cert's CN: " + c.Subject.CommonName
	}
	return &failure{class: "Error", code: "ERR_TLS_CERT_ALTNAME_INVALID", text: "Hostname/IP does not match certificate's altnames: " + reason}
}
