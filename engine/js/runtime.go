package js

import (
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/dop251/goja"
	"github.com/dop251/goja/parser"

	"github.com/lockstep-flows/lockstep/engine/value"
)

// Options is what a Runtime gets from outside. The zero value is usable: time
// stands at 0, random numbers come from a fixed seed, the zone is UTC.
type Options struct {
	// Now is the time that Date shows, in milliseconds since the Unix epoch.
	Now func() float64
	// Random gives Math.random's numbers, 0 ≤ x < 1.
	Random func() float64
	// NewID gives message ids (RED.util.generateId).
	NewID func() string
	// Zone is the time zone of local times; nil is UTC.
	Zone *time.Location
	// LoadZone finds a time zone named in Intl options; nil is value.LoadZone.
	LoadZone func(name string) (*time.Location, error)
	// MaxDepth limits nested calls; 0 means 10000. Beyond it a call fails with
	// RangeError: Maximum call stack size exceeded.
	MaxDepth int
	// MaxSteps limits what the code of one turn does, in steps of about a loop turn
	// or 16 bytes made (see limit.go); 0 means no limit.
	MaxSteps int64
	// Guard is told when code begins and ends to run; nil: nobody.
	Guard Guard
	// Require gives the text of a module that is not one of Node's own; nil: there
	// are none. Bundle makes such texts.
	Require func(module string) (source string, err error)
	// Env looks up variables of process.env; nil: there are none.
	Env func(name string) (string, bool)
	// Machine is what the module os tells, by the names of its functions; nil: nothing.
	Machine *value.Object
	// Dir is process.cwd(); "" is /.
	Dir string
	// Console gets what console.log and its kin write; nil: nothing.
	Console func(level, text string)
	// JSONata evaluates an expression for RED.util; nil: not available.
	JSONata func(host Host, expr string, msg value.Value) (value.Value, error)
}

// Runtime is one JavaScript world, shared by the function nodes of an engine. It
// must be used by one goroutine at a time, except for Interrupt.
type Runtime struct {
	vm         *goja.Runtime
	options    Options
	tabs       tabs
	kinds      kindTable
	nativeCode nativeCode
	typed      typedLayout
	evals      evalLayout
	nan        goja.Value // with the bits V8 gives it

	undefined, null, yes, no, empty goja.Value
	ints                            *[2 * smallInts]goja.Value // those of all runtimes
	templates                       templates
	objectProto, arrayProto         *goja.Object
	dateProto, bufferProto          *goja.Object
	globals                         *goja.Object
	linkSymbol                      *goja.Symbol
	dateValueOf                     func(this goja.Value, args ...goja.Value) (goja.Value, error)
	makeBuffer                      goja.Callable
	realDate                        *goja.Object
	native                          map[string]*goja.Object
	cache                           map[string]*goja.Object // prelude parts by name

	dirty, spare []settler
	current      *Function
	handling     *value.Object // the message being handled, for error texts
	timers       map[uint64]*timer
	scopes       map[string]*goja.Object // context.flow and context.global objects
	depth        int                     // calls from Go into JavaScript in progress
	looks        int                     // times the clock was read in this turn
	steps        steps
	stack        [stackSize]goja.Value
	texting      [4][]byte // memory of strings that are being appended to
	nextText     int
	appending    bool
	stop         func(reason string)
	rejected     []*goja.Promise
	sources      map[string]*source
	modules      map[string]goja.Value
	texts        map[string]string // program texts by file name
}

// stackSize is the depth of goja's stack that is kept ready; ordinary code needs
// less, and what needs more makes its own.
const stackSize = 64

// forgetStack lets go of what the last code left on the stack kept ready.
func (r *Runtime) forgetStack() {
	for i := range r.stack {
		if r.stack[i] == nil {
			return
		}
		r.stack[i] = nil
	}
}

// Guard watches over running code. Enter gets a function that stops the code from
// any goroutine; Leave reports whether it was called.
type Guard interface {
	Enter(stop func(reason string))
	Leave() (stopped bool)
}

type settler interface{ settle() }

// New makes a Runtime.
func New(o Options) *Runtime {
	if o.Zone == nil {
		o.Zone = time.UTC
	}
	if o.MaxDepth <= 0 {
		o.MaxDepth = 10000
	}
	if o.Now == nil {
		o.Now = func() float64 { return 0 }
	}
	r := &Runtime{
		vm: goja.New(), options: o, kinds: kindTable{}, native: map[string]*goja.Object{}, cache: map[string]*goja.Object{},
		timers: map[uint64]*timer{}, scopes: map[string]*goja.Object{}, sources: map[string]*source{}, modules: map[string]goja.Value{}, texts: map[string]string{},
	}
	var err error
	if r.tabs, err = checkLayout(r.vm); err != nil {
		panic(err)
	}
	r.stop = r.Interrupt
	r.globals = r.vm.GlobalObject()
	if err = r.watchTypeErrors(); err != nil {
		panic(err)
	}
	r.vm.SetParserOptions(parser.WithDisableSourceMaps) // which may be files
	r.vm.SetMaxCallStackSize(o.MaxDepth)
	r.vm.SetTimeSource(r.now)
	if o.Random == nil {
		r.options.Random = fixedRandom()
	}
	r.vm.SetRandSource(goja.RandSource(r.options.Random))
	r.vm.SetPromiseRejectionTracker(r.trackRejection)
	r.vm.SetAsyncContextTracker(&owners{r})
	r.undefined, r.null = goja.Undefined(), goja.Null()
	r.yes, r.no, r.empty = r.vm.ToValue(true), r.vm.ToValue(false), r.vm.ToValue("")
	r.ints = readyInts()
	r.nan = r.floatValue(math.Float64frombits(nan64))
	r.objectProto = r.vm.NewObject().Prototype()
	r.arrayProto = r.vm.NewArray().Prototype()
	if err = r.findTemplates(); err != nil {
		panic(err)
	}
	r.linkSymbol = goja.NewSymbol("lockstep.native")
	r.refill(0)
	r.testInstructions()
	r.install()
	r.limit()
	return r
}

