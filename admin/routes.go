package admin

import (
	"net/http"
	"regexp"
)

// route is one of the API's.
type route struct {
	method     string
	path       *regexp.Regexp
	permission string
	do         func(*request)
	cors       bool // httpAdminCors applies
	secure     bool // requireHttps applies
	public     bool // asks for nothing that needs protection
}

// open is the permission of routes that anybody may use.
const open = "-"

// module is the name of a module, with its scope if it has one.
const module = `((?:@[^/]+/)?[^/]+)`

// table gives the routes by the first part of their path.
func (a *API) table() map[string][]route {
	t := map[string][]route{}
	add := func(first, method, path, permission string, do func(*request), cors bool) *route {
		t[first] = append(t[first], route{method: method, path: regexp.MustCompile("^/" + path + "/?$"), permission: permission, do: do, cors: cors})
		return &t[first][len(t[first])-1]
	}
	api := func(first, method, path, permission string, do func(*request)) {
		add(first, method, path, permission, do, true).secure = true
	}
	a.flowRoutes(api)
	a.nodeRoutes(api)
	for _, scope := range []string{`(global)()`, `(node|flow)/([^/]+)`} {
		api("context", http.MethodGet, "context/"+scope+"()", "context.read", a.getContext)
		api("context", http.MethodGet, "context/"+scope+"/(.*)", "context.read", a.getContext)
		api("context", http.MethodDelete, "context/"+scope+"/(.*)", "context.write", a.deleteContext)
	}
	api("settings", http.MethodGet, "settings", "settings.read", a.getSettings)
	api("plugins", http.MethodGet, "plugins", "plugins.read", a.getPlugins)
	api("plugins", http.MethodGet, "plugins/messages", "plugins.read", empty)
	api("plugins", http.MethodGet, "plugins/"+module, "plugins.read", a.getModule)
	api("diagnostics", http.MethodGet, "diagnostics", "diagnostics.read", a.getDiagnostics)
	api("inject", http.MethodPost, "inject/([^/]+)", "inject.write", a.postInject)
	api("debug", http.MethodPost, "debug/([^/]+)", "debug.write", a.postDebugs)
	api("debug", http.MethodPost, "debug/([^/]+)/([^/]+)", "debug.write", a.postDebug)
	api("udp-ports", http.MethodGet, "udp-ports/[^/]+", "udp-ports.read", a.getUDPPorts)

	add("auth", http.MethodGet, "auth/login", open, a.getLogin, false).public = true
	add("auth", http.MethodPost, "auth/token", open, a.postToken, false)
	if a.auth != nil {
		add("auth", http.MethodPost, "auth/revoke", "", a.postRevoke, false)
	}
	if a.setting("disableEditor") {
		return t
	}
	ed := func(first, method, path, permission string, do func(*request)) {
		add(first, method, path, permission, do, false).secure = true
	}
	add("comms", http.MethodGet, "comms", open, a.getComms, false)
	ed("credentials", http.MethodGet, "credentials/([^/]+)/([^/]+)", "credentials.read", a.getCredentials)
	ed("settings", http.MethodGet, "settings/user", "settings.read", a.getUserSettings)
	ed("settings", http.MethodPost, "settings/user", "settings.write", a.postUserSettings)
	ed("library", http.MethodGet, "library/([^/]+)/([^/]+)(?:/(.*))?", "library.read", a.getLibrary)
	ed("library", http.MethodPost, "library/([^/]+)/([^/]+)/(.*)", "library.write", a.postLibrary)
	if a.editor != nil {
		a.editorRoutes(t, ed)
	}
	return t
}

type adder func(first, method, path, permission string, do func(*request))

func (a *API) flowRoutes(api adder) {
	api("flows", http.MethodGet, "flows", "flows.read", a.getFlows)
	api("flows", http.MethodPost, "flows", "flows.write", a.postFlows)
	api("flows", http.MethodGet, "flows/state", "flows.read", a.getState)
	if s := a.opt.Settings.Get("runtimeState").Object(); s != nil && s.Get("enabled").IsBool() && s.Get("enabled").Bool() {
		api("flows", http.MethodPost, "flows/state", "flows.write", a.postState)
	}
	api("flow", http.MethodGet, "flow/([^/]+)", "flows.read", a.getFlow)
	api("flow", http.MethodPost, "flow", "flows.write", a.postFlow)
	api("flow", http.MethodPut, "flow/([^/]+)", "flows.write", a.putFlow)
	api("flow", http.MethodDelete, "flow/([^/]+)", "flows.write", a.deleteFlow)
}

func (a *API) nodeRoutes(api adder) {
	api("nodes", http.MethodGet, "nodes", "nodes.read", a.getNodes)
	api("nodes", http.MethodPost, "nodes", "nodes.write", a.postNodes)
	api("nodes", http.MethodGet, "nodes/messages.*", "nodes.read", empty)
	api("nodes", http.MethodGet, "nodes/"+module+"/[^/]+/messages", "nodes.read", a.getCatalogue)
	api("nodes", http.MethodGet, "nodes/"+module, "nodes.read", a.getModule)
	api("nodes", http.MethodPut, "nodes/"+module, "nodes.write", a.putModule)
	api("nodes", http.MethodDelete, "nodes/"+module, "nodes.write", a.deleteModule)
	api("nodes", http.MethodGet, "nodes/"+module+"/([^/]+)", "nodes.read", a.getSet)
	api("nodes", http.MethodPut, "nodes/"+module+"/([^/]+)", "nodes.write", a.putSet)
}
