package moment

import "github.com/lockstep-flows/lockstep/engine/value"

// TypeOf implements value.Foreign.
func (m *moment) TypeOf() string { return "object" }

// Class implements value.Foreign.
func (m *moment) Class() string { return "Moment" }

// Get implements value.Foreign: the methods, and the date inside as _d.
func (m *moment) Get(key string) (value.Value, error) {
	switch key {
	case "_isAMomentObject":
		return value.True, nil
	case "_isUTC":
		return value.Bool(m.mode != modeLocal), nil
	case "_d":
		return value.NewDate(m.ms), nil
	case "_isValid":
		return value.Bool(m.valid()), nil
	}
	if isMethod(key) {
		return value.Live(&method{name: key}), nil
	}
	return value.Undefined, nil
}

// Set implements value.Foreign.
func (m *moment) Set(string, value.Value) error { return nil }

// Delete implements value.Foreign.
func (m *moment) Delete(string) error { return nil }

// Keys implements value.Foreign.
func (m *moment) Keys() []string { return []string{"_isAMomentObject", "_isUTC", "_d", "_isValid"} }

// IsArray implements value.Foreign.
func (m *moment) IsArray() bool { return false }

// ToString implements value.Foreign.
func (m *moment) ToString() (string, error) {
	return m.format("ddd MMM DD YYYY HH:mm:ss [GMT]ZZ"), nil
}

// ToJSON implements value.Foreign.
func (m *moment) ToJSON(string) (value.Value, error) { return m.iso(false), nil }

// Snapshot implements value.Foreign.
func (m *moment) Snapshot() value.Value { return m.iso(false) }

// Clone implements value.Foreign.
func (m *moment) Clone(*value.Cloner) value.Value { return value.Live(m.clone()) }

// Same implements value.Foreign.
func (m *moment) Same(other value.Foreign) bool { return other == value.Foreign(m) }

// iso is toISOString: null for an invalid moment.
func (m *moment) iso(keepOffset bool) value.Value {
	if !m.valid() {
		return value.Null
	}
	if !keepOffset {
		return value.Str(value.ISO(m.ms))
	}
	layout := "YYYY-MM-DD[T]HH:mm:ss.SSSZ"
	if y := m.fields().Year; y < 0 || y > 9999 {
		layout = "YY" + layout
	}
	return value.Str(m.format(layout))
}

// method is a method of moments, taken off one. It implements value.Foreign, and
// Call for expressions.
type method struct{ name string }

// Call calls the method on a moment.
func (f *method) Call(this value.Value, args []value.Value) (value.Value, error) {
	m := of(this)
	if m == nil {
		return value.Undefined, value.NewError("TypeError", "this.isValid is not a function")
	}
	return m.call(f.name, args)
}

// TypeOf implements value.Foreign.
func (f *method) TypeOf() string { return "function" }

// Class implements value.Foreign.
func (f *method) Class() string { return "Function" }

// Get implements value.Foreign.
func (f *method) Get(key string) (value.Value, error) {
	if key == "name" {
		return value.Str(f.name), nil
	}
	return value.Undefined, nil
}

// Set implements value.Foreign.
func (f *method) Set(string, value.Value) error { return nil }

// Delete implements value.Foreign.
func (f *method) Delete(string) error { return nil }

// Keys implements value.Foreign.
func (f *method) Keys() []string { return nil }

// IsArray implements value.Foreign.
func (f *method) IsArray() bool { return false }

// ToString implements value.Foreign.
func (f *method) ToString() (string, error) {
	return "function " + f.name + "() { [native code] }", nil
}

// ToJSON implements value.Foreign.
func (f *method) ToJSON(string) (value.Value, error) { return value.Live(f), nil }

// Snapshot implements value.Foreign.
func (f *method) Snapshot() value.Value { return value.Live(f) }

// Clone implements value.Foreign.
func (f *method) Clone(*value.Cloner) value.Value { return value.Live(f) }

// Same implements value.Foreign.
func (f *method) Same(other value.Foreign) bool {
	o, ok := other.(*method)
	return ok && o.name == f.name
}
