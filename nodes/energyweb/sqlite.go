package energyweb

import (
	_ "embed" // for the query builder
	"fmt"

	"github.com/lockstep-flows/lockstep/engine"
	"github.com/lockstep-flows/lockstep/engine/js"
	"github.com/lockstep-flows/lockstep/engine/value"
	"github.com/lockstep-flows/lockstep/nodes/function"
)

// SQLiteConfig is the configuration of a sqlite-config node.
type SQLiteConfig struct {
	// DBLocation is the database's file; empty takes the worker's for the solution.
	DBLocation string `json:"dbLocation"`
	// EnvConfig is what the worker puts in.
	EnvConfig value.Value `json:"__envConfig"`
}

var sqliteConfigType = engine.Define("sqlite-config", "Opens the SQLite database of a solution and brings its tables up to date.", newSQLiteConfig)

//go:embed kysely.js
var queryBuilder string

// sqliteConfig is an open database. Functions of flows use it through an object with the
// ways of Kysely's, made by a JavaScript program that this node runs as a function
// node of its own; each query is an effect.
type sqliteConfig struct {
	engine.Mute
	c     *engine.Call
	db    uint64 // the request that opened it
	fn    *js.Function
	ready bool
	err   error
	wait  []func()
	got   *value.Object // what the program sent last
}

func newSQLiteConfig(c *engine.Call, cfg SQLiteConfig) (engine.Node, error) {
	env := injected{cfg.EnvConfig.Object()}
	path := cfg.DBLocation
	for _, name := range []string{"EWX_SQLITE_PATH", "SQLITE_CONFIG_DB_LOCATION", "LEDGER_SQLITE_CONFIG_DB_LOCATION"} {
		if path == "" {
			path = env.or(c, name)
		}
	}
	if path == "" {
		return nil, engine.Fail("the place of the database is not known")
	}
	n := &sqliteConfig{c: c}
	self := js.Identity{ID: c.ID(), Name: "sqlite", Type: c.Type(), Z: c.Def().Z, Path: c.Def().Path, Outputs: value.Int(1)}
	fn, err := function.Runtime(c).NewFunction(bridge{n}, self, js.Source{Initialize: queryBuilder, Func: "lockstepSQLite(msg);"})
	if err != nil {
		return nil, err
	}
	n.fn = fn
	fn.Start()
	n.db = c.Listen("sqlite.open", value.Obj("path", path), func(v value.Value, _ bool) {
		if err := failure(v); err != nil {
			n.settle(err)
			return
		}
		n.migrate()
	})
	return n, nil
}

// Close lets the database go.
func (n *sqliteConfig) Close(*engine.Call, bool) error {
	n.fn.Close(false)
	return nil
}

func (n *sqliteConfig) settle(err error) {
	n.ready, n.err = true, err
	if err != nil {
		n.c.ErrorValue(value.Str("failed to migrate"), nil)
		n.c.Error(err, nil)
	}
	n.tell("op", "settle", "error", value.From(err))
	for _, fn := range n.wait {
		fn()
	}
	n.wait = nil
}

// tell gives the program a message.
func (n *sqliteConfig) tell(pairs ...any) { n.fn.Receive(value.Obj(pairs...).Object()) }

// whenReady calls fn once the tables are up to date, or cannot be used.
func (n *sqliteConfig) whenReady(fn func()) {
	if n.ready {
		fn()
		return
	}
	n.wait = append(n.wait, fn)
}

// run makes a query.
func (n *sqliteConfig) run(sql string, params []value.Value, then func(*value.Object, error)) {
	n.c.Ask("sqlite.run", value.Obj("db", float64(n.db), "sql", sql, "params", value.Arr(params...)), func(v value.Value, _ bool) {
		then(v.Object(), failure(v))
	})
}

// database gives the promise of the query object, and the tag for SQL texts.
func (n *sqliteConfig) database() (db, sql value.Value) {
	n.got = nil
	n.tell("op", "get")
	if n.got == nil {
		return value.Undefined, value.Undefined
	}
	return n.got.Get("db"), n.got.Get("sql")
}

