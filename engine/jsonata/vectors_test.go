package jsonata

import (
	"bufio"
	"math"
	"os"
	"testing"

	"github.com/lockstep-flows/lockstep/engine/value"
)

// TestVectors compares with what the JSONata of Node-RED did (testdata/vectors.mjs).
// VECTORS may name another file that the same generator wrote.
func TestVectors(t *testing.T) {
	file := os.Getenv("VECTORS")
	if file == "" {
		file = "testdata/vectors.jsonl"
	}
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	inputs, err := os.ReadFile("testdata/inputs.json")
	if err != nil {
		t.Fatal(err)
	}
	sc := bufio.NewScanner(f)
	sc.Buffer(nil, 1<<20)
	n, failed := 0, 0
	for sc.Scan() {
		line, err := value.ParseJSON(sc.Text())
		if err != nil {
			t.Fatal(err)
		}
		n++
		list, _ := value.ParseJSON(string(inputs))
		input := value.Index(list, int(value.Index(line, 1).Num()))
		want := string(value.AppendJSON(nil, value.Index(line, 2)))
		got := string(value.AppendJSON(nil, vectorOutcome(value.Index(line, 0).Str(), input)))
		if got != want {
			if failed++; failed <= 100 {
				t.Errorf("%s  on %d\n got %s\nwant %s", value.Index(line, 0).Str(), int(value.Index(line, 1).Num()), got, want)
			}
		}
	}
	if n < 500 {
		t.Fatalf("only %d vectors", n)
	}
	t.Logf("%d vectors, %d differ", n, failed)
}

// vectorOutcome evaluates and gives the outcome in the form of the vectors.
func vectorOutcome(src string, input value.Value) value.Value {
	randoms := -1.0
	host := &Host{
		Now:    func() float64 { return 1718454896789 },
		Random: func() float64 { randoms++; return math.Mod(randoms*0.37, 1) },
	}
	x, err := Compile(src)
	var v value.Value
	if err == nil {
		v, err = x.Eval(input, host)
	}
	if err == nil {
		return value.Obj("value", encode(v, 0))
	}
	e := asError(err)
	if e.Name != "" {
		return value.Obj("thrown", e.Error(), "position", encode(e.Prop("position"), 0), "token", encode(e.Prop("token"), 0))
	}
	return value.Obj("error", encode(value.Of(e.Props), 0))
}

func tag(name string) value.Value { return value.Obj("$", name) }

func encode(v value.Value, depth int) value.Value {
	switch v.Kind() {
	case value.KindUndefined:
		return tag("undefined")
	case value.KindNumber:
		if f := v.Num(); f-f != 0 {
			return tag(value.FormatNumber(f))
		} else if f == 0 && math.Signbit(f) {
			return tag("-0")
		}
	case value.KindForeign:
		return tag("function")
	case value.KindError:
		return value.Obj("$", "error", "text", v.Error().Error())
	}
	if depth > 50 {
		return tag("deep")
	}
	if a := v.Array(); a != nil {
		list := value.NewArray()
		for _, x := range a.Elems {
			list.Append(encode(x, depth+1))
		}
		switch {
		case a.Extra == nil || !a.Extra.Get("sequence").Bool():
			return value.Of(list)
		case a.Extra.Get("keepSingleton").Bool():
			return value.Obj("$", "kept", "list", value.Of(list))
		}
		return value.Obj("$", "sequence", "list", value.Of(list))
	}
	if o := v.Object(); o != nil {
		out := value.NewObject()
		for i := range o.Len() {
			x := encode(o.At(i).Value, depth+1)
			if o.At(i).Key == "stack" {
				x = value.Str("Error")
			}
			out.Set(o.At(i).Key, x)
		}
		return value.Of(out)
	}
	return v
}

// FuzzExpression looks for panics in the parser and the evaluator.
func FuzzExpression(f *testing.F) {
	f.Add("items[price > 2]^(>name).{'a': $sum(%.x)}")
	f.Add(`$map(b, function($v) <n:n> { $v ~> |$|{"a":1}| })`)
	f.Fuzz(func(t *testing.T, src string) {
		x, err := Compile(value.Text([]byte(src)))
		if err != nil || len(src) > 200 {
			return
		}
		in, _ := value.ParseJSON(`{"a":1,"b":[2,3],"c":{"x":"y"},"items":[{"name":"p","price":3}]}`)
		x.limit = 20_000
		_, _ = x.Eval(in, nil)
	})
}
