package userdir

import (
	"fmt"
	"math"
	"path/filepath"
	"regexp"

	"github.com/lockstep-flows/lockstep/engine"
	"github.com/lockstep-flows/lockstep/engine/value"
)

var storeName = regexp.MustCompile(`^[a-zA-Z0-9_]+$`)

// openStores reads the setting contextStorage and what its stores hold on disk.
func (d *Dir) openStores() error {
	all := d.Settings.Get("contextStorage").Object()
	for i := 0; all != nil && i < all.Len(); i++ {
		name, v := all.At(i).Key, all.At(i).Value
		if name == "_" {
			continue
		}
		if !storeName.MatchString(name) {
			return fmt.Errorf("contextStorage.%s: a store's name has letters, digits and _ only", name)
		}
		if name == "default" && v.IsString() {
			if d.DefaultStore = v.Str(); !all.Has(d.DefaultStore) {
				return fmt.Errorf("contextStorage.default: there is no store %q", d.DefaultStore)
			}
			continue
		}
		st, err := d.openStore(name, v)
		if err != nil {
			return err
		}
		d.Stores = append(d.Stores, st)
	}
	return nil
}

func (d *Dir) openStore(name string, v value.Value) (engine.ContextStore, error) {
	st := engine.ContextStore{Name: name}
	o := v.Object()
	if o == nil || !o.Has("module") {
		return st, fmt.Errorf("contextStorage.%s: the property module is missing: memory or localfilesystem", name)
	}
	switch module := o.Get("module"); module.Str() {
	case "memory":
		return st, nil
	case "localfilesystem":
	default:
		return st, fmt.Errorf("contextStorage.%s.module: %s is not available here: use memory or localfilesystem", name, value.Inspect(module, value.InspectOptions{}))
	}
	config := o.Get("config").Object()
	if config == nil {
		config = value.NewObject()
	}
	base, dir := "context", d.Path
	if b := config.Get("base").Str(); b != "" {
		base = b
	}
	if c := config.Get("dir").Str(); c != "" {
		dir = c
	}
	st.Saved, st.Delay = true, 30_000
	if config.Has("flushInterval") {
		st.Delay = math.Max(0, value.ToNumber(config.Get("flushInterval"))) * 1000 // seconds
	}
	st.Uncached = config.Has("cache") && !value.Truthy(config.Get("cache"))
	d.StoreDirs[name] = filepath.Join(dir, base)
	data, err := readContext(d.StoreDirs[name])
	st.Data = data
	return st, err
}
