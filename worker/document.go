package worker

import (
	"encoding/hex"
	"errors"
	"fmt"
	"sort"
	"strings"

	"golang.org/x/crypto/blake2b"

	"github.com/lockstep-flows/lockstep/engine/value"
)

// Document is a flow as it is published: Node-RED's single flow {label, nodes,
// configs}.
type Document struct {
	Text []byte
	root *value.Object
}

// maxNodes bounds the nodes of a flow.
const maxNodes = 20_000

// ParseDocument reads a flow document and checks what the reference checks.
func ParseDocument(text []byte) (*Document, error) {
	v, err := value.ParseJSON(value.Text(text))
	if err != nil {
		return nil, fmt.Errorf("the flow is no JSON: %w", err)
	}
	o := v.Object()
	switch {
	case o == nil:
		return nil, errors.New("the flow is not an object {label, nodes}; an exported list of nodes has to be wrapped")
	case o.Get("label").IsNullish():
		return nil, errors.New("the flow has no label")
	case o.Get("nodes").Array() == nil:
		return nil, errors.New("the flow has no list of nodes")
	case o.Has("configs") && !o.Get("configs").IsNullish() && o.Get("configs").Array() == nil:
		return nil, errors.New("configs of the flow is no list")
	}
	d := &Document{text, o}
	list := d.entries(o)
	if len(list) > maxNodes {
		return nil, fmt.Errorf("the flow has more than %d nodes", maxNodes)
	}
	for i, n := range list {
		switch {
		case n == nil:
			return nil, fmt.Errorf("entry %d of the flow is no object", i)
		case !n.Get("id").IsString() || !n.Get("type").IsString():
			return nil, fmt.Errorf("entry %d of the flow has no id or no type", i)
		case n.Get("type").Str() == "tab" || n.Get("type").Str() == "subflow":
			return nil, fmt.Errorf("entry %d of the flow is a %s, which a single flow cannot hold", i, n.Get("type").Str())
		}
	}
	return d, nil
}

// entries are nodes, then configs; one that is in both lists counts once.
func (d *Document) entries(o *value.Object) (list []*value.Object) {
	seen := map[string]bool{}
	for _, k := range []string{"nodes", "configs"} {
		for _, v := range value.Elements(o.Get(k)) {
			n := v.Object()
			if n != nil && n.Get("id").IsString() {
				if seen[n.Get("id").Str()] {
					continue
				}
				seen[n.Get("id").Str()] = true
			}
			list = append(list, n)
		}
	}
	return list
}

// Excluded gives a type in the flow that ends with one of these.
func (d *Document) Excluded(types []string) (string, bool) {
	for _, n := range d.entries(d.root) {
		for _, t := range types {
			if strings.HasSuffix(n.Get("type").Str(), t) {
				return n.Get("type").Str(), true
			}
		}
	}
	return "", false
}

// Variables are what a worker puts into a flow.
type Variables map[string]string

// TabID is the id of a solution's flow: what its nodes send as noderedId.
func TabID(v Variables) string { return freshID(v, "tab") }

// freshID is made of the solution and the old id, so that the same flow becomes the
// same on every worker, and a run can be made again from the published document.
func freshID(v Variables, old string) string {
	h := blake2b.Sum256([]byte(v["EWX_SOLUTION_GROUP_ID"] + "\x00" + v["EWX_SOLUTION_ID"] + "\x00" + v["EWX_WORKLOGIC_ID"] + "\x00" + old))
	return hex.EncodeToString(h[:8])
}

// Flows makes of the document what runs: a list of a tab and its nodes. textIDs replaces ids in the
// whole text, as the reference does; otherwise those only that cannot be taken for
// something else, and others where they are all of a text.
func (d *Document) Flows(v Variables, textIDs bool) (value.Value, error) {
	ids := d.ids()
	var pairs []string
	whole := map[string]string{}
	for _, id := range ids {
		if textIDs || looksLikeID(id) {
			pairs = append(pairs, id, freshID(v, id))
		} else {
			whole[id] = freshID(v, id)
		}
	}
	text := string(value.AppendJSON(nil, value.Of(d.root)))
	parsed, err := value.ParseJSON(strings.NewReplacer(pairs...).Replace(text))
	if err != nil || parsed.Object() == nil {
		return value.Undefined, errors.New("the flow is no JSON any more after its ids were replaced")
	}
	tab := TabID(v)
	list := value.NewArray(value.Of(d.tab(tab, parsed.Object(), v)))
	env := value.NewObject()
	for _, k := range injectedNames {
		env.Set(k, value.Str(v[k]))
	}
	for _, n := range d.entries(parsed.Object()) {
		if n == nil {
			return value.Undefined, errors.New("the flow lost a node when its ids were replaced")
		}
		n = replaceWhole(value.Of(n), whole).Object()
		n.Set("z", value.Str(tab))
		n.Set("__envConfig", value.Clone(value.Of(env)))
		list.Append(value.Of(n))
	}
	return value.Of(list), nil
}

// injectedNames are the variables that every node gets in __envConfig.
var injectedNames = []string{"EWX_SOLUTION_ID", "EWX_SOLUTION_GROUP_ID", "EWX_WORKLOGIC_ID", "EWX_SQLITE_PATH", "EWX_WORKER_ADDRESS", "EWX_RPC_URL", "BASE_URL"}

func (d *Document) tab(id string, o *value.Object, v Variables) *value.Object {
	env := value.NewArray()
	for _, k := range append([]string{"EWX_SOLUTION"}, injectedNames...) {
		env.Append(value.Obj("name", k, "value", v[k], "type", "str"))
	}
	return value.Obj("id", id, "type", "tab", "label", v["EWX_SOLUTION_ID"], "info", v["EWX_SOLUTION_GROUP_ID"], "versionId", v["EWX_SOLUTION_ID"], "disabled", value.Bool(o.Get("disabled").Bool()), "env", env).Object()
}

// ids are all ids of nodes and tabs, the longest first so that none hides another.
func (d *Document) ids() (out []string) {
	seen := map[string]bool{"": true}
	add := func(v value.Value) {
		if v.IsString() && !seen[v.Str()] {
			seen[v.Str()] = true
			out = append(out, v.Str())
		}
	}
	for _, n := range d.entries(d.root) {
		add(n.Get("id"))
		add(n.Get("z"))
	}
	sort.SliceStable(out, func(i, j int) bool { return len(out[i]) > len(out[j]) })
	return out
}

// looksLikeID reports whether a text is an id as editors make them: 12 or more hex
// digits, perhaps with a dot, that can hardly be anything else.
func looksLikeID(s string) bool {
	digits := 0
	for _, c := range []byte(s) {
		switch {
		case c >= '0' && c <= '9' || c >= 'a' && c <= 'f':
			digits++
		case c != '.' && c != '-':
			return false
		}
	}
	return digits >= 12
}

// replaceWhole replaces texts that are an id.
func replaceWhole(v value.Value, ids map[string]string) value.Value {
	switch {
	case len(ids) == 0:
	case v.IsString():
		if to, ok := ids[v.Str()]; ok {
			return value.Str(to)
		}
	case v.Array() != nil:
		for i, e := range v.Array().Elems {
			v.Array().Elems[i] = replaceWhole(e, ids)
		}
	case v.Object() != nil:
		for i := range v.Object().Len() {
			p := v.Object().At(i)
			if p.Key != "type" {
				p.Value = replaceWhole(p.Value, ids)
			}
		}
	}
	return v
}
