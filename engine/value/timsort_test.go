package value

import (
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"os"
	"slices"
	"testing"
)

// TestMergeSortSorts holds the sort to a stable reference on many sizes and shapes.
func TestMergeSortSorts(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for n := range 400 {
		list := make([][2]int, n*3)
		for i := range list {
			list[i] = [2]int{r.IntN(1 + n/2), i}
			if n%3 == 0 {
				list[i][0] = i / 50 * (1 - 2*(i/50%2))
			}
		}
		want := slices.Clone(list)
		slices.SortStableFunc(want, func(x, y [2]int) int { return x[0] - y[0] })
		MergeSort(list, func(x, y [2]int) int { return x[0] - y[0] })
		if !slices.Equal(list, want) {
			t.Fatalf("n=%d: not sorted stably", n*3)
		}
	}
}

// TestMergeSortComparisons holds the order of comparisons to real Node 22: the
// hashes were made by testdata/sort.mjs.
func TestMergeSortComparisons(t *testing.T) {
	for _, c := range sortVectors(t) {
		list := make([]int, c.n)
		seed := uint32(c.n)
		for i := range list {
			seed = seed*1664525 + 1013904223
			list[i] = int(seed>>8) % c.mod
		}
		h := fnv.New32a()
		MergeSort(list, func(x, y int) int {
			fmt.Fprintf(h, "%d,%d;", x, y)
			if x == y {
				return 0
			}
			if (x+y)%c.twist == 0 { // contradicts itself
				return 1
			}
			return x - y
		})
		if h.Sum32() != c.hash {
			t.Errorf("n=%d mod=%d twist=%d: the comparisons differ from Node's", c.n, c.mod, c.twist)
		}
	}
}

type sortVector struct {
	n, mod, twist int
	hash          uint32
}

func sortVectors(t *testing.T) []sortVector {
	t.Helper()
	f, err := os.Open("testdata/sort.txt")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var out []sortVector
	for {
		var v sortVector
		if _, err := fmt.Fscan(f, &v.n, &v.mod, &v.twist, &v.hash); err != nil {
			break
		}
		out = append(out, v)
	}
	if len(out) == 0 {
		t.Fatal("no vectors")
	}
	return out
}
