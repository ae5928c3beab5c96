package energyweb_test

import (
	"context"
	"io"
	"strings"
	"testing"

	"github.com/lockstep-flows/lockstep/engine"
	"github.com/lockstep-flows/lockstep/engine/flow"
	"github.com/lockstep-flows/lockstep/engine/live"
	"github.com/lockstep-flows/lockstep/engine/live/sqlite"
	"github.com/lockstep-flows/lockstep/engine/value"
	"github.com/lockstep-flows/lockstep/nodes"
)

// script answers requests in virtual time and notes what a debug node got.
type script struct {
	*engine.Script
	answer func(f engine.Effect) (value.Value, bool)
	open   []engine.Event
	shown  []string
	errors []string
	asked  []string
}

func (s *script) Put(f engine.Effect) error {
	switch {
	case f.Kind == "out":
		s.shown = append(s.shown, string(value.AppendJSON(nil, f.Body)))
	case f.Kind == "log" && f.Body.Object().Get("level").Num() <= 20:
		s.errors = append(s.errors, value.ToString(f.Body.Object().Get("msg")))
	case f.Request != 0 && f.Kind != "cancel":
		s.asked = append(s.asked, f.Kind+" "+string(value.AppendJSON(nil, f.Body)))
		if v, ok := s.answer(f); ok {
			s.open = append(s.open, engine.Event{Kind: engine.EventReply, Request: f.Request, Last: true, Body: v})
		}
	}
	return nil
}

func (s *script) Next(ctx context.Context, p engine.Progress) (engine.Event, error) {
	if len(s.open) > 0 && !p.Pending {
		ev := s.open[0]
		s.open = s.open[1:]
		return ev, nil
	}
	return s.Script.Next(ctx, p)
}

// sink is a node that shows what it gets.
var sink = engine.Define("test-sink", "Shows messages.", func(*engine.Call, struct{}) (engine.Node, error) { return sinkNode{}, nil })

type sinkNode struct{ engine.Mute }

func (sinkNode) Receive(c *engine.Call, m *engine.Message) error {
	c.Emit("out", m.Get("payload"))
	return nil
}

func registry() *engine.Registry {
	return engine.NewRegistry(nodes.Worker().Types(), []engine.Type{sink})
}

