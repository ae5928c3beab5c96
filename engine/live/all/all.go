// Package all puts together what carries out every effect of the core nodes. A
// program that embeds the engine and needs less takes the parts it wants from
// package live and its sub-folders, and links no more than those.
package all

import (
	"github.com/lockstep-flows/lockstep/engine/live"
	"github.com/lockstep-flows/lockstep/engine/live/exec"
	"github.com/lockstep-flows/lockstep/engine/live/httpclient"
	"github.com/lockstep-flows/lockstep/engine/live/mqtt"
	"github.com/lockstep-flows/lockstep/engine/live/socket"
	"github.com/lockstep-flows/lockstep/engine/live/watch"
	"github.com/lockstep-flows/lockstep/engine/live/websocket"
	"github.com/lockstep-flows/lockstep/engine/value"
)

// Options say what the performers may use. The zero Options has no HTTP server.
type Options struct {
	// Dir is where relative file names start; "" is the process's directory.
	Dir string
	// HTTP is the server of the http in nodes and websocket listeners; it may be nil.
	HTTP *live.HTTP
	// Settings are those of Node-RED's settings.js, by name; nil is none.
	Settings *value.Object
	// Env looks up the process environment (http_proxy, children); nil is empty.
	Env func(name string) (string, bool)
	// Allow is asked before each connection of a flow; nil allows all.
	Allow live.Allow
	// Environ lists the environment of child processes as name=value; nil is the process's.
	Environ func() []string
}

// Performers make one of each. Who gives them to live.New closes them with it.
func Performers(o Options) []live.Performer {
	if o.Settings == nil {
		o.Settings = value.NewObject()
	}
	if o.Env == nil {
		o.Env = func(string) (string, bool) { return "", false }
	}
	list := []live.Performer{
		socket.NewTCP(socket.Options{Dir: o.Dir, Allow: o.Allow}),
		socket.NewUDP(socket.Options{Dir: o.Dir, Allow: o.Allow}),
		websocket.New(websocket.Options{HTTP: o.HTTP, Dir: o.Dir, Allow: o.Allow}),
		live.NewFiles(o.Dir),
		mqtt.New(o.Dir, o.Allow),
		watch.New(o.Dir),
		exec.New(exec.Options{Dir: o.Dir, Environ: o.Environ}),
		live.NewTLS(o.Dir),
		httpclient.New(httpclient.Options{Dir: o.Dir, Env: o.Env, Allow: o.Allow}),
	}
	if o.HTTP != nil {
		list = append(list, o.HTTP)
	}
	return list
}