// sent takes what the program sends: an answer to get, or a query.
func (n *sqliteConfig) sent(o *value.Object) {
	id := o.Get("id")
	if id.IsUndefined() {
		n.got = o
		return
	}
	var params []value.Value
	if a := o.Get("params").Array(); a != nil {
		params = a.Elems
	}
	n.run(o.Get("sql").Str(), params, func(r *value.Object, err error) {
		if err != nil {
			n.tell("op", "answer", "id", id, "error", value.From(err))
			return
		}
		n.tell("op", "answer", "id", id, "rows", r.Get("rows"), "changes", r.Get("changes"), "last", r.Get("last"))
	})
}

// bridge is the js.Host of the program.
type bridge struct{ n *sqliteConfig }

// Send takes what the program sends.
func (b bridge) Send(_ *value.Object, outputs [][]*value.Object) {
	for _, out := range outputs {
		for _, m := range out {
			if m != nil {
				b.n.sent(m)
			}
		}
	}
}

// SendValue is not used by the program.
func (b bridge) SendValue(value.Value) {}

// Done has no meaning: no message is handled.
func (b bridge) Done(*value.Object) {}

// Fail reports that the program failed.
func (b bridge) Fail(_ *value.Object, err value.Value) { b.n.c.ErrorValue(err, nil) }

// Error reports an error.
func (b bridge) Error(err, _ value.Value) { b.n.c.ErrorValue(err, nil) }

// Call logs.
func (b bridge) Call(method string, args []value.Value) error { return b.n.c.Apply(method, args) }

// SetTimer is not used by the program.
func (b bridge) SetTimer(float64, bool) uint64 { return 0 }

// ClearTimer is not used by the program.
func (b bridge) ClearTimer(uint64) {}

// Context is not used by the program.
func (b bridge) Context(string) js.Store { return nil }

// Env looks up a variable.
func (b bridge) Env(name string) value.Value { return b.n.c.Env(name) }

// LinkCall is not used by the program.
func (b bridge) LinkCall(string, *value.Object, float64, func(*value.Object, error)) error {
	return engine.Fail("there are no link calls here")
}

// Text gives the key: the program has no texts.
func (b bridge) Text(key string, _ ...string) string { return key }

// SQLiteInject is the configuration of a sqlite-inject node.
type SQLiteInject struct {
	// SQLiteConfig is the id of a sqlite-config node; empty takes the first there is.
	SQLiteConfig string `json:"sqliteConfig"`
	// EnvConfig is what the worker puts in; it is not used.
	EnvConfig value.Value `json:"__envConfig"`
}

var sqliteInjectType = engine.Define("sqlite-inject", "Puts a promise of the database into payload.sqlite and the SQL tag into payload.kyselySql.", newSQLiteInject)

type sqliteInject struct{ SQLiteInject }

func newSQLiteInject(c *engine.Call, cfg SQLiteInject) (engine.Node, error) {
	if findSQLite(c, cfg.SQLiteConfig) == nil {
		return nil, ggpError("SqliteConfigNotFound", 2, value.Of(value.NewObject()))
	}
	return &sqliteInject{cfg}, nil
}

// findSQLite gives the sqlite-config node of an id, or the first there is if that is "".
func findSQLite(c *engine.Call, id string) (found *sqliteConfig) {
	if id != "" {
		_, n := c.Lookup(id)
		found, _ = n.(*sqliteConfig)
		return found
	}
	c.Each(func(_ *engine.Call, n engine.Node) {
		if s, ok := n.(*sqliteConfig); ok && found == nil {
			found = s
		}
	})
	return found
}

func (n *sqliteInject) Receive(c *engine.Call, m *engine.Message) error {
	s := findSQLite(c, n.SQLiteConfig)
	if s == nil {
		return ggpError("SqliteConfigNotFound", 2, value.Of(value.NewObject()))
	}
	db, sql := s.database()
	if db.IsUndefined() {
		return fmt.Errorf("the database %s gave no query object", s.c.ID())
	}
	out := with(m, "sqlite", db, "kyselySql", sql)
	out.Delete("topic")
	c.Send(out)
	return nil
}
