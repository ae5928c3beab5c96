package svg

import (
	"fmt"
	"html"
	"math"
	"strings"

	"github.com/lockstep-flows/lockstep/engine/flow"
	"github.com/lockstep-flows/lockstep/engine/value"
)

// Page is the drawing of one tab or subflow.
type Page struct {
	ID, Label string
	// SVG is the whole document.
	SVG string
}

// The editor's measures in pixels.
const (
	minWidth    = 100
	portSize    = 10
	portGap     = 13
	iconWidth   = 30
	charWidth   = 7.2
	margin      = 45 // room for a wire that turns back
	smallWidth  = 30 // link nodes
	junction    = 10
	groupRadius = 4
	noteHeight  = 14
)

// box is a node as it is drawn.
type box struct {
	def        *flow.Def
	x, y, w, h float64 // x, y is the centre
	in         bool
	outs       int
	label      string
	note       string
	look       look
}

// Paint says how nodes and wires are coloured, in the place of the editor's colours,
// and what is written under a node, where the editor shows its status; what gives ""
// keeps that.
type Paint struct {
	Node func(d *flow.Def) string
	Wire func(from *flow.Def, port int) string
	Note func(d *flow.Def) string
}

// Draw draws every tab and subflow that has something on it, in the order of the file.
func Draw(defs []*flow.Def) []Page { return DrawWith(defs, Paint{}) }

// DrawWith is Draw with colours of one's own.
func DrawWith(defs []*flow.Def, paint Paint) []Page {
	var pages []Page
	for _, d := range defs {
		if d.Type != "tab" && d.Type != "subflow" {
			continue
		}
		p := &page{defs: defs, z: d, paint: paint}
		if text := p.draw(); text != "" {
			label := d.Raw.Get("label").Str()
			if d.Type == "subflow" {
				label = d.Name
			}
			pages = append(pages, Page{d.ID, label, text})
		}
	}
	return pages
}

type page struct {
	paint      Paint
	defs       []*flow.Def
	z          *flow.Def
	boxes      map[string]*box
	order      []*box
	groups     []*flow.Def
	body       strings.Builder
	x0, y0     float64
	x1, y1     float64
	anything   bool
	tabIsPale  bool
	definition map[string]*flow.Def
}

