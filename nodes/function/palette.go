// Package function holds Node-RED's function nodes: function, switch, change,
// range, template, delay, trigger, exec and the filter (rbe).
package function

import "github.com/lockstep-flows/lockstep/engine"

// Types is the table of the folder's node types.
var Types = []engine.Type{
	changeType, delayType, execType, functionType, rangeType, rbeType, switchType, templateType, triggerType,
}
