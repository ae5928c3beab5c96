package journal

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sort"

	"github.com/lockstep-flows/lockstep/engine"
	"github.com/lockstep-flows/lockstep/engine/value"
)

// Format is the version of the file format.
const Format = 1

// Header is the first line of a journal: what a run was made of besides events.
type Header struct {
	Format, Semantics int
	// Version is that of the program that recorded.
	Version string
	// Flows are the documents that ran, as in flow files, without credentials.
	Flows []value.Value
	// Hash is the SHA-256 of the flows' JSON.
	Hash string
	// Seed, Zone as in engine.Options.
	Seed uint64
	Zone string
	// Settings and Machine as in engine.Options; Globals those that are data.
	Settings, Machine, Globals *value.Object
	// Missing are the names of globals that are code, which a replay has not.
	Missing []string
	// Stores are the context stores with their content at the start.
	Stores       []engine.ContextStore
	DefaultStore string
	// Credentials by node, with names in the place of what is secret.
	Credentials map[string]*value.Object
}

// NewHeader describes a run of flows with options.
func NewHeader(version string, flows []value.Value, o engine.Options) (*Header, error) {
	h := &Header{
		Format: Format, Semantics: engine.Semantics, Version: version, Seed: o.Seed, Zone: "UTC", Settings: o.Settings,
		Machine: o.Machine, Globals: value.NewObject(), Stores: o.Stores, DefaultStore: o.DefaultStore, Credentials: map[string]*value.Object{},
	}
	if o.Zone != nil {
		if h.Zone = o.Zone.String(); h.Zone == "Local" {
			return nil, errors.New("a journal needs the name of the time zone, such as Europe/Berlin")
		}
	}
	for _, f := range flows {
		h.Flows = append(h.Flows, withoutCredentials(f))
	}
	h.Hash = hashOf(h.Flows)
	for i := 0; o.Globals != nil && i < o.Globals.Len(); i++ {
		p := o.Globals.At(i)
		if code(p.Value) {
			h.Missing = append(h.Missing, p.Key)
		} else {
			h.Globals.Set(p.Key, p.Value)
		}
	}
	for id, c := range o.Credentials {
		h.Credentials[id] = named(id, c)
	}
	return h, nil
}

// code reports whether a value holds functions or other things that are no data.
func code(v value.Value) bool {
	if v.Foreign() != nil {
		return true
	}
	if o := v.Object(); o != nil {
		for i := range o.Len() {
			if code(o.At(i).Value) {
				return true
			}
		}
	}
	return false
}

func hashOf(flows []value.Value) string {
	sum := sha256.New()
	for _, f := range flows {
		sum.Write(value.AppendJSON(nil, f))
		sum.Write([]byte{'\n'})
	}
	return hex.EncodeToString(sum.Sum(nil))
}

func withoutCredentials(f value.Value) value.Value {
	f = value.Clone(f)
	strip := func(list *value.Array) {
		for i := range list.Length() {
			if o := list.At(i).Object(); o != nil {
				o.Delete("credentials")
			}
		}
	}
	strip(f.Array())
	if o := f.Object(); o != nil {
		o.Delete("credentials")
		for _, k := range []string{"flows", "nodes", "configs"} {
			strip(o.Get(k).Array())
		}
	}
	return f
}

// line is the header as a line of the journal.
func (h *Header) line() []byte {
	stores := value.NewArray()
	for _, s := range h.Stores {
		data := value.NewObject()
		scopes := make([]string, 0, len(s.Data))
		for k := range s.Data {
			scopes = append(scopes, k)
		}
		sort.Strings(scopes)
		for _, k := range scopes {
			data.Set(k, value.Of(s.Data[k]))
		}
		stores.Append(value.Obj("name", s.Name, "saved", s.Saved, "delay", s.Delay, "uncached", s.Uncached, "data", data))
	}
	creds := value.NewObject()
	ids := make([]string, 0, len(h.Credentials))
	for id := range h.Credentials {
		ids = append(ids, id)
	}
	sort.Strings(ids)
	for _, id := range ids {
		creds.Set(id, value.Of(h.Credentials[id]))
	}
	o := value.Obj("lockstep", "journal", "format", h.Format, "semantics", h.Semantics, "version", h.Version, "seed", fmt.Sprint(h.Seed), "zone", h.Zone,
		"hash", h.Hash, "flows", value.Arr(h.Flows...), "settings", orEmpty(h.Settings), "machine", orEmpty(h.Machine), "globals", h.Globals,
		"missing", texts(h.Missing), "stores", stores, "defaultStore", h.DefaultStore, "credentials", creds)
	return append(value.AppendTagged(nil, o), '\n')
}

