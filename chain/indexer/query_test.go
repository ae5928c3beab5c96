package indexer_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/lockstep-flows/lockstep/chain/devnet"
)

// voted is a network with two rounds, r1 settled with yes, r2 open with two votes, and a
// vote that the chain refused.
func voted(t *testing.T) *network {
	t.Helper()
	n := prepared(t, devnet.Settings{RewardPeriod: 10, SettleEarly: true})
	n.vote("//Dave", "r1", "yes")
	n.vote("//Charlie", "r1", "no")
	n.vote("//Eve", "r1", "yes")
	n.vote("//Dave", "r2", "a")
	n.vote("//Eve", "r2", "b")
	n.vote("//Eve", "r2", "c")
	n.wait()
	return n
}

func TestQueries(t *testing.T) {
	n := voted(t)
	dave, eve, charlie := n.address("//Dave"), n.address("//Eve"), n.address("//Charlie")
	names := map[string]string{"DAVE": dave, "EVE": eve, "CHARLIE": charlie, "YES": hexOf("yes"), "NO": hexOf("no"),
		"WD": n.address("//Dave//worker"), "WE": n.address("//Eve//worker"), "WC": n.address("//Charlie//worker")}
	for _, c := range [][2]string{
		// fields, aliases, fragments, directives, __typename
		{`{__typename votingRounds{votingRoundId settled expired result}}`, `{"__typename":"Query","votingRounds":[{"votingRoundId":"r1","settled":true,"expired":false,"result":"YES"},{"votingRoundId":"r2","settled":false,"expired":false,"result":null}]}`},
		{`{a: votingRounds(limit: 1){x: votingRoundId x: votingRoundId} b: votingRounds(offset: 1, limit: 1){__typename votingRoundId}}`, `{"a":[{"x":"r1"}],"b":[{"__typename":"VotingRound","votingRoundId":"r2"}]}`},
		{`query A{votingRounds(limit: 1){...R ... on VotingRound{settled}}} fragment R on VotingRound{solution{id ...S}} fragment S on Solution{name}`, `{"votingRounds":[{"solution":{"id":"sol","name":"A solution"},"settled":true}]}`},
		{`query($no: Boolean = false){votingRounds(limit: 1){votingRoundId @include(if: $no) id @skip(if: true) settled}}`, `{"votingRounds":[{"settled":true}]}`},
		{`{votingRounds(limit: 1){votes{worker{id}} votes{result{result}}}}`, `{"votingRounds":[{"votes":[{"worker":{"id":"WD"},"result":{"result":"YES"}},{"worker":{"id":"WC"},"result":{"result":"NO"}},{"worker":{"id":"WE"},"result":{"result":"YES"}}]}]}`},
		// filters of texts
		{`{votes(where: {rawVotingRoundId_eq: "r1", worker: {account: {id_eq: "WD"}}}){rawVotingRoundId}}`, `{"votes":[{"rawVotingRoundId":"r1"}]}`},
		{`{votes(where: {rawVotingRoundId_not_eq: "r1"}){rawVotingRoundId}}`, `{"votes":[{"rawVotingRoundId":"r2"},{"rawVotingRoundId":"r2"}]}`},
		{`{votingRounds(where: {votingRoundId_in: ["r2", "r9"]}){votingRoundId}}`, `{"votingRounds":[{"votingRoundId":"r2"}]}`},
		{`{votingRounds(where: {votingRoundId_not_in: ["r2", "r9"]}){votingRoundId}}`, `{"votingRounds":[{"votingRoundId":"r1"}]}`},
		{`{operators(where: {friendlyName_startsWith: "D"}){friendlyName} o: operators(where: {friendlyName_not_startsWith: "D", friendlyName_endsWith: "e"}){friendlyName}}`, `{"operators":[{"friendlyName":"Dave"}],"o":[{"friendlyName":"Charlie"},{"friendlyName":"Eve"}]}`},
		{`{operators(where: {friendlyName_contains: "AV"}){id} o: operators(where: {friendlyName_containsInsensitive: "AV"}){id} p: operators(where: {friendlyName_not_contains: "e"}){id}}`, `{"operators":[],"o":[{"id":"DAVE"}],"p":[]}`},
		{`{operators(where: {friendlyName_gt: "Charlie", friendlyName_lte: "Dave"}){friendlyName}}`, `{"operators":[{"friendlyName":"Dave"}]}`},
		// of numbers, null, and what is referred to
		{`{solutions(where: {voteThresholdPercent_gte: 60, voteThresholdPercent_lt: 61}){quorumPercent} s: solutions(where: {voteThresholdPercent_gt: 60}){id}}`, `{"solutions":[{"quorumPercent":50}],"s":[]}`},
		{`{votingRounds(where: {result_isNull: true}){votingRoundId} a: votingRounds(where: {result_isNull: false}){votingRoundId} b: votingRounds(where: {result_eq: null}){votingRoundId}}`, `{"votingRounds":[{"votingRoundId":"r2"}],"a":[{"votingRoundId":"r1"}],"b":[{"votingRoundId":"r2"}]}`},
		{`{votingRounds(where: {result_not_eq: "0x00"}){votingRoundId}}`, `{"votingRounds":[{"votingRoundId":"r1"}]}`},
		{`{votingRounds(where: {settled_eq: false, solution: {id_eq: "sol"}}){votingRoundId} x: votingRounds(where: {solution: {id_eq: "los"}}){id}}`, `{"votingRounds":[{"votingRoundId":"r2"}],"x":[]}`},
		{`{solutionGroups(where: {minStake_gte: "1000000000000000000", minStake_in: [1000000000000000000]}){minStake maxStake}}`, `{"solutionGroups":[{"minStake":"1000000000000000000","maxStake":"1000000000000000000000000000000000000"}]}`},
		{`{votes(where: {timestamp_gt: "2000-01-01T00:00:00Z", timestamp_lt: "2001-01-01T00:00:00Z"}){id} votesConnection(orderBy: id_ASC, where: {timestamp_gt: "2000-01-01T00:00:00Z"}){totalCount}}`, `{"votes":[],"votesConnection":{"totalCount":5}}`},
		{`{a: votingRounds(where: {votes_some: {result: {result_eq: "NO"}}}){votingRoundId} b: votingRounds(where: {votes_none: {result: {result_eq: "NO"}}}){votingRoundId} c: votingRounds(where: {votes_every: {operator: {friendlyName_in: ["Dave", "Eve"]}}}){votingRoundId}}`, `{"a":[{"votingRoundId":"r1"}],"b":[{"votingRoundId":"r2"}],"c":[{"votingRoundId":"r2"}]}`},
		// AND, OR
		{`{votingRounds(where: {AND: [{settled_eq: true}, {votingRoundId_eq: "r1"}]}){votingRoundId} a: votingRounds(where: {AND: {settled_eq: true, AND: {votingRoundId_eq: "r2"}}}){votingRoundId}}`, `{"votingRounds":[{"votingRoundId":"r1"}],"a":[]}`},
		{`{votingRounds(where: {votingRoundId_eq: "r9", OR: [{votingRoundId_eq: "r1"}, {settled_eq: false}]}){votingRoundId}}`, `{"votingRounds":[{"votingRoundId":"r1"},{"votingRoundId":"r2"}]}`},
		// order
		{`{votes(orderBy: [rawVotingRoundId_DESC, operator_friendlyName_DESC]){rawVotingRoundId operator{friendlyName}}}`, `{"votes":[{"rawVotingRoundId":"r2","operator":{"friendlyName":"Eve"}},{"rawVotingRoundId":"r2","operator":{"friendlyName":"Dave"}},{"rawVotingRoundId":"r1","operator":{"friendlyName":"Eve"}},{"rawVotingRoundId":"r1","operator":{"friendlyName":"Dave"}},{"rawVotingRoundId":"r1","operator":{"friendlyName":"Charlie"}}]}`},
		{`{votingRounds(orderBy: startBlock_DESC, limit: 1){votes(orderBy: blockNumber_DESC, limit: 1){operator{id}}}}`, `{"votingRounds":[{"votes":[{"operator":{"id":"EVE"}}]}]}`},
		{`{a: votingRounds(orderBy: result_ASC){votingRoundId} b: votingRounds(orderBy: result_DESC){votingRoundId} c: votingRounds(orderBy: result_DESC_NULLS_LAST){votingRoundId} d: votingRounds(orderBy: result_ASC_NULLS_FIRST){votingRoundId}}`,
			`{"a":[{"votingRoundId":"r1"},{"votingRoundId":"r2"}],"b":[{"votingRoundId":"r2"},{"votingRoundId":"r1"}],"c":[{"votingRoundId":"r1"},{"votingRoundId":"r2"}],"d":[{"votingRoundId":"r2"},{"votingRoundId":"r1"}]}`},
		// one by its id, connections
		{`{operatorById(id: "DAVE"){friendlyName workerNode{id operator{id}} subscriptions{solutionGroup{id} stake}} x: operatorById(id: "none"){id}}`, `{"operatorById":{"friendlyName":"Dave","workerNode":{"id":"WD","operator":{"id":"DAVE"}},"subscriptions":[{"solutionGroup":{"id":"grp"},"stake":"1000000000000000000"}]},"x":null}`},
		{`{votesConnection(orderBy: blockNumber_ASC, first: 2, after: "2"){totalCount pageInfo{hasNextPage hasPreviousPage startCursor endCursor} edges{cursor node{rawVotingRoundId}}}}`, `{"votesConnection":{"totalCount":5,"pageInfo":{"hasNextPage":true,"hasPreviousPage":true,"startCursor":"3","endCursor":"4"},"edges":[{"cursor":"3","node":{"rawVotingRoundId":"r1"}},{"cursor":"4","node":{"rawVotingRoundId":"r2"}}]}}`},
		{`{solutionResultSubmitteds(where: {success_eq: false}){solutionNamespace votingRoundId result workerNode error}}`, `{"solutionResultSubmitteds":[{"solutionNamespace":"sol","votingRoundId":"r2","result":"0x63","workerNode":"WE","error":"WorkerNodePallet.SolutionResultChanged"}]}`},
		{`{rewardPeriods(orderBy: index_ASC, limit: 2){index length}}`, `{"rewardPeriods":[{"index":1,"length":10},{"index":2,"length":10}]}`},
		{`{solutions{namespace status workLogic executionEnvironment solutionGroup{id registrar{id}} nominatedWorkers removed}}`, `{"solutions":[{"namespace":"sol","status":"Active","workLogic":"ipfs:Qm","executionEnvironment":"NodeRedV1","solutionGroup":{"id":"grp","registrar":{"id":"` + n.address("//Bob") + `"}},"nominatedWorkers":[],"removed":false}]}`},
	} {
		query, want := c[0], c[1]
		for k, v := range names {
			query, want = strings.ReplaceAll(query, `"`+k+`"`, `"`+v+`"`), strings.ReplaceAll(want, `"`+k+`"`, `"`+v+`"`)
		}
		if got := n.ask(query); got != want {
			t.Errorf("%s\n got %s\nwant %s", c[0], got, want)
		}
	}
}

