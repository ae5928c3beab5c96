package js

import (
	"strings"
	"testing"

	"github.com/lockstep-flows/lockstep/engine/value"
)

// TestNullish compares the texts of errors about null and undefined with V8's.
func TestNullish(t *testing.T) {
	for _, c := range []struct{ body, want string }{
		{`msg.payload.x.y`, "Cannot read properties of null (reading 'y')"},
		{`let q = null; q.a`, "Cannot read properties of null (reading 'a')"},
		{`let q; q.a`, "Cannot read properties of undefined (reading 'a')"},
		{`let q = null; q.f()`, "Cannot read properties of null (reading 'f')"},
		{`let q = {}; q.f.g()`, "Cannot read properties of undefined (reading 'g')"},
		{`let q = null, k = 'é'; q[k]`, "Cannot read properties of null (reading 'é')"},
		{`let q = null; q[0]`, "Cannot read properties of null (reading '0')"},
		{`let q; q[null]`, "Cannot read properties of undefined (reading 'null')"},
		{`let q = null; q[undefined]`, "Cannot read properties of null (reading 'undefined')"},
		{`let q = null; q['f'](1)`, "Cannot read properties of null (reading 'f')"},
		{`let q = null; q.a = 1`, "Cannot set properties of null (setting 'a')"},
		{`let q; q.a = 1`, "Cannot set properties of undefined (setting 'a')"},
		{`let q = null; q['b' + 1] = 1`, "Cannot set properties of null (setting 'b1')"},
		{`let q; q[0] = 1`, "Cannot set properties of undefined (setting '0')"},
		{`'use strict'; let q = null; q.a = 1`, "Cannot set properties of null (setting 'a')"},
		{`'use strict'; let q = null; q[1] = 1`, "Cannot set properties of null (setting '1')"},
		{`let q = null; q.a++`, "Cannot read properties of null (reading 'a')"},
		{`let q = null; q.a += 2`, "Cannot read properties of null (reading 'a')"},
		{`let q = null; let {a} = q`, "Cannot destructure property 'a' of 'q' as it is null."},
		{`let q; let {a} = q`, "Cannot destructure property 'a' of 'q' as it is undefined."},
		{`Object.keys(null)`, "Cannot convert undefined or null to object"},
		{`throw new TypeError("Cannot read property 'x' of undefined")`, "Cannot read property 'x' of undefined"},
		{`let q = null; [1].map(x => q.z)`, "Cannot read properties of null (reading 'z')"},
		{`let q = null; await 1; q.z`, "Cannot read properties of null (reading 'z')"},
	} {
		for _, body := range []string{c.body, "try { " + c.body + " } catch (e) { node.warn(e.message); throw e }"} {
			got := runBody(t, body, value.Obj("payload", value.Obj("x", value.Null), "_msgid", "id"))
			if !strings.Contains(got, "[TypeError: "+c.want+"]") || strings.Contains(got, "warn") && !strings.Contains(got, `warn "`+c.want+`"`) {
				t.Errorf("%s\n got %s\nwant %s", body, got, c.want)
			}
		}
	}
}

// TestCallable calls functions written in Go.
func TestCallable(t *testing.T) {
	res := &value.Handle{Class: "ServerResponse", Props: value.NewObject()}
	fns := []value.Func{
		{Name: "status", Fn: func(_ string, args []value.Value) (value.Value, error) {
			res.Props.Set("code", args[0])
			return value.Of(res), nil
		}},
		{Name: "fail", Fn: func(string, []value.Value) (value.Value, error) {
			e := value.NewError("RangeError", "no")
			e.SetProp("code", value.Str("E1"))
			return value.Undefined, e
		}},
	}
	for i := range fns {
		res.Props.Set(fns[i].Name, value.Live(&fns[i]))
	}
	body := `const s = msg.res.status; let err; try { msg.res.fail() } catch (e) { err = [e instanceof RangeError, e.message, e.code] }
		flow.set('f', s);
		return {payload: [typeof s, s.name, s.length, s === msg.res.status, flow.get('f') === s, msg.res.status({a: 404}).code.a, err]}`
	want := `send0 {"payload":["function","status",0,true,true,404,[true,"no","E1"]],"_msgid":"id"}` + "\ndone"
	if got := runBody(t, body, value.Obj("res", res, "_msgid", "id")); got != want {
		t.Errorf("got %s\nwant %s", got, want)
	}
}
