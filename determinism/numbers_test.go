package determinism

import (
	"bufio"
	"encoding/binary"
	"errors"
	"io"
	"math"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"

	"github.com/lockstep-flows/lockstep/engine/value"
)

// Environment variables that make numbers sets: a Node.js to compare with, and how
// many inputs per function.
const (
	nodeVar    = "LOCKSTEP_NODE"
	numbersVar = "LOCKSTEP_NUMBERS"
)

// recordedNumbers is how many inputs per function are in testdata/numbers.bin.
const recordedNumbers = 200

var one = map[string]func(float64) float64{
	"sin": value.Sin, "cos": value.Cos, "tan": value.Tan, "asin": value.Asin, "acos": value.Acos, "atan": value.Atan,
	"sinh": value.Sinh, "cosh": value.Cosh, "tanh": value.Tanh, "asinh": value.Asinh, "acosh": value.Acosh, "atanh": value.Atanh,
	"exp": value.Exp, "expm1": value.Expm1, "log": value.Log, "log2": value.Log2, "log10": value.Log10, "log1p": value.Log1p, "cbrt": value.Cbrt,
	"sqrt": math.Sqrt, "fround": func(x float64) float64 { return float64(float32(x)) }, "round": roundJS,
}

// roundJS is Math.round.
func roundJS(x float64) float64 {
	f := math.Floor(x)
	if x-f >= 0.5 {
		f++
	}
	return math.Copysign(f, x)
}

// input makes the input numbers.mjs makes.
func input(r *random, i int) float64 {
	n := r.next()
	unit := float64(n>>11) / (1 << 53)
	switch i % 6 {
	case 0:
		return math.Float64frombits(n)
	case 1:
		return float64(unit*2) - 1
	case 2:
		return float64(unit*200) - 100
	case 3:
		return float64(n&0xFFFFF) - 524288
	case 4:
		return float64(unit*1600) - 800
	}
	return math.Float64frombits(n&0x800FFFFFFFFFFFFF | (1023-40+n>>52&0x3F)<<52)
}

func hash(s string) uint32 {
	h := uint32(0x811c9dc5)
	for i := range len(s) {
		h = (h ^ uint32(s[i])) * 0x01000193
	}
	return h
}

func ours(name string, x, y float64, i int) float64 {
	if f := one[name]; f != nil {
		return f(x)
	}
	text := func(s string, err error) float64 {
		if err != nil {
			return math.NaN()
		}
		return float64(hash(s))
	}
	finite := !math.IsNaN(x) && !math.IsInf(x, 0)
	switch name {
	case "atan2":
		return value.Atan2(x, y)
	case "pow":
		return value.Pow(x, y)
	case "power":
		return value.Pow(math.Abs(x), math.Trunc(y))
	case "hypot":
		return value.Hypot(x, y)
	case "%":
		return math.Mod(x, y)
	case "string":
		return text(value.FormatNumber(x), nil)
	case "radix":
		return text(value.FormatRadix(x, 2+i%35), nil)
	case "fixed":
		return text(value.ToFixed(x, i%101))
	case "precision":
		if !finite {
			return text(value.FormatNumber(x), nil)
		}
		return text(value.ToPrecision(x, 1+i%100))
	case "exponential":
		return text(exponential(x, i%101), nil)
	case "parse", "number":
		s := exponential(x, i%30)
		if i%3 == 0 {
			s = strings.Replace(s, "e", value.FormatNumber(math.Abs(math.Trunc(y)))+"e", 1)
		}
		if name == "parse" {
			return value.ParseFloat(s)
		}
		return value.ToNumber(value.Str(s))
	}
	return math.NaN()
}

func exponential(x float64, digits int) string {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return value.FormatNumber(x)
	}
	s, err := value.ToExponential(x, digits)
	if err != nil {
		return err.Error()
	}
	return s
}

// TestNumbers holds our numbers to those of Node.js, bit for bit: the recorded ones,
// or, with LOCKSTEP_NODE, many fresh ones.
func TestNumbers(t *testing.T) {
	count := recordedNumbers
	var in io.Reader
	if node := os.Getenv(nodeVar); node != "" {
		if n, err := strconv.Atoi(os.Getenv(numbersVar)); err == nil {
			count = n
		}
		c := exec.CommandContext(t.Context(), node, "numbers.mjs", strconv.Itoa(count))
		c.Stderr = os.Stderr
		out, err := c.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		defer func() {
			if err := c.Wait(); err != nil {
				t.Error(err)
			}
		}()
		in = out
	} else {
		f, err := os.Open("testdata/numbers.bin")
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		in = f
	}
	b := bufio.NewReaderSize(in, 1<<20)
	functions := 0
	for {
		var head [16]byte
		if _, err := io.ReadFull(b, head[:]); err != nil {
			if !errors.Is(err, io.EOF) {
				t.Error(err)
			}
			break
		}
		functions++
		name := strings.TrimSpace(string(head[:]))
		wrong := 0
		r := random(hash(name))
		for i := range count {
			x := input(&r, i)
			y := input(&r, i+1)
			var bits uint64
			if err := binary.Read(b, binary.LittleEndian, &bits); err != nil {
				t.Fatal(err)
			}
			want, got := math.Float64frombits(bits), ours(name, x, y, i)
			if math.Float64bits(got) == bits || got != got && want != want {
				continue
			}
			if wrong++; wrong <= 3 {
				t.Errorf("%s(%v, %v) #%d: got %v, Node.js has %v", name, x, y, i, got, want)
			}
		}
		if wrong > 0 {
			t.Errorf("%s: %d of %d differ", name, wrong, count)
		}
	}
	if functions < 30 {
		t.Errorf("only %d functions", functions)
	}
}
