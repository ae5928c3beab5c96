package js

import (
	"strings"

	"github.com/dop251/goja"

	"github.com/lockstep-flows/lockstep/engine/value"
)

// send sends what node.send or return was given, as Node-RED's function node
// does: the first message is cloned unless told not to, every one gets the id of
// the message being handled, and what is no object is reported. It gives what was
// thrown, nil if nothing was.
func (f *Function) send(msg *value.Object, what goja.Value, id value.Value, clone bool) (thrown goja.Value) {
	v := f.leaving(what)
	if v.IsNullish() {
		return nil
	}
	s := sending{f: f, id: id, clone: clone}
	if o := v.Object(); o != nil && f.fixedLevel(o) == 0 {
		f.host.Send(msg, f.single(s.ready(o)))
		return nil
	}
	list := []value.Value{v}
	if a := arrayOf(v); a != nil {
		list = a.Elems
	}
	s.outputs = make([][]*value.Object, len(list))
	for i, out := range list {
		if !value.Truthy(out) {
			continue
		}
		msgs := []value.Value{out}
		if a := arrayOf(out); a != nil {
			msgs = a.Elems
		}
		for _, m := range msgs {
			if thrown := s.add(i, m); thrown != nil {
				return thrown
			}
		}
	}
	switch {
	case s.count == 0:
	case s.others != nil:
		f.host.SendValue(s.others.whole(s.outputs))
	default:
		f.host.Send(msg, s.outputs)
	}
	return nil
}

// single gives one message as the list for Host.Send; it is used again.
func (f *Function) single(o *value.Object) [][]*value.Object {
	f.outMessage[0] = o
	f.outList[0] = f.outMessage[:]
	return f.outList[:]
}

// sending is one call of node.send or one return.
type sending struct {
	f       *Function
	id      value.Value
	clone   bool
	count   int
	outputs [][]*value.Object
	others  others
}

// others are the things that are no messages, by their place in outputs.
type others map[[2]int]value.Value

// whole puts messages and other things together as node.send gets them.
func (x others) whole(outputs [][]*value.Object) value.Value {
	all := value.NewArray()
	for i, list := range outputs {
		a := value.NewArray()
		for j, o := range list {
			if v, ok := x[[2]int{i, j}]; ok {
				a.Append(v)
			} else {
				a.Append(value.Of(o))
			}
		}
		all.Append(value.Of(a))
	}
	return value.Of(all)
}

// ready makes an object ready to be sent.
func (s *sending) ready(o *value.Object) *value.Object {
	if s.count == 0 && s.clone {
		o = value.CloneMessage(o)
	}
	s.count++
	o.Set("_msgid", s.id)
	return o
}

// add adds one thing for output i and gives what that threw.
func (s *sending) add(i int, v value.Value) (thrown goja.Value) {
	if v.IsNullish() {
		return nil
	}
	o, typ := v.Object(), ""
	switch {
	case o != nil:
		if s.count > 0 || !s.clone {
			thrown = s.f.refusesID(s.f.fixedLevel(o), o.Has("_msgid"))
		}
	case v.Kind() == value.KindBuffer:
		typ = "Buffer"
	case arrayOf(v) != nil:
		typ = "Array"
	default:
		if typ = v.TypeOf(); typ == "object" {
			o, thrown = s.special(v)
		}
	}
	if thrown != nil {
		return thrown
	}
	if o == nil {
		s.f.host.Error(value.Str(s.f.host.Text("function.error.non-message-returned", "type", typ)), value.Undefined)
		if s.others == nil {
			s.others = others{}
		}
		s.others[[2]int{i, len(s.outputs[i])}] = v
		s.outputs[i] = append(s.outputs[i], nil)
		return nil
	}
	s.outputs[i] = append(s.outputs[i], s.ready(o))
	return nil
}

// special gives an object that is not plain as a message: a plain copy.
func (s *sending) special(v value.Value) (*value.Object, goja.Value) {
	if l := v.Foreign(); l != nil && (s.count > 0 || !s.clone) {
		if err := l.Set("_msgid", s.id); err != nil {
			level := notExtensible
			if strings.Contains(err.Error(), "read only") {
				level = frozen
			}
			return nil, s.f.refusesID(level, level == frozen)
		}
	}
	return plainCopy(v), nil
}

// fixedLevel tells whether JavaScript froze or sealed an object of a message.
func (f *Function) fixedLevel(o *value.Object) int {
	if g, ok := o.Wrapper().(*goja.Object); ok {
		if w, ok := f.r.wrapper(g).(*object); ok {
			return w.fixed
		}
	}
	return 0
}

// refusesID gives the error of setting _msgid of a fixed object, nil if it can be set.
func (f *Function) refusesID(level int, has bool) goja.Value {
	text := "Cannot add property _msgid, object is not extensible"
	switch {
	case level == 0, has && level < frozen:
		return nil
	case has:
		text = "Cannot assign to read only property '_msgid' of object '[object Object]'"
	}
	return f.r.construct(f.r.builtin("TypeError"), f.r.str(text))
}

// arrayOf gives the array a value is, also a frozen one or one of a derived class;
// nil if it is none.
func arrayOf(v value.Value) *value.Array {
	if l := v.Foreign(); l != nil && l.IsArray() {
		return l.Snapshot().Array()
	}
	return v.Array()
}

// plainCopy gives any object as a plain one with its enumerable own properties.
func plainCopy(v value.Value) *value.Object {
	if l := v.Foreign(); l != nil {
		v = l.Snapshot()
	}
	if o := v.Object(); o != nil {
		return o
	}
	o := value.NewObject()
	for _, k := range value.Keys(v) {
		x, _ := value.GetKey(v, k)
		o.Set(k, x)
	}
	return o
}
