package value

import "strings"

// GetPath reads the property p of root. References [msg.x] are looked up in
// msg. It is undefined where the last part is missing, and an error (the
// TypeError of JavaScript) where one before it is.
func GetPath(root Value, p Path, msg Value) (Value, error) {
	if len(p.parts) == 1 && p.parts[0].ref == nil && root.kind == KindObject {
		return root.Object().Get(p.parts[0].key), nil
	}
	parts, err := p.resolve(msg)
	if err != nil {
		return Undefined, err
	}
	v := root
	if len(parts) == 0 {
		return Null, nil
	}
	for i := range parts {
		s := &parts[i]
		if s.number && s.index >= 0 && v.kind == KindArray {
			v = v.Array().At(s.index)
			continue
		}
		if v, err = GetKey(v, s.key); err != nil {
			return Undefined, err
		}
	}
	return v, nil
}

// SetPath writes the property p of root, or deletes it (an element of an array
// is cut out) if v is undefined. Parents that are missing are made if create is
// set: an array if the next part is an index, else an object. It reports false
// if there was no place to write to.
func SetPath(root Value, p Path, v Value, create bool, msg Value) (bool, error) {
	if len(p.parts) == 1 && p.parts[0].ref == nil && root.kind == KindObject {
		if v.IsUndefined() {
			root.Object().Delete(p.parts[0].key)
		} else {
			root.Object().Set(p.parts[0].key, v)
		}
		return true, nil
	}
	parts, err := p.resolve(msg)
	if err != nil {
		return false, err
	}
	if len(parts) == 0 {
		return false, nil
	}
	obj := root
	for i := 0; i < len(parts)-1; i++ {
		next, ok, err := stepInto(obj, &parts[i], &parts[i+1], create)
		if !ok || err != nil {
			return false, err
		}
		obj = next
	}
	last := &parts[len(parts)-1]
	if v.IsUndefined() {
		if last.number && obj.kind == KindArray {
			obj.Array().Splice(last.spliceAt(obj.Array().Len()), 1)
			return true, nil
		}
		return true, DeleteKey(obj, last.key)
	}
	if obj.TypeOf() != "object" || obj.IsNull() {
		return false, nil
	}
	if last.number && last.index >= 0 && obj.kind == KindArray {
		if !obj.Array().SetAt(last.index, v) {
			return false, NewError("RangeError", "Invalid array length")
		}
		return true, nil
	}
	return true, SetKey(obj, last.key, v)
}

// spliceAt is the position splice takes the number of a part as.
func (s *part) spliceAt(n int) int {
	if s.index >= 0 {
		return s.index
	}
	f := ToInteger(ParseNumber(s.key))
	if f < 0 {
		f += float64(n)
		if f < 0 {
			f = 0
		}
	}
	if f > float64(n) {
		return n
	}
	return int(f)
}

// stepInto gives the parent that the next part of a path is set in.
func stepInto(obj Value, s, next *part, create bool) (Value, bool, error) {
	isArray := IsArray(obj)
	switch {
	case s.ref != nil:
		return obj, true, nil // a key that is neither name nor number: passed over
	case s.number && isArray:
		child, err := GetKey(obj, s.key)
		if err != nil || !child.IsUndefined() {
			return child, true, err
		}
	default:
		if obj.IsNullish() {
			return Undefined, false, NewError("TypeError", "Cannot convert undefined or null to object")
		}
		if HasOwn(obj, s.key) {
			child, err := GetKey(obj, s.key)
			return child, child.IsObject(), err
		}
	}
	if !create {
		return Undefined, false, nil
	}
	child := Of(NewObject())
	if next.number || next.ref != nil {
		child = Of(NewArray())
	}
	if err := SetKey(obj, s.key, child); err != nil {
		return Undefined, false, err
	}
	held, err := GetKey(obj, s.key)
	if held.IsUndefined() && obj.IsObject() {
		return child, true, err // a Buffer or Date: there it would be, but not be seen
	}
	return held, true, err
}

// GetMessageProperty is RED.util.getMessageProperty: it reads an expression with
// or without its leading "msg." from a message.
func GetMessageProperty(msg *Object, expr string) (Value, error) {
	if plainName(expr) {
		return msg.Get(expr), nil
	}
	p, err := ParsePath(strings.TrimPrefix(expr, "msg."))
	if err != nil {
		return Undefined, err
	}
	return GetPath(Of(msg), p, Of(msg))
}

// SetMessageProperty is RED.util.setMessageProperty: it writes an expression
// with or without its leading "msg.", as SetPath does.
func SetMessageProperty(msg *Object, expr string, v Value, create bool) (bool, error) {
	if plainName(expr) && !v.IsUndefined() {
		msg.Set(expr, v)
		return true, nil
	}
	p, err := ParsePath(strings.TrimPrefix(expr, "msg."))
	if err != nil {
		return false, err
	}
	return SetPath(Of(msg), p, v, create, Of(msg))
}

// plainName reports whether an expression is a plain property name, which needs
// no parsing.
func plainName(expr string) bool {
	for i := 0; i < len(expr); i++ {
		if c := expr[i]; (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && c != '_' {
			return false
		}
	}
	return expr != "" && expr != "__proto__"
}