func compile(t *testing.T, text string) *flow.Graph {
	t.Helper()
	doc, err := flow.Parse("test", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	g, err := flow.Compile(nil, doc)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

const envConfig = `"__envConfig":{"EWX_WORKER_ADDRESS":"5W","EWX_SOLUTION_ID":"sol","EWX_SOLUTION_GROUP_ID":"grp","BASE_URL":"http://base/urls"}`

func TestNodes(t *testing.T) {
	reply := func(status int, text string) value.Value { return value.Obj("status", float64(status), "text", text) }
	urls := `{"base_indexer_url":"http://ix","indexer_url":"http://old","voting_round_orchestrator_url":"http://orch/"}`
	for _, c := range []struct {
		node, payload string
		answers       map[string]string // by what the request contains; "status|text"
		want, asked   string
		fails         string
	}{
		{`"type":"submit-result"`, `{"result":"a","votingRoundID":"r"}`, nil, `{"noderedId":"t","root":"a","id":"r","success":true}`, `energyweb.vote {"round":"r","vote":"a","hashed":true,"tab":"t"}`, ""},
		{`"type":"submit-result"`, `{"result":"a"}`, nil, "", "", "votingRoundID has to be"},
		{`"type":"submit-result"`, `{"result":"` + strings.Repeat("a", 65) + `","votingRoundID":"r"}`, nil, "", "", "result has to be"},
		{`"type":"merkle-tree-root-hash"`, `{"a":1,"b":"x"}`, nil, `{"a":1,"b":"x","rootHash":"0x2e37b51a512e5ea13cdc8706a69f67444141d2f7287e29b7a3096fba8f7ee773"}`, "", ""},
		{`"type":"merkle-tree-root-hash"`, `"hi"`, nil, `{"0":"h","1":"i","rootHash":"0x8f434346648f6b96df89dda901c5176b10a6d83961dd3c1ac88b59b2dc327aa4"}`, "", ""},
		{`"type":"merkle-tree-root-hash"`, `{"a":null}`, nil, "", "", "null has no leaf"},
		{`"type":"fetch-ewx-config"`, `{"k":1}`, nil, `{"k":1,"base_indexer_url":"http://ix","indexer_url":"http://old","voting_round_orchestrator_url":"http://orch/","workerAddress":"5W","solutionNamespace":"sol"}`, "", ""},
		{`"type":"is-nominated"`, `{}`, map[string]string{"http://old": `200|{"data":{"x":[{"id":"1"}]}}`}, `{"isNominated":true}`, `"worker":"5W","solution":"sol"`, ""},
		{`"type":"is-nominated"`, `{}`, map[string]string{"http://old": `200|{"data":{"x":[]}}`}, `{"isNominated":false}`, "", ""},
		{`"type":"is-nominated"`, `{}`, map[string]string{"http://old": `500|`}, `{"isNominated":null}`, "", "answered 500"},
		{`"type":"is-nominated-v2"`, `{"votingRoundId":"r9"}`, map[string]string{"http://ix/votes/graphql": `200|{"data":{"x":[{"id":"1"}]}}`}, `{"votingRoundId":"r9","isNominated":true}`, `"round":"r9"`, ""},
		{`"type":"is-nominated-v2"`, `{}`, nil, "", "", "votingRoundId has to be"},
		{`"type":"voting-round-orchestrator"`, `{}`, map[string]string{"http://orch/api/v1/voting-round/sol/5W/latest": `200|{"votingRoundId":"r5"}`}, `{"votingRoundId":"r5"}`, "", ""},
		{`"type":"voting-round-orchestrator"`, `{}`, map[string]string{"latest": `404|`}, `{"votingRoundId":null}`, "", ""},
		{`"type":"voting-round-orchestrator"`, `{}`, map[string]string{"latest": `503|`}, "", "", "answered 503"},
		{`"type":"consensus"`, `{"votingRoundId":"r"}`, map[string]string{"votes/graphql": `200|{"data":{"votingRounds":[{"settled":true,"result":"0xa","votes":[{"result":{"result":"0xb"},"worker":{"id":"w1"}},{"result":{"result":"0xa"},"worker":{"id":"w2"}}]}]}}`},
			`{"votingRoundId":"r","leaderAddress":"w2","consensusStatus":"SETTLED","attempt":1,"shouldRetry":false,"result":"0xa","resultHash":"0xa"}`, "", ""},
		{`"type":"consensus"`, `{"votingRoundId":"r","attempt":3}`, map[string]string{"votes/graphql": `200|{"data":{"votingRounds":[{"settled":false,"expired":null,"votes":[]}]}}`},
			`{"votingRoundId":"r","attempt":4,"leaderAddress":null,"consensusStatus":"IN_PROGRESS","shouldRetry":true,"result":null,"resultHash":null}`, "", ""},
		{`"type":"consensus"`, `{"votingRoundId":"r"}`, map[string]string{"votes/graphql": `200|{"data":{"votingRounds":[]}}`},
			`{"votingRoundId":"r","leaderAddress":null,"consensusStatus":"FAILED","attempt":1,"shouldRetry":true,"result":null,"resultHash":null}`, "", ""},
		{`"type":"consensus"`, `{"votingRoundId":""}`, nil, `{"votingRoundId":"","leaderAddress":null,"consensusStatus":"FAILED","attempt":1,"shouldRetry":false,"result":null,"resultHash":null}`, "", ""},
		{`"type":"consensus"`, `{"votingRoundID":"r"}`, map[string]string{"operatorSubscribed": `200|{"data":{"operatorSubscribedSolutionGroups":[{"operator":{"workerNode":{"id":"w1"}}},{"operator":{"workerNode":{"id":"w2"}}},{"operator":{"workerNode":{"id":"w3"}}},{"operator":{"workerNode":null}}]}}`,
			"solutionResultSubmitteds": `200|{"data":{"solutionResultSubmitteds":[{"result":"0xa","workerNode":"w1"},{"result":"0xa","workerNode":"w2"}]}}`},
			`{"votingRoundID":"r","leaderAddress":"w2","consensusStatus":"REACHED","attempt":1,"shouldRetry":false,"result":"0xa","resultHash":"0xa"}`, "", ""},
		{`"type":"voting-marketplace","noHashing":true`, `{"voting":[{"votingId":"a","vote":"x"},{"votingId":"b","vote":"y"}]}`, map[string]string{`"offset":0`: `200|{"data":{"votes":[{"rawVotingRoundId":"a"}],"votingRounds":[]}}`, `"offset":50`: `200|{"data":{"votes":[],"votingRounds":[]}}`},
			`{"voting":[{"votingId":"a","vote":"x"},{"votingId":"b","vote":"y"}]}`, `energyweb.vote {"round":"b","vote":"y","hashed":false,"tab":"t"}`, ""},
		{`"type":"voting-marketplace"`, `{"a":1,"voting":[{"x":1,"vote":"v","votingId":"i"}]}`, map[string]string{`"offset"`: `200|{"data":{"votes":[],"votingRounds":[]}}`},
			`={"voting":[{"votingId":"i","vote":"v"}],"a":1}`, "", ""},
		{`"type":"voting-marketplace"`, `{"voting":7}`, nil, "", "", "payload.voting has to be"},
		{`"type":"json-schema-validator","jsonSchema":"{\"required\":[\"a\"]}"`, `{"a":1}`, nil, `{"a":1}`, "", ""},
		{`"type":"json-schema-validator","jsonSchema":"{}"`, `[1]`, nil, "", "", "GGP node error: InvalidPayload (e5)"},
		{`"type":"json-schema-validator","jsonSchema":"{\"required\":[\"a\"]}"`, `{}`, nil, "", "", "GGP node error: JsonSchemaValidationFailed (e7)"},
	} {
		g := compile(t, `[{"id":"t","type":"tab"},{"id":"cfg","type":"energywebx-config",`+envConfig+`},{"id":"n","z":"t","x":1,"y":1,`+c.node+`,`+envConfig+`,"wires":[["o"]]},{"id":"o","type":"test-sink","z":"t","x":1,"y":1,"wires":[]}]`)
		e, err := engine.New(g, registry(), engine.Options{})
		if err != nil {
			t.Fatal(err)
		}
		payload, err := value.ParseJSON(c.payload)
		if err != nil {
			t.Fatal(err)
		}
		s := &script{Script: engine.NewScript(1000, engine.Event{Kind: engine.EventMessage, Time: 1001, Target: "n", Body: value.Obj("payload", payload)})}
		s.Until = 200_000
		s.answer = func(f engine.Effect) (value.Value, bool) {
			if f.Kind == "energyweb.vote" {
				return value.Of(value.NewObject()), true
			}
			text := string(value.AppendJSON(nil, f.Body))
			if strings.Contains(text, "http://base/urls") {
				return reply(200, urls), true
			}
			for k, v := range c.answers {
				if strings.Contains(text, k) {
					status, body, _ := strings.Cut(v, "|")
					return reply(int(value.ParseNumber(status)), body), true
				}
			}
			return live.Failure("", "nothing there"), true
		}
		if err := engine.Run(t.Context(), e, s, s); err != nil && err != io.EOF {
			t.Fatal(err)
		}
		if got := strings.Join(s.shown, " "); !sameJSON(got, c.want) || !strings.Contains(strings.Join(s.asked, " "), c.asked) || !strings.Contains(strings.Join(s.errors, " "), c.fails) {
			t.Errorf("%s %s\n got %s\nwant %s\nasked %v\nerrors %v", c.node, c.payload, got, c.want, s.asked, s.errors)
		}
	}
}

// sameJSON compares without the order of keys, unless the second begins with =.
func sameJSON(a, b string) bool {
	if exact, ok := strings.CutPrefix(b, "="); ok {
		return a == exact
	}
	x, errX := value.ParseJSON(a)
	y, errY := value.ParseJSON(b)
	return a == b || errX == nil && errY == nil && value.DeepEqual(x, y)
}

// TestQueries runs what functions write with Kysely against a real database.
func TestQueries(t *testing.T) {
	g := compile(t, `[{"id":"t","type":"tab"},{"id":"db","type":"sqlite-config","dbLocation":"x.sqlite"},
	{"id":"i","type":"sqlite-inject","z":"t","x":1,"y":1,"sqliteConfig":"","wires":[["f"]]},
	{"id":"f","type":"function","z":"t","x":1,"y":1,"outputs":1,"func":`+string(value.AppendJSON(nil, value.Str(queries)))+`,"wires":[["o"]]},
	{"id":"o","type":"test-sink","z":"t","x":1,"y":1,"wires":[]}]`)
	e, err := engine.New(g, registry(), engine.Options{})
	if err != nil {
		t.Fatal(err)
	}
	out := make(chan string, 1)
	var log []string
	l := live.New(live.Options{Performers: []live.Performer{sqlite.New(sqlite.Options{Dir: t.TempDir()})}, Sink: engine.SinkFunc(func(f engine.Effect) error {
		if f.Kind == "out" {
			out <- string(value.AppendJSON(nil, f.Body))
		} else if f.Kind == "log" {
			log = append(log, value.ToString(f.Body.Object().Get("msg")))
		}
		return nil
	})})
	go func() {
		l.Inject("i", value.Obj("payload", value.NewObject()).Object())
		out <- <-out // until it has come
		l.Stop()
	}()
	if err := engine.Run(t.Context(), e, l, l); err != nil {
		t.Fatal(err)
	}
	if err := l.Close(); err != nil {
		t.Error(err)
	}
	want := `{"inserted":"2","ids":"a,b","updated":"1","one":{"account_id":"b","v":7},"none":"undefined","count":2,"joined":1,"upsert":12,"deleted":"1","returned":[{"volume":5}],"raw":[{"n":3}],"rolled":"Error: no,1","constraint":"SQLITE_CONSTRAINT","attach":"refused","sql":"select \"a\" from \"t\" where (\"x\" = ? or \"y\" in (?, ?)) order by \"z\" desc limit ?","params":"1,2,3,4"}`
	if got := <-out; !sameJSON(got, want) {
		t.Errorf("got  %s\nwant %s\nlog %s", got, want, strings.Join(log, "\n"))
	}
}

const queries = `msg.payload.sqlite.then(async db => {
  const sql = msg.payload.kyselySql, r = {};
  const ins = await db.insertInto('ledger').values([{account_id:'a',root_unit_id:'r',volume:5},{account_id:'b',root_unit_id:'r',volume:6}]).execute();
  r.inserted = String(ins[0].numInsertedOrUpdatedRows);
  r.ids = (await db.selectFrom('ledger').select(['account_id']).where('root_unit_id','=','r').orderBy('account_id').execute()).map(x => x.account_id).join();
  r.updated = String((await db.updateTable('ledger').set({volume: 7}).where('account_id','=','b').executeTakeFirst()).numUpdatedRows);
  r.one = await db.selectFrom('ledger').select(['account_id','volume as v']).where(({eb,and}) => and([eb('account_id','=','b'), eb('volume','>',1)])).executeTakeFirst();
  r.none = String(await db.selectFrom('ledger').selectAll().where('account_id','=','z').executeTakeFirst());
  r.count = (await db.selectFrom('ledger').select(({fn}) => fn.countAll().as('n')).executeTakeFirstOrThrow()).n;
  r.joined = (await db.selectFrom('ledger as l').innerJoin('ledger as m','l.account_id','m.account_id').select('l.volume').where('l.volume','in',[7]).execute()).length;
  await db.insertInto('ledger').values({account_id:'b',root_unit_id:'r',volume:5}).onConflict(c => c.columns(['account_id','root_unit_id']).doUpdateSet(eb => ({volume: eb('ledger.volume','+',eb.ref('excluded.volume'))}))).execute();
  r.upsert = (await db.selectFrom('ledger').select('volume').where('account_id','=','b').executeTakeFirst()).volume;
  r.returned = await db.deleteFrom('ledger').where('account_id','=','a').returning('volume').execute();
  r.deleted = String((await db.deleteFrom('ledger').where('volume','>',1).executeTakeFirst()).numDeletedRows);
  r.raw = (await sql` + "`select ${1} + ${2} as n`" + `.execute(db)).rows;
  await db.insertInto('key_value').values({key:'k',value:'v'}).execute();
  try { await db.transaction().execute(async trx => { await trx.deleteFrom('key_value').execute(); throw new Error('no'); }); } catch (e) { r.rolled = String(e) + ',' + (await db.selectFrom('key_value').selectAll().execute()).length; }
  try { await db.insertInto('key_value').values({key:'k',value:'v'}).execute(); } catch (e) { r.constraint = e.code; }
  try { await sql` + "`attach database '/tmp/other.sqlite' as other`" + `.execute(db); } catch (e) { r.attach = 'refused'; }
  const c = db.selectFrom('t').select('a').where(eb => eb.or([eb('x','=',1), eb('y','in',[2,3])])).orderBy('z','desc').limit(4).compile();
  r.sql = c.sql; r.params = c.parameters.join();
  node.send({payload: r});
}).catch(e => node.send({payload: String(e) + e.stack}));`
