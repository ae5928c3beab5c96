// Package scale reads and writes SCALE, the encoding of Substrate chains, driven by
// the types that a chain's metadata declares: nothing about any chain is known here.
//
// Decoded values are plain Go values:
//
//	bool, string, rune          bool, string, rune
//	u8 … u64, i8 … i64          uint64, int64
//	u128, u256, i128, i256      *big.Int
//	compact                     as its type
//	sequence or array of u8     []byte
//	other sequences and arrays  []any
//	tuple                       []any; one of one element is that element
//	composite                   *Record; one with a single unnamed field is that field
//	variant                     *Variant; an Option is nil or the value (*Variant if Options nest)
//	bit sequence                []bool
//
// Encoding takes the same, and what people write more easily: any Go integer for a
// number, a string for bytes and for the name of a variant without fields, map[string]any for a record,
// nil for None.
package scale
