// Package network holds Node-RED's network nodes: http in and http response.
package network

import (
	"github.com/lockstep-flows/lockstep/engine"
	"github.com/lockstep-flows/lockstep/engine/value"
)

// Types is the table of the folder's node types.
var Types = []engine.Type{httpInType, httpResponseType}

// codeError is one of Node.js's own errors, with a code.
func codeError(class, code, text string) *value.Error {
	e := value.NewError(class, text)
	e.Code = code
	e.SetProp("code", value.Str(code))
	return e
}
