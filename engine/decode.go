package engine

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"

	"github.com/lockstep-flows/lockstep/engine/flow"
	"github.com/lockstep-flows/lockstep/engine/value"
)

// Decode fills a config struct from the node's properties: each exported field
// with a json tag gets the property of that name. Numbers in strings and strings in
// number fields are converted as JavaScript would; value.Value fields take anything.
// A missing property leaves the field as it is, or sets it to its `default` tag.
func (c *Call) Decode(into any) error {
	return decodeStruct(c.config, reflect.ValueOf(into).Elem(), "")
}

func decodeStruct(o *value.Object, into reflect.Value, at string) error {
	t := into.Type()
	for i := range t.NumField() {
		f := t.Field(i)
		if f.Anonymous && f.Type.Kind() == reflect.Struct {
			if err := decodeStruct(o, into.Field(i), at); err != nil {
				return err
			}
			continue
		}
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if name == "" || name == "-" {
			continue
		}
		v, ok := o.Lookup(name)
		if !ok {
			if d, has := f.Tag.Lookup("default"); has {
				v, ok = value.Str(d), true
			}
		}
		if !ok {
			continue
		}
		if err := decodeField(v, into.Field(i), at+name); err != nil {
			return err
		}
	}
	return nil
}

var (
	valueType  = reflect.TypeOf(value.Value{})
	objectType = reflect.TypeOf((*value.Object)(nil))
)

func decodeField(v value.Value, into reflect.Value, at string) error {
	switch {
	case into.Type() == valueType:
		into.Set(reflect.ValueOf(v))
		return nil
	case into.Type() == objectType:
		into.Set(reflect.ValueOf(v.Object()))
		return nil
	}
	switch into.Kind() {
	case reflect.String:
		if !v.IsNullish() {
			into.SetString(value.ToString(v))
		}
	case reflect.Bool:
		into.SetBool(v.Bool() || v.Str() == "true" || !v.IsString() && value.Truthy(v))
	case reflect.Float64:
		into.SetFloat(value.ToNumber(v))
	case reflect.Int:
		into.SetInt(int64(value.ToInteger(value.ToNumber(v))))
	case reflect.Struct:
		if v.IsNullish() {
			return nil
		}
		if v.Object() == nil {
			return fmt.Errorf("property %s should be an object, it is %s", at, v.TypeOf())
		}
		return decodeStruct(v.Object(), into, at+".")
	case reflect.Slice:
		if v.IsNullish() {
			return nil
		}
		a := v.Array()
		if a == nil {
			return fmt.Errorf("property %s should be an array, it is a %s", at, v.TypeOf())
		}
		list := reflect.MakeSlice(into.Type(), a.Len(), a.Len())
		for i, el := range a.Elems {
			if err := decodeField(el, list.Index(i), fmt.Sprintf("%s[%d]", at, i)); err != nil {
				return err
			}
		}
		into.Set(list)
	default:
		return fmt.Errorf("the config field for property %s has a kind that cannot be decoded: %s", at, into.Kind())
	}
	return nil
}

// DecodeObject fills a struct from an object as Decode does from a node's properties.
func DecodeObject(v value.Value, into any) error {
	return decodeField(v, reflect.ValueOf(into).Elem(), "rule")
}

// checkShape decodes an entry's properties into its type's config struct, each by
// itself, and gives a problem for each that does not fit.
func checkShape(d *flow.Def, t Type) flow.Problems {
	var out flow.Problems
	fields := reflect.New(reflect.TypeOf(t.Config)).Elem()
	for i := range fields.NumField() {
		name, _, _ := strings.Cut(fields.Type().Field(i).Tag.Get("json"), ",")
		v, ok := d.Raw.Lookup(name)
		if name == "" || !ok || refersToEnv(v) {
			continue
		}
		if err := decodeField(v, fields.Field(i), name); err != nil {
			out = append(out, d.Problem(flow.SeverityError, name, "see lockstep nodes "+strconv.Quote(t.Name), "%s", err))
		}
	}
	return out
}
