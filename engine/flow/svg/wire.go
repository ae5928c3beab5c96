package svg

import (
	"fmt"
	"math"
	"strings"
)

// nodeWidth and nodeHeight are those by which the editor bends wires.
const (
	nodeWidth  = 100.0
	nodeHeight = 30.0
)

// wire draws the editor's curve from an output to an input.
func (p *page) wire(from *box, port int, to *box) {
	if from == nil || to == nil {
		return
	}
	x, y := from.port(port)
	faint := ""
	if from.def.Disabled || to.def.Disabled || p.tabIsPale {
		faint = ` stroke-dasharray="8 4"`
	}
	colour := "#999"
	if p.paint.Wire != nil && from.def.Type != "port" {
		if own := p.paint.Wire(from.def, port); own != "" {
			colour = own
		}
	}
	fmt.Fprintf(&p.body, `<path d="%s" fill="none" stroke="%s" stroke-width="3"%s/>`+"\n", course(point{x, y}, point{to.x - to.w/2, to.y}, p.paint.Note != nil), colour, faint)
}

type point struct{ x, y float64 }

// path writes the commands of a path.
type path struct{ strings.Builder }

func (p *path) to(command string, points ...point) {
	p.WriteString(command)
	for _, at := range points {
		p.WriteString(" " + n(at.x) + " " + n(at.y))
	}
}

// course is the path of a wire: one bend to the right; to the left, out around the end and
// back to the beginning. noted leaves room for a text under the node.
func course(a, b point, noted bool) string {
	var p path
	dx, dy := b.x-a.x, b.y-a.y
	p.to("M", a)
	switch {
	case dx > 0:
		reach := 0.75 * nodeWidth
		if far := math.Hypot(dx, dy); far < nodeWidth {
			reach -= 0.75 * (nodeWidth - far)
		}
		p.to(" C", point{a.x + reach, a.y}, point{b.x - reach, b.y}, b)
	case math.Abs(dy) < 10:
		p.under(a, b, noted)
	default:
		p.back(a, b)
	}
	return p.String()
}

// under goes below two nodes that stand side by side.
func (p *path) under(a, b point, noted bool) {
	low := math.Max(a.y, b.y) + 25
	if noted {
		low += 10
	}
	turn := func(at point, side, down float64) [6]point {
		return [6]point{{at.x + side*15, at.y}, {at.x + side*25, at.y + 5}, {at.x + side*25, at.y + down/2},
			{at.x + side*25, at.y + down - 5}, {at.x + side*15, at.y + down}, {at.x, at.y + down}}
	}
	out, in := turn(a, 1, low-a.y), turn(b, -1, low-b.y)
	p.to(" C", out[0], out[1], out[2])
	p.to(" C", out[3], out[4], out[5])
	p.to(" L", point{b.x, low})
	p.to(" C", in[4], in[3], in[2])
	p.to(" C", in[1], in[0], b)
}

// back goes to the left and up or down, past the middle between both ends.
func (p *path) back(a, b point) {
	const half = nodeHeight / 2
	dx, dy := b.x-a.x, b.y-a.y
	sign := math.Copysign(1, dy)
	// within keeps y on the near side of a bound, seen from a.
	within := func(y, bound float64) float64 { return sign * math.Min(sign*y, sign*bound) }
	beyond := func(y, bound float64) float64 { return sign * math.Max(sign*y, sign*bound) }
	scale := 0.4 - 0.2*math.Max(0, (nodeWidth-math.Min(math.Abs(dx), math.Abs(dy)))/nodeWidth)
	middle := point{math.Floor(b.x - dx/2), math.Floor(b.y - dy/2)}
	quarter := (b.y + middle.y) / 2
	out := point{a.x + scale*nodeWidth, within(quarter-dy/2, a.y+sign*half)}
	in := point{b.x - scale*nodeWidth, beyond(quarter, b.y-sign*half)}
	side := (a.x + out.x) / 2
	up := beyond(a.y, out.y-sign*half)
	past := point{side, within(middle.y, out.y+sign*half)}
	down := beyond(middle.y, in.y-sign*half)
	if past.y == out.y+sign*half {
		if math.Abs(dy) < 10*half {
			up, down = out.y-sign*half/2, in.y-sign*half/2
		}
		past.x = out.x
	}
	p.to(" C", point{side, a.y}, point{out.x, up}, out)
	p.to(" S", past, middle)
	p.to(" S", point{in.x, down}, in)
	p.to(" S", point{(b.x + in.x) / 2, b.y}, b)
}