// TestVariables takes variables of all types, and GET.
func TestVariables(t *testing.T) {
	n := voted(t)
	got := n.ask(`query Q($ids: [String!], $limit: Int!, $order: [VotingRoundOrderByInput!], $where: VoteWhereInput, $stake: BigInt) {
		votingRounds(where: {votingRoundId_in: $ids}, limit: $limit, orderBy: $order) {votingRoundId votes(where: $where) {operator {friendlyName}}}
		solutionGroups(where: {minStake_lte: $stake}) {id}
	}`, "ids", []string{"r1", "r2"}, "limit", 1, "order", []string{"votingRoundId_DESC"}, "where", map[string]any{"operator": map[string]any{"friendlyName_eq": "Eve"}}, "stake", "1000000000000000000")
	if got != `{"votingRounds":[{"votingRoundId":"r2","votes":[{"operator":{"friendlyName":"Eve"}}]}],"solutionGroups":[{"id":"grp"}]}` {
		t.Error(got)
	}
	q := url.Values{"query": {`query A{solutions{id}} query B($n: Int){votingRounds(limit: $n){votingRoundId}}`}, "operationName": {"B"}, "variables": {`{"n":1}`}}
	for _, path := range []string{"/graphql", "/votes/graphql", "/core/graphql"} {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, n.url+path+"?"+q.Encode(), nil)
		if err != nil {
			t.Fatal(err)
		}
		if status, data, errs := result(t, req); status != http.StatusOK || data != `{"votingRounds":[{"votingRoundId":"r1"}]}` {
			t.Errorf("%s: %d %s %v", path, status, data, errs)
		}
	}
}

