package network

import (
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
	handle  *value.Handle
	status  int
	names   []string // headers as first spelled, in order
	values  map[string][]string
	sent    bool
	methods [len(responseMethods)]value.Func
}

// responseMethods are those of Express that msg.res offers.
var responseMethods = [...]string{
	"append", "attachment", "cookie", "clearCookie", "download", "end", "format", "get", "json", "jsonp", "links", "location",
	"redirect", "render", "send", "sendfile", "sendFile", "sendStatus", "set", "status", "type", "vary",
}

func newResult(c *engine.Call, req *value.Handle) *result {
	r := &result{c: c, req: req, status: 200, values: map[string][]string{}}
	r.handle = &value.Handle{Class: "ServerResponse", ID: req.ID, Data: r}
	return r
}

// resultOf finds the response in msg.res.
func resultOf(v value.Value) *result {
	h := v.Handle()
	if o := v.Object(); o != nil {
		h = o.Get("_res").Handle()
	}
	if h == nil {
		return nil
	}
	r, _ := h.Data.(*result)
	return r
}

// wrapper is msg.res: the response as _res, and methods that warn when called.
func (r *result) wrapper() *value.Object {
	o := value.NewObject(len(responseMethods) + 1)
	o.Set("_res", value.Of(r.handle))
	props := value.NewObject(len(responseMethods))
	for i, name := range responseMethods {
		f := &r.methods[i]
		*f = value.Func{Key: name, Fn: func(name string, args []value.Value) (value.Value, error) {
			r.c.Warn(value.Str(r.c.Text("httpin.errors.deprecated-call", "method", "msg.res."+name)))
			return r.call(name, args, value.Of(o))
		}}
		o.Set(name, value.Live(f))
		props.Set(name, value.Live(&value.Func{Key: name, Fn: func(name string, args []value.Value) (value.Value, error) {
			return r.call(name, args, value.Of(r.handle))
		}}))
	}
	r.handle.Props = props
	return o
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
	var list []string
	if a := v.Array(); a != nil {
		if key == "content-type" {
			return value.ThrownError("TypeError", "Content-Type cannot be set to an Array")
		}
		for _, e := range a.Elems {
			list = append(list, value.ToString(e))
		}
	} else {
		list = []string{value.ToString(v)}
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
	if _, ok := r.values[key]; !ok {
		r.names = append(r.names, name)
	}
	r.values[key] = list
	return nil
}

func (r *result) append(name string, v value.Value) error {
	old := r.values[strings.ToLower(name)]
	all := value.NewArray()
	for _, s := range old {
		all.Append(value.Str(s))
	}
	if a := v.Array(); a != nil {
		all.Append(a.Elems...)
	} else {
		all.Append(v)
	}
	return r.set(name, value.Of(all))
}

func (r *result) get(name string) value.Value {
	list, ok := r.values[strings.ToLower(name)]
	if !ok {
		return value.Undefined
	}
	if len(list) == 1 {
		return value.Str(list[0])
	}
	a := value.NewArray()
	for _, s := range list {
		a.Append(value.Str(s))
	}
	return value.Of(a)
}

func (r *result) drop(name string) {
	key := strings.ToLower(name)
	delete(r.values, key)
	kept := r.names[:0]
	for _, n := range r.names {
		if strings.ToLower(n) != key {
			kept = append(kept, n)
		}
	}
	r.names = kept
}

// emit sends the answer.
func (r *result) emit(body []byte) error {
	if r.sent {
		return r.headersSent()
	}
	r.sent = true
	headers := value.NewArray()
	for _, n := range r.names {
		for _, v := range r.values[strings.ToLower(n)] {
			headers.Append(value.Arr(value.Str(n), value.Str(v)))
		}
	}
	r.c.Emit("http.respond", value.Obj("id", float64(r.req.ID), "status", r.status, "headers", headers, "body", body))
	return nil
}

func (r *result) header(name string) string {
	return r.req.Props.Get("headers").Object().Get(name).Str()
}

func (r *result) sendStatus(code int) {
	r.status = code
	if r.set("Content-Type", value.Str("text/plain; charset=utf-8")) == nil {
		_ = r.send(value.Str(statusText(code))) // fails only if it was answered already
	}
}

func itoa(n int) value.Value { return value.Str(strconv.Itoa(n)) }
