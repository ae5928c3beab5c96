package devnet

import (
	"fmt"
	"math/big"
	"slices"
	"sort"
	"strings"

	"github.com/lockstep-flows/lockstep/chain/metadata"
	"github.com/lockstep-flows/lockstep/chain/scale"
)

// exec carries out one block: it reads and changes storage, and collects events. What a
// failed call changed is undone.
type exec struct {
	r       *runtime
	s       *Settings
	base    *store
	block   uint32
	changes map[string][]byte
	undo    []change
	events  [][]byte
	phase   []byte
	err     error // a fault of the runtime's own code, not of a call
}

// change is what a key was in the block before it changed.
type change struct {
	key   string
	value []byte
	was   bool
}

// mark is a point to which an exec can go back.
type mark struct{ undo, events int }

func (x *exec) mark() mark { return mark{len(x.undo), len(x.events)} }

func (x *exec) back(m mark) {
	for i := len(x.undo) - 1; i >= m.undo; i-- {
		c := x.undo[i]
		if c.was {
			x.changes[c.key] = c.value
		} else {
			delete(x.changes, c.key)
		}
	}
	x.undo, x.events = x.undo[:m.undo], x.events[:m.events]
}

func (x *exec) raw(key string) []byte {
	if v, ok := x.changes[key]; ok {
		return v
	}
	return x.base.get(key, ^uint32(0))
}

func (x *exec) write(key string, value []byte) {
	old, was := x.changes[key]
	x.undo = append(x.undo, change{key, old, was})
	x.changes[key] = value
}

// fault keeps the first error of the runtime's own code: its declarations do not fit.
func (x *exec) fault(err error) {
	if x.err == nil && err != nil {
		x.err = fmt.Errorf("block %d: %w", x.block, err)
	}
}

// key of a value of storage, by "Pallet.Item".
func (x *exec) key(name string, keys ...any) (*metadata.Entry, string) {
	e := x.r.entries[name]
	if e == nil {
		x.fault(fmt.Errorf("there is no storage %s", name))
		return nil, ""
	}
	k, err := x.r.meta.Key(e, keys...)
	x.fault(err)
	return e, string(k)
}

// get reads a value; nil if it is optional and absent.
func (x *exec) get(name string, keys ...any) any {
	e, k := x.key(name, keys...)
	if e == nil {
		return nil
	}
	v, err := x.r.meta.Value(e, x.raw(k))
	x.fault(err)
	return v
}

// has reports whether a value is there.
func (x *exec) has(name string, keys ...any) bool {
	_, k := x.key(name, keys...)
	return x.raw(k) != nil
}

// put writes a value, whose keys come first.
func (x *exec) put(name string, v any, keys ...any) {
	e, k := x.key(name, keys...)
	if e == nil {
		return
	}
	b, err := x.r.meta.Types.Encode(e.Value, v)
	if err != nil {
		x.fault(fmt.Errorf("%s: %w", name, err))
	}
	if b == nil {
		b = []byte{}
	}
	x.write(k, b)
}

// unit is the value of items that only have keys.
var unit = []any{}

// remove takes a value away.
func (x *exec) remove(name string, keys ...any) {
	if _, k := x.key(name, keys...); x.raw(k) != nil {
		x.write(k, nil)
	}
}

// each calls fn with the keys and values of an item whose keys begin so, in order, until it
// gives false. Changes that fn makes are not seen.
func (x *exec) each(name string, prefix []any, fn func(keys []any, v any) bool) {
	x.after(name, "", prefix, func(_ string, keys []any, v any) bool { return fn(keys, v) })
}

// after is each for the keys that come after one.
func (x *exec) after(name, last string, prefix []any, fn func(key string, keys []any, v any) bool) {
	e, begin := x.key(name, prefix...)
	if e == nil {
		return
	}
	type pair struct {
		key   string
		value []byte
	}
	var list []pair
	x.base.scan(begin, last, ^uint32(0), func(key string, v []byte) bool {
		if _, changed := x.changes[key]; !changed {
			list = append(list, pair{key, v})
		}
		return true
	})
	for key, v := range x.changes {
		if v != nil && strings.HasPrefix(key, begin) && key > last {
			list = append(list, pair{key, v})
		}
	}
	sort.Slice(list, func(i, j int) bool { return list[i].key < list[j].key })
	for _, p := range list {
		keys, err := x.r.meta.Keys(e, []byte(p.key))
		x.fault(err)
		v, err := x.r.meta.Value(e, p.value)
		x.fault(err)
		if err != nil || !fn(p.key, keys, v) {
			return
		}
	}
}

