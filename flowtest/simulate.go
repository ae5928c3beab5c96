package flowtest

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/lockstep-flows/lockstep/engine"
	"github.com/lockstep-flows/lockstep/engine/value"
)

// simulate carries out an effect that the test says nothing about; false: it cannot.
func (w *world) simulate(f engine.Effect) bool {
	o := f.Body.Object()
	switch f.Kind {
	case "http.listen":
		return w.http.listen(w, f)
	case "http.respond":
		return w.http.respond(f)
	case "file.read", "file.write", "file.delete":
		for _, b := range w.files.perform(f.Kind, o) {
			w.reply(f.Request, 0, b.last, b.body)
		}
	case "context.save", "context.delete", "mqtt.end", "udp.send", "tls.check":
		w.answered(f, value.Of(value.NewObject()))
	case "udp.interface":
		w.answered(f, value.Obj("address", "127.0.0.1"))
	case "mqtt.connect":
		w.event(f, value.Obj("event", "connect", "sessionPresent", false, "properties", value.NewObject()))
	case "mqtt.publish":
		w.answered(f, value.Of(value.NewObject()))
	case "tcp.connect", "ws.connect":
		w.event(f, value.Obj("socket", float64(f.Request), "event", "open", "ip", "127.0.0.1", "port", o.Get("port")))
	case "tcp.listen":
		w.event(f, value.Obj("event", "listening", "port", o.Get("port")))
	case "udp.open":
		w.event(f, value.Obj("event", "listening", "address", "0.0.0.0", "port", o.Get("port"), "iface", ""))
	case "tcp.end", "tcp.destroy":
		w.hangUp(o.Get("socket").Num())
	case "tcp.write":
		if o.Get("end").Bool() {
			w.hangUp(o.Get("socket").Num())
		}
	case "ws.listen", "watch.start":
	default:
		return f.Request == 0
	}
	return true
}

// hangUp closes a TCP connection that the flow has ended.
func (w *world) hangUp(socket float64) {
	request := uint64(socket)
	for key, id := range w.ports {
		if id == socket {
			_, _ = fmt.Sscan(key, &request) // the key begins with it
			delete(w.ports, key)
		}
	}
	if w.open[request] != nil {
		w.reply(request, 0, false, value.Obj("socket", socket, "event", "close"))
	}
}

func (w *world) answered(f engine.Effect, body value.Value) {
	if f.Request != 0 {
		w.reply(f.Request, 0, true, body)
	}
}

func (w *world) event(f engine.Effect, body value.Value) { w.reply(f.Request, 0, false, body) }

// shaped gives what a test says in short the shape of the answers to a request.
func shaped(with value.Value, f engine.Effect) []value.Value {
	with = value.Clone(with)
	o := with.Object()
	switch f.Kind {
	case "http.request":
		if o == nil || !hasAny(o, "status", "headers", "body", "url", "redirects") {
			o = value.Obj("body", with).Object()
		}
		return []value.Value{httpAnswer(o, f.Body.Object())}
	case "exec.run":
		if o == nil {
			o = value.Obj("stdout", with).Object()
		}
		return execAnswer(o, f.Body.Object().Has("file"))
	case "file.read":
		if o == nil || !o.Has("data") && !o.Has("error") {
			return []value.Value{value.Obj("data", value.Bytes(bytesOf(with)), "end", true)}
		}
		o.Set("data", value.Bytes(bytesOf(o.Get("data"))))
		o.Set("end", value.True)
	}
	return []value.Value{with}
}

func hasAny(o *value.Object, keys ...string) bool {
	return slices.ContainsFunc(keys, o.Has)
}

func httpAnswer(o, asked *value.Object) value.Value {
	status := o.Get("status")
	if !status.IsNumber() {
		status = value.Num(http.StatusOK)
	}
	headers := value.NewObject()
	if h := o.Get("headers").Object(); h != nil {
		for i := range h.Len() {
			headers.Set(strings.ToLower(h.At(i).Key), h.At(i).Value)
		}
	}
	body := o.Get("body")
	if !headers.Has("content-type") && !body.IsString() && body.Buffer() == nil && !body.IsNullish() {
		headers.Set("content-type", value.Str("application/json"))
	}
	url := o.Get("url")
	if url.IsUndefined() {
		url = asked.Get("url")
	}
	redirects := o.Get("redirects")
	if redirects.IsUndefined() {
		redirects = value.Of(value.NewArray())
	}
	return value.Obj("status", status, "headers", headers, "url", url, "body", value.Bytes(bytesOf(body)), "redirects", redirects)
}

func execAnswer(o *value.Object, spawned bool) []value.Value {
	code, pid := o.Get("code"), o.Get("pid")
	if code.IsUndefined() {
		code = value.Num(0)
	}
	if pid.IsUndefined() {
		pid = value.Num(4711)
	}
	signal := o.Get("signal")
	if signal.IsUndefined() {
		signal = value.Null
	} else {
		code = value.Null
	}
	out := []value.Value{value.Obj("pid", pid)}
	stdout, stderr := value.Bytes(bytesOf(o.Get("stdout"))), value.Bytes(bytesOf(o.Get("stderr")))
	if !spawned {
		return append(out, value.Obj("stdout", stdout, "stderr", stderr, "code", code, "signal", signal))
	}
	if len(stdout.Buffer().B) > 0 {
		out = append(out, value.Obj("stdout", stdout))
	}
	if len(stderr.Buffer().B) > 0 {
		out = append(out, value.Obj("stderr", stderr))
	}
	return append(out, value.Obj("code", code, "signal", signal))
}
