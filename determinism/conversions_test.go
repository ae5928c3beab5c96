package determinism

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"fmt"
	"math"
	"net/url"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
)

// recordedConversions is how many programs' results are in testdata/conversions.txt.
const recordedConversions = 400

var (
	edges = []string{"0", "-0", "1", "-1", "0.5", "1.5", "2.5", "254.5", "255.5", "256", "-128.9", "127.5", "32768", "65536", "2147483647", "2147483648",
		"-2147483648", "-2147483649", "4294967295", "4294967296", "4294967297.5", "9007199254740991", "9007199254740993", "9223372036854775807", "-9223372036854775808",
		"9223372036854777856", "-9223372036854777856", "18446744073709551615", "18446744073709555712", "1e19", "-1e19", "1e20", "-1e20", "1e21", "123456789e14",
		"1e300", "-1e300", "1.7976931348623157e308", "5e-324", "NaN", "-NaN", "Infinity", "-Infinity", "3.4028235677973366e38", "1e-46"}
	others = []string{`"1e20"`, `"-1e19"`, `"0x10"`, `" 12 "`, `""`, `"abc"`, `"9223372036854777856"`, `"Infinity"`, "null", "undefined", "true", "[]", "[5]", "['1e20']",
		"({valueOf() { return 1e20 }})", "({toString() { return '-1e19' }})", "new Date(8.64e15)"}
	integral = []string{"Uint8Array", "Int8Array", "Uint16Array", "Int16Array", "Uint32Array", "Int32Array", "Uint8ClampedArray"}
	floats   = []string{"Float32Array", "Float64Array"}
	bitwise  = []string{"|", "&", "^", "<<", ">>", ">>>"}
)

// edge writes a number at which conversions go wrong, or any number.
func (r *random) edge() string {
	switch r.below(4) {
	case 0:
		if f := math.Float64frombits(r.next()); f == f && !math.IsInf(f, 0) {
			return strconv.FormatFloat(f, 'g', -1, 64)
		}
	case 1:
		f := math.Ldexp(float64(r.next()>>11), r.below(90)-20)
		return strconv.FormatFloat(f, 'g', -1, 64)
	}
	return pick(r, edges)
}

func (r *random) operand() string {
	if r.below(4) == 0 {
		return pick(r, others)
	}
	return r.edge()
}

// constant writes an expression that a compiler may compute.
func (r *random) constant(depth int) string {
	if depth == 0 {
		s := r.edge()
		if r.below(6) == 0 {
			return `"` + s + `"`
		}
		return "(" + s + ")"
	}
	e := func() string { return r.constant(r.below(depth)) }
	switch r.below(6) {
	case 0:
		return "(~" + e() + ")"
	case 1:
		return "(-" + e() + ")"
	case 2:
		return "(" + e() + " " + pick(r, []string{"+", "-", "*", "/", "%"}) + " " + e() + ")"
	case 3:
		return "(" + e() + " " + pick(r, []string{"&&", "||", "??", ","}) + " " + e() + ")"
	}
	return "(" + e() + " " + pick(r, bitwise) + " " + e() + ")"
}

// stored writes an expression that stores numbers in a typed array in one of the ways there are.
func (r *random) stored() string {
	class := pick(r, append(integral, floats...))
	list := func() string { return r.list(r.operand) }
	switch r.below(13) {
	case 0:
		return "new " + class + "(" + list() + ")"
	case 1:
		return class + ".from(" + list() + ")"
	case 2:
		return class + ".of(..." + list() + ")"
	case 3:
		return "(a => { " + list() + ".forEach((x, i) => { a[i] = x }); return a })(new " + class + "(9))"
	case 4:
		return "(a => { a.set(" + list() + ", 1); return a })(new " + class + "(9))"
	case 5:
		return "new " + class + "(3).fill(" + r.operand() + ")"
	case 6:
		return class + ".from(" + list() + ", x => x * " + r.edge() + ")"
	case 7:
		return "new " + class + "(4).map((_, i) => " + list() + "[i])"
	case 8:
		return "new " + class + "(2).with(1, " + r.operand() + ")"
	case 9:
		return "new " + class + "(new " + pick(r, floats) + "(" + list() + "))"
	case 10:
		return "(a => { a.set(new " + pick(r, floats) + "(" + list() + "), 1); return a })(new " + class + "(9))"
	case 11:
		return "new " + class + "(new Set(" + list() + "))"
	}
	return "new " + class + "({length: 3, 0: " + r.operand() + ", 2: " + r.operand() + "})"
}

