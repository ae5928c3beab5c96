package devnet

import (
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"

	"github.com/lockstep-flows/lockstep/chain/scale"
)

// pallet declares a part of the runtime: one line for each item.
//
//	calls, events, errors   index name {field type; …}
//	storage                 Name [hashers keys] => value [? | = default in hex]
//	                        hashers: b is Blake2_128Concat, t Twox64Concat; ? is optional
//	constants               Name type value in hex
type pallet struct {
	name, path                                string
	index                                     uint8
	calls, events, errors, storage, constants string
}

// builder makes types of their declarations.
type builder struct {
	later   bool // with what came after spec 73
	named   map[string]named
	ids     map[string]uint32
	types   []*scale.Type
	pallets []pallet
	err     error
}

func newBuilder(later bool, pallets []pallet, tables ...[]named) *builder {
	b := &builder{later: later, named: map[string]named{}, ids: map[string]uint32{}, pallets: pallets}
	for _, t := range tables {
		for _, n := range t {
			path, alias, ok := strings.Cut(n.path, "@")
			if !ok {
				alias = path[strings.LastIndex(path, ":")+1:]
			}
			b.named[alias] = named{path, n.text}
		}
	}
	return b
}

func (b *builder) fail(format string, args ...any) {
	if b.err == nil {
		b.err = fmt.Errorf(format, args...)
	}
}

// add registers a type under an expression before its parts, which may name it again.
func (b *builder) add(expr string, t *scale.Type) *scale.Type {
	t.ID = uint32(len(b.types))
	b.ids[expr] = t.ID
	b.types = append(b.types, t)
	return t
}

var primitives = map[string]scale.Prim{"bool": scale.Bool, "char": scale.Char, "str": scale.Str, "u8": scale.U8, "u16": scale.U16, "u32": scale.U32, "u64": scale.U64, "u128": scale.U128, "i64": scale.I64}

// id gives the type of an expression as Rust writes it.
func (b *builder) id(expr string) uint32 {
	expr = strings.TrimSpace(expr)
	if id, ok := b.ids[expr]; ok {
		return id
	}
	if p, ok := primitives[expr]; ok {
		return b.add(expr, &scale.Type{Kind: scale.Primitive, Prim: p}).ID
	}
	switch {
	case strings.HasPrefix(expr, "("):
		t := b.add(expr, &scale.Type{Kind: scale.Tuple})
		for _, e := range split(expr[1:len(expr)-1], ',') {
			t.Elems = append(t.Elems, b.id(e))
		}
		return t.ID
	case strings.HasPrefix(expr, "["):
		elem, n, _ := strings.Cut(expr[1:len(expr)-1], ";")
		size, err := strconv.ParseUint(strings.TrimSpace(n), 10, 32)
		if err != nil {
			b.fail("%s: %w", expr, err)
		}
		t := b.add(expr, &scale.Type{Kind: scale.Array, Len: uint32(size)})
		t.Elem = b.id(elem)
		return t.ID
	case strings.HasSuffix(expr, ">"):
		name, args, _ := strings.Cut(expr[:len(expr)-1], "<")
		return b.generic(expr, name, split(args, ','))
	}
	switch expr {
	case "RuntimeCall", "RuntimeEvent", "RuntimeError":
		return b.outer(expr)
	case "Era":
		return b.era()
	}
	n, ok := b.named[expr]
	if !ok {
		b.fail("the type %s is not declared", expr)
		return 0
	}
	return b.declared(expr, n)
}

// wrappers are the composites of one generic element, by the element's expression.
var wrappers = map[string]struct{ path, inner string }{
	"BoundedVec":      {"bounded_collections::bounded_vec::BoundedVec", "Vec<%s>"},
	"WeakBoundedVec":  {"bounded_collections::weak_bounded_vec::WeakBoundedVec", "Vec<%s>"},
	"BTreeSet":        {"BTreeSet", "Vec<%s>"},
	"BTreeMap":        {"BTreeMap", "Vec<(%s)>"},
	"BoundedBTreeMap": {"bounded_collections::bounded_btree_map::BoundedBTreeMap", "BTreeMap<%s>"},
	"Cow":             {"Cow", "%s"},
}

