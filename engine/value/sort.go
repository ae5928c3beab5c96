package value

// SortStable sorts values as Array.prototype.sort does with a comparison function:
// stable, undefined last without being compared, and with V8's order of
// comparisons, so that a comparison that contradicts itself gives the same result.
func SortStable(list []Value, compare func(x, y Value) int) {
	defined := make([]Value, 0, len(list))
	for _, v := range list {
		if !v.IsUndefined() {
			defined = append(defined, v)
		}
	}
	MergeSort(defined, compare)
	n := copy(list, defined)
	clear(list[n:])
}
