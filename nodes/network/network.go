// Package network holds Node-RED's network nodes: HTTP, MQTT, TCP, UDP, WebSocket.
package network

import (
	"github.com/lockstep-flows/lockstep/engine"
	"github.com/lockstep-flows/lockstep/engine/value"
)

// Types is the table of the folder's node types.
var Types = []engine.Type{mqttBrokerType, mqttInType, mqttOutType, httpInType, httpResponseType, tlsConfigType, httpRequestType, httpProxyType,
	tcpInType, tcpOutType, tcpRequestType, udpInType, udpOutType,
	webSocketListenerType, webSocketClientType, webSocketInType, webSocketOutType}

// codeError is one of Node.js's own errors, with a code.
func codeError(class, code, text string) *value.Error {
	e := value.NewError(class, text)
	e.Code = code
	e.SetProp("code", value.Str(code))
	return e
}
