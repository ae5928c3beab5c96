// Package function holds Node-RED's function nodes: function, switch, change,
// range, template, delay, trigger and the filter (rbe).
package function

import "github.com/lockstep-flows/lockstep/engine"

// Types is the table of the folder's node types.
var Types = []engine.Type{
	changeType, delayType, functionType, rangeType, rbeType, switchType, templateType, triggerType,
}
