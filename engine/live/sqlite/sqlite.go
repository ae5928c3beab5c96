// Package sqlite performs the effects of SQLite nodes.
package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math"
	"math/big"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"time"

	driver "modernc.org/sqlite" // pure Go

	"github.com/lockstep-flows/lockstep/engine"
	"github.com/lockstep-flows/lockstep/engine/live"
	"github.com/lockstep-flows/lockstep/engine/value"
)

// Options say what databases may be opened. The zero Options allows all files.
type Options struct {
	// Dir is where relative names start; "" is the process's directory.
	Dir string
	// Allow is asked before a file is opened, with its full name; an error refuses it.
	Allow func(path string) error
	// MaxRows bounds the rows of an answer; 0 is 100,000.
	MaxRows int
}

// Databases performs
//
//	sqlite.open {path} → {open: true} or {error}; it stays open until it is cancelled
//	sqlite.run  {db: the request that opened it, sql, params} → {rows: [{…}], changes, last} or {error}
//
// Statements of one database are carried out in the order they were asked for. Others
// cannot be attached: a flow has the file it was given, and no other.
type Databases struct {
	o  Options
	mu sync.Mutex
	by map[uint64]*database
	wg sync.WaitGroup
}

type database struct {
	jobs   chan func(*sql.Conn, error)
	cancel context.CancelFunc
	ctx    context.Context
}

const (
	queueLimit     = 1024
	defaultMaxRows = 100_000
	maxBytes       = 64 << 20
	limitAttached  = 7 // SQLITE_LIMIT_ATTACHED
)

// New makes a performer.
func New(o Options) *Databases {
	if o.MaxRows == 0 {
		o.MaxRows = defaultMaxRows
	}
	return &Databases{o: o, by: map[uint64]*database{}}
}

// Kinds are sqlite.open and sqlite.run.
func (p *Databases) Kinds() []string { return []string{"sqlite.open", "sqlite.run"} }

// Perform queues a statement.
func (p *Databases) Perform(f engine.Effect, reply func(value.Value, bool)) error {
	o := f.Body.Object()
	if f.Kind == "sqlite.open" {
		p.open(f.Request, value.ToString(o.Get("path")), reply)
		return nil
	}
	p.mu.Lock()
	db := p.by[uint64(o.Get("db").Num())]
	p.mu.Unlock()
	if db == nil {
		go reply(live.Failure("SQLITE_MISUSE", "The database connection is not open"), true)
		return nil
	}
	text := o.Get("sql").Str()
	params, err := parameters(o.Get("params").Array())
	job := func(c *sql.Conn, opened error) {
		if err := errors.Join(opened, err); err != nil {
			reply(failure(err), true)
			return
		}
		reply(p.run(db.ctx, c, text, params), true)
	}
	select {
	case db.jobs <- job:
	default:
		go reply(live.Failure("SQLITE_BUSY", fmt.Sprintf("more than %d statements wait for the database", queueLimit)), true)
	}
	return nil
}

// parameters converts values as better-sqlite3 does.
func parameters(list *value.Array) ([]any, error) {
	var out []any
	for i := range list.Length() {
		switch v := list.At(i); v.Kind() {
		case value.KindNull, value.KindUndefined:
			out = append(out, nil)
		case value.KindNumber:
			f := v.Num()
			if f == math.Trunc(f) && math.Abs(f) <= math.MaxInt32 && !(f == 0 && math.Signbit(f)) {
				out = append(out, int64(f))
			} else {
				out = append(out, f)
			}
		case value.KindString:
			out = append(out, v.Str())
		case value.KindBigInt:
			if !v.BigInt().IsInt64() {
				return nil, errors.New("The bound string, buffer, or bigint is too big") //nolint:staticcheck // as the library says
			}
			out = append(out, v.BigInt().Int64())
		case value.KindBuffer:
			out = append(out, append([]byte{}, v.Buffer().B...))
		default:
			return nil, errors.New("SQLite3 can only bind numbers, strings, bigints, buffers, and null")
		}
	}
	return out, nil
}

func (p *Databases) open(id uint64, path string, reply func(value.Value, bool)) {
	ctx, cancel := context.WithCancel(context.Background())
	db := &database{jobs: make(chan func(*sql.Conn, error), queueLimit), ctx: ctx, cancel: cancel}
	p.mu.Lock()
	p.by[id] = db
	p.wg.Add(1)
	p.mu.Unlock()
	go func() {
		defer p.wg.Done()
		pool, conn, err := p.connect(ctx, path)
		if err != nil {
			reply(failure(err), false)
		} else {
			reply(value.Obj("open", true), false)
		}
		db.work(conn, err)
		if conn != nil {
			_ = conn.Close() // nothing can be done about it
			_ = pool.Close()
		}
	}()
}

