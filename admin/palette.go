package admin

import (
	"net/http"
	"slices"
	"strings"

	"github.com/lockstep-flows/lockstep/engine/value"
)

// set is a file of node types, as the palette of Node-RED groups them.
type set struct {
	name  string
	types []string
	file  string // in the core folder of @node-red/nodes, without its ending
}

// coreModule is the module of all sets here.
const coreModule = "node-red"

// palette is Node-RED's, in the order in which it loads it.
var palette = []set{
	{"junction", []string{"junction"}, "common/05-junction"},
	{"inject", []string{"inject"}, "common/20-inject"},
	{"debug", []string{"debug"}, "common/21-debug"},
	{"complete", []string{"complete"}, "common/24-complete"},
	{"catch", []string{"catch"}, "common/25-catch"},
	{"status", []string{"status"}, "common/25-status"},
	{"link", []string{"link in", "link out", "link call"}, "common/60-link"},
	{"comment", []string{"comment"}, "common/90-comment"},
	{globalConfig, []string{globalConfig}, "common/91-global-config"},
	{"unknown", []string{"unknown"}, "common/98-unknown"},
	{"function", []string{"function"}, "function/10-function"},
	{"switch", []string{"switch"}, "function/10-switch"},
	{"change", []string{"change"}, "function/15-change"},
	{"range", []string{"range"}, "function/16-range"},
	{"template", []string{"template"}, "function/80-template"},
	{"delay", []string{"delay"}, "function/89-delay"},
	{"trigger", []string{"trigger"}, "function/89-trigger"},
	{"exec", []string{"exec"}, "function/90-exec"},
	{"rbe", []string{"rbe"}, "function/rbe"},
	{"tls", []string{"tls-config"}, "network/05-tls"},
	{"httpproxy", []string{"http proxy"}, "network/06-httpproxy"},
	{"mqtt", []string{"mqtt in", "mqtt out", "mqtt-broker"}, "network/10-mqtt"},
	{"httpin", []string{"http in", "http response"}, "network/21-httpin"},
	{"httprequest", []string{"http request"}, "network/21-httprequest"},
	{"websocket", []string{"websocket in", "websocket out", "websocket-listener", "websocket-client"}, "network/22-websocket"},
	{"tcpin", []string{"tcp in", "tcp out", "tcp request"}, "network/31-tcpin"},
	{"udp", []string{"udp in", "udp out"}, "network/32-udp"},
	{"CSV", []string{"csv"}, "parsers/70-CSV"},
	{"HTML", []string{"html"}, "parsers/70-HTML"},
	{"JSON", []string{"json"}, "parsers/70-JSON"},
	{"XML", []string{"xml"}, "parsers/70-XML"},
	{"YAML", []string{"yaml"}, "parsers/70-YAML"},
	{"split", []string{"split", "join"}, "sequence/17-split"},
	{"sort", []string{"sort"}, "sequence/18-sort"},
	{"batch", []string{"batch"}, "sequence/19-batch"},
	{"file", []string{"file", "file in"}, "storage/10-file"},
	{"watch", []string{"watch"}, "storage/23-watch"},
}

// sets are those of which all types are here. The editor shows what it does not know
// with the type unknown, so that one is always.
func (a *API) sets() []set {
	var out []set
	for _, s := range palette {
		all := !slices.ContainsFunc(s.types, func(t string) bool { return !a.known(t) && t != "unknown" && t != "junction" })
		if all {
			out = append(out, s)
		}
	}
	return out
}

func (s set) id() string { return coreModule + "/" + s.name }

func (s set) info() value.Value {
	types := value.Arr()
	for _, t := range s.types {
		types.Array().Elems = append(types.Array().Elems, value.Str(t))
	}
	return value.Obj("id", s.id(), "name", s.name, "types", types, "enabled", true, "local", false, "user", false, "module", coreModule, "version", apiVersion)
}

func (a *API) infos() value.Value {
	list := value.Arr()
	for _, s := range a.sets() {
		list.Array().Elems = append(list.Array().Elems, s.info())
	}
	return list
}

