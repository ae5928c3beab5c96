package parsers

import (
	"strings"

	"github.com/lockstep-flows/lockstep/engine"
	"github.com/lockstep-flows/lockstep/engine/value"
)

// CSV is the configuration of a csv node.
type CSV struct {
	// Spec is rfc for the parser that follows RFC 4180, else the legacy one.
	Spec string `json:"spec"`
	// Sep separates cells, one character; \t stands for a tab. Default a comma.
	Sep string `json:"sep"`
	// HdrIn takes the names of the columns from the first line, if it is true.
	HdrIn value.Value `json:"hdrin"`
	// HdrOut says when CSV that is made begins with the names: none (default), all
	// or once, which is once until msg.reset.
	HdrOut value.Value `json:"hdrout"`
	// Multi is one for a message per row (default), mult for one array of all rows.
	Multi string `json:"multi"`
	// Ret ends lines of CSV that is made, \n and \r stand for the characters; default
	// \n, with rfc \r\n.
	Ret string `json:"ret"`
	// Temp names the columns, separated by commas.
	Temp string `json:"temp"`
	// Skip is the number of lines to skip at the start.
	Skip value.Value `json:"skip"`
	// Strings makes numbers of cells that look like one; default true.
	Strings value.Value `json:"strings"`
	// EmptyStrings keeps properties for empty strings, NullValues for cells without
	// a value.
	EmptyStrings value.Value `json:"include_empty_strings"`
	NullValues   value.Value `json:"include_null_values"`
}

var csvType = engine.Define("csv", "Converts between CSV text and objects.", newCSV).With(map[string]string{
	"csv.errors.bad_template": "The template of the columns is not well formed",
	"csv.errors.csv_js":       "The csv node takes text, objects and arrays only",
	"csv.errors.obj_csv":      "There is no template of columns to make CSV by",
	"csv.errors.bad_csv":      "The CSV is not well formed: what came of it may be wrong",
})

// csv is what both modes of the node share.
type csv struct {
	temp, sep, ret  string
	unitSep         string // sep if it is one UTF-16 unit, which alone is ever found
	numberSep       bool   // sep may be found in numbers
	skip            float64
	hdrIn           bool // hdrin === true
	shiftsParts     bool // hdrin is truthy
	header, once    bool // CSV begins with names; but once only
	sent            bool // they were sent
	many            bool // multi is not "one"
	mult            bool // multi is "mult"
	numbers         bool
	empties, nulls  bool
	store           []value.Value
	warnedNoColumns bool
}

func newCSV(c *engine.Call, cfg CSV) (engine.Node, error) {
	c.StatusValue(value.Of(value.NewObject()))
	n := csv{temp: cfg.Temp, sep: csvEscapes.Replace(orElse(cfg.Sep, ",")), store: []value.Value{}}
	if value.UTF16Len(n.sep) == 1 {
		n.unitSep = n.sep
	}
	n.numberSep = strings.Trim(n.sep, "0123456789.+-eInfityNa") == ""
	if value.Truthy(cfg.Skip) {
		n.skip = value.ParseInt(value.ToString(cfg.Skip), 0)
	}
	n.hdrIn, n.shiftsParts = cfg.HdrIn.Bool(), value.Truthy(cfg.HdrIn)
	when := "none"
	switch {
	case cfg.HdrOut.Bool():
		when = "all"
	case value.Truthy(cfg.HdrOut):
		when = value.ToString(cfg.HdrOut)
	}
	n.header, n.once = when != "none", when == "once"
	n.many, n.mult = orElse(cfg.Multi, "one") != "one", cfg.Multi == "mult"
	n.numbers = cfg.Strings.IsUndefined() || cfg.Strings.Bool()
	n.empties, n.nulls = value.Truthy(cfg.EmptyStrings), value.Truthy(cfg.NullValues)
	if cfg.Spec == "rfc" {
		n.ret = lineEscapes.Replace(orElse(cfg.Ret, "\r\n"))
		n.header = n.header && (n.once || when == "all")
		return newRFC(c, n)
	}
	n.ret = lineEscapes.Replace(orElse(cfg.Ret, "\n"))
	return newLegacy(n), nil
}

var (
	csvEscapes  = strings.NewReplacer(`\t`, "\t", `\n`, "\n", `\r`, "\r")
	lineEscapes = strings.NewReplacer(`\n`, "\n", `\r`, "\r")
)

func orElse(s, d string) string {
	if s == "" {
		return d
	}
	return s
}

// csvParts is what a message says of its part in a sequence.
type csvParts struct {
	has          bool
	index, count value.Value
	number       float64 // of index
	last         bool
}

