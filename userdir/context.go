package userdir

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/lockstep-flows/lockstep/engine/value"
)

// readContext reads the folder of a store: values by scope ("global", a flow's id,
// "node:flow").
func readContext(dir string) (map[string]*value.Object, error) {
	out := map[string]*value.Object{}
	files, err := filepath.Glob(filepath.Join(dir, "*", "*.json"))
	if err != nil {
		return nil, err
	}
	for _, file := range files {
		folder, name := filepath.Base(filepath.Dir(file)), strings.TrimSuffix(filepath.Base(file), ".json")
		if strings.HasPrefix(folder, ".") {
			continue
		}
		scope := name + ":" + folder
		switch {
		case folder == "global":
			scope = "global"
		case name == "flow":
			scope = folder
		}
		text, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		if len(text) == 0 {
			continue
		}
		v, err := value.ParseJSON(value.Text(text))
		if err != nil || v.Object() == nil {
			return nil, fmt.Errorf("%s is not a JSON object: mend it or move it away", file)
		}
		out[scope] = v.Object()
	}
	return out, nil
}
