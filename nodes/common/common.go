// Package common holds Node-RED's common nodes: inject, debug, complete, catch,
// status, link in, link out, link call, junction and unknown. Comment and
// global-config have nothing that runs: the engine knows them.
package common

import "github.com/lockstep-flows/lockstep/engine"

// Types is the table of the folder's node types.
var Types = []engine.Type{
	catchType, completeType, debugType, injectType, junctionType,
	linkCallType, linkInType, linkOutType, statusType, unknownType,
}
