package energyweb

import (
	"fmt"

	"github.com/lockstep-flows/lockstep/engine/value"
)

// migration is a step of the tables. Its name is that of the package's, so that a
// database of the reference goes on here and the other way round.
type migration struct {
	name string
	sql  []string
}

var migrations = []migration{
	{"2023-01-10T08.21.57-create-ledger-table", []string{
		`create table "ledger" ("account_id" text not null, "volume" integer not null, "root_unit_id" text not null)`,
		`create unique index "account_id_root_unit_id" on "ledger" ("account_id", "root_unit_id")`,
	}},
	{"2024-06-12T08.21.57-create-processed-table", []string{
		`create table "processed" ("unit_id" text primary key, "owner" text not null, "prev_owner" text, "root_unit_id" text not null, "volume" integer not null, "created_at" integer not null)`,
	}},
	{"2025-01-16T21.37.00-create-acked-message-table", []string{
		`create table "acked_message" ("messageId" text primary key, "created_at" integer not null)`,
		`create index "acked_message_created_at_index" on "acked_message" ("created_at")`,
	}},
	{"2025-02-13T21.37.00-clear-data", []string{
		`create table "bak_ledger" ("account_id" text not null, "volume" integer not null, "root_unit_id" text not null)`,
		`create table "bak_processed" ("unit_id" text primary key, "owner" text not null, "prev_owner" text, "root_unit_id" text not null, "volume" integer not null, "created_at" integer not null)`,
		`create table "bak_acked_message" ("messageId" text primary key, "created_at" integer not null)`,
		`insert into bak_ledger select * from ledger`, `insert into bak_processed select * from processed`, `insert into bak_acked_message select * from acked_message`,
		`delete from "acked_message"`, `delete from "processed"`, `delete from "ledger"`,
	}},
	{"2025-09-26T21.37.00-add-key-value-store", []string{
		`create table "key_value" ("key" text primary key, "value" text not null)`,
	}},
}

// bookkeeping are the tables in which Kysely notes what was done.
var bookkeeping = []string{
	`create table if not exists "kysely_migration" ("name" varchar(255) not null primary key, "timestamp" varchar(255) not null)`,
	`create table if not exists "kysely_migration_lock" ("id" varchar(255) not null primary key, "is_locked" integer default 0 not null)`,
	`insert or ignore into "kysely_migration_lock" ("id", "is_locked") values ('migration_lock', 0)`,
}

// migrate brings the tables up to date, all in one transaction.
func (n *sqliteConfig) migrate() {
	n.all(append([]string{"begin immediate"}, bookkeeping...), func(err error) {
		if err != nil {
			n.settle(err)
			return
		}
		n.run(`select "name" from "kysely_migration"`, nil, func(r *value.Object, err error) {
			if err != nil {
				n.rollback(err)
				return
			}
			done := map[string]bool{}
			for _, row := range value.Elements(r.Get("rows")) {
				done[row.Object().Get("name").Str()] = true
			}
			var todo []migration
			for _, m := range migrations {
				if !done[m.name] {
					todo = append(todo, m)
				}
			}
			n.steps(todo)
		})
	})
}

func (n *sqliteConfig) steps(todo []migration) {
	if len(todo) == 0 {
		n.all([]string{"commit"}, n.settle)
		return
	}
	m := todo[0]
	n.all(m.sql, func(err error) {
		if err != nil {
			n.c.ErrorValue(value.Str(fmt.Sprintf("failed to execute migration %q", m.name)), nil)
			n.rollback(err)
			return
		}
		at := []value.Value{value.Str(m.name), value.Str(value.ISO(n.c.Now()))}
		n.run(`insert into "kysely_migration" ("name", "timestamp") values (?, ?)`, at, func(_ *value.Object, err error) {
			if err != nil {
				n.rollback(err)
				return
			}
			n.c.Log(value.Str(fmt.Sprintf("migration %q was executed successfully", m.name)))
			n.steps(todo[1:])
		})
	})
}

func (n *sqliteConfig) rollback(cause error) {
	n.all([]string{"rollback"}, func(error) { n.settle(cause) })
}

// all runs statements one after the other.
func (n *sqliteConfig) all(list []string, then func(error)) {
	if len(list) == 0 {
		then(nil)
		return
	}
	n.run(list[0], nil, func(_ *value.Object, err error) {
		if err != nil {
			then(err)
			return
		}
		n.all(list[1:], then)
	})
}
