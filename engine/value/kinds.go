package value

// Buffer is Node's Buffer: bytes with identity. B may be shared with a view of
// the JavaScript engine, so a write to B is seen there.
type Buffer struct {
	B    []byte
	wrap any
}

// NewBuffer gives a Buffer over b (not copied).
func NewBuffer(b []byte) *Buffer { return &Buffer{B: b} }

// Bytes gives a Buffer value over b (not copied).
func Bytes(b []byte) Value { return Of(&Buffer{B: b}) }

// TypedArray is a view other than Buffer, or a whole ArrayBuffer: its bytes,
// little-endian, and the name of its class (Uint16Array, DataView, ArrayBuffer …).
type TypedArray struct {
	Class string
	B     []byte
	wrap  any
}

// Date is a point in time: milliseconds since the Unix epoch, NaN if invalid.
type Date struct {
	Ms   float64
	wrap any
}

// NewDate gives a Date value.
func NewDate(ms float64) Value { return Of(&Date{Ms: ms}) }

// RegExp is a regular expression as text: source and flags.
type RegExp struct {
	Source, Flags string
	wrap          any
}

// Error is a JavaScript error. Props holds its further own properties (code,
// cause and what users add) and may be nil.
type Error struct {
	Name, Message, Stack string
	// Code, of Node.js's own errors, is in the text: "Name [Code]: message".
	Code  string
	Props *Object
	wrap  any
}

// NewError gives an error of a class (Error, TypeError …) with a message.
func NewError(name, message string) *Error { return &Error{Name: name, Message: message} }

// ThrownError is NewError with the stack that the error gets when it is made.
func ThrownError(name, message string) *Error {
	e := NewError(name, message)
	e.Stack = e.Error()
	return e
}

// Error makes *Error a Go error; the text is JavaScript's "Name: message".
func (e *Error) Error() string {
	if e.Code != "" {
		return e.Name + " [" + e.Code + "]: " + e.Message
	}
	if e.Message == "" {
		return e.Name
	}
	if e.Name == "" {
		return e.Message
	}
	return e.Name + ": " + e.Message
}

// Prop gives one of the further properties, undefined if it has none such.
func (e *Error) Prop(key string) Value {
	if e.Props == nil {
		return Undefined
	}
	return e.Props.Get(key)
}

// SetProp sets one of the further properties.
func (e *Error) SetProp(key string, v Value) {
	if e.Props == nil {
		e.Props = NewObject()
	}
	e.Props.Set(key, v)
}

// Map is a JavaScript Map as data: pairs in insertion order.
type Map struct {
	Pairs [][2]Value
	wrap  any
}

// Set is a JavaScript Set as data: members in insertion order.
type Set struct {
	Items []Value
	wrap  any
}

// Handle stands for something outside that a message carries: an HTTP request
// or response, a socket. Props holds what flows may read of it; Class is the
// name of its class in Node (IncomingMessage, ServerResponse, Socket). It is
// never cloned.
type Handle struct {
	Class string
	ID    uint64
	Props *Object
	// Fill makes Props when they are first looked at; it may be nil.
	Fill func() *Object
	// Data is what the node that made the handle keeps with it.
	Data any
	wrap any
}

// Own gives Props, which it makes if Fill can; it may be nil.
func (h *Handle) Own() *Object {
	if h.Props == nil && h.Fill != nil {
		h.Props, h.Fill = h.Fill(), nil
	}
	return h.Props
}

// Foreign is a live value of the JavaScript engine that has no form as data: a
// function, a class instance, an object with accessors, a Proxy.
type Foreign interface {
	// TypeOf is "function" or "object".
	TypeOf() string
	// Class is the name of its constructor, "" if it has none.
	Class() string
	// Get reads a property as JavaScript would; an accessor that throws gives its error.
	Get(key string) (Value, error)
	// Set writes a property as JavaScript would.
	Set(key string, v Value) error
	// Delete deletes a property.
	Delete(key string) error
	// Keys are its own enumerable string keys, in JavaScript's order.
	Keys() []string
	// IsArray reports whether Array.isArray holds.
	IsArray() bool
	// ToString is String(x).
	ToString() (string, error)
	// ToJSON is the value JSON.stringify would go on with: the result of toJSON
	// if it has one, else itself.
	ToJSON(key string) (Value, error)
	// Snapshot gives the value as data, as deep as data goes.
	Snapshot() Value
	// Clone is lodash's cloneDeep of it; memo is shared over one clone.
	Clone(memo *Cloner) Value
	// Same reports whether the other is the same JavaScript object.
	Same(other Foreign) bool
}

// Wrapped is a container that can hold its wrapper in the JavaScript engine.
type Wrapped interface {
	// Wrapper gives what SetWrapper stored, nil at first.
	Wrapper() any
	// SetWrapper stores the engine's wrapper, so that the same container is the
	// same object to JavaScript each time.
	SetWrapper(w any)
}

func (b *Buffer) Wrapper() any         { return b.wrap }
func (b *Buffer) SetWrapper(w any)     { b.wrap = w }
func (t *TypedArray) Wrapper() any     { return t.wrap }
func (t *TypedArray) SetWrapper(w any) { t.wrap = w }
func (d *Date) Wrapper() any           { return d.wrap }
func (d *Date) SetWrapper(w any)       { d.wrap = w }
func (r *RegExp) Wrapper() any         { return r.wrap }
func (r *RegExp) SetWrapper(w any)     { r.wrap = w }
func (e *Error) Wrapper() any          { return e.wrap }
func (e *Error) SetWrapper(w any)      { e.wrap = w }
func (m *Map) Wrapper() any            { return m.wrap }
func (m *Map) SetWrapper(w any)        { m.wrap = w }
func (s *Set) Wrapper() any            { return s.wrap }
func (s *Set) SetWrapper(w any)        { s.wrap = w }
func (h *Handle) Wrapper() any         { return h.wrap }
func (h *Handle) SetWrapper(w any)     { h.wrap = w }
func (o *Object) Wrapper() any         { return o.wrap }
func (o *Object) SetWrapper(w any)     { o.wrap = w }
func (a *Array) Wrapper() any          { return a.wrap }
func (a *Array) SetWrapper(w any)      { a.wrap = w }
