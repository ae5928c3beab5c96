package admin

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"

	"github.com/lockstep-flows/lockstep/engine/value"
)

// listen connects an editor.
func listen(t *testing.T, url string, hello ...string) *websocket.Conn {
	t.Helper()
	conn, res, err := websocket.Dial(t.Context(), "ws"+strings.TrimPrefix(url, "http")+"/comms", nil)
	if err != nil {
		t.Fatal(err)
	}
	_ = res // the connection owns its body
	conn.SetReadLimit(64 << 20)
	t.Cleanup(func() { _ = conn.CloseNow() }) // it may have ended
	for _, m := range hello {
		if err := conn.Write(t.Context(), websocket.MessageText, []byte(m)); err != nil {
			t.Fatal(err)
		}
	}
	return conn
}

// hear reads frames until all texts were in one.
func hear(t *testing.T, conn *websocket.Conn, texts ...string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	for len(texts) > 0 {
		_, frame, err := conn.Read(ctx)
		if err != nil {
			t.Fatalf("%v while waiting for %q", err, texts)
		}
		for len(texts) > 0 && strings.Contains(string(frame), texts[0]) {
			texts = texts[1:]
		}
	}
}

// TestComms hears of statuses, debug messages, warnings, deploys and signs of life.
func TestComms(t *testing.T) {
	w := newWorld(t, Options{Flows: parse(t, small), Settings: parse(t, `{"webSocketKeepAliveTime":300}`).Object()})
	conn := listen(t, w.url, `{"subscribe":"notification/#"}`, "{bad", "5")
	hear(t, conn, `{"topic":"notification/runtime-state","data":{"state":"start"}}`, `{"topic":"notification/runtime-deploy","data":{"revision":"`)
	do(t, "POST", w.url+"/inject/i1", "")
	hear(t, conn, `{"topic":"status/f1","data":{"text":"x","fill":"red","shape":"dot"}}`)
	late := listen(t, w.url, `{"subscribe":"status/#"}`)
	hear(t, late, `{"topic":"status/f1","data":{"text":"x"`)
	do(t, "POST", w.url+"/inject/i1", "")
	hear(t, late, `{"topic":"debug","data":{"level":30,`)
	do(t, "POST", w.url+"/inject/i1", "")
	hear(t, conn, `{"topic":"debug","data":{"id":"d1","z":"t1","path":"t1","name":"out","property":"payload","msg":"x","format":"string[1]"}}`)
	do(t, "POST", w.url+"/debug/d1/disable", "")
	hear(t, conn, `{"topic":"hb","data":`)
	if status, _ := do(t, "POST", w.url+"/flows", `[]`); status != http.StatusNoContent {
		t.Fatal(status)
	}
	hear(t, conn, `"data":{"state":"stop","deploy":true}}`, `"data":{"state":"start","deploy":true}}`, `{"topic":"notification/runtime-deploy"`)
	if w.api.comms.has("status/f1") {
		t.Error("the status of a node that is gone is kept")
	}
	if status, _ := do(t, "GET", w.url+"/comms", ""); status != http.StatusNotFound {
		t.Errorf("no websocket: %d", status)
	}
}

const users = `{"adminAuth":{"type":"credentials","users":[{"username":"ann","password":"$2b$04$D8bjx8y27bFe2IrRGm0BE.M4sKQh.h02PMhiHLau846CQYHPnBAWW","permissions":"*"},
{"username":"eve","password":"$2b$04$D8bjx8y27bFe2IrRGm0BE.M4sKQh.h02PMhiHLau846CQYHPnBAWW","permissions":"flows.read"}],
"tokens":[{"token":"good","user":"ann","scope":"*"},{"token":"poor","user":"eve","scope":"flows.read"}]}}`

// TestCommsAuth lets only those in who may read statuses.
func TestCommsAuth(t *testing.T) {
	w := newWorld(t, Options{Flows: parse(t, small), Settings: parse(t, users).Object()})
	for _, c := range []struct{ hello, want string }{
		{`{"auth":"good"}`, `{"auth":"ok"}`}, {`{"auth":"poor"}`, `{"auth":"fail"}`}, {`{"auth":"bad"}`, `{"auth":"fail"}`}, {`{"subscribe":"status/#"}`, `{"auth":"fail"}`},
	} {
		conn := listen(t, w.url, c.hello)
		hear(t, conn, c.want)
		if !strings.Contains(c.want, "fail") {
			w.api.comms.notify("test", value.Str("one"))
			hear(t, conn, `{"topic":"notification/test","data":"one"}`)
		} else if _, _, err := conn.Read(t.Context()); err == nil {
			t.Errorf("%s: the connection goes on", c.hello)
		}
	}
	status, text := do(t, "POST", w.url+"/auth/token", `{"client_id":"node-red-editor","grant_type":"password","username":"ann","password":"test","scope":"*"}`)
	v := parse(t, text)
	if status != http.StatusOK {
		t.Fatal(status, text)
	}
	token := v.Object().Get("access_token").Str()
	conn := listen(t, w.url, `{"auth":"`+token+`"}`)
	hear(t, conn, `{"auth":"ok"}`)
	s := w.api.auth.sessions
	s.mu.Lock()
	s.all.Get(token).Object().Set("expires", value.Num(1))
	s.mu.Unlock()
	s.expire()
	hear(t, conn, `{"auth":"fail"}`)
}

// TestSlow has a client that reads nothing: it is cut off, and nobody waits for it.
func TestSlow(t *testing.T) {
	w := newWorld(t, Options{})
	listen(t, w.url)
	for range 100 {
		if w.api.comms.heard() {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	big := value.Str(strings.Repeat("x", 1<<20))
	for range 200 {
		w.api.comms.notify("big", big)
		w.api.comms.mu.Lock()
		waiting := 0
		for cl := range w.api.comms.clients {
			for _, m := range cl.queue {
				waiting += len(m)
			}
		}
		w.api.comms.mu.Unlock()
		if waiting > maxQueued {
			t.Fatalf("%d bytes wait for a client", waiting)
		}
	}
	for range 1000 {
		if !w.api.comms.heard() {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Error("the client is still there")
}
