package socket

import (
	"bytes"
	"context"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"os"
	"strconv"
	"syscall"

	"github.com/lockstep-flows/lockstep/engine/value"
)

// errno is how Node.js names and words an error of the system; numbers are Linux's.
type errno struct {
	number     int
	code, text string
}

var errnos = map[syscall.Errno]errno{
	syscall.EPERM:           {-1, "EPERM", "operation not permitted"},
	syscall.EBADF:           {-9, "EBADF", "bad file descriptor"},
	syscall.EACCES:          {-13, "EACCES", "permission denied"},
	syscall.EINVAL:          {-22, "EINVAL", "invalid argument"},
	syscall.ENODEV:          {-19, "ENODEV", "no such device"},
	syscall.EMFILE:          {-24, "EMFILE", "too many open files"},
	syscall.EPIPE:           {-32, "EPIPE", "broken pipe"},
	syscall.EMSGSIZE:        {-90, "EMSGSIZE", "message too long"},
	syscall.EADDRINUSE:      {-98, "EADDRINUSE", "address already in use"},
	syscall.EADDRNOTAVAIL:   {-99, "EADDRNOTAVAIL", "address not available"},
	syscall.ENETDOWN:        {-100, "ENETDOWN", "network is down"},
	syscall.ENETUNREACH:     {-101, "ENETUNREACH", "network is unreachable"},
	syscall.ECONNABORTED:    {-103, "ECONNABORTED", "software caused connection abort"},
	syscall.ECONNRESET:      {-104, "ECONNRESET", "connection reset by peer"},
	syscall.ENOBUFS:         {-105, "ENOBUFS", "no buffer space available"},
	syscall.EISCONN:         {-106, "EISCONN", "socket is already connected"},
	syscall.ENOTCONN:        {-107, "ENOTCONN", "socket is not connected"},
	syscall.ETIMEDOUT:       {-110, "ETIMEDOUT", "connection timed out"},
	syscall.ECONNREFUSED:    {-111, "ECONNREFUSED", "connection refused"},
	syscall.EHOSTUNREACH:    {-113, "EHOSTUNREACH", "host is unreachable"},
	syscall.EAFNOSUPPORT:    {-97, "EAFNOSUPPORT", "address family not supported"},
	syscall.EPROTONOSUPPORT: {-93, "EPROTONOSUPPORT", "protocol not supported"},
}

// place says where an error happened: an address and port, as far as Node.js tells them.
type place struct {
	address string
	port    int
	listen  bool // worded as errors of listen and bind are
}

// errorOf words an error of the system call as Node.js does.
func errorOf(err error, call string, at *place) *value.Error {
	var dns *net.DNSError
	if errors.As(err, &dns) {
		return dnsError(dns)
	}
	known := lookup(err)
	if known == nil {
		return tlsError(err)
	}
	text := call + " " + known.code
	if at != nil && at.listen {
		text += ": " + known.text
	}
	if at != nil && at.address != "" {
		text += " " + at.address
		if at.port >= 0 {
			text += ":" + strconv.Itoa(at.port)
		}
	}
	e := value.ThrownError("Error", text)
	if at != nil && at.listen {
		e.SetProp("code", value.Str(known.code))
		e.SetProp("errno", value.Int(known.number))
	} else {
		e.SetProp("errno", value.Int(known.number))
		e.SetProp("code", value.Str(known.code))
	}
	e.SetProp("syscall", value.Str(call))
	if at != nil && at.address != "" {
		e.SetProp("address", value.Str(at.address))
		if at.port >= 0 {
			e.SetProp("port", value.Int(at.port))
		}
	}
	return e
}

func lookup(err error) *errno {
	var no syscall.Errno
	if errors.As(err, &no) {
		if known, ok := errnos[no]; ok {
			return &known
		}
	}
	switch {
	case errors.Is(err, os.ErrDeadlineExceeded), errors.Is(err, context.DeadlineExceeded):
		known := errnos[syscall.ETIMEDOUT]
		return &known
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, net.ErrClosed):
		known := errnos[syscall.ECONNRESET]
		return &known
	}
	return nil
}

const (
	eaiAgain  = -3001
	eaiNoName = -3008
)

func dnsError(dns *net.DNSError) *value.Error {
	code, number := "ENOTFOUND", eaiNoName
	if !dns.IsNotFound {
		code, number = "EAI_AGAIN", eaiAgain
	}
	e := value.ThrownError("Error", "getaddrinfo "+code+" "+dns.Name)
	e.SetProp("errno", value.Int(number))
	e.SetProp("code", value.Str(code))
	e.SetProp("syscall", value.Str("getaddrinfo"))
	e.SetProp("hostname", value.Str(dns.Name))
	return e
}

// tlsError words what is wrong with a certificate as Node.js does.
func tlsError(err error) *value.Error {
	var (
		unknown x509.UnknownAuthorityError
		invalid x509.CertificateInvalidError
		name    x509.HostnameError
	)
	code, text := "", err.Error()
	switch {
	case errors.As(err, &unknown):
		code, text = "UNABLE_TO_VERIFY_LEAF_SIGNATURE", "unable to verify the first certificate"
		if c := unknown.Cert; c != nil && bytes.Equal(c.RawIssuer, c.RawSubject) {
			code, text = "DEPTH_ZERO_SELF_SIGNED_CERT", "self-signed certificate"
		}
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		code, text = "CERT_HAS_EXPIRED", "certificate has expired"
	case errors.As(err, &name):
		code, text = "ERR_TLS_CERT_ALTNAME_INVALID", "Hostname/IP does not match certificate's altnames: "+name.Error()
	}
	e := value.ThrownError("Error", text)
	if code != "" {
		e.SetProp("code", value.Str(code))
	}
	return e
}
