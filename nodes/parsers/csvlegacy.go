package parsers

import (
	"strconv"
	"strings"

	"github.com/lockstep-flows/lockstep/engine"
	"github.com/lockstep-flows/lockstep/engine/value"
)

// csvLegacy is the mode from before RFC 4180.
type csvLegacy struct {
	csv
	template  []string
	splitter  string // what column texts were split by last
	good      bool   // the template has columns
	noColumns bool   // it had none at the start
	names     []string
}

func newLegacy(n csv) *csvLegacy {
	l := &csvLegacy{csv: n}
	l.template = l.clean(n.temp, ",")
	l.noColumns = !l.hasTemplate()
	return l
}

func (n *csvLegacy) hasTemplate() bool {
	return len(n.template) != 1 || n.template[0] != ""
}

// clean splits a text into names of columns at separators outside of quotes; without
// one it takes the last one again.
func (n *csvLegacy) clean(text, sep string) []string {
	if sep != "" {
		n.splitter = sep
	}
	names := splitUnquoted(value.Trim(text), n.splitter)
	for i, s := range names {
		names[i] = value.Trim(strings.ReplaceAll(s, `"`, ""))
	}
	n.good = len(names) != 1 || names[0] != ""
	return names
}

// splitUnquoted splits at separators after which an even number of quotes follows.
func splitUnquoted(s, sep string) []string {
	quotes := strings.Count(s, `"`)
	if quotes == 0 {
		return strings.Split(s, sep)
	}
	var out []string
	start := 0
	for i := 0; i+len(sep) <= len(s); {
		if s[i:i+len(sep)] == sep && (quotes-strings.Count(sep, `"`))%2 == 0 {
			out = append(out, s[start:i])
			quotes -= strings.Count(sep, `"`)
			i += len(sep)
			start = i
			continue
		}
		if s[i] == '"' {
			quotes--
		}
		i++
	}
	return append(out, s[start:])
}

// columns cleans msg.columns.
func (n *csvLegacy) columns(v value.Value) ([]string, error) {
	if !value.Truthy(v) {
		v = value.Str("")
	}
	if !v.IsString() {
		return nil, value.ThrownError("TypeError", "col.trim is not a function")
	}
	return n.clean(v.Str(), ","), nil
}

func (n *csvLegacy) Receive(c *engine.Call, m *engine.Message) error {
	payload, ok := n.accept(c, m)
	switch {
	case !ok:
		return nil
	case isObject(payload):
		return n.build(c, m, payload)
	case payload.IsString():
		return n.parse(c, m, payload.Str())
	}
	c.Warn(value.Str(c.Text("csv.errors.csv_js")))
	return nil
}

// parse makes objects of a text.
func (n *csvLegacy) parse(c *engine.Call, m *engine.Message, text string) error {
	parts, err := readParts(m)
	if err != nil {
		return err
	}
	lines := countLines(text)
	r := &legacyReader{csvLegacy: n, csvScan: csvScan{s: text, sep: n.unitSep}}
	r.classes(true)
	r.cell.s = text
	r.rows = make([]value.Value, 0, lines+1)
	first := !parts.has || !(parts.number > n.skip) || n.mult && lines > 1
	start := 0
	if first {
		start = r.begin(parts.number)
	}
	if err := r.read(start); err != nil {
		return err
	}
	if r.quoted {
		c.Warn(value.Str(c.Text("csv.errors.bad_csv")))
	}
	res := csvResult{rows: r.rows, single: lines <= 1, columns: columnText(n.template, false)}
	if r.open {
		res.gather = r.rows[len(r.rows)-1:]
	}
	if n.many {
		m.Set("payload", value.Arr(r.rows...))
	}
	n.put(c, m, &parts, res)
	return nil
}

// legacyReader reads one text.
type legacyReader struct {
	*csvLegacy
	csvScan
	rows   []value.Value
	row    *value.Object // the row at work, nil as long as it is empty
	column int
	quoted bool // inside of quotes
	open   bool // the last row was ended by the end of the text
}

