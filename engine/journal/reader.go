package journal

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"os"
	"slices"
	"strconv"

	"github.com/lockstep-flows/lockstep/engine"
	"github.com/lockstep-flows/lockstep/engine/value"
)

// Kind says what a Record is.
type Kind uint8

// The kinds of record.
const (
	// EventRecord is an event, EffectRecord an effect.
	EventRecord Kind = iota + 1
	EffectRecord
	// EnvRecord is a variable that was looked up, ModuleRecord a module.
	EnvRecord
	ModuleRecord
	// EndRecord is the end of a run that ended well.
	EndRecord
)

// Record is one line of a journal.
type Record struct {
	Kind Kind
	// Line counts from 1 over all files, Seq events and effects each from 1.
	Line int
	Seq  uint64
	// Event and the deliveries before it since the last one.
	Event      engine.Event
	Deliveries uint64
	// Effect, without Type.
	Effect engine.Effect
	// Name and Value of a variable or module.
	Name  string
	Value value.Value
	// Digest of the run, at its end.
	Digest string
	// Text is the line as it stands, with its newline.
	Text []byte
	lazy bool // the effect is not read yet
}

// Read reads the parts of an effect that a lazy Reader left alone.
func (r *Record) Read() error {
	if !r.lazy {
		return nil
	}
	v, err := value.ParseJSON(value.Text(bytes.TrimSuffix(r.Text, []byte{'\n'})))
	if err != nil || v.Object() == nil {
		return fmt.Errorf("line %d: it is not a JSON object", r.Line)
	}
	r.effect(v.Object())
	r.lazy = false
	return nil
}

func (r *Record) effect(o *value.Object) {
	r.Effect.Node, r.Effect.Kind = o.Get("n").Str(), o.Get("f").Str()
	r.Effect.Request, r.Effect.Body = uint64(number(o.Get("r"))), value.FromTagged(o.Get("b"))
}

// Whole is the line with the whole body, where Text has only what differs from a body before.
func (r *Record) Whole() []byte {
	i := bytes.Index(r.Text, likeMark)
	if r.Kind != EventRecord || i < 0 {
		return r.Text
	}
	return appendBody(slices.Clip(r.Text[:i]), r.Event.Body)
}

// Reader reads a journal.
type Reader struct {
	// Header is that of the journal.
	Header *Header
	// Torn says that the last line was not complete; it was passed over.
	Torn bool
	// Lazy leaves effects unread but for their text and time: see Record.Read.
	Lazy bool

	files   []string // to come
	count   int      // files that go on from the first
	in      io.ReadCloser
	buf     *bufio.Reader
	name    string
	part    []byte // of a line that is not complete yet
	sum     hash.Hash
	line    int
	time    float64
	events  uint64
	effects uint64
	bodies  bodies
}

// Open opens the journal in a file and those that go on from it.
func Open(file string) (*Reader, error) {
	r := &Reader{files: []string{file}, name: file, sum: sha256.New(), bodies: bodies{}}
	r.more()
	if err := r.open(); err != nil {
		return nil, err
	}
	text, err := r.read()
	if err == nil {
		r.Header, err = readHeader(text)
	}
	if err != nil {
		if errors.Is(err, io.EOF) {
			err = errors.New("it is empty")
		}
		return nil, errors.Join(fmt.Errorf("%s is no journal: %w", file, err), r.Close())
	}
	r.sum.Write(text)
	return r, nil
}

// more finds the files that go on from the last one.
func (r *Reader) more() {
	for {
		name := r.name + "." + strconv.Itoa(r.count+1)
		if _, err := os.Stat(name); err != nil {
			return
		}
		r.count++
		r.files = append(r.files, name)
	}
}

// Again makes Next go on after io.EOF, when the journal may have grown.
func (r *Reader) Again() {
	r.Torn = false
	r.more()
}

func (r *Reader) open() (err error) {
	var f *os.File
	if f, err = os.Open(r.files[0]); err == nil {
		r.in, r.buf = f, bufio.NewReaderSize(f, 1<<18)
		r.files = r.files[1:]
	}
	return err
}

// read gives the next whole line.
func (r *Reader) read() ([]byte, error) {
	for {
		text, err := r.buf.ReadBytes('\n')
		if err == nil {
			if len(r.part) > 0 {
				text, r.part = append(r.part, text...), nil
			}
			r.line++
			return text, nil
		}
		if !errors.Is(err, io.EOF) {
			return nil, err
		}
		if len(text) > 0 {
			r.part = append(r.part, text...)
			if len(r.files) > 0 {
				return nil, fmt.Errorf("line %d: it is not complete, though the journal goes on", r.line+1)
			}
			r.Torn = true
			return nil, io.EOF
		}
		if len(r.files) == 0 {
			return nil, io.EOF
		}
		if err := errors.Join(r.in.Close(), r.open()); err != nil {
			return nil, err
		}
	}
}

