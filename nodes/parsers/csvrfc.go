package parsers

import (
	"slices"
	"strconv"
	"strings"

	"github.com/lockstep-flows/lockstep/engine"
	"github.com/lockstep-flows/lockstep/engine/value"
)

// csvRFC is the mode that follows RFC 4180.
type csvRFC struct {
	csv
	template  columns
	noColumns bool // it had none at the start
}

func newRFC(c *engine.Call, n csv) (engine.Node, error) {
	r := &csvRFC{csv: n}
	var err error
	if r.template, err = templateOf(n.temp); err != nil {
		c.Warn(value.Str(c.Text("csv.errors.bad_template")))
		c.Status("red", "dot", c.Text("csv.errors.bad_template"))
		return engine.Mute{}, nil
	}
	r.noColumns = !r.template.some
	return r, nil
}

// columns are the names of columns, "" for one without. some is false if there are
// none, which a single empty name counts as, but not a single missing one.
type columns struct {
	names []string
	some  bool
}

// templateOf reads a text of column names strictly: none if it is not one line.
func templateOf(text string) (columns, error) {
	rows, _, err := readRFC(text, 0, ",", true, false)
	if err != nil || len(rows) != 1 {
		return columns{names: []string{""}}, err
	}
	return columnsOf(rows[0]), nil
}

func columnsOf(row []rfcCell) columns {
	c := columns{make([]string, len(row)), len(row) > 1 || row[0].null || row[0].text != ""}
	for i := range row {
		c.names[i] = row[i].text
	}
	return c
}

// keyColumns are the properties of a value.
func keyColumns(v value.Value) columns {
	names := value.Keys(v)
	return columns{names, len(names) > 1 || len(names) == 1 && names[0] != ""}
}

// rfcCell is a cell: null if there was nothing, not even quotes.
type rfcCell struct {
	text string
	null bool
}

// readRFC reads all rows from a position on, or the first line only; it gives where it ended.
func readRFC(s string, from int, sep string, strict, one bool) ([][]rfcCell, int, error) {
	r := &rfcReader{csvScan: csvScan{s: s, sep: sep}, strict: strict, one: one}
	var rows [][]rfcCell
	r.row = func(cells []rfcCell) { rows = append(rows, slices.Clone(cells)) }
	end, err := r.read(from)
	return rows, end, err
}

// rfcReader reads a text and hands on its rows.
type rfcReader struct {
	csvScan
	strict, one bool
	cells       []rfcCell
	row         func(cells []rfcCell)
	fresh       bool // nothing of the cell was seen yet
	closed      bool // its quotes are closed
}

func (r *rfcReader) endCell() {
	r.cells = append(r.cells, rfcCell{r.cell.text(), r.cell.empty() && r.fresh})
	r.cell.reset()
}

func (r *rfcReader) endRow() {
	if !r.cell.empty() {
		r.endCell()
	}
	if len(r.cells) > 0 {
		r.row(r.cells)
		r.cells = r.cells[:0]
	}
}

// read reads rows from a position on and gives where it ended.
func (r *rfcReader) read(i int) (int, error) {
	r.classes(false)
	r.cell.s = r.s
	r.fresh = true
	for i < len(r.s) {
		start := i
		for i < len(r.s) && (r.class[r.s[i]] == plainByte || r.class[r.s[i]] == sepByte && !r.isSep(i)) {
			i++
		}
		if i > start {
			if err := r.plain(start, i); err != nil {
				return i, err
			}
			continue
		}
		switch r.class[r.s[i]] {
		case sepByte:
			r.endCell()
			i += len(r.sep)
			r.fresh, r.closed = true, false
		case quoteByte:
			var err error
			if i, err = r.quote(i); err != nil {
				return i, err
			}
		default:
			r.endRow()
			i++
			if i < len(r.s) && r.s[i] == '\n' {
				i++
			}
			r.fresh, r.closed = true, false
			if r.one {
				r.endRow()
				return i, nil
			}
		}
	}
	r.endRow()
	return i, nil
}

// plain takes characters outside of quotes.
func (r *rfcReader) plain(from, to int) error {
	if r.closed {
		if r.strict {
			return r.fail("DataAfterCloseError", "Data found after closing quote", from)
		}
		r.closed = false
		r.cell.add(from-1, from) // the quote was no end
	}
	r.cell.add(from, to)
	r.fresh = false
	return nil
}

