package jsonata

import (
	"math"
	"strconv"
	"strings"

	"github.com/lockstep-flows/lockstep/engine/value"
)

// stringify is $string: strings stay, functions are empty, all else is JSON with
// numbers of at most 15 digits.
func stringify(v value.Value, pretty bool) (string, error) {
	switch {
	case v.IsString():
		return v.Str(), nil
	case isFunction(v):
		return "", nil
	case v.IsNumber():
		f := v.Num()
		if math.IsInf(f, 0) || f != f {
			return "", fail("D3001", "value", f, "stack")
		}
		return string(appendNumber(nil, f)), nil
	case isOuter(v):
		v = v.Array().At(0)
	}
	w := writer{}
	if pretty {
		w.indent = "  "
	}
	_, err := w.value("", v, "\n", 0)
	return string(w.out), err
}

// appendNumber writes a number rounded to 15 digits, unless it is an integer.
func appendNumber(dst []byte, f float64) []byte {
	if f == math.Trunc(f) {
		return value.AppendNumber(dst, f)
	}
	start := len(dst)
	dst = value.AppendNumber(dst, f)
	digits := 0
	for _, c := range dst[start:] {
		if c == 'e' {
			break
		}
		if c >= '0' && c <= '9' && (digits > 0 || c != '0') {
			digits++
		}
	}
	if digits <= 15 {
		return dst
	}
	s, _ := value.ToPrecision(f, 15)
	return value.AppendNumber(dst[:start], value.ParseNumber(s))
}

// writer writes JSON as JSON.stringify does with JSONata's replacer.
type writer struct {
	out    []byte
	indent string
	open   []value.Value
}

// value writes a value; it reports false, and writes nothing, for undefined.
func (w *writer) value(key string, v value.Value, newline string, depth int) (bool, error) {
	if depth > maxData {
		return false, errDepth()
	}
	v, err := jsonForm(key, v)
	if err != nil {
		return false, err
	}
	switch v.Kind() {
	case value.KindUndefined, value.KindSymbol:
		return false, nil
	case value.KindNull:
		w.out = append(w.out, "null"...)
	case value.KindBool:
		w.out = strconv.AppendBool(w.out, v.Bool())
	case value.KindNumber:
		if ok, err := isNumeric(v); err != nil {
			return false, err
		} else if !ok {
			w.out = append(w.out, "null"...)
			break
		}
		w.out = appendNumber(w.out, v.Num())
	case value.KindString:
		w.out = append(w.out, value.Quote(v.Str())...)
	case value.KindBigInt:
		return false, typeError("Do not know how to serialize a BigInt")
	default:
		return true, w.container(v, newline, depth)
	}
	return true, nil
}

// jsonForm is what JSON.stringify goes on with: the result of toJSON, and an empty
// string for functions.
func jsonForm(key string, v value.Value) (value.Value, error) {
	switch v.Kind() {
	case value.KindDate:
		if ms := v.Date().Ms; ms != ms {
			return value.Null, nil
		}
		return value.Str(value.ISO(v.Date().Ms)), nil
	case value.KindBuffer:
		b := v.Buffer().B
		data := make([]value.Value, len(b))
		for i := range b {
			data[i] = value.Int(int(b[i]))
		}
		return value.Obj("type", "Buffer", "data", value.Arr(data...)), nil
	case value.KindForeign:
		var err error
		if !isFunction(v) {
			v, err = v.Foreign().ToJSON(key)
		}
		if isFunction(v) {
			v = value.Str("")
		}
		return v, err
	}
	return v, nil
}

func (w *writer) container(v value.Value, newline string, depth int) error {
	for _, o := range w.open {
		if value.SameObject(o, v) {
			_, _, err := value.Stringify(v, "") // for the text of the error
			if err == nil {
				err = typeError("Converting circular structure to JSON")
			}
			return err
		}
	}
	w.open = append(w.open, v)
	inner := newline + w.indent
	empty := true
	var err error
	end := byte('}')
	if isArray(v) {
		end = ']'
		w.out = append(w.out, '[')
		for i, x := range elements(v) {
			if err = w.item(strconv.Itoa(i), x, true, &empty, inner, depth); err != nil {
				break
			}
		}
	} else {
		w.out = append(w.out, '{')
		err = each(v, func(k string, x value.Value) error { return w.item(k, x, false, &empty, inner, depth) })
	}
	if !empty && w.indent != "" {
		w.out = append(w.out, newline...)
	}
	w.out = append(w.out, end)
	w.open = w.open[:len(w.open)-1]
	return err
}

// item writes one element or property; a property that has no JSON is left out.
func (w *writer) item(key string, x value.Value, element bool, empty *bool, newline string, depth int) error {
	mark := len(w.out)
	if !*empty {
		w.out = append(w.out, ',')
	}
	if w.indent != "" {
		w.out = append(w.out, newline...)
	}
	if !element {
		w.out = append(w.out, value.Quote(key)...)
		w.out = append(w.out, ':')
		if w.indent != "" {
			w.out = append(w.out, ' ')
		}
	}
	ok, err := w.value(key, x, newline, depth+1)
	switch {
	case ok:
	case element:
		w.out = append(w.out, "null"...)
	default:
		w.out = w.out[:mark]
		return err
	}
	*empty = false
	return err
}

// base64 is not that of the standard library: the original takes the low byte of
// each UTF-16 unit, and reads whatever it is given.
const base64Digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

func base64encode(s string) string {
	units := value.UTF16(s)
	var b strings.Builder
	for i := 0; i < len(units); i += 3 {
		var n uint32
		for k := range 3 {
			n <<= 8
			if i+k < len(units) {
				n |= uint32(units[i+k] & 0xFF)
			}
		}
		for k := range 4 {
			if i+k > len(units) {
				b.WriteByte('=')
			} else {
				b.WriteByte(base64Digits[n>>(18-6*k)&63])
			}
		}
	}
	return b.String()
}

func base64decode(s string) string {
	var out []uint16
	var n uint32
	bits := 0
	for i := range len(s) {
		c := s[i]
		switch c {
		case '-':
			c = '+'
		case '_':
			c = '/'
		case '=':
			return value.FromUTF16(out)
		}
		at := strings.IndexByte(base64Digits, c)
		if at < 0 {
			continue
		}
		n = n<<6 | uint32(at)
		if bits += 6; bits >= 8 {
			bits -= 8
			out = append(out, uint16(n>>bits&0xFF))
		}
	}
	return value.FromUTF16(out)
}
