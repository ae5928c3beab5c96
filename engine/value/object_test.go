package value

import (
	"slices"
	"strconv"
	"testing"
)

// TestObjectAgainstList does many random things to an object and to a plain list
// of keys, and compares.
func TestObjectAgainstList(t *testing.T) {
	in := mathInputs(7)
	for range 200 {
		o := NewObject()
		var ints, names []string
		values := map[string]float64{}
		limit := int(in.rand32()%60) + 1
		for range 400 {
			n := int(in.rand32() % uint32(limit))
			key := "key" + strconv.Itoa(n)
			list := &names
			if in.rand32()%3 == 0 {
				key, list = strconv.Itoa(n), &ints
			}
			f := float64(in.rand32())
			switch in.rand32() % 4 {
			case 0, 1:
				o.Set(key, Num(f))
				if _, ok := values[key]; !ok {
					*list = append(*list, key)
				}
				values[key] = f
			case 2:
				_, ok := values[key]
				if o.Delete(key) != ok {
					t.Fatalf("delete %s", key)
				}
				delete(values, key)
				*list = slices.DeleteFunc(*list, func(k string) bool { return k == key })
			default:
				v, ok := o.Lookup(key)
				if f, has := values[key]; has != ok || has && v.Num() != f {
					t.Fatalf("get %s: %v %v", key, v.Num(), ok)
				}
			}
			if in.rand32()%200 == 0 {
				o = Clone(Of(o)).Object()
			}
		}
		slices.SortFunc(ints, func(a, b string) int { return int(ParseNumber(a) - ParseNumber(b)) })
		if want := slices.Concat(ints, names); !slices.Equal(o.Keys(), want) {
			t.Fatalf("got %v\nwant %v", o.Keys(), want)
		}
		for k, f := range values {
			if o.Get(k).Num() != f {
				t.Fatalf("%s is %v, want %v", k, o.Get(k).Num(), f)
			}
		}
	}
}