// work carries out statements until the database is closed; those that wait then are
// carried out still.
func (db *database) work(c *sql.Conn, err error) {
	for {
		select {
		case job := <-db.jobs:
			job(c, err)
		case <-db.ctx.Done():
			return
		}
	}
}

func (p *Databases) connect(ctx context.Context, path string) (*sql.DB, *sql.Conn, error) {
	name := path
	if path != ":memory:" {
		if !filepath.IsAbs(path) {
			name = filepath.Join(p.o.Dir, path)
		}
		full, err := filepath.Abs(name)
		if err != nil {
			return nil, nil, err
		}
		if p.o.Allow != nil {
			if err := p.o.Allow(full); err != nil {
				return nil, nil, err
			}
		}
		if _, err := os.Stat(filepath.Dir(full)); err != nil {
			return nil, nil, errors.New("Cannot open database because the directory does not exist") //nolint:staticcheck // as the library says
		}
		name = "file:" + (&url.URL{Path: filepath.ToSlash(full)}).EscapedPath()
	}
	pool, err := sql.Open("sqlite", name+"?_pragma=busy_timeout(5000)")
	if err != nil {
		return nil, nil, err
	}
	pool.SetMaxOpenConns(1)
	conn, err := pool.Conn(ctx)
	if err == nil {
		if _, err = driver.Limit(conn, limitAttached, 0); err == nil {
			return pool, conn, nil
		}
		_ = conn.Close() // the limit's error counts
	}
	return nil, nil, errors.Join(err, pool.Close())
}

// run carries out a statement and reads its rows.
func (p *Databases) run(ctx context.Context, c *sql.Conn, text string, params []any) value.Value {
	rows, err := c.QueryContext(ctx, text, params...)
	if err != nil {
		return failure(err)
	}
	list, err := p.read(rows)
	if err := errors.Join(err, rows.Close()); err != nil {
		return failure(err)
	}
	var changes, last int64
	if err := c.QueryRowContext(ctx, "select changes(), last_insert_rowid()").Scan(&changes, &last); err != nil {
		return failure(err)
	}
	return value.Obj("rows", list, "changes", float64(changes), "last", float64(last))
}

func (p *Databases) read(rows *sql.Rows) (*value.Array, error) {
	out := value.NewArray()
	names, err := rows.Columns()
	if err != nil {
		return nil, err
	}
	size := 0
	for rows.Next() {
		cells := make([]any, len(names))
		at := make([]any, len(names))
		for i := range cells {
			at[i] = &cells[i]
		}
		if err := rows.Scan(at...); err != nil {
			return nil, err
		}
		o := value.NewObject(len(names))
		for i, n := range names {
			v, bytes := cell(cells[i])
			size += bytes + 16
			o.Set(n, v)
		}
		out.Append(value.Of(o))
		if out.Length() > p.o.MaxRows || size > maxBytes {
			return nil, fmt.Errorf("the answer has more than %d rows or %d bytes", p.o.MaxRows, maxBytes)
		}
	}
	return out, rows.Err()
}

func cell(x any) (value.Value, int) {
	switch x := x.(type) {
	case int64:
		return value.Num(float64(x)), 8
	case float64:
		return value.Num(x), 8
	case string:
		return value.Str(value.Text([]byte(x))), len(x)
	case []byte:
		return value.Bytes(append([]byte{}, x...)), len(x)
	case bool:
		if x {
			return value.Num(1), 8
		}
		return value.Num(0), 8
	case time.Time:
		return value.Str(x.Format(time.RFC3339Nano)), 30
	case *big.Int:
		return value.BigInt(x), 8
	}
	return value.Null, 0
}

// failure is the answer for an error, with SQLite's own name as its code.
func failure(err error) value.Value {
	code := "SQLITE_ERROR"
	var e *driver.Error
	if errors.As(err, &e) {
		if name, ok := codes[e.Code()&0xff]; ok {
			code = name
		}
	}
	return live.Failure(code, err.Error())
}

// codes are the names of SQLite's results.
var codes = map[int]string{5: "SQLITE_BUSY", 6: "SQLITE_LOCKED", 8: "SQLITE_READONLY", 11: "SQLITE_CORRUPT", 13: "SQLITE_FULL", 14: "SQLITE_CANTOPEN",
	19: "SQLITE_CONSTRAINT", 20: "SQLITE_MISMATCH", 21: "SQLITE_MISUSE", 26: "SQLITE_NOTADB"}

// Cancel closes a database.
func (p *Databases) Cancel(request uint64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if db := p.by[request]; db != nil {
		delete(p.by, request)
		db.cancel()
	}
}

// Close closes all databases and waits for them, at most 2 s.
func (p *Databases) Close() error {
	p.mu.Lock()
	for id, db := range p.by {
		delete(p.by, id)
		db.cancel()
	}
	p.mu.Unlock()
	if !live.Wait(&p.wg) {
		return errors.New("a database did not close in time")
	}
	return nil
}