// Next gives the next record, io.EOF after the last.
func (r *Reader) Next() (*Record, error) {
	for {
		text, err := r.read()
		if err != nil {
			return nil, err
		}
		rec, err := r.parse(text)
		if err != nil {
			if _, more := r.buf.Peek(1); more != nil && len(r.files) == 0 && rec == nil {
				r.Torn = true
				return nil, io.EOF
			}
			return nil, fmt.Errorf("line %d: %w", r.line, err)
		}
		if rec != nil {
			return rec, nil
		}
	}
}

// parse reads a line; a check that holds gives no record.
func (r *Reader) parse(text []byte) (*Record, error) {
	if r.Lazy && bytes.HasPrefix(text, effectLine) && bytes.HasSuffix(text, lineEnd) {
		return r.effectText(text), nil
	}
	v, err := value.ParseJSON(value.Text(bytes.TrimSuffix(text, []byte{'\n'})))
	o := v.Object()
	if err != nil || o == nil {
		return nil, errors.New("it is not a JSON object")
	}
	if want := o.Get("check").Str(); want != "" {
		if got := hex.EncodeToString(r.sum.Sum(nil)); got != want {
			return &Record{}, errors.New("the lines before it have been changed: their sum is not the one that was written")
		}
		return nil, nil
	}
	rec := &Record{Line: r.line, Text: text}
	if t := o.Get("t"); t.IsNumber() {
		r.time = t.Num()
	}
	switch {
	case o.Has("e"):
		err = r.event(rec, o)
	case o.Has("f"):
		r.effects++
		rec.Kind, rec.Seq = EffectRecord, r.effects
		rec.Effect.Seq, rec.Effect.Time = r.effects, r.time
		rec.effect(o)
	case o.Has("env"):
		rec.Kind, rec.Name, rec.Value = EnvRecord, o.Get("env").Str(), value.FromTagged(o.Get("v"))
	case o.Has("module"):
		rec.Kind, rec.Name, rec.Value = ModuleRecord, o.Get("module").Str(), value.FromTagged(o.Get("v"))
	case o.Has("end"):
		rec.Kind = EndRecord
		if end := o.Get("end").Object(); end != nil {
			rec.Digest = end.Get("digest").Str()
		}
		if got := hex.EncodeToString(r.sum.Sum(nil)); got != rec.Digest {
			return &Record{}, errors.New("the journal has been changed: its sum is not the one that was written")
		}
		return rec, nil
	default:
		err = errors.New("it is not a record of a journal")
	}
	r.sum.Write(text)
	return rec, err
}

var (
	effectLine = []byte(`{"f":`)
	lineEnd    = []byte("}\n")
	timeMark   = []byte(`,"t":`)
	bodyMark   = []byte(`,"b":`)
	likeMark   = []byte(`,"like":[`)
)

// effectText takes an effect as text. Marks cannot be within strings, whose quotes are
// escaped.
func (r *Reader) effectText(text []byte) *Record {
	head := text
	if i := bytes.Index(head, bodyMark); i >= 0 {
		head = head[:i]
	}
	if i := bytes.Index(head, timeMark); i >= 0 {
		digits := head[i+len(timeMark):]
		if end := bytes.IndexAny(digits, ",}"); end >= 0 {
			digits = digits[:end]
		}
		r.time = value.ParseNumber(string(digits))
	}
	r.effects++
	r.sum.Write(text)
	rec := &Record{Kind: EffectRecord, Line: r.line, Seq: r.effects, Text: text, lazy: true}
	rec.Effect.Seq, rec.Effect.Time = r.effects, r.time
	return rec
}

func number(v value.Value) float64 {
	if v.IsNumber() {
		return v.Num()
	}
	return 0
}

func (r *Reader) event(rec *Record, o *value.Object) error {
	r.events++
	rec.Kind, rec.Seq, rec.Deliveries = EventRecord, r.events, uint64(number(o.Get("d")))
	name := o.Get("e").Str()
	for k, n := range kinds {
		if n == name && n != "" {
			rec.Event.Kind = engine.EventKind(k)
		}
	}
	if rec.Event.Kind == engine.EventNone {
		return fmt.Errorf("an event of kind %q is not known", name)
	}
	rec.Event.Time, rec.Event.Target = r.time, o.Get("to").Str()
	rec.Event.Request, rec.Event.Last = uint64(number(o.Get("r"))), o.Get("last").Bool()
	switch b := o.Get("b"); {
	case o.Has("like"):
		b, err := r.bodies.like(rec.Event.Request, o.Get("like"))
		if err != nil {
			return err
		}
		rec.Event.Body = value.FromTagged(b)
	case o.Has("b"):
		if rec.Event.Kind == engine.EventReply && rec.Event.Request != 0 && !rec.Event.Last {
			r.bodies.keep(rec.Event.Request, b)
		}
		rec.Event.Body = value.FromTagged(b)
	}
	return nil
}

// Close closes the file.
func (r *Reader) Close() error {
	if r.in == nil {
		return nil
	}
	return r.in.Close()
}

// Digest is the SHA-256 of all lines read so far.
func (r *Reader) Digest() string { return hex.EncodeToString(r.sum.Sum(nil)) }