func (p *page) draw() string {
	p.boxes, p.definition = map[string]*box{}, map[string]*flow.Def{}
	p.x0, p.y0, p.x1, p.y1 = math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)
	p.tabIsPale = p.z.Disabled
	for _, d := range p.defs {
		if d.Type == "subflow" {
			p.definition["subflow:"+d.ID] = d
		}
	}
	for _, d := range p.defs {
		switch {
		case d.Z != p.z.ID:
		case d.Type == "group":
			p.groups = append(p.groups, d)
		case d.Raw.Has("x") && d.Raw.Has("y"):
			p.add(d)
		}
	}
	p.subflowPorts()
	if !p.anything {
		return ""
	}
	for _, g := range p.groups {
		p.group(g)
	}
	for _, b := range p.order {
		p.wires(b)
	}
	for _, b := range p.order {
		p.node(b)
	}
	w, h := p.x1-p.x0+2*margin, p.y1-p.y0+2*margin
	return fmt.Sprintf(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="%s %s %s %s" width="%s" height="%s" font-family="Helvetica, Arial, sans-serif" font-size="14">
<rect x="%s" y="%s" width="100%%" height="100%%" fill="#fff"/>
%s</svg>
`, n(p.x0-margin), n(p.y0-margin), n(w), n(h), n(w), n(h), n(p.x0-margin), n(p.y0-margin), p.body.String())
}

func n(f float64) string { return value.FormatNumber(math.Round(f*10) / 10) }

func (p *page) stretch(x0, y0, x1, y1 float64) {
	p.anything = true
	p.x0, p.y0 = math.Min(p.x0, x0), math.Min(p.y0, y0)
	p.x1, p.y1 = math.Max(p.x1, x1), math.Max(p.y1, y1)
}

func number(o *value.Object, key string) float64 {
	f := value.ToNumber(o.Get(key))
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return 0
	}
	return f
}

func (p *page) add(d *flow.Def) {
	b := &box{def: d, x: number(d.Raw, "x"), y: number(d.Raw, "y"), look: lookOf(d)}
	if def := p.definition[d.Type]; def != nil {
		b.look.label = def.Name
		b.look.noInput = def.Raw.Get("in").Array().Length() == 0
	}
	if p.paint.Node != nil {
		if colour := p.paint.Node(d); colour != "" {
			b.look.colour = colour
		}
	}
	b.label = label(d, b.look)
	b.in = !b.look.noInput
	b.outs = d.Raw.Get("wires").Array().Length()
	b.h = math.Max(nodeHeight, float64(b.outs)*portGap+4)
	if lines := strings.Count(b.label, "\n"); lines > 0 {
		b.h = math.Max(b.h, nodeHeight+float64(lines)*17)
	}
	b.w = math.Max(minWidth, math.Ceil((textWidth(b.label)+50)/20)*20)
	if b.look.small || d.Raw.Get("l").IsBool() && !d.Raw.Get("l").Bool() {
		b.w, b.label = smallWidth, ""
	}
	if d.Type == "junction" {
		b.w, b.h = junction, junction
	}
	p.boxes[d.ID] = b
	p.order = append(p.order, b)
	if p.paint.Note != nil {
		b.note = p.paint.Note(d)
	}
	below := 0.0
	if b.note != "" {
		below = noteHeight
	}
	p.stretch(b.x-b.w/2, b.y-b.h/2, b.x+b.w/2, b.y+b.h/2+below)
}

// subflowPorts adds the inputs, outputs and status output of a subflow.
func (p *page) subflowPorts() {
	if p.z.Type != "subflow" {
		return
	}
	port := func(o *value.Object, id, text string, in bool, outs int) {
		d := &flow.Def{ID: id, Type: "port", Raw: o}
		b := &box{def: d, x: number(o, "x"), y: number(o, "y"), w: 40, h: 40, in: in, outs: outs, label: text, look: look{colour: "#f8f8f8"}}
		p.boxes[id] = b
		p.order = append(p.order, b)
		p.stretch(b.x-20, b.y-20, b.x+20, b.y+20)
	}
	in := p.z.Raw.Get("in").Array()
	for i := range in.Length() {
		if o := in.At(i).Object(); o != nil {
			port(o, fmt.Sprintf("in %d", i), "input", false, 1)
		}
	}
	out := p.z.Raw.Get("out").Array()
	for i := range out.Length() {
		if o := out.At(i).Object(); o != nil {
			port(o, fmt.Sprintf("out %d", i), fmt.Sprintf("%d", i+1), true, 0)
		}
	}
	if o := p.z.Raw.Get("status").Object(); o != nil {
		port(o, "status", "status", true, 0)
	}
}

func textWidth(s string) float64 {
	longest := 0
	for _, line := range strings.Split(s, "\n") {
		longest = max(longest, value.UTF16Len(line))
	}
	return float64(longest) * charWidth
}

// label is what the editor writes on a node.
func label(d *flow.Def, l look) string {
	if d.Name != "" {
		return strings.ReplaceAll(d.Name, `\n`, "\n")
	}
	if l.from != "" {
		if text := value.ToString(d.Raw.Get(l.from)); text != "" && !d.Raw.Get(l.from).IsNullish() {
			return l.prefix(d) + text
		}
	}
	if l.label != "" {
		return l.label
	}
	return strings.TrimPrefix(d.Type, "subflow:")
}

func (p *page) pale(d *flow.Def) string {
	if d.Disabled || p.tabIsPale {
		return ` opacity="0.4"`
	}
	return ""
}

func (p *page) group(g *flow.Def) {
	x, y, w, h := number(g.Raw, "x"), number(g.Raw, "y"), number(g.Raw, "w"), number(g.Raw, "h")
	if w <= 0 || h <= 0 {
		return
	}
	style := g.Raw.Get("style").Object()
	get := func(key, fallback string) string {
		if style != nil {
			if v := style.Get(key); value.Truthy(v) {
				return value.ToString(v)
			}
		}
		return fallback
	}
	fmt.Fprintf(&p.body, `<rect x="%s" y="%s" width="%s" height="%s" rx="%d" fill="%s" fill-opacity="%s" stroke="%s" stroke-width="2"/>`+"\n",
		n(x), n(y), n(w), n(h), groupRadius, html.EscapeString(get("fill", "none")), html.EscapeString(get("fill-opacity", "1")), html.EscapeString(get("stroke", "#999")))
	if g.Name != "" && (style == nil || style.Get("label").IsUndefined() || value.Truthy(style.Get("label"))) {
		fmt.Fprintf(&p.body, `<text x="%s" y="%s" fill="%s">%s</text>`+"\n", n(x+6), n(y+18), html.EscapeString(get("color", "#777")), html.EscapeString(g.Name))
	}
	p.stretch(x, y, x+w, y+h)
}

// port is where output i of a box begins.
func (b *box) port(i int) (x, y float64) {
	return b.x + b.w/2, b.y - float64(b.outs-1)/2*portGap + float64(i)*portGap
}

func (p *page) wires(b *box) {
	outs := b.def.Raw.Get("wires").Array()
	if b.def.Type == "port" {
		if strings.HasPrefix(b.def.ID, "in ") {
			for i := range outs.Length() {
				if o := outs.At(i).Object(); o != nil {
					p.wire(b, 0, p.boxes[o.Get("id").Str()])
				}
			}
			return
		}
		for i := range outs.Length() {
			if o := outs.At(i).Object(); o != nil {
				from := p.boxes[o.Get("id").Str()]
				if o.Get("id").Str() == p.z.ID {
					from = p.boxes["in 0"]
				}
				p.wire(from, int(number(o, "port")), b)
			}
		}
		return
	}
	for i := range outs.Length() {
		to := outs.At(i).Array()
		for j := range to.Length() {
			p.wire(b, i, p.boxes[to.At(j).Str()])
		}
	}
}
