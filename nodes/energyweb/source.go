package energyweb

import (
	"fmt"
	"net/url"
	"strconv"

	"github.com/lockstep-flows/lockstep/engine"
	"github.com/lockstep-flows/lockstep/engine/value"
)

// SourceHTTP is the configuration of a source-http-api node.
type SourceHTTP struct {
	// Host is the base address of the message service; empty takes that of the base URLs.
	Host string `json:"host"`
	// AppID names the application whose messages are asked for.
	AppID string `json:"appId"`
	// SQLiteConfig is the id of the sqlite-config node that keeps which messages were handled.
	SQLiteConfig string `json:"sqliteConfig"`
	// EnvConfig is what the worker puts in.
	EnvConfig value.Value `json:"__envConfig"`
}

var sourceHTTPType = engine.Define("source-http-api", "Fetches messages one after the other from a message service.", newSourceHTTP).Starts()

// sourceIdle is the pause in ms after there was no message or something failed.
const sourceIdle = 10_000

type sourceHTTP struct {
	SourceHTTP
	c       *engine.Call
	env     injected
	db      *sqliteConfig
	host    string
	idle    float64
	pending string // the id of the message that is being handled
	busy    bool
}

func newSourceHTTP(c *engine.Call, cfg SourceHTTP) (engine.Node, error) {
	n := &sourceHTTP{SourceHTTP: cfg, c: c, env: injected{cfg.EnvConfig.Object()}, idle: sourceIdle}
	if cfg.SQLiteConfig == "" || findSQLite(c, cfg.SQLiteConfig) == nil {
		return nil, ggpError("SqliteConfigNotFound", 2, value.Of(value.NewObject()))
	}
	n.db = findSQLite(c, cfg.SQLiteConfig)
	if ms, err := strconv.ParseFloat(c.Env("SOURCE_HTTP_API_RETRY_TIME").Str(), 64); err == nil && ms >= 0 {
		n.idle = ms
	}
	n.host = cfg.Host
	if n.host == "" {
		n.host = c.Env("SOURCE_HTTP_API_HOST").Str()
	}
	c.Log(value.Str("HTTP API Source started"))
	n.db.whenReady(n.poll)
	return n, nil
}

// poll asks for the next message.
func (n *sourceHTTP) poll() {
	if n.db.err != nil {
		n.failed(n.db.err)
		return
	}
	if n.host != "" {
		n.acked()
		return
	}
	baseURLs(n.c, n.env, func(o *value.Object, err error) {
		if err == nil {
			if n.host = o.Get("kafka_proxy_url").Str(); n.host == "" {
				err = engine.Fail("the addresses have no kafka_proxy_url")
			}
		}
		if err != nil {
			n.failed(err)
			return
		}
		n.acked()
	})
}

func (n *sourceHTTP) acked() {
	n.db.run(`select "messageId" from "acked_message" order by "created_at" desc limit 1`, nil, func(r *value.Object, err error) {
		if err != nil {
			n.failed(err)
			return
		}
		q := url.Values{"appId": {n.AppID}}
		if row := value.Index(r.Get("rows"), 0).Object(); row != nil && row.Get("messageId").Str() != "" {
			q.Set("lastMessageId", row.Get("messageId").Str())
		}
		fetch(n.c, origin(n.host)+"/api/v2/message?"+q.Encode(), value.Undefined, true, n.answer)
	})
}

func (n *sourceHTTP) answer(f fetched, err error) {
	if err != nil {
		n.failed(err)
		return
	}
	v, err := value.ParseJSON(f.text)
	if err != nil {
		n.c.ErrorValue(value.Str(fmt.Sprintf("Failed parsing message with error: %v. Message to parse: %s", engine.MessageOf(err), f.text)), nil)
		v = value.Null
	}
	if !value.Truthy(v) {
		n.c.Log(value.Str("No message available. Waiting before next retry"))
		n.c.Status("green", "ring", "Waiting "+n.seconds()+" seconds")
		n.c.After(n.idle, n.poll)
		return
	}
	o := v.Object()
	if o == nil || !o.Get("id").IsString() {
		n.failed(engine.Fail("the message has no id"))
		return
	}
	id := o.Get("id").Str()
	n.c.Log(value.Str("Processing message id: " + id))
	n.c.Status("yellow", "dot", "Waiting for message (offset "+orUndefined(n.pending)+") to be processed")
	payload := value.NewObject()
	if err := spread(payload, o.Get("content")); err != nil {
		n.failed(err)
		return
	}
	payload.Set("httpApiMessageId", value.Str(id))
	n.pending, n.busy = id, true
	n.c.Send(value.Obj("payload", payload).Object())
}

func orUndefined(s string) string {
	if s == "" {
		return "undefined"
	}
	return s
}

func (n *sourceHTTP) seconds() string { return strconv.FormatFloat(n.idle/1000, 'f', 2, 64) }

func (n *sourceHTTP) failed(err error) {
	n.c.Error(err, nil)
	n.c.Status("red", "ring", "Encountered error. Waiting "+n.seconds()+" seconds")
	n.c.After(n.idle, n.poll)
}

// Receive hears that the message was handled, or is to be given up.
func (n *sourceHTTP) Receive(c *engine.Call, m *engine.Message) error {
	id := ""
	if o := m.Get("payload").Object(); o != nil {
		id = o.Get("httpApiMessageId").Str()
	}
	topic := m.Get("topic").Str()
	if topic != "force-reset" && (topic != "finished-processing" || id == "") {
		return engine.Fail("a message has to have the topic force-reset, or finished-processing and payload.httpApiMessageId")
	}
	if !n.busy {
		return nil
	}
	if topic == "force-reset" {
		n.busy, n.pending = false, ""
		n.failed(engine.Fail("HTTP API: Force resetted"))
		return nil
	}
	if id != n.pending {
		return ggpError("SourceKafkaUnexpectedMessage", 4, value.Obj("expected", n.pending, "received", id))
	}
	n.busy, n.pending = false, ""
	at := []value.Value{value.Str(id), value.Num(c.Now())}
	n.db.run(`insert into "acked_message" ("messageId", "created_at") values (?, ?)`, at, func(_ *value.Object, err error) {
		if err != nil {
			n.failed(err)
			return
		}
		n.c.Log(value.Str("Message processed: " + id))
		n.poll()
	})
	return nil
}
