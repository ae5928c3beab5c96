package value

import (
	"sync"
	"sync/atomic"
)

// Objects can be read late: an object of a text that was found valid is held as
// that text until somebody looks into it or changes it; then its properties are
// read, and those of the objects in it that are long again late. Nobody can hold
// a part of an object that was not looked into, so its text stays true: a clone
// shares it, and writing the object copies it if it is exactly what would be
// written.
const (
	lateFrom  = 512  // the length of text from which an object is read late
	lateDepth = 1000 // containers around an object up to which it is
	lateLevel = 8    // late objects within late objects: bounds how often a text is read over
)

// unread is the text of an object that was not looked into. Its clones share it.
type unread struct {
	text  string
	level int
	late  *LateJSON
	exact atomic.Int32
	mu    sync.Mutex // held while an object is made of the text
}

// Whether an unread text is what Stringify writes without indentation.
const (
	exactNo int32 = iota
	exactYes
	exactUnknown // it has numbers of so many digits that they must be tried
)

// LateJSON reads JSON that may well be passed on, or looked into in part only.
// Its zero value is ready; it is for one goroutine, but what it has read is as
// other values are.
type LateJSON struct {
	over  int64        // bytes that were read over
	built atomic.Int64 // bytes of them that were read after all
	texts int
	skip  int // texts to read at once before the next one is read late
}

// How often a LateJSON looks at what has become of its objects, and for how many
// texts it gives up if most was read after all.
const (
	lateTrial = 4
	latePause = 60
)

// Parse is ParseJSON: what it gives is the same, but larger objects hold their
// text, which they are read from when they are first used. Of a text longer
// than 64 kB they hold copies. Where that did not pay for the texts before, it
// reads at once.
func (l *LateJSON) Parse(text string) (Value, error) {
	if len(text) < lateFrom {
		return ParseJSON(text)
	}
	if l.skip > 0 {
		l.skip--
		return ParseJSON(text)
	}
	if l.texts++; l.texts > lateTrial {
		l.texts = 1
		built := l.built.Load()
		if built >= l.over/4*3 && built > 0 {
			l.skip = latePause
		}
		l.over /= 2
		l.built.Add(-built / 2)
	}
	return parseJSON(text, l)
}

// unreadIn makes an object that is read late.
func unreadIn(o *Object, text string, p *jsonParser, exact int32) {
	held := &struct {
		x keyIndex
		u unread
	}{u: unread{text: text, level: p.level, late: p.from}}
	held.u.exact.Store(exact)
	held.x.unread = &held.u
	o.index.Store(&held.x)
	o.late.Store(true)
}

// read reads the properties of an object that holds its text.
func (o *Object) read() {
	x := o.index.Load()
	if x == nil || x.unread == nil {
		return // another goroutine was quicker
	}
	u := x.unread
	u.mu.Lock()
	defer u.mu.Unlock()
	if !o.late.Load() {
		return
	}
	p := newParser(u.text)
	p.level = u.level + 1
	p.late, p.from = p.level < lateLevel, u.late
	made, _ := p.object(&Object{})
	u.late.built.Add(int64(len(u.text) - p.held))
	o.props, o.ints = made.Object().props, made.Object().ints
	p.done()
	o.index.Store(nil)
	o.late.Store(false)
}

// unreadText gives the text that Stringify would write for an object, if it was
// not looked into and holds that.
func (o *Object) unreadText() (string, bool) {
	if !o.late.Load() {
		return "", false
	}
	x := o.index.Load()
	if x == nil || x.unread == nil {
		return "", false
	}
	u := x.unread
	exact := u.exact.Load()
	if exact == exactUnknown {
		_, exact = scanObject(u.text, 0, true)
		u.exact.Store(exact)
	}
	return u.text, exact == exactYes
}

// shareUnread makes out an unread object of the same text, if o is one.
func (o *Object) shareUnread(out *Object) bool {
	if !o.late.Load() {
		return false
	}
	x := o.index.Load()
	if x == nil || x.unread == nil {
		return false
	}
	out.index.Store(x)
	out.late.Store(true)
	return true
}

// later reads over the object at p.i and holds it as text. It reports false if the object
// is to be read now.
func (p *jsonParser) later() (Value, bool) {
	if p.depth > lateDepth {
		return Undefined, false
	}
	end, exact := scanObject(p.s, p.i, false)
	if end < 0 {
		p.late, p.refused = false, true
		return Undefined, false
	}
	if end-p.i < lateFrom {
		p.short = true
		return Undefined, false
	}
	o := p.mem.object()
	unreadIn(o, p.keep(p.s[p.i:end]), p, exact)
	p.held += end - p.i
	p.i = end
	return Of(o), true
}
