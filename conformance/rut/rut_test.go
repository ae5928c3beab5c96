package rut

import (
	"bytes"
	"context"
	"encoding/json"
	"strings"
	"testing"
	"time"
)

const flowText = `[{"id":"t","type":"tab"},{"id":"f","type":"change","z":"t","x":1,"y":1,"rules":[{"t":"set","p":"payload","pt":"msg","to":"1","tot":"num"}],"wires":[["h"]]},{"id":"h","type":"helper","z":"t"}]`

// FuzzServe: whatever lines come in, every line that goes out is JSON, and the
// server ends with its input.
func FuzzServe(f *testing.F) {
	f.Add([]byte(`{"id":1,"op":"load","flow":` + flowText + `,"report":["send"]}` + "\n" + `{"id":2,"op":"receive","node":"f","msg":{"payload":2}}` + "\n" + `{"id":3,"op":"sync"}`))
	f.Add([]byte(`{"id":1,"op":"getNode","node":"x"}` + "\n{}\n[]\nnull\n{\"op\":5}"))
	f.Add([]byte(`{"id":1,"op":"context","scope":"global","method":"set","key":"a.b[0]","value":{"$t":"date","v":1}}`))
	f.Add([]byte(`{"id":1,"op":"load","flow":5}` + "\n" + `{"id":2,"op":"setFlows","flow":[],"type":"nodes"}` + "\n" + `{"id":3,"op":"contextInit","contextStorage":{"default":"x"}}`))
	f.Add([]byte(`{"id":1,"op":"call","node":"h","method":"send","args":[[[1,{"a":1}],null]]}`))
	f.Fuzz(func(t *testing.T, in []byte) {
		if bytes.Contains(in, []byte("http")) || bytes.Contains(in, []byte("file")) || bytes.Contains(in, []byte("function")) {
			t.Skip("no sockets, files or endless code in a fuzz test")
		}
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
		defer cancel()
		var out bytes.Buffer
		if err := Serve(ctx, bytes.NewReader(in), &out, Options{Virtual: true, Dir: t.TempDir()}); err != nil {
			t.Fatal(err)
		}
		for _, l := range strings.Split(strings.TrimSpace(out.String()), "\n") {
			if !json.Valid([]byte(l)) {
				t.Errorf("no JSON: %s", l)
			}
		}
		if ctx.Err() != nil {
			t.Error("the server did not end with its input")
		}
	})
}
