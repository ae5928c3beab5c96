// Package nodes is the core registry: the node types of Node-RED's own palette.
package nodes

import (
	"github.com/lockstep-flows/lockstep/engine"
	"github.com/lockstep-flows/lockstep/nodes/common"
	"github.com/lockstep-flows/lockstep/nodes/function"
	"github.com/lockstep-flows/lockstep/nodes/sequence"
	"github.com/lockstep-flows/lockstep/nodes/storage"
)

// Core is the registry of all core node types.
func Core() *engine.Registry {
	return engine.NewRegistry(common.Types, function.Types, sequence.Types, storage.Types)
}