func (b *builder) generic(expr, name string, args []string) uint32 {
	switch name {
	case "Vec":
		t := b.add(expr, &scale.Type{Kind: scale.Sequence})
		t.Elem = b.id(args[0])
		return t.ID
	case "Compact":
		t := b.add(expr, &scale.Type{Kind: scale.Compact})
		t.Elem = b.id(args[0])
		return t.ID
	case "Option":
		t := b.add(expr, &scale.Type{Kind: scale.VariantKind, Path: []string{"Option"}})
		of := b.id(args[0])
		t.Params = []scale.Param{{Name: "T", Type: of, Given: true}}
		t.Cases = []scale.Case{{Name: "None"}, {Name: "Some", Index: 1, Fields: []scale.Field{{Type: of}}}}
		return t.ID
	case "Result":
		t := b.add(expr, &scale.Type{Kind: scale.VariantKind, Path: []string{"Result"}})
		good, bad := b.id(args[0]), b.id(args[1])
		t.Params = []scale.Param{{Name: "T", Type: good, Given: true}, {Name: "E", Type: bad, Given: true}}
		t.Cases = []scale.Case{{Name: "Ok", Fields: []scale.Field{{Type: good}}}, {Name: "Err", Index: 1, Fields: []scale.Field{{Type: bad}}}}
		return t.ID
	}
	w, ok := wrappers[name]
	if !ok {
		b.fail("the type %s is not known", expr)
		return 0
	}
	t := b.add(expr, &scale.Type{Kind: scale.Composite, Path: strings.Split(w.path, "::")})
	for i, a := range args {
		t.Params = append(t.Params, scale.Param{Name: string("TKV"[min(2, i+len(args)-1)]), Type: b.id(a), Given: true})
	}
	if strings.Contains(name, "Bounded") {
		t.Params = append(t.Params, scale.Param{Name: "S"})
	}
	t.Fields = []scale.Field{{Type: b.id(fmt.Sprintf(w.inner, strings.Join(args, ", ")))}}
	return t.ID
}

// declared makes a type of the tables.
func (b *builder) declared(expr string, n named) uint32 {
	t := b.add(expr, &scale.Type{Path: strings.Split(n.path, "::")})
	if rest, ok := strings.CutPrefix(n.text, "<"); ok {
		var list string
		list, n.text, _ = strings.Cut(rest, "> ")
		for _, p := range split(list, ',') {
			name, of, ok := strings.Cut(strings.TrimSpace(p), "=")
			if !ok {
				name, of = "T", name
			}
			t.Params = append(t.Params, scale.Param{Name: name, Type: b.id(of), Given: true})
		}
	}
	if cases, ok := strings.CutPrefix(n.text, "|"); ok {
		t.Kind = scale.VariantKind
		t.Cases = b.cases(split(cases, '|'))
		return t.ID
	}
	t.Fields = b.fields(n.text)
	return t.ID
}

// era is 256 cases, of which all but the first hold a byte.
func (b *builder) era() uint32 {
	t := b.add("Era", &scale.Type{Kind: scale.VariantKind, Path: []string{"sp_runtime", "generic", "era", "Era"}})
	u8 := b.id("u8")
	t.Cases = []scale.Case{{Name: "Immortal"}}
	for i := 1; i < 256; i++ {
		t.Cases = append(t.Cases, scale.Case{Name: fmt.Sprint("Mortal", i), Index: uint8(i), Fields: []scale.Field{{Type: u8}}})
	}
	return t.ID
}

