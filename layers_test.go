package lockstep_test

import (
	"go/build"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"
)

const module = "github.com/lockstep-flows/lockstep/"

// layers says what each package of ours may import of ours; a name that ends with
// a slash stands for all below it. The first line that fits counts.
var layers = []struct {
	pkg     string
	imports []string
}{
	{"cmd/", []string{"*"}},
	{"conformance/rut", []string{"engine", "engine/flow", "engine/live", "engine/live/all", "engine/value", "nodes"}},
	{"conformance/cmd/", []string{"conformance", "conformance/random", "conformance/rut", "nodes"}},
	{"conformance/random", []string{"conformance"}},
	{"conformance", []string{"examples"}},
	{"examples", nil},
	{"chain/scale", nil},
	{"chain/keys", nil},
	{"chain/metadata", []string{"chain/scale"}},
	{"chain/rpc", nil},
	{"chain/extrinsic", []string{"chain/metadata", "chain/scale"}},
	{"chain/devnet", []string{"chain/extrinsic", "chain/keys", "chain/metadata", "chain/scale"}},
	{"chain/indexer", []string{"chain", "chain/extrinsic", "chain/keys", "chain/metadata", "chain/rpc", "chain/scale"}},
	{"chain/interop", []string{"chain", "chain/devnet", "chain/keys"}},
	{"chain", []string{"chain/extrinsic", "chain/keys", "chain/metadata", "chain/rpc", "chain/scale", "consensus"}},
	{"condition", []string{"engine/value"}},
	{"content", nil},
	{"consensus", []string{"condition", "engine", "engine/journal", "engine/value"}},
	{"worker", []string{"consensus", "content", "engine", "engine/flow", "engine/journal", "engine/live", "engine/live/all", "engine/live/energyweb", "engine/live/httpclient", "engine/live/sqlite", "engine/value", "nodes"}},
	{"worker/onchain", []string{"chain", "chain/keys", "chain/rpc", "chain/scale", "consensus", "worker"}},
	{"demo", []string{"chain", "chain/devnet", "chain/indexer", "chain/keys", "chain/scale", "consensus", "content", "engine", "engine/flow", "engine/flow/svg", "engine/value", "worker", "worker/onchain"}},
	{"flowtest", []string{"condition", "engine", "engine/flow", "engine/flow/svg", "engine/journal", "engine/js", "engine/live", "engine/value", "nodes", "nodes/function", "userdir"}},
	{"admin", []string{"engine", "engine/flow", "engine/live", "engine/mustache", "engine/value"}},
	{"userdir", []string{"engine", "engine/js", "engine/value"}},
	{"nodes/gen", nil},
	{"nodes/parsers", []string{"engine", "engine/regex", "engine/value", "nodes/parsers/schema", "nodes/parsers/xml", "nodes/parsers/yaml"}},
	{"nodes/parsers/", []string{"engine/regex", "engine/value"}}, // formats, as leaves
	{"nodes/function", []string{"engine", "engine/flow", "engine/js", "engine/mustache", "engine/regex", "engine/value", "nodes/parsers/yaml"}},
	{"nodes/energyweb", []string{"consensus", "engine", "engine/js", "engine/value", "nodes/function", "nodes/parsers/schema"}},
	{"nodes/", []string{"engine", "engine/flow", "engine/mustache", "engine/regex", "engine/value", "engine/weburl", "nodes/parsers/yaml"}},
	{"nodes", []string{"engine", "nodes/common", "nodes/energyweb", "nodes/function", "nodes/network", "nodes/parsers", "nodes/sequence", "nodes/storage"}},
	{"engine/live", []string{"engine", "engine/regex", "engine/value", "engine/weburl"}},
	{"engine/live/all", []string{"engine/live", "engine/live/exec", "engine/live/httpclient", "engine/live/mqtt", "engine/live/socket", "engine/live/watch", "engine/live/websocket", "engine/value"}},
	{"engine/live/", []string{"engine", "engine/live", "engine/value", "engine/weburl"}}, // clients with dependencies
	{"engine/journal", []string{"engine", "engine/value"}},
	{"engine/jsonata", []string{"engine/moment", "engine/regex", "engine/value"}},
	{"engine/js", []string{"engine/regex", "engine/value"}},
	{"engine/moment", []string{"engine/value"}},
	{"engine/mustache", []string{"engine/value"}},
	{"engine/regex", []string{"engine/value"}},
	{"engine/flow", []string{"engine/value"}},
	{"engine/flow/", []string{"engine/flow", "engine/value"}},
	{"engine/value", nil},
	{"engine/weburl", nil},
	{"audit", []string{"engine/flow", "engine/js", "engine/value"}},
	{"determinism", nil},
	{"engine", []string{"engine/flow", "engine/jsonata", "engine/moment", "engine/regex", "engine/value"}},
}