func orEmpty(o *value.Object) *value.Object {
	if o == nil {
		return value.NewObject()
	}
	return o
}

func texts(list []string) value.Value {
	a := value.NewArray()
	for _, s := range list {
		a.Append(value.Str(s))
	}
	return value.Of(a)
}

func strs(v value.Value) (out []string) {
	for i := range v.Array().Length() {
		out = append(out, v.Array().At(i).Str())
	}
	return out
}

// readHeader reads the first line.
func readHeader(text []byte) (*Header, error) {
	v, err := value.DecodeTagged(text)
	o := v.Object()
	if err != nil || o == nil || o.Get("lockstep").Str() != "journal" {
		return nil, errors.New("it does not begin with the header of a journal")
	}
	h := &Header{
		Format: int(o.Get("format").Num()), Semantics: int(o.Get("semantics").Num()), Version: o.Get("version").Str(), Zone: o.Get("zone").Str(),
		Hash: o.Get("hash").Str(), Settings: o.Get("settings").Object(), Machine: o.Get("machine").Object(), Globals: o.Get("globals").Object(),
		Missing: strs(o.Get("missing")), DefaultStore: o.Get("defaultStore").Str(),
	}
	if h.Format != Format {
		return nil, fmt.Errorf("it has format %d; this program reads format %d", h.Format, Format)
	}
	if _, err := fmt.Sscan(o.Get("seed").Str(), &h.Seed); err != nil {
		return nil, errors.New("its header has no seed")
	}
	if a := o.Get("flows").Array(); a != nil {
		h.Flows = a.Elems
	}
	if h.Credentials, err = objects(o.Get("credentials")); err != nil {
		return nil, fmt.Errorf("the credentials in its header: %w", err)
	}
	for i := range o.Get("stores").Array().Length() {
		s := o.Get("stores").Array().At(i).Object()
		if s == nil {
			return nil, fmt.Errorf("the context store %d in its header is no object", i)
		}
		st := engine.ContextStore{Name: s.Get("name").Str(), Saved: s.Get("saved").Bool(), Delay: s.Get("delay").Num(), Uncached: s.Get("uncached").Bool()}
		if st.Data, err = objects(s.Get("data")); err != nil {
			return nil, fmt.Errorf("the context store %q in its header: %w", st.Name, err)
		}
		h.Stores = append(h.Stores, st)
	}
	return h, nil
}

// objects reads an object of objects; what is none of these has none.
func objects(v value.Value) (map[string]*value.Object, error) {
	m := map[string]*value.Object{}
	o := v.Object()
	for i := 0; o != nil && i < o.Len(); i++ {
		if m[o.At(i).Key] = o.At(i).Value.Object(); m[o.At(i).Key] == nil {
			return nil, fmt.Errorf("%s is no object", o.At(i).Key)
		}
	}
	return m, nil
}

// Options are those of the recorded run, with names in the place of credentials.
// Environment and modules come from the journal's lines: see Reader.
func (h *Header) Options() (engine.Options, error) {
	zone, err := value.LoadZone(h.Zone)
	if err != nil {
		return engine.Options{}, fmt.Errorf("the time zone %s is not known here: %w", h.Zone, err)
	}
	return engine.Options{Seed: h.Seed, Zone: zone, Settings: h.Settings, Machine: h.Machine, Globals: h.Globals, Stores: h.Stores, DefaultStore: h.DefaultStore, Credentials: h.Credentials}, nil
}

// named gives credentials with names in the place of what is secret.
func named(node string, c *value.Object) *value.Object {
	out := value.NewObject()
	for i := range c.Len() {
		k, v := c.At(i).Key, c.At(i).Value
		if deep := v.Object(); deep != nil {
			v = value.Of(named(node+"/"+k, deep))
		} else if v.IsString() && !isOpen(k) {
			v = value.Str(placeholder(node, k))
		}
		out.Set(k, v)
	}
	return out
}

// Named gives the credentials of all nodes as a journal may hold them: a deploy that
// is recorded has them so in its body, as credentials, and Replay runs with them.
func Named(all map[string]*value.Object) *value.Object {
	out := value.NewObject()
	for _, id := range slices.Sorted(maps.Keys(all)) {
		out.Set(id, value.Of(named(id, all[id])))
	}
	return out
}

// placeholder stands for a credential.
func placeholder(node, name string) string { return "‹secret:" + node + "/" + name + "›" }
