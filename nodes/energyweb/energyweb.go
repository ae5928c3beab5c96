// Package energyweb holds the nodes of smart flows on Energy Web X: those of the packages
// node-red-contrib-energywebx and @energyweb/node-red-contrib-green-proof-worker.
//
// They reach outside through these effects, which package live/energyweb and live/sqlite
// carry out:
//
//	energyweb.vote  {round, vote, hashed, tab} → {} or {error}, with code ERR_VOTE_REFUSED if it can never be made
//	energyweb.fetch {method, url, json, token: bool} → {status, text} or {error}
//	sqlite.open {path} → {open: true} or {error}; open until it is cancelled
//	sqlite.run  {db, sql, params} → {rows, changes, last} or {error}
package energyweb

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/lockstep-flows/lockstep/engine"
	"github.com/lockstep-flows/lockstep/engine/value"
)

// Types is the table of the folder's node types.
var Types = []engine.Type{
	submitResultType, configType, isNominatedType, isNominatedV2Type, consensusType, orchestratorType, fetchConfigType, merkleType,
	votingMarketplaceType, sourceHTTPType, schemaValidatorType, sqliteConfigType, sqliteInjectType,
}

// defaultBaseURL is where the addresses of services are, if nothing says another place.
const defaultBaseURL = "https://marketplace-cdn.energyweb.org/base_urls.json"

// injected is what the worker puts into every node (__envConfig).
type injected struct{ o *value.Object }

func (e injected) get(name string) string {
	if e.o == nil {
		return ""
	}
	if v := e.o.Get(name); v.IsString() {
		return v.Str()
	}
	return ""
}

// or gives a variable of the node, or of the flow's environment if the node has none.
func (e injected) or(c *engine.Call, name string) string {
	if s := e.get(name); s != "" {
		return s
	}
	if v := c.Env(name); v.IsString() {
		return v.Str()
	}
	return ""
}

// fetched is the answer to a request.
type fetched struct {
	status int
	text   string
}

// fetch asks a service; json undefined makes a GET. then gets an error for no answer.
func fetch(c *engine.Call, url string, body value.Value, token bool, then func(fetched, error)) {
	o := value.Obj("method", "GET", "url", url, "token", token).Object()
	if !body.IsUndefined() {
		o.Set("method", value.Str("POST"))
		o.Set("json", body)
	}
	c.Ask("energyweb.fetch", value.Of(o), func(v value.Value, _ bool) {
		if err := failure(v); err != nil {
			then(fetched{}, err)
			return
		}
		then(fetched{int(v.Object().Get("status").Num()), v.Object().Get("text").Str()}, nil)
	})
}

// fetchJSON is fetch for answers that are objects.
func fetchJSON(c *engine.Call, url string, body value.Value, then func(*value.Object, error)) {
	fetch(c, url, body, false, func(f fetched, err error) {
		if err != nil {
			then(nil, err)
			return
		}
		if f.status >= 400 {
			then(nil, fmt.Errorf("%s answered %d", short(url), f.status))
			return
		}
		v, err := value.ParseJSON(f.text)
		if o := v.Object(); err == nil && o != nil {
			then(o, nil)
			return
		}
		then(nil, fmt.Errorf("%s did not answer with a JSON object", short(url)))
	})
}

// short is a URL without its query.
func short(url string) string {
	s, _, _ := strings.Cut(url, "?")
	return s
}

// failure gives the error of an answer.
func failure(v value.Value) error {
	o := v.Object()
	if o == nil {
		return engine.Fail("the host gave no answer")
	}
	if e := o.Get("error"); !e.IsUndefined() {
		if x := e.Error(); x != nil {
			return x
		}
		return engine.Fail(value.ToString(e))
	}
	return nil
}

// baseURLs fetches the addresses of the services.
func baseURLs(c *engine.Call, env injected, then func(*value.Object, error)) {
	url := env.or(c, "BASE_URL")
	if url == "" {
		url = defaultBaseURL
	}
	fetchJSON(c, url, value.Undefined, then)
}

// below appends a path to a URL.
func below(base, path string) string { return strings.TrimRight(base, "/") + "/" + path }

// quoted is a text as JSON.
func quoted(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		return "null"
	}
	return string(b)
}

// spread sets what {...v} has: the properties of an object, the elements of an array, the
// characters of a text.
func spread(to *value.Object, v value.Value) error {
	if v.TypeOf() != "object" && !v.IsString() || v.IsNull() {
		return nil
	}
	for _, k := range value.Keys(v) {
		e, err := value.GetKey(v, k)
		if err != nil {
			return err
		}
		to.Set(k, e)
	}
	return nil
}

// with gives a message whose payload has these values too.
func with(m *engine.Message, pairs ...any) *engine.Message {
	out := value.NewObject(m.Len())
	for i := range m.Len() {
		out.Set(m.At(i).Key, m.At(i).Value)
	}
	payload := value.NewObject()
	if o := m.Get("payload").Object(); o != nil {
		for i := range o.Len() {
			payload.Set(o.At(i).Key, o.At(i).Value)
		}
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		key, _ := pairs[i].(string)
		payload.Set(key, value.From(pairs[i+1]))
	}
	out.Set("payload", value.Of(payload))
	return out
}

// refused reports whether a vote failed for good.
func refused(err error) bool {
	var e *value.Error
	return errors.As(err, &e) && e.Props != nil && e.Props.Get("code").Str() == "ERR_VOTE_REFUSED"
}

// vote asks the host to vote.
func vote(c *engine.Call, round, text string, hashed bool, then func(error)) {
	c.Ask("energyweb.vote", value.Obj("round", round, "vote", text, "hashed", hashed, "tab", c.Def().Z), func(v value.Value, _ bool) { then(failure(v)) })
}
