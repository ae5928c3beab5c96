package flowtest

import (
	"encoding/json"
	"fmt"
	"math"
	"sort"
	"strings"
	"time"
)

// showLimit is how many bytes of a value a line shows.
const showLimit = 400

// show writes a value in one line.
func show(v any) string {
	if f, ok := v.(float64); ok && (math.IsNaN(f) || math.IsInf(f, 0)) {
		return fmt.Sprint(f)
	}
	if f, ok := v.(func(string) ([]any, error)); ok && f != nil {
		return "a function"
	}
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(finite(v)); err != nil {
		return fmt.Sprintf("%v", v)
	}
	text := strings.TrimSuffix(b.String(), "\n")
	if len(text) > showLimit {
		text = strings.ToValidUTF8(text[:showLimit], "") + "…"
	}
	return text
}

// finite replaces numbers that JSON has not.
func finite(v any) any {
	switch x := v.(type) {
	case float64:
		if math.IsNaN(x) || math.IsInf(x, 0) {
			return fmt.Sprint(x)
		}
	case []any:
		out := make([]any, len(x))
		for i := range x {
			out[i] = finite(x[i])
		}
		return out
	case map[string]any:
		out := make(map[string]any, len(x))
		for k := range x {
			out[k] = finite(x[k])
		}
		return out
	}
	return v
}

// maxDifferences is how many differences of two values are told.
const maxDifferences = 12

// differences tell where two values differ; part: what is wanted may be a part of
// what is there.
func differences(want, got any, part bool) []string {
	d := differ{part: part}
	d.compare("", want, got)
	if d.more > 0 {
		d.lines = append(d.lines, fmt.Sprintf("and %d more", d.more))
	}
	return d.lines
}

type differ struct {
	part  bool
	lines []string
	more  int
}

func (d *differ) add(path, text string) {
	if len(d.lines) == maxDifferences {
		d.more++
		return
	}
	if path == "" {
		path = "it"
	}
	d.lines = append(d.lines, strings.TrimPrefix(path, ".")+"  "+text)
}

func (d *differ) compare(path string, want, got any) {
	want, got = number(want), number(got)
	switch w := want.(type) {
	case map[string]any:
		if g, ok := got.(map[string]any); ok {
			d.objects(path, w, g)
			return
		}
	case []any:
		if g, ok := got.([]any); ok {
			d.lists(path, w, g)
			return
		}
	case float64:
		if g, ok := got.(float64); ok && (g == w || math.IsNaN(g) && math.IsNaN(w)) {
			return
		}
	case string, bool, nil:
		switch got.(type) {
		case map[string]any, []any:
		default:
			if want == got {
				return
			}
		}
	}
	d.add(path, "wanted "+show(want)+", is "+show(got))
}

func (d *differ) objects(path string, want, got map[string]any) {
	for _, k := range sortedKeys(want) {
		g, ok := got[k]
		if !ok {
			if want[k] != nil {
				d.add(path+"."+k, "wanted "+show(want[k])+", is missing")
			}
			continue
		}
		d.compare(path+"."+k, want[k], g)
	}
	if d.part {
		return
	}
	for _, k := range sortedKeys(got) {
		if _, ok := want[k]; !ok && got[k] != nil {
			d.add(path+"."+k, "not wanted, is "+show(got[k]))
		}
	}
}

func (d *differ) lists(path string, want, got []any) {
	for i := range min(len(want), len(got)) {
		d.compare(fmt.Sprintf("%s[%d]", path, i), want[i], got[i])
	}
	for i := len(got); i < len(want); i++ {
		d.add(fmt.Sprintf("%s[%d]", path, i), "wanted "+show(want[i])+", is missing")
	}
	for i := len(want); i < len(got); i++ {
		d.add(fmt.Sprintf("%s[%d]", path, i), "not wanted, is "+show(got[i]))
	}
}

func sortedKeys(m map[string]any) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return keys
}

// number makes all numbers float64.
func number(v any) any {
	switch n := v.(type) {
	case int:
		return float64(n)
	case int64:
		return float64(n)
	case uint64:
		return float64(n)
	}
	return v
}

// span writes ms as a time span.
func span(ms float64) string {
	return time.Duration(ms * float64(time.Millisecond)).String()
}
