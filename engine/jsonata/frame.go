package jsonata

import "github.com/lockstep-flows/lockstep/engine/value"

// frame is a scope of variables.
type frame struct {
	parent *frame
	vars   []binding
	room   [2]binding
}

type binding struct {
	name  string
	value value.Value
}

func newFrame(parent *frame) *frame {
	f := &frame{parent: parent}
	f.vars = f.room[:0]
	return f
}

// bind sets a variable in this frame.
func (f *frame) bind(name string, v value.Value) {
	for i := range f.vars {
		if f.vars[i].name == name {
			f.vars[i].value = v
			return
		}
	}
	f.vars = append(f.vars, binding{name, v})
}

// lookup finds a variable in this frame or those around it.
func (f *frame) lookup(name string) (value.Value, bool) {
	for ; f != nil; f = f.parent {
		for i := range f.vars {
			if f.vars[i].name == name {
				return f.vars[i].value, true
			}
		}
	}
	return value.Undefined, false
}