// emit adds an event: its name as Pallet.Event, and its fields in order.
func (x *exec) emit(name string, fields ...any) {
	c, ok := x.r.events[name]
	if !ok {
		x.fault(fmt.Errorf("there is no event %s", name))
		return
	}
	if len(fields) != len(c.c.Fields) {
		x.fault(fmt.Errorf("the event %s has %d fields", name, len(c.c.Fields)))
		return
	}
	b := append(slices.Clone(x.phase), c.pallet, c.c.Index)
	for i, f := range c.c.Fields {
		var err error
		if b, err = x.r.meta.Types.Append(b, f.Type, fields[i]); err != nil {
			x.fault(fmt.Errorf("the event %s: %w", name, err))
			return
		}
	}
	x.events = append(x.events, append(b, 0)) // no topics
}

// failure is the error of a call.
type failure struct {
	// name is Pallet.Error, or a case of DispatchError.
	name string
	// field is the FieldCode that some errors carry.
	field string
}

func (f *failure) Error() string {
	if f.field != "" {
		return f.name + "(" + f.field + ")"
	}
	return f.name
}

// fail is an error of the worker pallet.
func fail(name string) error { return &failure{name: "WorkerNodePallet." + name} }

// failField is one about a field.
func failField(name, field string) error {
	return &failure{name: "WorkerNodePallet." + name, field: field}
}

// badOrigin says that the caller may not do this.
var badOrigin = &failure{name: "BadOrigin"}

// dispatchError is an error as events have it.
func (x *exec) dispatchError(err error) any {
	f, ok := err.(*failure)
	if !ok {
		return scale.Var("Other")
	}
	c, ok := x.r.errors[f.name]
	if !ok {
		if name, arg, has := strings.Cut(f.name, "."); has {
			return scale.Var(name, scale.Var(arg))
		}
		return scale.Var(f.name)
	}
	code := []byte{c.c.Index, 0, 0, 0}
	if len(c.c.Fields) == 1 {
		if b, err := x.r.meta.Types.Encode(c.c.Fields[0].Type, f.field); err == nil && len(b) == 1 {
			code[1] = b[0]
		}
	}
	return scale.Var("Module", scale.Rec("index", c.pallet, "error", code))
}

// origin is who calls.
type origin struct {
	root   bool
	signed bool
	who    [32]byte
}

// account is the signer of a call that must be signed.
func (o origin) account() ([32]byte, error) {
	if !o.signed {
		return o.who, badOrigin
	}
	return o.who, nil
}

// number reads a number.
func number(v any) *big.Int {
	switch v := v.(type) {
	case *big.Int:
		return v
	case uint64:
		return new(big.Int).SetUint64(v)
	}
	return new(big.Int)
}

// small reads a number of up to 64 bits.
func small(v any) uint64 {
	n, _ := v.(uint64)
	return n
}

// blob reads bytes.
func blob(v any) []byte {
	b, _ := v.([]byte)
	return b
}

// id32 reads an account.
func id32(v any) (id [32]byte) {
	copy(id[:], blob(v))
	return id
}

// record reads a record.
func record(v any) *scale.Record {
	r, _ := v.(*scale.Record)
	return r
}

// with gives a record with one field changed.
func with(r *scale.Record, name string, v any) *scale.Record {
	out := &scale.Record{Names: r.Names, Values: slices.Clone(r.Values)}
	if i := slices.Index(r.Names, name); i >= 0 {
		out.Values[i] = v
	}
	return out
}

// caseName is the name of an enumeration's value.
func caseName(v any) string {
	if c, ok := v.(*scale.Variant); ok {
		return c.Name
	}
	return ""
}