// quote takes a quote at i, and what it quotes.
func (r *rfcReader) quote(i int) (int, error) {
	if !r.fresh {
		if r.strict {
			return i, r.fail("UnquotedQuoteError", "Quote found in the middle of an unquoted field", i)
		}
		i++
		if i < len(r.s) && r.class[r.s[i]] != lineByte && (r.class[r.s[i]] != sepByte || !r.isSep(i)) {
			r.cell.add(i-1, i)
			if r.s[i] == '"' {
				i++
			}
		}
		return i, nil
	}
	r.fresh = false
	for i++; i < len(r.s); {
		end := strings.IndexByte(r.s[i:], '"')
		if end < 0 {
			r.cell.add(i, len(r.s))
			break
		}
		r.cell.add(i, i+end)
		i += end + 1
		if i >= len(r.s) || r.s[i] != '"' {
			r.closed = true
			return i, nil
		}
		r.cell.add(i, i+1)
		i++
	}
	if r.strict {
		return len(r.s), r.fail("ParseError", "Missing quote, unclosed cell", len(r.s))
	}
	return len(r.s), nil
}

func (r *rfcReader) fail(class, text string, at int) error {
	e := value.ThrownError(class, text)
	e.SetProp("cursor", value.Int(value.UTF16Len(r.s[:at])))
	return e
}

func (n *csvRFC) Receive(c *engine.Call, m *engine.Message) error {
	c.StatusValue(value.Of(value.NewObject()))
	payload, ok := n.accept(c, m)
	switch {
	case !ok:
		return nil
	case isObject(payload):
		return n.build(c, m, payload)
	case payload.IsString():
		return n.parse(c, m, payload.Str())
	}
	e := value.ThrownError("Error", c.Text("csv.errors.csv_js"))
	c.Status("red", "dot", e.Message)
	return e
}

// parse makes objects of a text.
func (n *csvRFC) parse(c *engine.Call, m *engine.Message, text string) error {
	parts, err := readParts(m)
	if err != nil {
		return err
	}
	first := !parts.has || !(parts.number > n.skip)
	at := 0
	for line := parts.number; first && line < n.skip && at < len(text); {
		end := strings.IndexAny(text[at:], "\r\n")
		if end < 0 {
			return engine.Pending
		}
		at += end + 1
		if line++; at >= len(text) {
			return engine.Pending
		}
	}
	if at >= len(text) && n.skip > 0 && parts.number < n.skip {
		return engine.Pending
	}
	lines := countLines(text[at:])
	if parts.has && n.mult && lines > 1 {
		first = true
	}
	if first && n.hdrIn {
		rows, end, err := readRFC(text, at, n.unitSep, true, true)
		if err != nil {
			c.Status("red", "dot", c.Text("csv.errors.bad_template"))
			return err
		}
		n.template = columns{}
		if len(rows) > 0 {
			n.template = columnsOf(rows[0])
		}
		at = end
	}
	o := &rfcObjects{n: n, names: n.template.names, generate: !n.template.some, rows: make([]value.Value, 0, lines+1)}
	if o.generate {
		o.names = nil
	}
	r := &rfcReader{csvScan: csvScan{s: text, sep: n.unitSep}, row: o.add}
	if _, err := r.read(at); err != nil {
		return err
	}
	n.put(c, m, &parts, csvResult{rows: o.rows, gather: o.rows, single: lines <= 1, columns: rfcColumns(o.names, ",", false)})
	return nil
}

// rfcObjects makes objects of rows.
type rfcObjects struct {
	n        *csvRFC
	names    []string
	generate bool // names from the number of cells of the first row
	rows     []value.Value
}

func (o *rfcObjects) add(cells []rfcCell) {
	if o.generate {
		for i := range cells {
			o.names = append(o.names, "col"+strconv.Itoa(i+1))
		}
		o.generate = false
	}
	var row *value.Object
	for j, name := range o.names {
		if name == "" {
			continue
		}
		v := value.Null
		switch {
		case j >= len(cells) || cells[j].null:
			if !o.n.nulls {
				continue
			}
		case cells[j].text == "":
			if !o.n.empties {
				continue
			}
			v = value.Str("")
		default:
			v = o.n.cellValue(cells[j].text)
		}
		if row == nil {
			row = value.NewObject(len(o.names))
		}
		row.Set(name, v)
	}
	if row != nil {
		o.rows = append(o.rows, value.Of(row))
	}
}

// cellValue makes a number of a text that is one, unless it begins with a plus or with
// a zero before a digit.
func (n *csvRFC) cellValue(text string) value.Value {
	if !n.numbers {
		return value.Str(text)
	}
	if c := text[0]; c >= 'A' && c < 0x80 && c != 'I' {
		return value.Str(text)
	}
	t := strings.TrimLeft(text, " ")
	t2 := strings.TrimPrefix(t, "-")
	if t != "" && t[0] == '+' || len(t2) > 1 && t2[0] == '0' && t2[1]-'0' <= 9 {
		return value.Str(text)
	}
	f := value.ParseNumber(text)
	if f != f {
		return value.Str(text)
	}
	return value.Num(f)
}
