package metadata

import (
	"bytes"
	"fmt"

	"github.com/lockstep-flows/lockstep/chain/scale"
)

// PrefixKey is where all keys of a storage item begin.
func (e *Entry) PrefixKey() []byte {
	return append(Twox128.Hash([]byte(e.Prefix)), Twox128.Hash([]byte(e.Name))...)
}

// KeyTypes are the types of the keys, one for each hasher.
func (m *Metadata) KeyTypes(e *Entry) ([]uint32, error) {
	if len(e.Hashers) == 0 {
		return nil, nil
	}
	if len(e.Hashers) == 1 {
		return []uint32{e.Key}, nil
	}
	t, err := m.Types.Type(e.Key)
	if err != nil {
		return nil, err
	}
	if t.Kind != scale.Tuple || len(t.Elems) != len(e.Hashers) {
		return nil, fmt.Errorf("the storage %s.%s has %d hashers for a key that is %s", e.Pallet, e.Name, len(e.Hashers), t.Name())
	}
	return t.Elems, nil
}

// Key is the key of a value in storage. With fewer keys than the item takes, it is where all
// keys that begin so begin.
func (m *Metadata) Key(e *Entry, keys ...any) ([]byte, error) {
	types, err := m.KeyTypes(e)
	if err != nil {
		return nil, err
	}
	if len(keys) > len(types) {
		return nil, fmt.Errorf("the storage %s.%s takes %d keys, not %d", e.Pallet, e.Name, len(types), len(keys))
	}
	out := e.PrefixKey()
	for i, k := range keys {
		b, err := m.Types.Encode(types[i], k)
		if err != nil {
			return nil, fmt.Errorf("key %d of %s.%s: %w", i+1, e.Pallet, e.Name, err)
		}
		out = append(out, e.Hashers[i].Hash(b)...)
	}
	return out, nil
}

// Keys reads the keys back from a key in storage; where a hasher does not keep them they
// are nil.
func (m *Metadata) Keys(e *Entry, key []byte) ([]any, error) {
	types, err := m.KeyTypes(e)
	if err != nil {
		return nil, err
	}
	rest, ok := bytes.CutPrefix(key, e.PrefixKey())
	if !ok {
		return nil, fmt.Errorf("the key %x is not one of %s.%s", key, e.Pallet, e.Name)
	}
	d := scale.NewDecoder(rest)
	out := make([]any, len(types))
	for i, t := range types {
		skip := e.Hashers[i].skip()
		if skip < 0 {
			size := 16
			if e.Hashers[i] == Blake2x256 || e.Hashers[i] == Twox256 {
				size = 32
			}
			if _, err := d.Bytes(size); err != nil {
				return nil, err
			}
			continue
		}
		if _, err := d.Bytes(skip); err != nil {
			return nil, err
		}
		if out[i], err = m.Types.Decode(d, t); err != nil {
			return nil, fmt.Errorf("key %d of %s.%s: %w", i+1, e.Pallet, e.Name, err)
		}
	}
	if d.Left() > 0 {
		return nil, fmt.Errorf("the key of %s.%s has %d bytes too many", e.Pallet, e.Name, d.Left())
	}
	return out, nil
}

// Value decodes a value in storage. raw nil means that nothing is there: then it is the
// default, or nil if the item is optional.
func (m *Metadata) Value(e *Entry, raw []byte) (any, error) {
	if raw == nil {
		if e.Optional {
			return nil, nil
		}
		raw = e.Default
	}
	v, err := m.Types.DecodeAll(raw, e.Value)
	if err != nil {
		return nil, fmt.Errorf("%s.%s: %w", e.Pallet, e.Name, err)
	}
	return v, nil
}