// fixedRandom is splitmix64 from a fixed seed.
func fixedRandom() func() float64 {
	var s uint64
	return func() float64 {
		s += 0x9E3779B97F4A7C15
		z := s
		z = (z ^ z>>30) * 0xBF58476D1CE4E5B9
		z = (z ^ z>>27) * 0x94D049BB133111EB
		return float64((z^z>>31)>>11) / (1 << 53)
	}
}

// freeLooks is how often the clock may be read in one turn without moving; every
// further look moves the time seen by a quarter of a millisecond, so that a loop
// that waits for time to pass ends.
const freeLooks = 1000

// millis is the time as JavaScript sees it.
func (r *Runtime) millis() float64 {
	t := r.options.Now()
	r.looks++
	if r.looks > freeLooks {
		t = math.Floor(t + float64(float64(r.looks-freeLooks)/4))
	}
	return t
}

func (r *Runtime) now() time.Time { return time.UnixMilli(int64(r.millis())) }

// Interrupt stops the JavaScript that is running now, or else the next that will
// run; the call fails with an error of this text. It is safe from any goroutine.
func (r *Runtime) Interrupt(reason string) { r.vm.Interrupt(errors.New(reason)) }

// ClearInterrupt takes back an Interrupt that came too late.
func (r *Runtime) ClearInterrupt() { r.vm.ClearInterrupt() }

// builtin gives an original global (Map, Error …), whatever flows do to the name.
func (r *Runtime) builtin(name string) *goja.Object {
	if o := r.native[name]; o != nil {
		return o
	}
	o, ok := r.globals.Get(name).(*goja.Object)
	if !ok {
		panic(fmt.Sprintf("js: no global %s", name))
	}
	r.native[name] = o
	return o
}

// construct calls a constructor that does not fail.
func (r *Runtime) construct(ctor *goja.Object, args ...goja.Value) *goja.Object {
	o, err := r.vm.New(ctor, args...)
	if err != nil {
		panic(err)
	}
	return o
}

// method gives a method of an object.
func (r *Runtime) method(o *goja.Object, name string) goja.Callable {
	f, ok := goja.AssertFunction(o.Get(name))
	if !ok {
		panic(fmt.Sprintf("js: no method %s", name))
	}
	return f
}

// primitiveOf gives what a boxed primitive holds.
func (r *Runtime) primitiveOf(o *goja.Object) goja.Value {
	v, err := r.method(o, "valueOf")(o)
	if err != nil {
		panic(err)
	}
	return v
}

// link ties a goja object to the native value it shows.
func (r *Runtime) link(o *goja.Object, native any) {
	_ = o.DefineDataPropertySymbol(r.linkSymbol, r.vm.ToValue(native), goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_FALSE)
}

func (r *Runtime) linked(o *goja.Object) any {
	if v := o.GetSymbol(r.linkSymbol); v != nil {
		return v.Export()
	}
	return nil
}

// guard runs f, which may throw JavaScript exceptions, and gives what it threw.
func (r *Runtime) guard(f func()) error {
	if ex := r.vm.Try(f); ex != nil {
		return r.thrown(ex.Value())
	}
	return nil
}

// thrown gives a thrown value as a Go error that carries it.
func (r *Runtime) thrown(v goja.Value) *Thrown { return &Thrown{Value: r.fromJS(v)} }

// Thrown is a JavaScript value that was thrown.
type Thrown struct{ Value value.Value }

// Error gives the text of the value thrown.
func (t *Thrown) Error() string {
	if e := t.Value.Error(); e != nil {
		return e.Error()
	}
	return value.ToString(t.Value)
}

// throw panics with an error of a class, to be called from Go code that
// JavaScript called.
func (r *Runtime) throw(class, format string, args ...any) {
	panic(r.construct(r.builtin(class), r.str(fmt.Sprintf(format, args...))))
}

func (r *Runtime) rangeError(text string) *goja.Object {
	return r.construct(r.builtin("RangeError"), r.str(text))
}

// throwValue panics with an error of the value package as JavaScript throws it.
func (r *Runtime) throwValue(err error) {
	var e *value.Error
	var t *Thrown
	switch {
	case errors.As(err, &t):
		panic(r.toJS(t.Value))
	case errors.As(err, &e):
		panic(r.toJS(value.Of(e)))
	}
	var ex *goja.Exception
	if errors.As(err, &ex) {
		panic(ex.Value())
	}
	panic(r.construct(r.builtin("Error"), r.str(err.Error())))
}
