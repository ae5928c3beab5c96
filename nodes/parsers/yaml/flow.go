package yaml

import (
	"github.com/lockstep-flows/lockstep/engine/value"
)

// keys is a mapping being read. merged are the keys that came by a merge, which others
// may replace.
type keys struct {
	object *value.Object
	merged map[string]bool
}

// storePair stores a pair in a mapping.
func (r *reader) storePair(m *keys, p *pair) {
	key := r.keyText(p.key)
	if p.tag == tagMerge {
		if a := p.value.Array(); a != nil {
			if a.Len() > 100 {
				r.fail("abnormal merge sequence size")
			}
			for _, e := range a.Elems {
				r.merge(m, e)
			}
		} else {
			r.merge(m, p.value)
		}
		return
	}
	if m.object.Has(key) && !m.merged[key] {
		// a place at the very start of the text counts as none
		if p.at.line != 0 {
			r.line = p.at.line
		}
		if p.at.lineStart != 0 {
			r.lineStart = p.at.lineStart
		}
		if p.at.pos != 0 {
			r.pos = p.at.pos
		}
		r.fail("duplicated mapping key")
	}
	m.object.Set(key, p.value)
	delete(m.merged, key)
}

// keyText is a key as a string.
func (r *reader) keyText(v value.Value) string {
	switch {
	case v.IsString():
		return v.Str()
	case v.Object() != nil:
		return "[object Object]"
	case v.Array() != nil:
		list := value.NewArray(append([]value.Value(nil), v.Array().Elems...)...)
		for i, e := range list.Elems {
			if e.Array() != nil {
				r.fail("nested arrays are not supported inside keys")
			}
			if e.Object() != nil {
				list.Elems[i] = value.Str("[object Object]")
			}
		}
		v = value.Of(list)
	}
	return value.ToStringIn(v, r.zone)
}

// merge takes over the keys of another mapping that are not there yet.
func (r *reader) merge(m *keys, from value.Value) {
	if !from.IsObject() {
		r.fail("cannot merge mappings; the provided source object is unacceptable")
	}
	r.charge()
	for _, key := range value.Keys(from) {
		r.charge()
		if m.object.Has(key) {
			continue
		}
		v, _ := value.GetKey(from, key)
		m.object.Set(key, v)
		if m.merged == nil {
			m.merged = map[string]bool{}
		}
		m.merged[key] = true
	}
}

func (r *reader) charge() {
	if r.merged++; r.merged > maxMerged {
		r.fail("merge keys exceeded maxTotalMergeKeys (10000)")
	}
}

// flowCollection reads what stands in brackets or braces.
func (r *reader) flowCollection(indent int) bool {
	c := r.ch()
	if c != '[' && c != '{' {
		return false
	}
	before := r.found
	end, k := byte(']'), sequence
	list := value.NewArray()
	m := keys{}
	result := value.Of(list)
	if c == '{' {
		end, k = '}', mapping
		m.object = value.NewObject()
		result = value.Of(m.object)
	}
	if before.anchor != "" {
		r.store(before.anchor, result)
	}
	r.pos++
	more := true
	for r.ch() != 0 {
		r.skip(true)
		c := r.ch()
		if c == end {
			r.pos++
			r.found = property{before.tag, before.anchor, k, result}
			return true
		}
		if !more {
			r.fail("missed comma between flow collection entries")
		}
		if c == ',' {
			r.fail("expected the node content, but found ','")
		}
		p, isPair := r.flowEntry(indent)
		switch {
		case k == mapping:
			r.storePair(&m, &p)
		case isPair:
			one := keys{object: value.NewObject()}
			r.storePair(&one, &p)
			list.Append(value.Of(one.object))
		default:
			list.Append(p.key)
		}
		r.skip(true)
		if more = r.ch() == ','; more {
			r.pos++
		}
	}
	r.fail("unexpected end of the stream within a flow collection")
	return false
}

// flowEntry reads an entry, which may be a pair.
func (r *reader) flowEntry(indent int) (p pair, isPair bool) {
	p.clear()
	explicit := false
	if r.ch() == '?' && isSpace(r.after(1)) {
		explicit = true
		r.pos++
		r.skip(true)
	}
	p.at = r.place
	r.node(indent, flowIn, false, true)
	p.tag, p.key = r.found.tag, r.found.result
	r.skip(true)
	if (explicit || r.line == p.at.line) && r.ch() == ':' {
		r.pos++
		r.skip(true)
		r.node(indent, flowIn, false, true)
		p.value = r.found.result
		return p, true
	}
	return p, explicit
}
