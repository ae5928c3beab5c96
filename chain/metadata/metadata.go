package metadata

import (
	"fmt"
	"slices"
	"strings"

	"github.com/lockstep-flows/lockstep/chain/scale"
)

// Metadata of a runtime.
type Metadata struct {
	// Version of the format: 14, 15 or 16.
	Version uint8
	// Types are all types of the runtime.
	Types *scale.Registry
	// Pallets in the order of the runtime.
	Pallets []*Pallet
	// Extrinsic says how transactions are built.
	Extrinsic Extrinsic
	// APIs are the runtime's; nil in version 14.
	APIs []API
	// Custom are values a runtime adds, by name; nil in version 14.
	Custom map[string]Custom
}

// Pallet is a module of the runtime.
type Pallet struct {
	Name string
	// Index of its calls, events and errors.
	Index uint8
	// Prefix of its storage; Storage is nil if it has none.
	Prefix  string
	Storage []*Entry
	// Calls, Events and Errors are the ids of enumerations; -1 if there is none.
	Calls, Events, Errors int64
	Constants             []Constant
	Docs                  []string
}

// Entry is an item of storage.
type Entry struct {
	Pallet, Prefix, Name string
	// Optional says that a value that is not there is none, not Default.
	Optional bool
	// Hashers of the keys, none for a plain value.
	Hashers []Hasher
	// Key is the type of the key (a tuple if there are several hashers), Value that of the
	// value.
	Key, Value uint32
	Default    []byte
	Docs       []string
}

// Constant of a pallet; Value is its encoding.
type Constant struct {
	Name  string
	Type  uint32
	Value []byte
	Docs  []string
}

// Extrinsic says how transactions are built.
type Extrinsic struct {
	// Versions of the format that are taken.
	Versions []uint8
	// Address, Call, Signature are types; -1 where the metadata does not say (version 14:
	// they are parameters of Type).
	Address, Call, Signature int64
	// Type of the whole, version 14 only; else -1.
	Type int64
	// Extensions in the order in which their data comes in a transaction.
	Extensions []Extension
}

// Extension is a signed or transaction extension: Type is the data in the transaction,
// Implicit that which is only signed.
type Extension struct {
	Name           string
	Type, Implicit uint32
}

// API is a set of functions of the runtime.
type API struct {
	Name    string
	Methods []Method
}

// Method of an API.
type Method struct {
	Name   string
	Inputs []Input
	Output uint32
	Docs   []string
}

// Input of a method.
type Input struct {
	Name string
	Type uint32
}

// Custom is a value that a runtime adds.
type Custom struct {
	Type  uint32
	Value []byte
}

// Pallet finds a pallet by its name; names are also found in camel case, as JavaScript
// clients write them.
func (m *Metadata) Pallet(name string) *Pallet {
	for _, p := range m.Pallets {
		if sameName(p.Name, name) {
			return p
		}
	}
	return nil
}

// sameName compares names, whatever the case of the first letter.
func sameName(a, b string) bool {
	return a == b || a != "" && len(a) == len(b) && a[1:] == b[1:] && strings.EqualFold(a[:1], b[:1])
}

// PalletAt finds a pallet by its index.
func (m *Metadata) PalletAt(index uint8) *Pallet {
	for _, p := range m.Pallets {
		if p.Index == index {
			return p
		}
	}
	return nil
}

// Storage finds an item of storage.
func (m *Metadata) Storage(pallet, entry string) (*Entry, error) {
	p := m.Pallet(pallet)
	if p == nil {
		return nil, fmt.Errorf("the runtime has no pallet %s", pallet)
	}
	for _, e := range p.Storage {
		if sameName(e.Name, entry) {
			return e, nil
		}
	}
	return nil, fmt.Errorf("the pallet %s has no storage %s", p.Name, entry)
}

// Constant decodes a constant.
func (m *Metadata) Constant(pallet, name string) (any, error) {
	p := m.Pallet(pallet)
	if p == nil {
		return nil, fmt.Errorf("the runtime has no pallet %s", pallet)
	}
	for _, c := range p.Constants {
		if sameName(c.Name, name) {
			return m.Types.DecodeAll(c.Value, c.Type)
		}
	}
	return nil, fmt.Errorf("the pallet %s has no constant %s", p.Name, name)
}

// Method finds a function of the runtime, by "Api_method" as state_call names it or by
// both names.
func (m *Metadata) Method(api, name string) (*Method, error) {
	for i := range m.APIs {
		if m.APIs[i].Name != api {
			continue
		}
		j := slices.IndexFunc(m.APIs[i].Methods, func(x Method) bool { return x.Name == name })
		if j >= 0 {
			return &m.APIs[i].Methods[j], nil
		}
	}
	return nil, fmt.Errorf("the runtime does not declare %s_%s", api, name)
}
