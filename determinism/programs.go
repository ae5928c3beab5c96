package determinism

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// random is splitmix64: the same programs everywhere.
type random uint64

func (r *random) next() uint64 {
	*r += 0x9E3779B97F4A7C15
	z := uint64(*r)
	z = (z ^ z>>30) * 0xBF58476D1CE4E5B9
	z = (z ^ z>>27) * 0x94D049BB133111EB
	return z ^ z>>31
}

func (r *random) below(n int) int { return int(r.next() % uint64(n)) }

func pick[T any](r *random, list []T) T { return list[r.below(len(list))] }

var (
	specials = []string{"0", "-0", "1", "-1", "NaN", "Infinity", "-Infinity", "5e-324", "1.7976931348623157e308", "9007199254740993", "0.1", "1e21", "123456789.125", "2147483648", "4294967296.5", "1e-7"}
	monadic  = []string{"sin", "cos", "tan", "asin", "acos", "atan", "sinh", "cosh", "tanh", "asinh", "acosh", "atanh", "exp", "expm1", "log", "log2", "log10", "log1p", "cbrt", "sqrt", "fround", "trunc", "round", "floor", "ceil", "sign", "clz32", "abs"}
	dyadic   = []string{"atan2", "pow", "hypot", "imul", "max", "min"}
	operator = []string{"+", "-", "*", "/", "%", "**", "|", "&", "^", "<<", ">>", ">>>"}
	typed    = []string{"Float64Array", "Float32Array", "Int32Array", "Uint8Array", "Uint8ClampedArray", "Int16Array", "Uint32Array"}
	words    = []string{"alpha", "Straße", "ÅNGSTRÖM", "日本語", "𝒳yz", "e\\u0301", "İstanbul", "zebra", "Zürich", "10", "9", " x ", "a-b_c", ""}
	zones    = []string{"Europe/Berlin", "America/St_Johns", "Asia/Kathmandu", "Australia/Lord_Howe", "UTC", "Pacific/Apia", "America/Sao_Paulo"}
)

// number writes a number as JavaScript and JSONata read it.
func (r *random) number() string {
	switch r.below(6) {
	case 0:
		return pick(r, specials)
	case 1:
		return strconv.Itoa(r.below(2001) - 1000)
	case 2:
		return strconv.FormatFloat(float64(r.below(1_000_000_000)-500_000_000)/1000, 'g', -1, 64)
	case 3:
		return strconv.FormatFloat(float64(r.next()>>11)/(1<<53), 'g', -1, 64)
	}
	f := math.Float64frombits(r.next())
	if f != f || math.IsInf(f, 0) {
		return "3.25"
	}
	return strconv.FormatFloat(f, 'g', -1, 64)
}

func (r *random) expression(depth int) string {
	if depth == 0 {
		return "n(" + r.number() + ")" // not a constant: what goja computes when it compiles is another matter
	}
	e := func() string { return r.expression(r.below(depth)) }
	switch r.below(7) {
	case 0, 1:
		return "Math." + pick(r, monadic) + "(" + e() + ")"
	case 2:
		return "Math." + pick(r, dyadic) + "(" + e() + "," + e() + ")"
	case 3:
		return "parseFloat((" + e() + ").toString(" + strconv.Itoa(2+r.below(35)) + "))"
	case 4:
		return "Number((" + e() + ")." + pick(r, []string{"toFixed", "toExponential"}) + "(" + strconv.Itoa(r.below(21)) + "))"
	}
	return "(" + e() + " " + pick(r, operator) + " " + e() + ")"
}

func (r *random) list(item func() string) string {
	n := 1 + r.below(8)
	parts := make([]string, n)
	for i := range parts {
		parts[i] = item()
	}
	return "[" + strings.Join(parts, ",") + "]"
}

func (r *random) word() string { return `"` + pick(r, words) + pick(r, words) + `"` }

// Program gives the generated program of a number: a JavaScript expression.
func Program(i int) string {
	r := random(uint64(i) * 0x2545F4914F6CDD1D)
	r.next()
	num := func() string { return r.expression(2) }
	switch r.below(12) {
	case 0, 1, 2:
		return r.expression(4)
	case 3:
		return r.list(num) + ".map(x => x " + pick(&r, operator) + " " + r.number() + ").sort()"
	case 4:
		return r.list(r.word) + ".sort((a, b) => a." + pick(&r, []string{"localeCompare(b)", "length - b.length", "normalize('NFD') < b ? -1 : 1"}) + ")"
	case 5:
		return "[...new Uint8Array(" + pick(&r, typed) + ".from(" + r.list(num) + ".map(x => Math.abs(x) < 2 ** 62 ? x : 0)).buffer)]"
	case 6:
		return r.word() + "." + pick(&r, []string{"replace(new RegExp(\"P\",\"gi\"), \"<$&>\")", "split(new RegExp(\"P\"))", "match(new RegExp(\"P\",\"g\"))", "toUpperCase()", "toLowerCase()", "normalize(\"NFKD\")", "padStart(12, \"ab\")"})
	case 7:
		at := float64(r.next()%8_000_000_000_000) - 2_000_000_000_000
		return fmt.Sprintf("(d => [String(d), d.toISOString(), d.getTimezoneOffset(), new Date(d.getFullYear(), d.getMonth(), d.getDate(), 2, 30).getTime(), d.toLocaleString('en-US', {timeZone: %q})])(new Date(%.0f))", pick(&r, zones), at)
	case 8:
		return "JSON.stringify({n: " + r.list(num) + ", s: " + r.word() + ", k: Object.keys({b: 1, 2: 1, a: 1, 1: 1})})"
	case 9:
		return r.list(num) + ".reduce((a, b) => a + b) / " + r.number()
	case 10:
		return "(" + num() + ")." + pick(&r, []string{"toFixed(", "toPrecision(1 + ", "toExponential("}) + strconv.Itoa(r.below(60)) + ")"
	}
	return "jsonata(" + strconv.Quote(r.jsonata()) + ")"
}

// jsonata gives a generated JSONata expression.
func (r *random) jsonata() string {
	num := func() string {
		s := r.number()
		if strings.ContainsAny(s, "NI") {
			return "1.5"
		}
		return "(" + s + ")"
	}
	switch r.below(6) {
	case 0:
		return "$sum(" + r.list(num) + ")/$count([1..7])"
	case 1:
		return "$power(" + num() + "," + num() + ")"
	case 2:
		return "$sqrt($abs(" + num() + "))*" + num() + "+" + num()
	case 3:
		return "$map(" + r.list(num) + ", function($v){$round($v, 3)})"
	case 4:
		return "$string(" + num() + ") & $formatNumber(" + num() + ", '#,##0.00')"
	}
	return "$sort(" + r.list(num) + ")^(>$)"
}
