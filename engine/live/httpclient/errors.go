package httpclient

import (
	"context"
	"errors"
	"io"
	"net"
	"strconv"
	"strings"
	"syscall"

	"github.com/lockstep-flows/lockstep/engine/value"
)

// failure is an error with the class, code and text that Node-RED's client gives it.
type failure struct {
	name, code, text string
	// class of the error behind it, "" for none; node says that its stack names the code.
	class string
	node  bool
	// props of the error behind it: pairs of name and value.
	props []any
}

func (f *failure) Error() string { return f.text }

// dialFailure says to which address a connection failed.
type dialFailure struct {
	address string
	several bool // of several addresses
	err     error
}

func (f *dialFailure) Error() string { return "connect " + f.address + ": " + f.err.Error() }
func (f *dialFailure) Unwrap() error { return f.err }

// lookupFailure says which name has no address.
type lookupFailure struct {
	host string
	err  error
}

func (f *lookupFailure) Error() string { return "lookup " + f.host + ": " + f.err.Error() }
func (f *lookupFailure) Unwrap() error { return f.err }

var errnoNames = map[syscall.Errno]string{
	syscall.ECONNREFUSED: "ECONNREFUSED", syscall.ECONNRESET: "ECONNRESET", syscall.EHOSTUNREACH: "EHOSTUNREACH",
	syscall.ENETUNREACH: "ENETUNREACH", syscall.ETIMEDOUT: "ETIMEDOUT", syscall.EPIPE: "EPIPE", syscall.EADDRNOTAVAIL: "EADDRNOTAVAIL",
	syscall.EMFILE: "EMFILE", syscall.EACCES: "EACCES", syscall.ECONNABORTED: "ECONNABORTED", syscall.EINVAL: "EINVAL",
}

// nodeError gives an error the form in which Node-RED's client throws it: an error
// of its own whose cause is the one behind it.
func nodeError(err error) *value.Error {
	f := classify(err)
	code := f.code
	if f.name == "" {
		f.name = "RequestError"
	}
	if code == "" {
		code = "ERR_GOT_REQUEST_ERROR"
	}
	e := value.ThrownError(f.name, f.text)
	e.SetProp("code", value.Str(code))
	if f.class == "" {
		e.SetProp("cause", value.Of(value.NewObject()))
		return e
	}
	cause := value.NewError(f.class, f.text)
	if f.node {
		cause.Code = f.code
	}
	cause.Stack = cause.Error()
	cause.Code = ""
	if f.code != "" {
		cause.SetProp("code", value.Str(f.code))
	}
	for i := 0; i+1 < len(f.props); i += 2 {
		cause.SetProp(f.props[i].(string), value.From(f.props[i+1]))
	}
	e.SetProp("cause", value.Of(cause))
	return e
}

func classify(err error) failure {
	var own *failure
	if errors.As(err, &own) {
		return *own
	}
	var coded *value.Error
	if errors.As(err, &coded) {
		return failure{class: "Error", code: coded.Prop("code").Str(), text: coded.Message}
	}
	var l *lookupFailure
	if errors.As(err, &l) {
		code := "ENOTFOUND"
		var dns *net.DNSError
		if errors.As(err, &dns) && !dns.IsNotFound {
			code = "EAI_AGAIN"
		}
		number := -3008
		if code == "EAI_AGAIN" {
			number = -3001
		}
		return failure{class: "Error", code: code, text: "getaddrinfo " + code + " " + l.host, props: []any{"errno", number, "syscall", "getaddrinfo", "hostname", l.host}}
	}
	var no syscall.Errno
	name := ""
	if errors.As(err, &no) {
		name = errnoNames[no]
	}
	var d *dialFailure
	if errors.As(err, &d) && name != "" {
		if d.several {
			return failure{class: "AggregateError", code: name}
		}
		host, port, _ := net.SplitHostPort(d.address) // it was joined
		n, _ := strconv.Atoi(port)
		return failure{class: "Error", code: name, text: "connect " + name + " " + strings.NewReplacer("[", "", "]", "").Replace(d.address),
			props: []any{"errno", -int(no), "syscall", "connect", "address", host, "port", n}}
	}
	text := err.Error()
	switch {
	case name == "ECONNRESET":
		return failure{class: "Error", code: name, text: "read ECONNRESET", props: []any{"errno", -int(no), "syscall", "read"}}
	case name != "":
		return failure{class: "Error", code: name, text: "write " + name, props: []any{"errno", -int(no), "syscall", "write"}}
	case errors.Is(err, context.Canceled):
		return failure{name: "AbortError", code: "ERR_ABORTED", text: "This operation was aborted."}
	case errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || strings.Contains(text, "server closed idle connection"):
		return failure{class: "Error", code: "ECONNRESET", text: "socket hang up"}
	case strings.Contains(text, "response headers exceeded"):
		return failure{class: "Error", code: "HPE_HEADER_OVERFLOW", text: "Parse Error: Header overflow"}
	case strings.Contains(text, "malformed HTTP"):
		return failure{class: "Error", code: "HPE_INVALID_CONSTANT", text: "Parse Error: Expected HTTP/, RTSP/ or ICE/"}
	case strings.Contains(text, "first record does not look like a TLS handshake"):
		return failure{class: "Error", code: "EPROTO", text: "write EPROTO: wrong version number"}
	case strings.HasPrefix(text, "certificate and key") || strings.Contains(text, "passphrase"):
		return failure{class: "Error", code: "ERR_OSSL", text: text}
	}
	return failure{class: "Error", text: unwrapped(err)}
}

// unwrapped is an error's text without what net/http puts before it.
func unwrapped(err error) string {
	for {
		next := errors.Unwrap(err)
		if next == nil {
			return err.Error()
		}
		err = next
	}
}
