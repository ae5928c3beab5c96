// Package yaml reads and writes YAML as js-yaml 4 does.
package yaml

import (
	"errors"

	"github.com/lockstep-flows/lockstep/engine/value"
)

// Parse reads one YAML document.
func Parse(text string) (value.Value, error) {
	return value.Undefined, errors.New("YAML is not available yet")
}
