package network

import (
	"slices"
	"strconv"
	"strings"

	"github.com/lockstep-flows/lockstep/engine"
	"github.com/lockstep-flows/lockstep/engine/value"
)

// result is the response to a request, with the behaviour of Express 4: what a
// function calls on msg.res ends in one effect.
type result struct {
	c       *engine.Call
	req     *value.Handle
	handle  value.Handle
	status  int
	headers []resultHeader // in order
	room    [6]resultHeader
	sent    bool
	methods [len(responseMethods)]value.Func
	live    [len(responseMethods)]value.Foreign
}

// resultHeader is a header as last spelled, and in lower case.
type resultHeader struct {
	name, key string
	value     string
	more      []string // further values
}

// responseMethods are those of Express that msg.res offers.
var responseMethods = [...]string{
	"append", "attachment", "cookie", "clearCookie", "download", "end", "format", "get", "json", "jsonp", "links", "location",
	"redirect", "render", "send", "sendfile", "sendFile", "sendStatus", "set", "status", "type", "vary",
}

func newResult(c *engine.Call, req *value.Handle) *result {
	r := &result{c: c, req: req, status: 200}
	r.headers = r.room[:0]
	r.handle = value.Handle{Class: "ServerResponse", ID: req.ID, Data: r, Fill: r.plainMethods}
	return r
}

// resultOf finds the response in msg.res.
func resultOf(v value.Value) *result {
	h := v.Handle()
	if o := v.Object(); o != nil {
		h = first(o, 0, "_res").Handle()
	}
	if h == nil {
		return nil
	}
	r, _ := h.Data.(*result)
	return r
}

// first is o.Get for a key that is probably at a position: it spares the index
// that a big object makes when it is looked into.
func first(o *value.Object, at int, key string) value.Value {
	if at < o.Len() && o.At(at).Key == key {
		return o.At(at).Value
	}
	return o.Get(key)
}

// wrapper is msg.res: the response as _res, and methods that warn when called.
func (r *result) wrapper() *value.Object {
	props := make([]value.Prop, 0, len(responseMethods)+1)
	props = append(props, value.Prop{Key: "_res", Value: value.Of(&r.handle)})
	var o *value.Object
	call := func(name string, args []value.Value) (value.Value, error) {
		r.c.Warn(value.Str(r.c.Text("httpin.errors.deprecated-call", "method", "msg.res."+name)))
		return r.call(name, args, value.Of(o))
	}
	for i, name := range responseMethods {
		r.methods[i] = value.Func{Key: name, Fn: call}
		r.live[i] = &r.methods[i]
		props = append(props, value.Prop{Key: name, Value: value.LiveAt(r.live[:], i)})
	}
	o = value.ObjectOf(props)
	return o
}

// plainMethods are those of the response itself, which do not warn.
func (r *result) plainMethods() *value.Object {
	props := value.NewObject(len(responseMethods))
	call := func(name string, args []value.Value) (value.Value, error) {
		return r.call(name, args, value.Of(&r.handle))
	}
	for _, name := range responseMethods {
		props.Set(name, value.Live(&value.Func{Key: name, Fn: call}))
	}
	return props
}

// call carries out a method; self is what chained calls go on with.
func (r *result) call(name string, args []value.Value, self value.Value) (value.Value, error) {
	arg := func(i int) value.Value {
		if i < len(args) {
			return args[i]
		}
		return value.Undefined
	}
	var err error
	switch name {
	case "status":
		r.status = int(value.ToNumber(arg(0)))
	case "set":
		if o := arg(0).Object(); o != nil {
			err = r.setAll(o)
		} else {
			err = r.set(value.ToString(arg(0)), arg(1))
		}
	case "get":
		return r.get(value.ToString(arg(0))), nil
	case "append":
		err = r.append(value.ToString(arg(0)), arg(1))
	case "type":
		err = r.set("Content-Type", value.Str(mediaType(value.ToString(arg(0)))))
	case "location":
		err = r.set("Location", arg(0))
	case "vary":
		err = r.append("Vary", arg(0))
	case "cookie":
		err = r.cookie(value.ToString(arg(0)), arg(1), arg(2).Object())
	case "clearCookie":
		err = r.clearCookie(value.ToString(arg(0)), arg(1).Object())
	case "redirect":
		err = r.redirect(arg(0), arg(1))
	case "send":
		err = r.sendAny(arg(0))
	case "end":
		err = r.end(arg(0))
	case "json":
		err = r.json(arg(0))
	case "jsonp":
		err = r.jsonp(arg(0))
	case "sendStatus":
		r.sendStatus(int(value.ToNumber(arg(0))))
	case "attachment":
		err = r.attachment(arg(0))
	default:
		err = value.ThrownError("Error", "msg.res."+name+" is not supported here: send the answer with an http response node")
	}
	return self, err
}

