package jsonata

import "github.com/lockstep-flows/lockstep/engine/value"

// transform calls a transform: it changes a copy of the object.
func (ev *evaluator) transform(f *function, obj value.Value) (value.Value, error) {
	if obj.IsUndefined() {
		return obj, nil
	}
	n := f.node
	clone, ok := f.env.lookup("clone")
	if !ok {
		clone = builtinNamed("clone")
	}
	if !isFunction(clone) {
		return obj, fail("T2013", "stack", "position", n.pos)
	}
	result, err := ev.apply(clone, []value.Value{obj}, value.Null, f.env)
	if err != nil {
		return obj, err
	}
	found, err := ev.eval(n.lhs, result, f.env)
	if err != nil || found.IsUndefined() {
		return result, err
	}
	list := []value.Value{found}
	if isArray(found) {
		list = elements(found)
	}
	for _, match := range list {
		if err := ev.update(n, match, f.env); err != nil {
			return result, err
		}
	}
	return result, nil
}

// update merges the update into one match and deletes what is to be deleted.
func (ev *evaluator) update(n *node, match value.Value, env *frame) error {
	update, err := ev.eval(n.rhs, match, env)
	if err != nil {
		return err
	}
	if !update.IsUndefined() {
		if update.TypeOf() != "object" || update.IsNull() || isArray(update) {
			return fail("T2011", "stack", "position", n.rhs.position(), "value", update)
		}
		if err := each(update, func(k string, v value.Value) error { return setKey(match, k, v) }); err != nil {
			return err
		}
	}
	if n.third == nil {
		return nil
	}
	names, err := ev.eval(n.third, match, env)
	if err != nil || names.IsUndefined() {
		return err
	}
	list := []value.Value{names}
	if isArray(names) {
		list = elements(names)
	}
	for _, v := range list {
		if !v.IsString() {
			return fail("T2012", "stack", "position", n.third.position(), "value", names)
		}
	}
	if match.TypeOf() != "object" || match.IsNull() {
		return nil
	}
	for _, v := range list {
		if err := value.DeleteKey(match, v.Str()); err != nil {
			return err
		}
	}
	return nil
}

// setKey writes a property in strict mode.
func setKey(v value.Value, key string, x value.Value) error {
	if !v.IsObject() && !v.IsNullish() {
		return typeError("Cannot create property '" + key + "' on " + v.TypeOf() + " '" + value.ToString(v) + "'")
	}
	return value.SetKey(v, key, x)
}
