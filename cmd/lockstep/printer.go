package main

import (
	"fmt"
	"io"
	"time"

	"github.com/lockstep-flows/lockstep/engine"
	"github.com/lockstep-flows/lockstep/engine/value"
)

// printer prints what debug nodes show to stdout, and node logs to stderr.
type printer struct {
	out, err io.Writer
	level    int
	json     bool
	colour   bool
	uncaught int
}

// levels of the log, by name and as Node-RED numbers them.
var levels = map[string]int{"off": 0, "fatal": 10, "error": 20, "warn": 30, "info": 40, "debug": 50, "trace": 60}

var levelNames = map[int]string{10: "fatal", 20: "error", 30: "warn", 40: "info", 50: "debug", 60: "trace"}

var levelColours = map[int]string{10: "\x1b[31m", 20: "\x1b[31m", 30: "\x1b[33m"}

func newPrinter(s streams, level, format string) (*printer, error) {
	n, ok := levels[level]
	if !ok {
		return nil, fmt.Errorf("--log-level %q: it is one of error, warn, info, debug, trace, off", level)
	}
	if format != "text" && format != "json" {
		return nil, fmt.Errorf("--log-format %q: it is text or json", format)
	}
	return &printer{out: s.out, err: s.err, level: n, json: format == "json", colour: colours(s.err)}, nil
}

// Put prints an effect that is a log entry or comes from a debug node.
func (p *printer) Put(f engine.Effect) error {
	switch f.Kind {
	case "log":
		return p.log(f.Body.Object(), f.Time)
	case "debug":
		return p.debug(f.Body.Object(), f.Time)
	}
	return nil
}

func (p *printer) log(o *value.Object, ms float64) error {
	level := int(o.Get("level").Num())
	if level <= levels["error"] {
		p.uncaught++
	}
	if level > p.level {
		return nil
	}
	who := value.ToString(o.Get("type"))
	switch name, id := o.Get("name"), o.Get("id"); {
	case value.Truthy(name):
		who += ":" + value.ToString(name)
	case value.Truthy(id):
		who += ":" + value.ToString(id)
	case o.Get("type").IsUndefined():
		who = "lockstep"
	}
	msg := text(o.Get("msg"))
	if p.json {
		line := value.Obj("time", value.ISO(ms), "level", levelNames[level], "type", o.Get("type"), "id", o.Get("id"), "name", o.Get("name"), "msg", msg)
		_, err := fmt.Fprintf(p.err, "%s\n", value.AppendJSON(nil, line))
		return err
	}
	on, off := "", ""
	if p.colour && levelColours[level] != "" {
		on, off = levelColours[level], "\x1b[0m"
	}
	_, err := fmt.Fprintf(p.err, "%s %s[%s]%s [%s] %s\n", time.UnixMilli(int64(ms)).Format("15:04:05.000"), on, levelNames[level], off, who, msg)
	return err
}

// debug prints what a debug node shows in Node-RED's sidebar.
func (p *printer) debug(o *value.Object, ms float64) error {
	name := value.ToString(o.Get("name"))
	if !value.Truthy(o.Get("name")) {
		name = value.ToString(o.Get("id"))
	}
	if p.json {
		line := value.Obj("time", value.ISO(ms), "debug", name, "id", o.Get("id"), "topic", o.Get("topic"), "property", o.Get("property"), "format", o.Get("format"), "msg", o.Get("msg"))
		_, err := fmt.Fprintf(p.out, "%s\n", value.AppendJSON(nil, line))
		return err
	}
	_, err := fmt.Fprintf(p.out, "%s: %s\n", name, text(o.Get("msg")))
	return err
}

func text(v value.Value) string {
	if v.IsString() {
		return v.Str()
	}
	if e := v.Error(); e != nil {
		return e.Error()
	}
	return value.Inspect(v, value.InspectOptions{Depth: 4})
}