// position writes a call of a function that takes positions or small numbers.
func (r *random) position() string {
	a, b, c := r.operand(), r.operand(), r.operand()
	text := pick(r, []string{"at", "charAt", "charCodeAt", "codePointAt", "slice", "substring", "substr", "includes", "indexOf", "lastIndexOf", "startsWith", "endsWith"})
	switch r.below(9) {
	case 0:
		if strings.Contains("includes indexOf lastIndexOf startsWith endsWith", text) {
			return `"abcabc".` + text + `("b", ` + a + ")"
		}
		return `"abcdef".` + text + "(" + a + ", " + b + ")"
	case 1:
		return "[1, 2, 3, 4]." + pick(r, []string{"at(" + a, "slice(" + a + ", " + b, "toSpliced(" + a + ", " + b, "includes(2, " + a, "indexOf(2, " + a,
			"lastIndexOf(2, " + a, "fill(9, " + a + ", " + b, "copyWithin(" + a + ", " + b + ", " + c}) + ")"
	case 2:
		return "new Float32Array([1, 2, 3, 4])." + pick(r, []string{"at(" + a, "slice(" + a + ", " + b, "subarray(" + a + ", " + b, "includes(2, " + a,
			"indexOf(2, " + a, "fill(9, " + r.edge() + ", " + b, "copyWithin(" + a + ", " + b + ", " + c}) + ")" // V8 forgets the end if the start is undefined
	case 3:
		return "Math.imul(" + a + ", " + b + ")"
	case 4:
		return "Math.clz32(" + a + ")"
	case 5:
		return "String.fromCharCode(" + a + ", " + b + ")"
	case 6:
		return `parseInt("1234", ` + a + ")"
	case 7:
		return `"a,b,c".split(",", ` + a + ")"
	}
	return "new ArrayBuffer(16).slice(" + a + ", " + b + ").byteLength"
}

// viewed writes an expression that stores a number through a DataView.
func (r *random) viewed() string {
	kind := pick(r, []string{"Int8", "Uint8", "Int16", "Uint16", "Int32", "Uint32", "Float32", "Float64"})
	at, order := strconv.Itoa(r.below(8)), strconv.Itoa(r.below(2))
	return "(d => { d.set" + kind + "(" + at + ", " + r.operand() + ", " + order + "); return d.get" + kind + "(" + at + ", " + order + ") })(new DataView(new ArrayBuffer(16)))"
}

// conversion gives the generated program of a number: an expression in which numbers
// become integers or 32-bit floats.
func conversion(i int) string {
	r := random(uint64(i)*0x2545F4914F6CDD1D + 1)
	r.next()
	switch r.below(8) {
	case 0:
		return r.constant(3)
	case 1:
		return "n(" + r.operand() + ") " + pick(&r, append(bitwise, "%", "/")) + " n(" + r.operand() + ")"
	case 2:
		return "(x => { x " + pick(&r, bitwise) + "= " + r.operand() + "; return [x, ~x] })(" + r.operand() + ")"
	case 3:
		return r.position()
	case 4:
		return r.viewed()
	case 5:
		return "n(" + r.edge() + ") * n(" + r.edge() + ")"
	}
	return r.stored()
}

// conversionsPrologue shows values with all their bits. NaN is one value: which bits
// V8 gives it depends on how it came about and on what was compiled.
const conversionsPrologue = `const n = x => x, out = [], bits = new DataView(new ArrayBuffer(8));
const show = v => typeof v === "number" ? (v !== v ? "nan" : (bits.setFloat64(0, v), bits.getUint32(0).toString(16) + "." + bits.getUint32(4).toString(16)))
  : Array.isArray(v) ? "[" + v.map(show).join() + "]" : ArrayBuffer.isView(v) ? v.constructor.name + show(Array.from(v)) : typeof v + ":" + encodeURIComponent(String(v).toWellFormed());
const t = f => { let s; try { s = show(f()) } catch (e) { s = "throws " + e.name } out.push(s) };
`

func conversionsCode(from, to int) string {
	code := conversionsPrologue
	for i := from; i < to; i++ {
		code += "t(() => " + conversion(i) + ");\n"
	}
	return code
}

// TestNumbersConversions holds conversions of numbers to those of Node.js: the recorded
// ones, or, with LOCKSTEP_NODE, many fresh ones.
func TestNumbersConversions(t *testing.T) {
	const file = "testdata/conversions.txt"
	node, count := os.Getenv(nodeVar), recordedConversions
	if n, err := strconv.Atoi(os.Getenv(numbersVar)); node != "" && err == nil {
		count = max(n/10/batch, 4) * batch
	}
	var want []string
	if node != "" {
		c := exec.CommandContext(t.Context(), node, "-")
		c.Stdin = strings.NewReader(conversionsCode(0, count) + `process.stdout.write(out.join("\n") + "\n")`)
		c.Stderr = os.Stderr
		b, err := c.Output()
		if err != nil {
			t.Fatal(err)
		}
		for s := bufio.NewScanner(bytes.NewReader(b)); s.Scan(); {
			want = append(want, fmt.Sprintf("%d %x", len(want), sha256.Sum256(s.Bytes()))[:24])
		}
		if os.Getenv("LOCKSTEP_WRITE") == "1" {
			writeLines(t, file, want[:recordedConversions])
		}
	} else {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		want = strings.Split(strings.TrimSpace(string(text)), "\n")
	}
	if len(want) < count {
		t.Fatalf("%d results, want %d", len(want), count)
	}
	wrong := 0
	for from := 0; from < count; from += batch {
		for i, s := range batchResults(t, conversionsCode(from, from+batch), from, "UTC") {
			s, err := url.PathUnescape(s)
			if err != nil {
				t.Fatal(err)
			}
			got := fmt.Sprintf("%d %x", from+i, sha256.Sum256([]byte(s)))[:24]
			if got == want[from+i] {
				continue
			}
			if wrong++; wrong <= 10 {
				t.Errorf("%s: got %s, not what Node.js has", conversion(from+i), s)
			}
		}
	}
	if wrong > 0 {
		t.Errorf("%d of %d programs differ", wrong, count)
	}
}