func readParts(m *engine.Message) (p csvParts, err error) {
	parts, ok := m.Lookup("parts")
	if !ok {
		return p, nil
	}
	p.has = true
	if p.index, err = value.GetKey(parts, "index"); err != nil {
		return p, err
	}
	p.number = value.ToNumber(p.index)
	p.count, _ = value.GetKey(parts, "count")
	p.last = value.HasOwn(parts, "count") && value.ToNumber(p.next()) >= value.ToNumber(p.count)
	return p, nil
}

// next is index + 1 as JavaScript adds.
func (p *csvParts) next() value.Value {
	if p.index.IsString() {
		return value.Str(p.index.Str() + "1")
	}
	return value.Num(p.number + 1)
}

// ends reports whether the part is the last one that is counted.
func (p *csvParts) ends() bool { return value.StrictEqual(p.next(), p.count) }

// later reports whether a message is a later part of a sequence, for which the
// columns found for an earlier one still hold.
func later(m *engine.Message) (bool, error) {
	parts, ok := m.Lookup("parts")
	if !ok {
		return false, nil
	}
	index, err := value.GetKey(parts, "index")
	return err == nil && value.HasOwn(parts, "index") && value.ToNumber(index) > 0, err
}

// csvResult is what was read from a text.
type csvResult struct {
	rows    []value.Value
	gather  []value.Value // those that count in a text of a sequence that is one line
	single  bool          // the text is one line at most
	columns string
}

// put sends rows; those of a sequence of single lines are gathered.
func (n *csv) put(c *engine.Call, m *engine.Message, p *csvParts, r csvResult) {
	columns := r.columns
	switch {
	case !n.many:
		n.putRows(c, m, p, r.rows, columns)
	case p.has && r.single:
		n.store = append(n.store, r.gather...)
		if p.ends() {
			m.Set("payload", value.Arr(n.store...))
			m.Set("columns", value.Str(columns))
			m.Delete("parts")
			n.store = []value.Value{}
			c.Send(m)
		}
	default:
		m.Set("payload", value.Arr(r.rows...))
		m.Set("columns", value.Str(columns))
		c.Send(m)
	}
}

// putRows sends a message for each row.
func (n *csv) putRows(c *engine.Call, m *engine.Message, p *csvParts, rows []value.Value, columns string) {
	for i, row := range rows {
		out := value.CloneMessage(m)
		out.Set("columns", value.Str(columns))
		out.Set("payload", row)
		if p.has {
			n.shift(out.Get("parts"))
		} else {
			parts := value.NewObject(3)
			parts.Set("id", m.Get("_msgid"))
			parts.Set("index", value.Int(i))
			parts.Set("count", value.Int(len(rows)))
			out.Set("parts", value.Of(parts))
		}
		if p.last {
			out.Set("complete", value.True)
		}
		c.Send(out)
	}
	if p.has && p.last && len(rows) == 0 {
		c.Send(value.Obj("complete", true).Object())
	}
}

// shift takes the lines that give no row off the parts of a message.
func (n *csv) shift(parts value.Value) {
	by := n.skip
	if n.shiftsParts {
		by++
	}
	for _, key := range []string{"index", "count"} {
		v, _ := value.GetKey(parts, key)
		_ = value.SetKey(parts, key, value.Num(value.ToNumber(v)-by))
	}
}

// accept does what both modes do with a message before they look at its payload;
// ok is false if there is none.
func (n *csv) accept(c *engine.Call, m *engine.Message) (payload value.Value, ok bool) {
	reset := m.Has("reset")
	if reset {
		n.sent = false
	}
	payload, ok = m.Lookup("payload")
	if !ok && !reset {
		c.Send(m)
	}
	return payload, ok
}

// appendCell appends a cell, in quotes if quoted, with its quotes doubled.
func appendCell(dst []byte, text string, quoted bool) []byte {
	if !quoted {
		return append(dst, text...)
	}
	dst = append(dst, '"')
	for {
		i := strings.IndexByte(text, '"')
		if i < 0 {
			break
		}
		dst = append(append(dst, text[:i]...), '"', '"')
		text = text[i+1:]
	}
	return append(append(dst, text...), '"')
}

// columnText joins names by commas, those with a comma in quotes.
func columnText(names []string, empties bool) string {
	var b strings.Builder
	first := true
	for _, name := range names {
		if name == "" && !empties {
			continue
		}
		if !first {
			b.WriteByte(',')
		}
		first = false
		if strings.Contains(name, ",") {
			b.WriteString(`"` + name + `"`)
		} else {
			b.WriteString(name)
		}
	}
	return b.String()
}
