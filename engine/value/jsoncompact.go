package value

// appendSimple appends a value that is no container and has JSON; it reports
// false, and appends nothing, if v is another one.
func appendSimple(dst []byte, v Value) ([]byte, bool) {
	switch v.kind {
	case KindString:
		return appendQuoted(dst, v.Str()), true
	case KindNumber:
		return appendJSONNumber(dst, v.Num()), true
	case KindNull:
		return append(dst, "null"...), true
	case KindBool:
		if v.num != 0 {
			return append(dst, "true"...), true
		}
		return append(dst, "false"...), true
	}
	return dst, false
}

// compactObject is object without indentation.
func (w *jsonWriter) compactObject(o *Object) bool {
	list := o.list()
	dst := append(w.dst, '{')
	first := len(dst)
	for i := range list {
		p := &list[i]
		if p.Value.kind == KindUndefined {
			continue
		}
		mark := len(dst)
		if mark > first {
			dst = append(dst, ',')
		}
		dst = append(appendQuoted(dst, p.Key), ':')
		var ok bool
		if dst, ok = appendSimple(dst, p.Value); ok {
			continue
		}
		w.dst = dst
		ok = w.value(p.Value, p.Key, -1)
		if dst = w.dst; !ok {
			if w.err != nil {
				return false
			}
			dst = dst[:mark]
		}
	}
	w.dst = append(dst, '}')
	return true
}

// compactArray is array without indentation.
func (w *jsonWriter) compactArray(elems []Value) bool {
	dst := append(w.dst, '[')
	for i, e := range elems {
		if i > 0 {
			dst = append(dst, ',')
		}
		var ok bool
		if dst, ok = appendSimple(dst, e); ok {
			continue
		}
		w.dst = dst
		ok = w.value(e, "", i)
		if dst = w.dst; !ok {
			if w.err != nil {
				return false
			}
			dst = append(dst, "null"...)
		}
	}
	w.dst = append(dst, ']')
	return true
}
