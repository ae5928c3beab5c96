package value

import (
	"math"
	"strings"
)

// layout puts the parts of a container on one line, in columns, or each on a
// line of its own.
func (c *inspector) layout(out []string, f *frame, depth int) string {
	base := f.base
	if base != "" {
		base += " "
	}
	if c.Compact >= 1 {
		entries := len(out)
		if f.arrayLike && entries > 6 {
			out = c.columns(out, f.v)
		}
		if c.current-depth < c.Compact && entries == len(out) {
			start := len(out) + c.indent + UTF16Len(f.open) + UTF16Len(f.base) + 10
			if c.fits(out, start, f.base) {
				if line := strings.Join(out, ", "); !strings.Contains(line, "\n") {
					return base + f.open + " " + line + " " + f.shut
				}
			}
		}
	}
	indent := "\n" + strings.Repeat(" ", c.indent)
	return base + f.open + indent + "  " + strings.Join(out, ","+indent+"  ") + indent + f.shut
}

// fits reports whether the parts fit on one line.
func (c *inspector) fits(out []string, start int, base string) bool {
	total := len(out) + start
	if total+len(out) > c.BreakLength {
		return false
	}
	for _, s := range out {
		if c.Colors {
			s = withoutColors(s)
		}
		if total += UTF16Len(s); total > c.BreakLength {
			return false
		}
	}
	return !strings.Contains(base, "\n")
}

// withoutColors takes the colour codes out that style puts in.
func withoutColors(s string) string {
	if !strings.Contains(s, "\x1b[") {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if strings.HasPrefix(s[i:], "\x1b[") {
			if j := strings.IndexByte(s[i:], 'm'); j > 0 && j < 6 {
				i += j
				continue
			}
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

// columns groups the elements of an array of more than six into lines of
// several, if they are of like length.
func (c *inspector) columns(out []string, v Value) []string {
	const space = 2 // a comma and a blank
	n := len(out)
	if c.MaxArrayLength < n {
		n-- // the last says how many more there are
	}
	widths := make([]int, n)
	total, longest := 0, 0
	for i := range widths {
		widths[i] = displayWidth(out[i], c.Colors)
		total += widths[i] + space
		longest = max(longest, widths[i])
	}
	wide := longest + space
	if wide*3+c.indent >= c.BreakLength || float64(total)/float64(wide) <= 5 && longest > 6 {
		return out
	}
	cols := c.columnCount(wide, total, len(out), n)
	if cols <= 1 {
		return out
	}
	lineWidths := make([]int, cols)
	for i := range cols {
		for j := i; j < n; j += cols {
			lineWidths[i] = max(lineWidths[i], widths[j])
		}
		lineWidths[i] += space
	}
	right := true // numbers are aligned to the right
	for i := range out {
		if e := Index(v, i); !e.IsNumber() && e.kind != KindBigInt {
			right = false
			break
		}
	}
	var lines []string
	for i := 0; i < n; i += cols {
		end := min(i+cols, n)
		var b strings.Builder
		for j := i; j < end; j++ {
			pad := strings.Repeat(" ", max(lineWidths[j-i]-space-widths[j], 0))
			last := j == end-1
			if right {
				b.WriteString(pad)
			}
			b.WriteString(out[j])
			if !last {
				b.WriteString(", ")
				if !right {
					b.WriteString(pad)
				}
			}
		}
		lines = append(lines, b.String())
	}
	if c.MaxArrayLength < len(out) {
		lines = append(lines, out[n])
	}
	return lines
}

// columnCount is how many columns make the whole about as high as wide.
func (c *inspector) columnCount(wide, total, entries, n int) int {
	bias := math.Sqrt(float64(wide) - float64(total)/float64(entries))
	biased := max(float64(wide)-3-bias, 1)
	square := Round(math.Sqrt(float64(2.5*biased)*float64(n)) / biased)
	return min(int(square), (c.BreakLength-c.indent)/wide, c.Compact*4, 15)
}

// displayWidth is the number of columns of a terminal that s takes.
func displayWidth(s string, colors bool) int {
	if colors {
		s = withoutColors(s)
	}
	n := 0
	for i := 0; i < len(s); {
		r, size := decode(s, i)
		i += size
		if r >= 0x20 && r < 0x7F {
			n++
		} else if r >= 0xA0 {
			n += runeWidth(r)
		}
	}
	return n
}
