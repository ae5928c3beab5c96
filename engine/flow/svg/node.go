package svg

import (
	"fmt"
	"html"
	"strings"

	"github.com/lockstep-flows/lockstep/engine/flow"
	"github.com/lockstep-flows/lockstep/engine/value"
)

// look is how the editor draws a type.
type look struct {
	colour  string
	label   string // without a name
	from    string // property shown without a name
	noInput bool
	small   bool // drawn without a label
	right   bool // icon on the right
	method  bool // the label starts with [method]
}

func (l look) prefix(d *flow.Def) string {
	if l.method {
		return "[" + d.Raw.Get("method").Str() + "] "
	}
	return ""
}

// looks are those of the core types.
var looks = map[string]look{
	"inject": {colour: "#a6bbcf", label: "inject", noInput: true}, "debug": {colour: "#87a980", label: "debug", right: true},
	"complete": {colour: "#c0edc0", label: "complete", noInput: true}, "catch": {colour: "#e49191", label: "catch", noInput: true},
	"status": {colour: "#94c1d0", label: "status", noInput: true}, "link in": {colour: "#ddd", noInput: true, small: true},
	"link out": {colour: "#ddd", small: true}, "link call": {colour: "#ddd", label: "link call"},
	"comment": {colour: "#fff", label: "comment", noInput: true}, "junction": {colour: "#d9d9d9"}, "unknown": {colour: "#fff0f0", label: "unknown"},
	"function": {colour: "#fdd0a2", label: "function"}, "switch": {colour: "#e2d96e", label: "switch"},
	"change": {colour: "#e2d96e", label: "change"}, "range": {colour: "#e2d96e", label: "range"},
	"template": {colour: "#f3b567", label: "template"}, "delay": {colour: "#e6e0f8", label: "delay"},
	"trigger": {colour: "#e6e0f8", label: "trigger"}, "exec": {colour: "#f3b567", label: "exec", from: "command"},
	"rbe": {colour: "#e2d96e", label: "filter"}, "tls-config": {colour: "#ddd"},
	"http in": {colour: "#e7e7ae", label: "http", from: "url", noInput: true, method: true}, "http response": {colour: "#e7e7ae", label: "http", right: true},
	"http request": {colour: "#e7e7ae", label: "http request"}, "websocket in": {colour: "#d7d7a0", label: "websocket", noInput: true},
	"websocket out": {colour: "#d7d7a0", label: "websocket", right: true}, "tcp in": {colour: "#c0c0c0", label: "tcp", noInput: true},
	"tcp out": {colour: "#c0c0c0", label: "tcp", right: true}, "tcp request": {colour: "#c0c0c0", label: "tcp request"},
	"udp in": {colour: "#c0c0c0", label: "udp", noInput: true}, "udp out": {colour: "#c0c0c0", label: "udp", right: true},
	"mqtt in": {colour: "#d8bfd8", label: "mqtt", from: "topic"}, "mqtt out": {colour: "#d8bfd8", label: "mqtt", from: "topic", right: true},
	"split": {colour: "#e2d96e", label: "split"}, "join": {colour: "#e2d96e", label: "join"}, "sort": {colour: "#e2d96e", label: "sort"},
	"batch": {colour: "#e2d96e", label: "batch"}, "csv": {colour: "#debd5c", label: "csv"}, "html": {colour: "#debd5c", label: "html"},
	"json": {colour: "#debd5c", label: "json"}, "xml": {colour: "#debd5c", label: "xml"}, "yaml": {colour: "#debd5c", label: "yaml"},
	"file": {colour: "#f3c083", label: "write file", from: "filename"}, "file in": {colour: "#f3c083", label: "read file", from: "filename"},
	"watch":         {colour: "#f3c083", label: "watch", from: "files", noInput: true},
	"submit-result": {colour: "#b39ddb", label: "submit result"}, "consensus": {colour: "#b39ddb", label: "consensus"},
	"voting-round-orchestrator": {colour: "#b39ddb", label: "voting round orchestrator"}, "fetch-ewx-config": {colour: "#b39ddb", label: "fetch ewx config"},
	"merkle-tree-root-hash": {colour: "#b39ddb", label: "merkle tree root hash"}, "is-nominated": {colour: "#b39ddb", label: "is nominated"},
	"is-nominated-v2": {colour: "#b39ddb", label: "is nominated"}, "voting-marketplace": {colour: "#b39ddb", label: "voting marketplace"},
}

