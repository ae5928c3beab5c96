package schema

import (
	"strconv"
	"strings"

	"github.com/lockstep-flows/lockstep/engine/regex"
	"github.com/lockstep-flows/lockstep/engine/value"
)

func (c *compiler) items(n *node, _ *value.Object, v value.Value) (check, error) {
	path := n.path + "/items"
	if a := v.Array(); a != nil {
		subs, err := c.list(n, "items", v)
		return func(r *run, v value.Value, at string) {
			for i, s := range subs {
				if s != nil && i < value.Length(v) {
					s.check(r, value.Index(v, i), at+"/"+strconv.Itoa(i))
				}
			}
		}, err
	}
	sub, err := c.sub(v, path)
	if sub == nil || err != nil {
		return nil, err
	}
	return func(r *run, v value.Value, at string) {
		for i, e := range value.Elements(v) {
			sub.check(r, e, at+"/"+strconv.Itoa(i))
		}
	}, nil
}

func (c *compiler) additionalItems(n *node, s *value.Object, v value.Value) (check, error) {
	first := s.Get("items").Array()
	if first == nil {
		return nil, errInvalid
	}
	from := first.Len()
	if v.IsBool() && !v.Bool() {
		message := "must NOT have more than " + strconv.Itoa(from) + " items"
		return func(r *run, v value.Value, at string) {
			if value.Length(v) > from {
				r.fail(n, "additionalItems", at, message, "limit", from)
			}
		}, nil
	}
	sub, err := c.sub(v, n.path+"/additionalItems")
	if sub == nil || err != nil {
		return nil, err
	}
	return func(r *run, v value.Value, at string) {
		for i, e := range value.Elements(v) {
			if i >= from {
				sub.check(r, e, at+"/"+strconv.Itoa(i))
			}
		}
	}, nil
}

func (c *compiler) contains(n *node, _ *value.Object, v value.Value) (check, error) {
	sub, err := c.sub(v, n.path+"/contains")
	return func(r *run, v value.Value, at string) {
		before := len(r.errors)
		for i, e := range value.Elements(v) {
			if sub == nil || sub.check(r, e, at+"/"+strconv.Itoa(i)) {
				r.errors = r.errors[:before]
				return
			}
		}
		r.fail(n, "contains", at, "must contain at least 1 valid item(s)", "minContains", 1)
	}, err
}

func required(_ *compiler, n *node, _ *value.Object, v value.Value) (check, error) {
	a := v.Array()
	if a == nil {
		return nil, errInvalid
	}
	return func(r *run, v value.Value, at string) {
		for _, name := range a.Elems {
			if get(v, name.Str()).IsUndefined() {
				r.fail(n, "required", at, "must have required property '"+name.Str()+"'", "missingProperty", name)
			}
		}
	}, nil
}

func get(v value.Value, key string) value.Value {
	if o := v.Object(); o != nil {
		return o.Get(key)
	}
	x, _ := value.GetKey(v, key)
	return x
}

func (c *compiler) propertyNames(n *node, _ *value.Object, v value.Value) (check, error) {
	sub, err := c.sub(v, n.path+"/propertyNames")
	if sub == nil || err != nil {
		return nil, err
	}
	return func(r *run, v value.Value, at string) {
		for _, key := range value.Keys(v) {
			name, named := r.name, r.named
			r.name, r.named = key, true
			ok := sub.check(r, value.Str(key), at)
			r.name, r.named = name, named
			if !ok {
				r.fail(n, "propertyNames", at, "property name must be valid", "propertyName", key)
			}
		}
	}, nil
}

func (c *compiler) additionalProperties(n *node, s *value.Object, v value.Value) (check, error) {
	sub, err := c.sub(v, n.path+"/additionalProperties")
	if sub == nil || err != nil {
		return nil, err
	}
	known := s.Get("properties").Object()
	patterns, err := patternsOf(s.Get("patternProperties").Object())
	if err != nil {
		return nil, err
	}
	return func(r *run, v value.Value, at string) {
		for _, key := range value.Keys(v) {
			switch {
			case known != nil && known.Has(key) || matchesAny(patterns, key):
			case sub.never:
				r.fail(n, "additionalProperties", at, "must NOT have additional properties", "additionalProperty", key)
			default:
				sub.check(r, get(v, key), at+"/"+pointer(key))
			}
		}
	}, nil
}

