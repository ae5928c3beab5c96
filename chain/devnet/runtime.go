package devnet

import (
	"maps"
	"slices"

	"github.com/lockstep-flows/lockstep/chain/metadata"
	"github.com/lockstep-flows/lockstep/chain/scale"
)

// The runtime's name and versions. Spec 73 has the worker pallet exactly as the public
// metadata of that version has it; the later one has what came after.
const (
	specName  = "lockstep-devnet"
	spec73    = 73
	specLater = 80
	txVersion = 1
)

// extensions of a transaction, in order: name, data, what is only signed.
var extensions = [][3]string{
	{"CheckNonZeroSender", "CheckNonZeroSender", "()"},
	{"CheckSpecVersion", "CheckSpecVersion", "u32"},
	{"CheckTxVersion", "CheckTxVersion", "u32"},
	{"CheckGenesis", "CheckGenesis", "H256"},
	{"CheckMortality", "CheckMortality", "H256"},
	{"CheckNonce", "CheckNonce", "()"},
	{"CheckWeight", "CheckWeight", "()"},
	{"ChargeTransactionPayment", "ChargeTransactionPayment", "()"},
}

// method of a runtime API: name, inputs ("name type; …"), output.
type method struct{ name, inputs, output string }

// api is one with its version and the hash of its name.
type api struct {
	name, hash string
	version    uint32
	methods    []method
}

// apis of the runtime.
var apis = []api{
	{"Core", "df6acb689907609b", 4, []method{{"version", "", "RuntimeVersion"}}},
	{"Metadata", "37e397fc7c91f5e4", 2, []method{{"metadata", "", "OpaqueMetadata"}, {"metadata_at_version", "version u32", "Option<OpaqueMetadata>"}, {"metadata_versions", "", "Vec<u32>"}}},
	{"AccountNonceApi", "bc9d89904f5b923f", 1, []method{{"account_nonce", "account AccountId32", "u32"}}},
	{"TransactionPaymentApi", "37c8bb1350a9a2a8", 4, []method{{"query_info", "uxt Bytes; len u32", "RuntimeDispatchInfo"}, {"query_fee_details", "uxt Bytes; len u32", "FeeDetails"}}},
	{"WorkerSolutionApi", "9a205aa4a7506aa1", 1, []method{{"query_stake", "operator AccountId32; group BoundedVec<u8>", "(u32, u128, u128)"}}},
}

// runtime is what the chain runs: its metadata as bytes and as its own code uses it.
type runtime struct {
	later    bool
	spec     uint32
	v14, v15 []byte
	version  []byte // encoded RuntimeVersion
	meta     *metadata.Metadata
	entries  map[string]*metadata.Entry
	events   map[string]caseOf
	errors   map[string]caseOf
	calls    map[string]callFunc
}

// caseOf is a case of a pallet's enumeration.
type caseOf struct {
	pallet uint8
	c      scale.Case
}

// newRuntime builds the runtime, with or without what came after spec 73.
func newRuntime(later bool) (*runtime, error) {
	r := &runtime{later: later, spec: spec73}
	if later {
		r.spec = specLater
	}
	list := append(slices.Clone(pallets), workerPallet)
	b := newBuilder(later, list, common, workerTypes, []named{{"Bytes", "Vec<u8>"}})
	w := &writer{b: b}
	if err := w.prepare(r); err != nil {
		return nil, err
	}
	r.v14, r.v15 = w.write(14), w.write(15)
	if b.err != nil {
		return nil, b.err
	}
	var err error
	if r.meta, err = metadata.Decode(r.v15); err != nil {
		return nil, err
	}
	r.index()
	r.calls = systemCalls()
	maps.Copy(r.calls, workerCalls())
	maps.Copy(r.calls, groupCalls())
	return r, nil
}

// index makes what the runtime's code looks up at every step.
func (r *runtime) index() {
	r.entries, r.events, r.errors = map[string]*metadata.Entry{}, map[string]caseOf{}, map[string]caseOf{}
	for _, p := range r.meta.Pallets {
		for _, e := range p.Storage {
			r.entries[p.Name+"."+e.Name] = e
		}
		for id, to := range map[int64]map[string]caseOf{p.Events: r.events, p.Errors: r.errors} {
			if id < 0 {
				continue
			}
			t, err := r.meta.Types.Type(uint32(id))
			if err != nil {
				continue
			}
			for _, c := range t.Cases {
				to[p.Name+"."+c.Name] = caseOf{p.Index, c}
			}
		}
	}
}