// outside says where outside packages may be imported.
var outside = map[string][]string{
	"github.com/dop251/goja":                  {"engine/js"},
	"github.com/evanw/esbuild":                {"engine/js"},
	"github.com/robfig/cron":                  {"nodes/common"},
	"github.com/andybalholm/cascadia":         {"nodes/parsers"},
	"golang.org/x/net":                        {"nodes/parsers", "engine/live", "engine/weburl"},
	"golang.org/x/term":                       {"cmd/"},
	"golang.org/x/text":                       {"nodes/storage", "engine/js", "engine/jsonata", "engine/value"},
	"golang.org/x/tools":                      {"conformance"},
	"golang.org/x/crypto":                     {"engine/js", "engine/live", "userdir", "admin", "chain", "consensus", "worker", "cmd/"},
	"github.com/go-resty/resty":               {"engine/live/httpclient"},
	"github.com/eclipse/paho":                 {"engine/live/mqtt"},
	"github.com/mochi-mqtt/server":            {"engine/live/mqtt", "conformance"},
	"github.com/coder/websocket":              {"engine/live/mqtt", "engine/live/websocket", "admin", "chain/devnet", "chain/rpc", "cmd/"},
	"github.com/fsnotify/fsnotify":            {"engine/live/watch"},
	"software.sslmate.com/":                   {"engine/live"},
	"github.com/oasisprotocol/curve25519-voi": {"chain"},
	"github.com/decred/dcrd":                  {"chain/keys"},
	"github.com/tyler-smith/go-bip39":         {"chain/keys"},
	"github.com/mr-tron/base58":               {"chain/keys"},
	"github.com/cespare/xxhash":               {"chain/metadata"},
	"github.com/vektah/gqlparser":             {"chain/indexer"},
	"github.com/ipfs/go-cid":                  {"content"},
	"github.com/multiformats/go-multihash":    {"content"},
	"modernc.org/sqlite":                      {"engine/live/sqlite"},
	"github.com/expr-lang/expr":               {"condition"},
	"gopkg.in/yaml.v3":                        {"flowtest"},
	"github.com/spf13/":                       {"cmd/"},
	"github.com/rogpeppe/go-internal":         {"cmd/"},
	"github.com/dlclark/regexp2":              {"engine/js"},
	"github.com/go-sourcemap/sourcemap":       {"engine/js"},
}

// TestLayers fails if a package reaches around the layers, or an outside package
// is imported in a second place.
func TestLayers(t *testing.T) {
	seen := 0
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.IsDir() {
			return err
		}
		if name := d.Name(); name == "node_modules" || name == "testdata" || strings.HasPrefix(name, ".") && name != "." {
			return filepath.SkipDir
		}
		p, err := build.ImportDir(path, 0)
		if err != nil {
			return nil //nolint:nilerr // a folder without Go files
		}
		seen++
		pkg := filepath.ToSlash(path)
		for _, imp := range p.Imports {
			if why := refused(pkg, imp); why != "" {
				t.Errorf("%s imports %s: %s", pkg, imp, why)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if seen < 10 {
		t.Fatalf("only %d packages were found", seen)
	}
}

func refused(pkg, imp string) string {
	if own, ok := strings.CutPrefix(imp, module); ok {
		for _, l := range layers {
			if pkg != l.pkg && !(strings.HasSuffix(l.pkg, "/") && strings.HasPrefix(pkg, l.pkg)) {
				continue
			}
			for _, may := range l.imports {
				if may == "*" || may == own {
					return ""
				}
			}
			return "the layers do not allow it"
		}
		return "the package is not in the table of layers"
	}
	if first, _, _ := strings.Cut(imp, "/"); !strings.Contains(first, ".") {
		return ""
	}
	for prefix, homes := range outside {
		if !strings.HasPrefix(imp, prefix) {
			continue
		}
		for _, h := range homes {
			if strings.HasPrefix(pkg+"/", strings.TrimSuffix(h, "/")+"/") {
				return ""
			}
		}
		return "its place is " + strings.Join(homes, ", ")
	}
	return "the outside package is not in the table"
}
