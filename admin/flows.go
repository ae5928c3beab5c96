package admin

import (
	"net/http"

	"github.com/lockstep-flows/lockstep/engine/value"
)

// version is the API version a client asks for, "" if that was answered.
func (q *request) version() string {
	switch v := q.r.Header.Get("Node-RED-API-Version"); v {
	case "":
		return "v1"
	case "v1", "v2":
		return v
	}
	q.json(http.StatusBadRequest, value.Obj("code", "invalid_api_version", "message", "Invalid API Version requested"))
	return ""
}

func (a *API) getFlows(q *request) {
	s := a.current()
	switch q.version() {
	case "v1":
		q.ok(s.flows)
	case "v2":
		q.ok(value.Obj("flows", s.flows, "rev", s.rev))
	}
}

func (a *API) postFlows(q *request) {
	version := q.version()
	if version == "" {
		return
	}
	a.deploying.Lock()
	defer a.deploying.Unlock()
	rev, err := a.deployBody(q, version)
	switch {
	case err != nil:
		q.fail(err)
	case version == "v1":
		q.bare(http.StatusNoContent)
	default:
		q.ok(value.Obj("rev", rev))
	}
}

func (a *API) deployBody(q *request, version string) (string, error) {
	d := deployment{flows: q.body, kind: q.r.Header.Get("Node-RED-Deployment-Type"), rev: value.Undefined}
	switch d.kind {
	case "":
		d.kind = "full"
	case "full", "flows", "nodes":
	case "reload":
		return a.reload()
	default:
		return "", failed(http.StatusBadRequest, "invalid_request", "%q is no deployment type: it is one of full, nodes, flows, reload", d.kind)
	}
	if version == "v2" {
		d.flows, d.rev = q.field("flows"), q.field("rev")
		if c := q.field("credentials"); !c.IsNullish() {
			if d.credentials = c.Object(); d.credentials == nil {
				return "", failed(http.StatusBadRequest, "invalid_request", "the credentials must be an object")
			}
		}
	}
	return a.deploy(d)
}

// reload reads the flows anew and deploys all.
func (a *API) reload() (string, error) {
	if a.opt.Load == nil {
		return "", failed(http.StatusBadRequest, "unexpected_error", "the flows did not come from files that could be read again")
	}
	flows, creds, err := a.opt.Load()
	if err != nil {
		return "", err
	}
	if creds == nil {
		creds = map[string]*value.Object{}
	}
	return a.deploy(deployment{flows: flows, all: creds, kind: "full", rev: value.Undefined, loaded: true})
}

func (a *API) getState(q *request) {
	q.ok(value.Obj("state", stateName(a.current().running)))
}

func (a *API) postState(q *request) {
	want := value.ToString(q.field("state"))
	if want != "start" && want != "stop" {
		if !value.Truthy(q.field("state")) {
			want = ""
		}
		q.fail(failed(http.StatusBadRequest, "invalid_run_state", "Cannot change flows runtime state to '%s'}", want))
		return
	}
	if err := a.setRunning(want == "start"); err != nil {
		q.fail(err)
		return
	}
	a.getState(q)
}