// wantsJSON reports whether a client asks for data, not for what an editor loads.
func (q *request) wantsJSON() bool { return q.r.Header.Get("Accept") == "application/json" }

const htmlType = "text/html; charset=utf-8"

func (a *API) getNodes(q *request) {
	if q.wantsJSON() {
		q.ok(a.infos())
		return
	}
	q.text(http.StatusOK, htmlType, a.editor.definitions(q.language()))
}

func (a *API) moduleInfo() value.Value {
	return value.Obj("name", coreModule, "version", apiVersion, "nodes", a.infos(), "plugins", value.Arr())
}

func (a *API) getModule(q *request) {
	if q.parts[0] != coreModule {
		q.fail(failed(http.StatusNotFound, "not_found", "Module not found"))
		return
	}
	q.ok(a.moduleInfo())
}

// findSet finds a set by module and name, or answers with the status missing.
func (a *API) findSet(q *request, missing int) (set, bool) {
	for _, s := range a.sets() {
		if q.parts[0]+"/"+q.parts[1] == s.id() {
			return s, true
		}
	}
	q.fail(failed(missing, "not_found", "Node not found"))
	return set{}, false
}

func (a *API) getSet(q *request) {
	s, ok := a.findSet(q, http.StatusNotFound)
	switch {
	case !ok:
	case q.wantsJSON():
		q.ok(s.info())
	default:
		q.text(http.StatusOK, htmlType, a.editor.definition(s, q.language()))
	}
}

// switches reports whether the body says enabled or not, or answers that it must.
func (q *request) switches() bool {
	if o := q.body.Object(); o != nil && o.Has("enabled") {
		return true
	}
	q.fail(failed(http.StatusBadRequest, "invalid_request", "Invalid request"))
	return false
}

// toggle is the answer to all who want to change the palette.
func (q *request) toggle(now value.Value) {
	if value.Truthy(q.field("enabled")) {
		q.ok(now)
		return
	}
	q.fail(failed(http.StatusBadRequest, "not_supported", "the node types are part of this program and cannot be switched off"))
}

func (a *API) putSet(q *request) {
	if !q.switches() {
		return
	}
	if s, ok := a.findSet(q, http.StatusBadRequest); ok {
		q.toggle(s.info())
	}
}

func (a *API) putModule(q *request) {
	if !q.switches() {
		return
	}
	if q.parts[0] != coreModule {
		q.fail(failed(http.StatusBadRequest, "not_found", "Module not found"))
		return
	}
	q.toggle(a.moduleInfo())
}

func (a *API) deleteModule(q *request) {
	if q.parts[0] != coreModule {
		q.fail(failed(http.StatusNotFound, "not_found", "Module not found"))
		return
	}
	q.fail(failed(http.StatusBadRequest, "not_supported", "the node types are part of this program and cannot be removed"))
}

func (a *API) postNodes(q *request) {
	name := value.ToString(q.field("module"))
	if q.field("module").IsUndefined() {
		name = "the module"
	}
	q.fail(failed(http.StatusBadRequest, "not_supported", "%s was not installed: modules of Node-RED cannot be added here, as they need Node.js", name))
}

func (a *API) getCatalogue(q *request) {
	if !strings.HasPrefix(q.parts[0], coreModule) {
		empty(q)
		return
	}
	q.ok(a.editor.catalogue(coreModule, q.r.URL.Query().Get("lng")))
}

func (a *API) getPlugins(q *request) {
	if q.wantsJSON() {
		q.ok(value.Arr())
		return
	}
	q.text(http.StatusOK, htmlType, "")
}

// language is the one the client likes best.
func (q *request) language() string {
	first, _, _ := strings.Cut(q.r.Header.Get("Accept-Language"), ",")
	first, _, _ = strings.Cut(strings.TrimSpace(first), ";")
	if !plainLanguage(first) {
		return defaultLanguage
	}
	return first
}

const defaultLanguage = "en-US"

func plainLanguage(s string) bool {
	return s != "" && s != "*" && !strings.ContainsFunc(s, func(r rune) bool {
		return r != '-' && (r < '0' || r > '9') && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z')
	})
}