// begin skips lines and takes the names of the columns from the first line; it gives
// where the data begins.
func (r *legacyReader) begin(line float64) int {
	i := 0
	for line < r.skip && i < len(r.s) {
		end := strings.IndexByte(r.s[i:], '\n')
		if end < 0 {
			return len(r.s)
		}
		i += end + 1
		line++
	}
	if !r.hdrIn || i == len(r.s) {
		return i
	}
	end := strings.IndexAny(r.s[i:], "\r\n")
	if end < 0 || i+end == len(r.s)-1 {
		r.template = r.clean(r.s[i:], r.csvLegacy.sep)
		return len(r.s)
	}
	r.template = r.clean(r.s[i:i+end], r.csvLegacy.sep)
	return i + end + 1
}

// read reads rows from a position on.
func (r *legacyReader) read(start int) error {
	s := r.s
	run := start
	afterSep := false
	for i := start; i < len(s); i++ {
		kind := r.class[s[i]]
		if kind == plainByte {
			continue
		}
		if kind == quoteByte {
			r.cell.add(run, i)
			r.quoted = !r.quoted
			if r.quoted && i > 0 && s[i-1] == '"' {
				r.cell.add(i, i+1)
			}
			run = i + 1
			continue
		}
		if r.quoted {
			continue
		}
		before := strings.HasSuffix(s[:i], r.csvScan.sep) && r.csvScan.sep != ""
		if kind == sepByte {
			if !r.isSep(i) {
				continue
			}
			r.cell.add(run, i)
			if i == 0 && r.name() != "" {
				return value.ThrownError("TypeError", "Cannot read properties of undefined (reading 'includes')")
			}
			r.endCell(before || i > 0 && s[i-1] == '\n')
			r.column++
			i += len(r.csvScan.sep) - 1
			afterSep = i == len(s)-1
		} else {
			r.cell.add(run, i)
			r.endCell(before)
			r.endRow()
		}
		run = i + 1
	}
	r.cell.add(run, len(s))
	r.endCell(afterSep)
	r.open = r.row != nil
	r.endRow()
	return nil
}

// name gives the column's name, which it makes where there is no template.
func (r *legacyReader) name() string {
	j := r.column
	if !r.good {
		for len(r.names) <= j {
			r.names = append(r.names, "col"+strconv.Itoa(len(r.names)+1))
		}
		if j < len(r.template) {
			r.template[j] = r.names[j]
		} else {
			r.template = append(r.template, r.names[j])
		}
	}
	if j >= len(r.template) {
		return ""
	}
	return r.template[j]
}

// endCell ends a cell; null says that it has no value.
func (r *legacyReader) endCell(null bool) {
	name := r.name()
	if name == "" {
		r.cell.reset()
		return
	}
	v := value.Null
	switch {
	case null:
		if !r.nulls {
			r.cell.reset()
			return
		}
	case r.cell.empty():
		if !r.empties {
			return
		}
		v = value.Str("")
	default:
		text := r.cell.text()
		r.cell.reset()
		if f, ok := legacyNumber(text); ok && r.numbers {
			v = value.Num(f)
		} else {
			v = value.Str(text)
		}
	}
	r.cell.reset()
	if r.row == nil {
		r.row = value.NewObject(len(r.template))
	}
	r.row.Set(name, v)
}

func (r *legacyReader) endRow() {
	if r.row != nil {
		r.rows = append(r.rows, value.Of(r.row))
		r.row = nil
	}
	r.column = 0
}

// ready finds the columns for objects: those of the template, unless the message is
// a later part of a sequence without one.
func (n *csvLegacy) ready(m *engine.Message) error {
	if n.noColumns {
		if l, err := later(m); l || err != nil {
			return err
		}
	}
	n.template = n.clean(n.temp, "")
	return nil
}