// TestErrors: what is wrong with a query is said, with its place.
func TestErrors(t *testing.T) {
	n := voted(t)
	deep := strings.Repeat("votes{votingRound{", 8) + "id" + strings.Repeat("}}", 8)
	for query, want := range map[string]string{
		`{votingRounds{`:                                             "1:15 Expected Name, found <EOF>",
		"{\n  nothing{id}\n}":                                        `2:3 Cannot query field "nothing" on type "Query"`,
		`{votingRounds{ids}}`:                                        `Did you mean "id"`,
		`{votingRounds(where: {id_like: "x"}){id}}`:                  `Field "id_like" is not defined by type "VotingRoundWhereInput"`,
		`{votingRounds(limit: "x"){id}}`:                             "Int cannot represent non-integer value",
		`{votingRounds(limit: -1){id}}`:                              "1:2 limit has to be 0 to 1000",
		`{votingRounds(limit: 1001){id}}`:                            "limit has to be 0 to 1000",
		`{votingRounds(orderBy: settledAt_ASC){id}}`:                 "VotingRoundOrderByInput",
		`{votes(where: {timestamp_gt: "yesterday"}){id}}`:            "is no DateTime",
		`{solutionGroups(where: {minStake_gt: "x"}){id}}`:            "is no BigInt",
		`{votingRounds{` + deep + `}}`:                               "more than 12 levels",
		`{__schema{types{name}}}`:                                    "introspection is not offered",
		`mutation{x}`:                                                "Schema does not support operation type",
		`query A{solutions{id}} query B{solutions{id}}`:              "give operationName",
		`query($x: Int!){votingRounds(limit: $x){id}}`:               "must be defined",
		`query($x: Nope){votingRounds(limit: $x){id}}`:               `Unknown type "Nope"`,
		`{...F} fragment F on Query{...F}`:                           "Cannot spread fragment",
		`{votesConnection(orderBy: id_ASC, after: "x"){totalCount}}`: "no whole number",
	} {
		status, data, errs := post(t, n.url+"/graphql", query)
		if text := strings.Join(errs, "; "); status != http.StatusOK || data != "" && data != "null" || !strings.Contains(text, want) {
			t.Errorf("%.80s: %d %s %s, want %s", query, status, data, text, want)
		}
	}
	for _, c := range []struct {
		method, path, kind, body string
		status                   int
	}{
		{"POST", "/graphql", "text/plain", `{"query":"{solutions{id}}"}`, 415},
		{"POST", "/graphql", "application/json", `{"query":`, 400},
		{"POST", "/graphql", "application/json", `{}`, 400},
		{"POST", "/graphql", "application/json", `{"query":"` + strings.Repeat(" ", 40_000) + `"}`, 413},
		{"POST", "/graphql", "application/json", strings.Repeat(" ", 2<<20), 413},
		{"GET", "/graphql?query=%7Bsolutions%7Bid%7D%7D&variables=x", "", "", 400},
		{"PUT", "/graphql", "", "", 405},
		{"GET", "/other", "", "", 404},
	} {
		req, err := http.NewRequestWithContext(t.Context(), c.method, n.url+c.path, strings.NewReader(c.body))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Content-Type", c.kind)
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		_ = res.Body.Close()
		if res.StatusCode != c.status {
			t.Errorf("%s %s %.40s: %d, want %d", c.method, c.path, c.body, res.StatusCode, c.status)
		}
	}
}