// outer is the enumeration of all pallets' calls, events or errors.
func (b *builder) outer(expr string) uint32 {
	t := b.add(expr, &scale.Type{Kind: scale.VariantKind, Path: []string{"lockstep_devnet", expr}})
	for _, p := range b.pallets {
		var id int64
		switch expr {
		case "RuntimeCall":
			id = b.of(p, "Call", p.calls)
		case "RuntimeEvent":
			id = b.of(p, "Event", p.events)
		default:
			id = b.of(p, "Error", p.errors)
		}
		if id >= 0 {
			t.Cases = append(t.Cases, scale.Case{Name: p.name, Index: p.index, Fields: []scale.Field{{Type: uint32(id)}}})
		}
	}
	return t.ID
}

// of is the enumeration of one pallet, -1 if it has none.
func (b *builder) of(p pallet, kind, lines string) int64 {
	if lines == "" {
		return -1
	}
	expr := p.name + " " + kind
	if id, ok := b.ids[expr]; ok {
		return int64(id)
	}
	t := b.add(expr, &scale.Type{Kind: scale.VariantKind, Path: []string{p.path, "pallet", kind}})
	t.Cases = b.cases(strings.Split(lines, "\n"))
	return int64(t.ID)
}

// mine reports whether a part belongs to the runtime that is built, and gives it without
// its sign.
func (b *builder) mine(part string) (string, bool) {
	part = strings.TrimSpace(part)
	rest, later := strings.CutPrefix(part, "+")
	return rest, rest != "" && (b.later || !later)
}

func (b *builder) cases(parts []string) []scale.Case {
	var out []scale.Case
	for _, part := range parts {
		part, ok := b.mine(part)
		if !ok {
			continue
		}
		head, fields, _ := strings.Cut(part, "{")
		number, name, _ := strings.Cut(strings.TrimSpace(head), " ")
		index, err := strconv.ParseUint(number, 10, 8)
		if err != nil {
			b.fail("%s: %w", part, err)
		}
		out = append(out, scale.Case{Name: name, Index: uint8(index), Fields: b.fields(strings.TrimSuffix(fields, "}"))})
	}
	return out
}

func (b *builder) fields(text string) []scale.Field {
	var out []scale.Field
	for _, part := range split(text, ';') {
		part, ok := b.mine(part)
		if !ok {
			continue
		}
		f := scale.Field{}
		if name, rest, ok := strings.Cut(part, " "); ok && !strings.ContainsAny(name, "<([") {
			f.Name, part = name, rest
		}
		f.Type = b.id(part)
		f.TypeName = part
		out = append(out, f)
	}
	return out
}

// split splits at a sign that is not within brackets.
func split(s string, sep byte) []string {
	var out []string
	depth, from := 0, 0
	for i := range len(s) {
		switch s[i] {
		case '<', '(', '[', '{':
			depth++
		case '>', ')', ']', '}':
			depth--
		case sep:
			if depth == 0 {
				out = append(out, s[from:i])
				from = i + 1
			}
		}
	}
	if strings.TrimSpace(s[from:]) != "" {
		out = append(out, s[from:])
	}
	return out
}

// item is a storage item as it is declared.
type item struct {
	name     string
	optional bool
	hashers  []byte
	key      string
	value    string
	def      []byte
}

// items reads the storage of a pallet. Defaults that are not given are zeros, which the
// caller makes.
func (b *builder) items(p pallet) []item {
	var out []item
	for _, line := range strings.Split(p.storage, "\n") {
		line, ok := b.mine(line)
		if !ok {
			continue
		}
		left, right, _ := strings.Cut(line, " => ")
		it := item{}
		var keys string
		it.name, keys, _ = strings.Cut(strings.TrimSpace(left), " ")
		if keys != "" {
			var signs string
			signs, it.key, _ = strings.Cut(keys, " ")
			for _, s := range signs {
				it.hashers = append(it.hashers, map[rune]byte{'b': 2, 't': 5}[s])
			}
		}
		it.value = right
		if v, ok := strings.CutSuffix(right, " ?"); ok {
			it.value, it.optional = v, true
		} else if v, d, ok := strings.Cut(right, " = "); ok {
			it.value = v
			var err error
			if it.def, err = hex.DecodeString(d); err != nil {
				b.fail("%s: %w", line, err)
			}
		}
		out = append(out, it)
	}
	return out
}
