package admin

import (
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/lockstep-flows/lockstep/engine/value"
)

// kept is what editors send for a password that stays as it is.
const kept = "__PWRD__"

// secrets are the credentials of the core types, by type with dashes: true are
// passwords, which are never sent to a client.
var secrets = map[string][]credential{
	"http-proxy":   {{"username", false}, {"password", true}},
	"http-request": {{"user", false}, {"password", true}},
	"mqtt-broker":  {{"user", false}, {"password", true}},
	"tls-config":   {{"certdata", false}, {"keydata", false}, {"cadata", false}, {"p12data", false}, {"passphrase", true}},
}

type credential struct {
	name     string
	password bool
}

const globalConfig = "global-config"

// sorted gives credentials in the order of their ids.
func sorted(all map[string]*value.Object) *value.Object {
	out := value.NewObject()
	for _, id := range slices.Sorted(maps.Keys(all)) {
		out.Set(id, value.Of(all[id]))
	}
	return out
}

// takeCredentials moves the credentials out of the flows of next, and reports
// whether any changed.
func (a *API) takeCredentials(next *state, d deployment) (bool, error) {
	before := string(value.AppendJSON(nil, value.Of(sorted(next.credentials))))
	if d.all != nil {
		next.credentials = cloneCredentials(d.all)
		return false, nil
	}
	if d.credentials != nil && d.credentials.Has("$") {
		return false, failed(http.StatusBadRequest, "invalid_request", "encrypted credentials cannot be deployed: send them plain, or put them into the user directory")
	}
	ids := map[string]bool{}
	for _, e := range next.flows.Array().Elems {
		o := e.Object()
		ids[o.Get("id").Str()] = true
		if c := o.Get("credentials"); value.Truthy(c) {
			o.Delete("credentials")
			a.extract(next.credentials, o.Get("id").Str(), o.Get("type").Str(), c.Object())
		}
	}
	maps.DeleteFunc(next.credentials, func(id string, _ *value.Object) bool { return !ids[id] })
	if d.credentials != nil {
		for i := range d.credentials.Len() {
			if c := d.credentials.At(i).Value.Object(); c != nil {
				next.credentials[d.credentials.At(i).Key] = value.Clone(value.Of(c)).Object()
			}
		}
	}
	return before != string(value.AppendJSON(nil, value.Of(sorted(next.credentials)))), nil
}

// extract merges the credentials of a node into those there are: passwords that stay
// are kept, empty ones are removed.
func (a *API) extract(all map[string]*value.Object, id, typ string, fresh *value.Object) {
	if fresh == nil {
		return
	}
	saved := all[id]
	if saved == nil {
		saved = value.NewObject()
	}
	subflow := typ == "subflow" || strings.HasPrefix(typ, subflowPrefix)
	switch {
	case subflow || !a.known(typ):
		for i := range fresh.Len() {
			p := fresh.At(i)
			if p.Value.Str() != kept {
				put(saved, p.Key, p.Value)
			}
		}
		if subflow {
			for _, k := range saved.Keys() {
				if !fresh.Has(k) {
					saved.Delete(k)
				}
			}
		}
	case typ == globalConfig:
		extractMap(saved, fresh.Get("map").Object())
	default:
		def := secrets[dashed(typ)]
		if def == nil {
			return
		}
		for _, c := range def {
			v := fresh.Get(c.name)
			if !v.IsUndefined() && !(c.password && v.Str() == kept) {
				put(saved, c.name, v)
			}
		}
	}
	all[id] = saved
}

func dashed(typ string) string { return strings.Join(strings.Fields(typ), "-") }

// put sets a credential; an empty one is removed.
func put(saved *value.Object, name string, v value.Value) {
	if v.IsNullish() || v.IsString() && value.Trim(v.Str()) == "" {
		saved.Delete(name)
		return
	}
	saved.Set(name, v)
}

// extractMap merges the variables of a global config node.
func extractMap(saved, fresh *value.Object) {
	if fresh == nil {
		fresh = value.NewObject()
	}
	m := saved.Get("map").Object()
	if m == nil {
		m = value.NewObject()
		saved.Set("map", value.Of(m))
	}
	for _, k := range m.Keys() {
		if !value.Truthy(fresh.Get(k)) {
			m.Delete(k)
			m.Delete("has_" + k)
		}
	}
	for i := range fresh.Len() {
		k, v := fresh.At(i).Key, fresh.At(i).Value
		if !strings.HasPrefix(k, "has_") && (!value.Truthy(m.Get(k)) || v.Str() != kept) {
			m.Set(k, v)
			if has := fresh.Get("has_" + k); !has.IsUndefined() {
				m.Set("has_"+k, has)
			}
		}
	}
}

// getCredentials shows a node's credentials: of passwords only that they are set.
func (a *API) getCredentials(q *request) {
	typ, saved := q.parts[0], a.current().credentials[q.parts[1]]
	out := value.NewObject()
	set := func(name string) value.Value {
		v := saved.Get(name)
		return value.Bool(!v.IsNullish() && !(v.IsString() && v.Str() == ""))
	}
	switch {
	case saved == nil:
	case typ == "subflow" || strings.HasPrefix(typ, subflowPrefix) || typ == "tab" || typ == "group":
		for _, k := range saved.Keys() {
			out.Set("has_"+k, set(k))
		}
	default:
		for _, c := range secrets[typ] {
			if c.password {
				out.Set("has_"+c.name, set(c.name))
			} else if v := saved.Get(c.name); value.Truthy(v) {
				out.Set(c.name, v)
			} else {
				out.Set(c.name, value.Str(""))
			}
		}
	}
	q.ok(value.Of(out))
}
