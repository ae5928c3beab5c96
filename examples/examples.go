// Package examples holds flows that a person would really use, each in a folder
// of its own: flow.json is an export as the Node-RED editor makes it.
package examples

import "embed"

// Files are the flows: NAME/flow.json.
//
//go:embed */flow.json
var Files embed.FS