func patternsOf(o *value.Object) ([]*regex.Regexp, error) {
	if o == nil {
		return nil, nil
	}
	out := make([]*regex.Regexp, o.Len())
	for i, p := range o.Keys() {
		var err error
		if out[i], err = regex.Compile(p, "u"); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func matchesAny(list []*regex.Regexp, s string) bool {
	for _, re := range list {
		if re.Test(s) {
			return true
		}
	}
	return false
}

// named is a sub-schema for properties.
type named struct {
	name string
	re   *regex.Regexp
	sub  *node
}

// each compiles an object of sub-schemas; those that take every value are left out.
func (c *compiler) each(n *node, name string, o *value.Object) ([]named, error) {
	if o == nil {
		return nil, errInvalid
	}
	var out []named
	for i := range o.Len() {
		p := o.At(i)
		sub, err := c.sub(p.Value, n.path+"/"+name+"/"+fragment(p.Key))
		if err != nil {
			return nil, err
		}
		if sub != nil {
			out = append(out, named{name: p.Key, sub: sub})
		}
	}
	return out, nil
}

func (c *compiler) properties(n *node, _ *value.Object, v value.Value) (check, error) {
	subs, err := c.each(n, "properties", v.Object())
	if len(subs) == 0 || err != nil {
		return nil, err
	}
	return func(r *run, v value.Value, at string) {
		for i := range subs {
			if x := get(v, subs[i].name); !x.IsUndefined() {
				subs[i].sub.check(r, x, at+"/"+pointer(subs[i].name))
			}
		}
	}, nil
}

func (c *compiler) patternProperties(n *node, s *value.Object, v value.Value) (check, error) {
	subs, err := c.each(n, "patternProperties", v.Object())
	if len(subs) == 0 || err != nil {
		return nil, err
	}
	patterns, err := patternsOf(v.Object())
	if err != nil {
		return nil, err
	}
	if p := s.Get("properties").Object(); p != nil {
		for _, key := range p.Keys() {
			if matchesAny(patterns, key) {
				return nil, errInvalid
			}
		}
	}
	for i := range subs {
		if subs[i].re, err = regex.Compile(subs[i].name, "u"); err != nil {
			return nil, err
		}
	}
	return func(r *run, v value.Value, at string) {
		for i := range subs {
			for _, key := range value.Keys(v) {
				if subs[i].re.Test(key) {
					subs[i].sub.check(r, get(v, key), at+"/"+pointer(key))
				}
			}
		}
	}, nil
}

func (c *compiler) dependencies(n *node, _ *value.Object, v value.Value) (check, error) {
	o := v.Object()
	if o == nil {
		return nil, errInvalid
	}
	var lists []value.Prop
	schemas := value.NewObject()
	for i := range o.Len() {
		p := *o.At(i)
		if p.Value.Array() != nil {
			lists = append(lists, p)
		} else {
			schemas.Set(p.Key, p.Value)
		}
	}
	subs, err := c.each(n, "dependencies", schemas)
	return func(r *run, v value.Value, at string) {
		for _, p := range lists {
			if !get(v, p.Key).IsUndefined() {
				missing(r, n, v, at, p.Key, p.Value.Array().Elems)
			}
		}
		for i := range subs {
			if !get(v, subs[i].name).IsUndefined() {
				subs[i].sub.check(r, v, at)
			}
		}
	}, err
}

// missing reports which properties of a dependency are missing.
func missing(r *run, n *node, v value.Value, at, property string, deps []value.Value) {
	names := make([]string, len(deps))
	for i, d := range deps {
		names[i] = d.Str()
	}
	all, word := strings.Join(names, ", "), "properties"
	if len(deps) == 1 {
		word = "property"
	}
	for _, name := range names {
		if get(v, name).IsUndefined() {
			r.fail(n, "dependencies", at, "must have "+word+" "+all+" when property "+property+" is present",
				"property", property, "missingProperty", name, "depsCount", len(deps), "deps", all)
		}
	}
}
