// Package nodes is the core registry: the node types of Node-RED's own palette.
package nodes

import (
	_ "embed" // for the help texts
	"reflect"
	"strings"

	"github.com/lockstep-flows/lockstep/engine"
	"github.com/lockstep-flows/lockstep/nodes/common"
	"github.com/lockstep-flows/lockstep/nodes/energyweb"
	"github.com/lockstep-flows/lockstep/nodes/function"
	"github.com/lockstep-flows/lockstep/nodes/network"
	"github.com/lockstep-flows/lockstep/nodes/parsers"
	"github.com/lockstep-flows/lockstep/nodes/sequence"
	"github.com/lockstep-flows/lockstep/nodes/storage"
)

// Core is the registry of all core node types.
func Core() *engine.Registry {
	return engine.NewRegistry(common.Types, function.Types, network.Types, parsers.Types, sequence.Types, storage.Types)
}

// Worker is the registry of workers on Energy Web X: the core types and those of smart flows.
func Worker() *engine.Registry {
	return engine.NewRegistry(common.Types, energyweb.Types, function.Types, network.Types, parsers.Types, sequence.Types, storage.Types)
}

//go:generate go run ./gen

//go:embed help.txt
var help string

// Property describes one property of a node type in a flow file.
type Property struct {
	// Name in the flow file; Type is text, bool, number, object, any or a list.
	Name string `json:"name"`
	Type string `json:"type"`
	// Text says what it means, its unit and default.
	Text string `json:"text"`
}

// Properties are the documented properties of a type's config struct, in order.
func Properties(t engine.Type) []Property {
	if t.Config == nil {
		return nil
	}
	return structHelp(reflect.TypeOf(t.Config).String())
}

// structHelp gives the properties of a config struct named package.Struct; those of
// structs inside lists follow their list, as list[].name.
func structHelp(owner string) []Property {
	var out []Property
	for _, line := range strings.Split(help, "\n") {
		f := strings.Split(line, "\t")
		if len(f) != 4 || f[0] != owner {
			continue
		}
		out = append(out, Property{f[1], f[2], f[3]})
		pkg, _, _ := strings.Cut(owner, ".")
		if elem, ok := strings.CutPrefix(f[2], "list of "); ok {
			for _, p := range structHelp(pkg + "." + elem) {
				p.Name = f[1] + "[]." + p.Name
				out = append(out, p)
			}
		}
	}
	return out
}
