package yaml

import (
	"strconv"
	"strings"

	"github.com/lockstep-flows/lockstep/engine/value"
)

// The part of the text that an error shows: lines before and after, and how wide.
const (
	linesBefore = 3
	linesAfter  = 2
	maxWidth    = 79
)

// fail ends reading with an error at the place at work.
func (r *reader) fail(text string) {
	units := func(at int) int { return value.UTF16Len(r.s[:min(at, len(r.s))]) }
	position := units(r.pos)
	column := position - units(r.lineStart)
	buffer := r.s[:max(0, len(r.s)-1)] // the zero byte is left out
	text += " (" + strconv.Itoa(r.line+1) + ":" + strconv.Itoa(column+1) + ")"
	if buffer != "" {
		text += "\n\n" + snippet(buffer, position, r.line)
	}
	panic(exception(text))
}

// snippet shows the lines around a position, which is in UTF-16 units.
func snippet(text string, position, line int) string {
	s := shown{buffer: value.UTF16(text), position: position}
	s.split()
	number := len(strconv.Itoa(min(line+linesAfter, len(s.ends))))
	width := maxWidth - (1 + number + 3)
	var out strings.Builder
	put := func(i int) int {
		n := strconv.Itoa(line + i + 1)
		shown, at := s.line(i, width)
		out.WriteString(strings.Repeat(" ", 1+max(0, number-len(n))) + n + " | " + shown + "\n")
		return at
	}
	for i := -min(linesBefore, s.at); i < 0; i++ {
		put(i)
	}
	at := put(0)
	out.WriteString(strings.Repeat("-", max(0, 1+number+3+at)) + "^\n")
	for i := 1; i <= linesAfter && s.at+i < len(s.ends); i++ {
		put(i)
	}
	return strings.TrimSuffix(out.String(), "\n")
}

// shown is a text in lines.
type shown struct {
	buffer       []uint16
	position     int
	starts, ends []int
	at           int // the line that holds the position
}

func (s *shown) split() {
	s.starts, s.at = []int{0}, -1
	for i := 0; i < len(s.buffer); i++ {
		c := s.buffer[i]
		if c != '\n' && c != '\r' && c != 0 {
			continue
		}
		end := i
		if c == '\r' && i+1 < len(s.buffer) && s.buffer[i+1] == '\n' {
			i++
		}
		s.ends, s.starts = append(s.ends, end), append(s.starts, i+1)
		if s.position <= end && s.at < 0 {
			s.at = len(s.starts) - 2
		}
	}
	if s.at < 0 {
		s.at = len(s.starts) - 1
	}
}

// line gives a line counted from that of the position, cut to a width, and where the
// position is in it.
func (s *shown) line(i, width int) (string, int) {
	start := s.starts[s.at+i]
	position := s.position - (s.starts[s.at] - start)
	end, open := len(s.buffer), s.at+i >= len(s.ends)
	if !open {
		end = s.ends[s.at+i]
	}
	half := width/2 - 1
	head, tail := "", ""
	if position-start > half {
		head = " ... "
		start = position - half + len(head)
	}
	if !open && end-position > half {
		tail = " ..."
		end = position + half - len(tail)
	}
	from, to := clamp(start, len(s.buffer)), clamp(end, len(s.buffer))
	text := ""
	if from < to {
		text = value.FromUTF16(s.buffer[from:to])
	}
	return head + strings.ReplaceAll(text, "\t", "→") + tail, position - start + len(head)
}

// clamp is how JavaScript's slice reads a position.
func clamp(i, n int) int {
	if i < 0 {
		i = max(0, i+n)
	}
	return min(i, n)
}
