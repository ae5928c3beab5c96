package value

import (
	"strings"
	"testing"
)

const pathMessage = `{"payload":"p","a":{"b":{"c":1},"0":"zero","key":7},"arr":[{"x":1},"one",{"y":[1,2]},7],"str":"text",
"num":2.5,"neg":-1,"nul":null,"und":{"$t":"undefined"},"bool":true,"buf":{"$t":"buffer","v":"aGk="},
"obj":{"a":{"b":{"c":2}},"key":"kk","1":{"x":"one"},"true":"yes","2.5":"half","[object Object]":"oo","null":"nn"},
"key":"a","key2":"b","idx":1,"sidx":"2","obj2":{"k":"key"},"names":["key","a"],"date":{"$t":"date","v":0},
"map":{"$t":"map","v":[[1,2]]},"err":{"$t":"error","name":"Error","message":"m","code":"C","stack":"s"},"é":{"a":"accent"}}`

func pathMsg(t testing.TB) *Object {
	v, err := DecodeTagged([]byte(pathMessage))
	if err != nil {
		t.Fatal(err)
	}
	return v.Object()
}

func pathOutcome(v Value, err error) string {
	if err == nil {
		return `{"v":` + string(AppendTagged(nil, v)) + "}"
	}
	e := err.(*Error)
	o := Obj("e", e.Error())
	if c := e.Prop("code"); c.IsString() {
		o.Object().Set("c", c)
	}
	return string(AppendJSON(nil, o))
}

// extras is how path.mjs writes an array that has properties besides elements.
func extras(v Value) Value {
	for _, k := range Keys(v) {
		x, _ := GetKey(v, k)
		if a := x.Array(); a != nil && a.Extra != nil {
			e := NewArray()
			for i := range a.Extra.Len() {
				e.Append(Arr(Str(a.Extra.At(i).Key), a.Extra.At(i).Value))
			}
			_ = SetKey(v, k, Obj("elems", Arr(a.Elems...), "extra", Of(e)))
		}
	}
	return v
}

func TestPath(t *testing.T) {
	for _, l := range lines(t, "path.jsonl") {
		expr, want := l.Array().At(0).Str(), l.Array().At(1).Object()
		check := func(name, got string) {
			t.Helper()
			if w := want.Get(name); !w.IsUndefined() && got != string(AppendJSON(nil, w)) {
				t.Errorf("%s of %q\n got %s\nwant %s", name, expr, got, AppendJSON(nil, w))
			}
		}
		text, err := NormalisePath(expr, Undefined)
		check("text", pathOutcome(Str(text), err))
		text, err = NormalisePath(expr, Of(pathMsg(t)))
		check("textMsg", pathOutcome(Str(text), err))
		v, err := GetMessageProperty(pathMsg(t), expr)
		check("get", pathOutcome(v, err))
		set := func(name string, v Value, create bool) {
			t.Helper()
			m := pathMsg(t)
			ok, err := SetMessageProperty(m, expr, v, create)
			s, _, _ := Stringify(extras(Of(m)), "")
			if before, _, _ := Stringify(Of(pathMsg(t)), ""); s == before {
				s = "="
			}
			check(name, pathOutcome(Arr(Bool(ok), Str(s)), err))
		}
		set("set", Str("NEW"), true)
		set("setNo", Str("NEW"), false)
		set("del", Undefined, false)
		set("delCreate", Undefined, true)
	}
}

func FuzzPath(f *testing.F) {
	for _, s := range []string{"a.b[0]", `a["b"]`, "a[msg.b]", "a[", `"x"`, "é.😀"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		s = Text([]byte(s))
		m := pathMsg(t)
		p, err := ParsePath(s)
		if err == nil && p.String() != s {
			t.Errorf("%q became %q", s, p.String())
		}
		_, _ = GetMessageProperty(m, s)
		if strings.Contains(s, "999") {
			return
		}
		if ok, err := SetMessageProperty(m, s, Str("v"), true); ok && err == nil && len(p.parts) == 1 {
			if v, err := GetMessageProperty(m, s); err == nil && v.kind != KindString && v.kind != KindUndefined {
				t.Errorf("%q: %v", s, v.plain())
			}
		}
	})
}