// TestBounds: queries that would take much are refused soon.
func TestBounds(t *testing.T) {
	n := voted(t)
	var or, fragments strings.Builder
	for i := range 300 {
		fmt.Fprintf(&or, `{votes_some: {votingRound: {votes_some: {votingRound: {votes_every: {votingRound: {votes_none: {id_eq: "%d"}}}}}}}},`, i)
	}
	for i := range 40 {
		fmt.Fprintf(&fragments, " fragment F%d on VotingRound{...F%d ...F%d}", i, i+1, i+1)
	}
	var doubled strings.Builder
	for i := range 20 {
		fmt.Fprintf(&doubled, " fragment D%d on VotingRound{votes{votingRound{...D%d}} votes{votingRound{...D%d}}}", i, i+1, i+1)
	}
	var rows strings.Builder
	for i := range 5 {
		fmt.Fprintf(&rows, " fragment R%d on VotingRound{%s}", i, many(12, "a%d: votes{votingRound{...R"+fmt.Sprint(i+1)+"}}"))
	}
	where := json.RawMessage(`{"OR":[` + strings.Repeat(`{"votes_some":{"votingRound":{"votes_some":{"votingRound":{"votes_some":{"id_eq":"x"}}}}}},`, 2500) + `{}]}`)
	for name, c := range map[string]struct {
		query string
		vars  []any
	}{
		"tokens":    {query: `{` + strings.Repeat(`solutions{id}`, 1000) + `}`},
		"ors":       {query: `query($w: VotingRoundWhereInput){` + many(70, `a%d: votingRounds(where: $w){id}`) + `}`, vars: []any{"w", where}},
		"rows":      {query: `{votingRounds{...R0}}` + rows.String() + ` fragment R5 on VotingRound{id}`},
		"literal":   {query: `{votingRounds(where: {OR: [` + or.String() + `]}){id}}`},
		"same":      {query: `{votingRounds{` + strings.Repeat("id ", 900) + `nothing}}`},
		"fragments": {query: `{votingRounds{...F0 nothing}}` + fragments.String() + ` fragment F40 on VotingRound{id}`},
		"doubled":   {query: `{votingRounds{...D0 nothing}}` + doubled.String() + ` fragment D20 on VotingRound{id}`},
		"nested":    {query: `query($w: VotingRoundWhereInput){votingRounds(where: $w){id}}`, vars: []any{"w", json.RawMessage(strings.Repeat(`{"AND":`, 9000) + `{}` + strings.Repeat(`}`, 9000))}},
	} {
		status, data, errs := post(t, n.url+"/graphql", c.query, c.vars...)
		if len(errs) == 0 && name != "nested" {
			t.Errorf("%s was carried out: %d, %d bytes", name, status, len(data))
		}
	}
}

func many(n int, format string) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, format+" ", i)
	}
	return b.String()
}
