package value

// Callable is a Foreign that is a function written in Go: JavaScript can call it.
type Callable interface {
	Foreign
	// Call calls it; an error is thrown.
	Call(args []Value) (Value, error)
}

// Func is a function value written in Go. It may be stored by address in an array
// of functions, so that many cost one allocation.
type Func struct {
	// Name is what JavaScript sees; Key is given to Fn, so that several functions
	// may share one.
	Name, Key string
	Fn        func(key string, args []Value) (Value, error)
	wrap      any
}

func (f *Func) Wrapper() any     { return f.wrap }
func (f *Func) SetWrapper(w any) { f.wrap = w }

// TypeOf is "function".
func (f *Func) TypeOf() string { return "function" }

// Class is "Function".
func (f *Func) Class() string { return "Function" }

// Get knows a function's name only.
func (f *Func) Get(key string) (Value, error) {
	if key == "name" {
		return Str(f.Name), nil
	}
	return Undefined, nil
}

// Set does nothing.
func (f *Func) Set(string, Value) error { return nil }

// Delete does nothing.
func (f *Func) Delete(string) error { return nil }

// Keys are none.
func (f *Func) Keys() []string { return nil }

// IsArray is false.
func (f *Func) IsArray() bool { return false }

// ToString is as JavaScript prints a function without source.
func (f *Func) ToString() (string, error) { return "function " + f.Name + "() { [native code] }", nil }

// ToJSON is the function itself, which JSON leaves out.
func (f *Func) ToJSON(string) (Value, error) { return Live(f), nil }

// Snapshot is the function itself.
func (f *Func) Snapshot() Value { return Live(f) }

// Clone is the same function.
func (f *Func) Clone(*Cloner) Value { return Live(f) }

// Same reports whether the other is the same function.
func (f *Func) Same(other Foreign) bool { return other == Foreign(f) }

// Call calls the function.
func (f *Func) Call(args []Value) (Value, error) { return f.Fn(f.Key, args) }