func (r *result) headersSent() error {
	return codeError("Error", "ERR_HTTP_HEADERS_SENT", "Cannot set headers after they are sent to the client")
}

func (r *result) setAll(o *value.Object) error {
	for i := range o.Len() {
		if err := r.set(o.At(i).Key, o.At(i).Value); err != nil {
			return err
		}
	}
	return nil
}

// set sets a header; a content type of text gets its charset.
func (r *result) set(name string, v value.Value) error {
	if r.sent {
		return r.headersSent()
	}
	key := strings.ToLower(name)
	var one [1]string
	list := one[:0]
	if a := v.Array(); a != nil {
		if key == "content-type" {
			return value.ThrownError("TypeError", "Content-Type cannot be set to an Array")
		}
		for _, e := range a.Elems {
			list = append(list, value.ToString(e))
		}
	} else {
		list = append(list, value.ToString(v))
	}
	if key == "content-type" && !strings.Contains(list[0], "charset") {
		base, _, _ := strings.Cut(list[0], ";")
		if base = strings.TrimSpace(base); strings.HasPrefix(base, "text/") || base == "application/json" || base == "application/javascript" {
			list[0] += "; charset=utf-8"
		}
	}
	for _, s := range list {
		if strings.ContainsAny(s, "\r\n\x00") {
			return codeError("TypeError", "ERR_INVALID_CHAR", "Invalid character in header content [\""+name+"\"]")
		}
	}
	h := r.header(key)
	if h == nil {
		r.headers = append(r.headers, resultHeader{name: name, key: key})
		h = &r.headers[len(r.headers)-1]
	}
	h.name, h.value, h.more = name, "", nil
	if len(list) > 0 {
		h.value = list[0]
	}
	if len(list) > 1 {
		h.more = slices.Clone(list[1:])
	}
	return nil
}

// header finds a header by its name in lower case.
func (r *result) header(key string) *resultHeader {
	for i := range r.headers {
		if r.headers[i].key == key {
			return &r.headers[i]
		}
	}
	return nil
}

func (r *result) append(name string, v value.Value) error {
	all := value.NewArray()
	if h := r.header(strings.ToLower(name)); h != nil {
		all.Append(value.Str(h.value))
		for _, s := range h.more {
			all.Append(value.Str(s))
		}
	}
	if a := v.Array(); a != nil {
		all.Append(a.Elems...)
	} else {
		all.Append(v)
	}
	return r.set(name, value.Of(all))
}

func (r *result) get(name string) value.Value {
	h := r.header(strings.ToLower(name))
	if h == nil {
		return value.Undefined
	}
	if h.more == nil {
		return value.Str(h.value)
	}
	a := value.NewArray(value.Str(h.value))
	for _, s := range h.more {
		a.Append(value.Str(s))
	}
	return value.Of(a)
}

func (r *result) drop(name string) {
	key := strings.ToLower(name)
	r.headers = slices.DeleteFunc(r.headers, func(h resultHeader) bool { return h.key == key })
}

// emit sends the answer.
func (r *result) emit(body []byte) error {
	if r.sent {
		return r.headersSent()
	}
	r.sent = true
	list := make([]value.Value, 0, 2*len(r.headers)+2)
	for i := range r.headers {
		h := &r.headers[i]
		list = append(list, value.Str(h.name), value.Str(h.value))
		for _, v := range h.more {
			list = append(list, value.Str(h.name), value.Str(v))
		}
	}
	r.c.Emit("http.respond", value.Of(value.ObjectOf([]value.Prop{
		{Key: "id", Value: value.Num(float64(r.req.ID))}, {Key: "status", Value: value.Int(r.status)},
		{Key: "headers", Value: value.Arr(list...)}, {Key: "body", Value: value.Bytes(body)},
	})))
	return nil
}

// asked is a header of the request.
func (r *result) asked(name string) string {
	return first(r.req.Props, 3, "headers").Object().Get(name).Str()
}

func (r *result) sendStatus(code int) {
	r.status = code
	if r.set("Content-Type", value.Str("text/plain; charset=utf-8")) == nil {
		_ = r.send(value.Str(statusText(code))) // fails only if it was answered already
	}
}

func itoa(n int) value.Value { return value.Str(strconv.Itoa(n)) }
