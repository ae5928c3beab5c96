package engine

import (
	"crypto/sha1" //nolint:gosec // an ETag of Express is defined by it
	"encoding/base64"
	"slices"
	"strconv"

	"github.com/lockstep-flows/lockstep/engine/value"
)

// HashSum is the 8 digit hash (npm's hash-sum 2.0) with which Node-RED marks the
// headers of a response that an http request node received.
func HashSum(v value.Value) string {
	text := value.FormatRadix(hashValue(0, v, "", nil), 16)
	for len(text) < 8 {
		text = "0" + text
	}
	return text
}

func hashFold(h float64, text string) float64 {
	if text == "" {
		return h
	}
	for _, u := range value.UTF16(text) {
		n := value.ToInt32(h)
		h = float64(value.ToInt32(float64(int32(n)<<5) - h + float64(u)))
	}
	if h < 0 {
		return h * -2
	}
	return h
}

func hashValue(h float64, v value.Value, key string, seen []value.Value) float64 {
	h = hashFold(hashFold(hashFold(h, key), value.ToObjectString(v)), v.TypeOf())
	if v.IsNull() {
		return hashFold(h, "null")
	}
	if v.IsUndefined() {
		return hashFold(h, "undefined")
	}
	if !v.IsObject() {
		return hashFold(h, value.ToString(v))
	}
	for _, s := range seen {
		if value.SameObject(s, v) {
			return hashFold(h, "[Circular]"+key)
		}
	}
	seen = append(seen, v)
	keys := value.Keys(v)
	slices.SortFunc(keys, value.CompareStrings)
	for _, k := range keys {
		p, err := value.GetKey(v, k)
		if err != nil {
			p = value.Undefined
		}
		h = hashValue(h, p, k, seen)
	}
	return hashFold(h, value.ToString(v))
}

// ETag is the weak entity tag that Express gives a body: its length and SHA-1.
func ETag(body []byte) string {
	sum := sha1.Sum(body) //nolint:gosec // not for security
	return `W/"` + strconv.FormatInt(int64(len(body)), 16) + "-" + base64.StdEncoding.EncodeToString(sum[:])[:27] + `"`
}
