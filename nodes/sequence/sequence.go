// Package sequence holds Node-RED's sequence nodes: split, join, sort and batch.
package sequence

import (
	"github.com/lockstep-flows/lockstep/engine"
	"github.com/lockstep-flows/lockstep/engine/value"
)

// Types is the table of the folder's node types.
var Types = []engine.Type{batchType, joinType, sortType, splitType}

// kept is a message that waits, and how its handling ends.
type kept struct {
	m    *engine.Message
	done func()
}

func keep(c *engine.Call, m *engine.Message) kept { return kept{m, func() { c.Done(m) }} }

// keptLimit is the setting that bounds how many messages a node keeps; 0 is no bound.
func keptLimit(c *engine.Call) int {
	return int(value.ToInteger(value.ToNumber(c.Setting("nodeMessageBufferMaxLength"))))
}