func lookOf(d *flow.Def) look {
	if l, ok := looks[d.Type]; ok {
		if d.Type == "mqtt in" {
			l.noInput = !value.Truthy(d.Raw.Get("inputs"))
		}
		return l
	}
	if strings.HasPrefix(d.Type, "subflow:") {
		return look{colour: "#ddaa99"}
	}
	return look{colour: "#ddd"}
}

func (p *page) node(b *box) {
	d := b.def
	fmt.Fprintf(&p.body, `<g%s>`, p.pale(d))
	title := d.Type
	if d.Name != "" {
		title += ": " + d.Name
	}
	fmt.Fprintf(&p.body, "<title>%s</title>", html.EscapeString(title))
	x, y := b.x-b.w/2, b.y-b.h/2
	dash := ""
	if d.Disabled {
		dash = ` stroke-dasharray="8 4"`
	}
	switch {
	case d.Type == "junction":
		fmt.Fprintf(&p.body, `<rect x="%s" y="%s" width="%s" height="%s" rx="2" fill="#eee" stroke="#999"/>`, n(x), n(y), n(b.w), n(b.h))
	case d.Type == "comment":
		fmt.Fprintf(&p.body, `<rect x="%s" y="%s" width="%s" height="%s" rx="5" fill="#fff" stroke="#999"/>`, n(x), n(y), n(b.w), n(b.h))
		p.text(b, b.x)
	case d.Type == "port":
		fmt.Fprintf(&p.body, `<rect x="%s" y="%s" width="40" height="40" rx="8" fill="#f8f8f8" stroke="#999" stroke-dasharray="5 5"/><text x="%s" y="%s" text-anchor="middle" font-size="10" fill="#888">%s</text>`,
			n(x), n(y), n(b.x), n(b.y+4), html.EscapeString(b.label))
		p.ports(b)
	default:
		fmt.Fprintf(&p.body, `<rect x="%s" y="%s" width="%s" height="%s" rx="5" fill="%s" stroke="#999"%s/>`, n(x), n(y), n(b.w), n(b.h), b.look.colour, dash)
		p.face(b, x, y)
		p.ports(b)
		if b.note != "" {
			fmt.Fprintf(&p.body, `<text x="%s" y="%s" font-size="10" fill="#666">%s</text>`, n(x+4), n(y+b.h+noteHeight-3), html.EscapeString(b.note))
		}
	}
	p.body.WriteString("</g>\n")
}

// face draws the icon's field and the label.
func (p *page) face(b *box, x, y float64) {
	if b.label == "" {
		return
	}
	at, centre := x, b.x+iconWidth/2
	if b.look.right {
		at, centre = x+b.w-iconWidth, b.x-iconWidth/2
	}
	fmt.Fprintf(&p.body, `<rect x="%s" y="%s" width="%d" height="%s" fill="#000" fill-opacity="0.05"/>`, n(at), n(y), iconWidth, n(b.h))
	p.text(b, centre)
}

func (p *page) text(b *box, centre float64) {
	lines := strings.Split(b.label, "\n")
	for i, line := range lines {
		y := b.y + 5 + (float64(i)-float64(len(lines)-1)/2)*17
		fmt.Fprintf(&p.body, `<text x="%s" y="%s" text-anchor="middle" fill="#333">%s</text>`, n(centre), n(y), html.EscapeString(line))
	}
}

// ports draws the squares of inputs and outputs.
func (p *page) ports(b *box) {
	square := func(x, y float64) {
		fmt.Fprintf(&p.body, `<rect x="%s" y="%s" width="%d" height="%d" rx="3" fill="#d9d9d9" stroke="#999"/>`, n(x-portSize/2), n(y-portSize/2), portSize, portSize)
	}
	if b.in {
		square(b.x-b.w/2, b.y)
	}
	for i := range b.outs {
		x, y := b.port(i)
		square(x, y)
	}
}
