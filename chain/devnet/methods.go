package devnet

import (
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/lockstep-flows/lockstep/chain/keys"
)

// json is the header as the RPC spells it.
func (b *block) json() map[string]any {
	return map[string]any{"parentHash": hex0x(b.parent[:]), "number": "0x" + strconv.FormatUint(uint64(b.number), 16), "stateRoot": hex0x(b.stateRoot[:]),
		"extrinsicsRoot": hex0x(b.body[:]), "digest": map[string]any{"logs": []string{}}}
}

// json is the runtime's version as the RPC spells it.
func (r *runtime) json() map[string]any {
	var list []any
	for _, a := range apis {
		list = append(list, []any{"0x" + a.hash, a.version})
	}
	return map[string]any{"specName": specName, "implName": specName, "authoringVersion": 1, "specVersion": r.spec, "implVersion": 0, "apis": list, "transactionVersion": txVersion, "systemVersion": 1, "stateVersion": 1}
}

// changes are the values of keys at a block as the RPC spells them.
func (c *Chain) changes(b *block, names []string) map[string]any {
	list := make([][2]*string, 0, len(names))
	for _, k := range names {
		name := hex0x([]byte(k))
		pair := [2]*string{&name, nil}
		if v := c.store.get(k, b.number); v != nil {
			text := hex0x(v)
			pair[1] = &text
		}
		list = append(list, pair)
	}
	return map[string]any{"block": hex0x(b.hash[:]), "changes": list}
}

// params reads the parameters of a method; the first error counts.
type params struct {
	list []json.RawMessage
	err  *rpcError
}

func (p *params) at(i int) json.RawMessage {
	if i >= len(p.list) || string(p.list[i]) == "null" {
		return nil
	}
	return p.list[i]
}

func (p *params) fail(i int, what string) {
	if p.err == nil {
		p.err = &rpcError{-32602, "Invalid params", fmt.Sprintf("parameter %d: %s", i+1, what)}
	}
}

func (p *params) read(i int, v any) bool {
	raw := p.at(i)
	if raw == nil {
		return false
	}
	if json.Unmarshal(raw, v) != nil {
		p.fail(i, "it cannot be read")
		return false
	}
	return true
}

func (p *params) text(i int) string {
	var s string
	if !p.read(i, &s) {
		p.fail(i, "a text is needed")
	}
	return s
}

func unhex(s string) ([]byte, error) {
	digits, ok := strings.CutPrefix(s, "0x")
	if !ok {
		return nil, errors.New("hex begins with 0x")
	}
	return hex.DecodeString(digits)
}

func (p *params) bytes(i int) []byte {
	b, err := unhex(p.text(i))
	if err != nil {
		p.fail(i, "it is no hex")
	}
	return b
}

func (p *params) keys(i int) []string {
	var list []string
	p.read(i, &list)
	out := make([]string, len(list))
	for j, s := range list {
		b, err := unhex(s)
		if err != nil {
			p.fail(i, "it is no hex")
		}
		out[j] = string(b)
	}
	return out
}

// block is the one whose hash a parameter is, the best if there is none.
func (c *Chain) block(p *params, i int) *block {
	if p.at(i) == nil {
		return c.best()
	}
	raw := p.bytes(i)
	if len(raw) != 32 {
		p.fail(i, "a hash has 32 bytes")
		return c.best()
	}
	n, ok := c.byHash[[32]byte(raw)]
	if b := c.blocks[n]; ok && b != nil {
		return b
	}
	if p.err == nil {
		p.err = &rpcError{4003, "Client error: UnknownBlock: State already discarded or unknown for " + hex0x(raw), nil}
	}
	return c.best()
}

type methodFunc func(c *Chain, s *session, p *params) (any, *rpcError)

// call answers a method.
func (c *Chain) call(s *session, name string, list []json.RawMessage) (any, *rpcError) {
	if to, ok := aliases[name]; ok {
		name = to
	}
	f, ok := c.methods[name]
	if !ok {
		if sub, ok := subscriptions[name]; ok {
			return c.subscribe(s, sub, &params{list: list})
		}
		if unsubscriptions[name] {
			var id string
			p := &params{list: list}
			return s != nil && p.read(0, &id) && s.unsubscribe(id), nil
		}
		return nil, &rpcError{-32601, "Method not found", nil}
	}
	p := &params{list: list}
	if !unlocked[name] {
		c.lock.RLock()
		defer c.lock.RUnlock()
	}
	v, e := f(c, s, p)
	if p.err != nil {
		return nil, p.err
	}
	return v, e
}

// aliases are other names of methods.
var aliases = map[string]string{
	"chain_getHead": "chain_getBlockHash", "chain_getFinalisedHead": "chain_getFinalizedHead", "chain_getRuntimeVersion": "state_getRuntimeVersion",
	"state_getStorageAt": "state_getStorage", "state_getStorageHashAt": "state_getStorageHash", "state_getStorageSizeAt": "state_getStorageSize",
	"state_getKeysPagedAt": "state_getKeysPaged", "state_callAt": "state_call", "account_nextIndex": "system_accountNextIndex",
	"subscribe_newHead": "chain_subscribeNewHeads", "chain_subscribeNewHead": "chain_subscribeNewHeads", "chain_subscribeFinalisedHeads": "chain_subscribeFinalizedHeads",
	"chain_subscribeRuntimeVersion": "state_subscribeRuntimeVersion",
}

// unlocked are the methods that take the lock themselves.
var unlocked = map[string]bool{"author_submitExtrinsic": true, "dev_newBlock": true}

var subscriptions = map[string]subscription{
	"chain_subscribeNewHeads":        {kind: "new", notice: "chain_newHead"},
	"chain_subscribeAllHeads":        {kind: "all", notice: "chain_allHead"},
	"chain_subscribeFinalizedHeads":  {kind: "final", notice: "chain_finalizedHead"},
	"state_subscribeRuntimeVersion":  {kind: "version", notice: "state_runtimeVersion"},
	"state_subscribeStorage":         {kind: "storage", notice: "state_storage"},
	"author_submitAndWatchExtrinsic": {kind: "watch", notice: "author_extrinsicUpdate"},
}

var unsubscriptions = map[string]bool{
	"chain_unsubscribeNewHeads": true, "chain_unsubscribeNewHead": true, "unsubscribe_newHead": true, "chain_unsubscribeAllHeads": true, "chain_unsubscribeFinalizedHeads": true,
	"chain_unsubscribeFinalisedHeads": true, "state_unsubscribeRuntimeVersion": true, "chain_unsubscribeRuntimeVersion": true, "state_unsubscribeStorage": true, "author_unwatchExtrinsic": true,
}

func (c *Chain) subscribe(s *session, sub subscription, p *params) (any, *rpcError) {
	if s == nil {
		return nil, &rpcError{-32601, "Subscriptions need a WebSocket", nil}
	}
	if sub.kind == "storage" {
		sub.keys = p.keys(0)
		if len(sub.keys) == 0 {
			p.fail(0, "keys are needed")
		}
	}
	var raw []byte
	if sub.kind == "watch" {
		raw = p.bytes(0)
	}
	if p.err != nil {
		return nil, p.err
	}
	id, e := s.subscribe(&sub)
	if e != nil || sub.kind != "watch" {
		return id, e
	}
	if _, e := c.submit(raw, func(status any) { s.tell(id, status) }); e != nil {
		s.unsubscribe(id)
		return nil, e
	}
	return id, nil
}

// constantly answers always the same.
func constantly(v any) methodFunc {
	return func(*Chain, *session, *params) (any, *rpcError) { return v, nil }
}

// methods of the RPC, by name.
func methods() map[string]methodFunc {
	return map[string]methodFunc{
		"system_name":                 constantly("lockstep devnet"),
		"system_version":              constantly("1"),
		"system_chain":                func(c *Chain, _ *session, _ *params) (any, *rpcError) { return c.s.Name, nil },
		"system_chainType":            constantly("Development"),
		"system_properties":           constantly(map[string]any{"ss58Format": 42, "tokenDecimals": 18, "tokenSymbol": "EWT"}),
		"system_health":               constantly(map[string]any{"peers": 0, "isSyncing": false, "shouldHavePeers": false}),
		"system_nodeRoles":            constantly([]string{"Authority"}),
		"system_peers":                constantly([]string{}),
		"system_localListenAddresses": constantly([]string{}),
		"system_localPeerId":          constantly("lockstep"),
		"system_syncState":            syncState,
		"system_accountNextIndex":     accountNextIndex,
		"chain_getBlockHash":          getBlockHash,
		"chain_getFinalizedHead":      func(c *Chain, _ *session, _ *params) (any, *rpcError) { return hex0x(c.hashes[c.finalized()][:]), nil },
		"chain_getHeader":             getHeader,
		"chain_getBlock":              getBlock,
		"state_getStorage":            getStorage,
		"state_getStorageHash":        getStorageHash,
		"state_getStorageSize":        getStorageSize,
		"state_getKeys":               func(c *Chain, _ *session, p *params) (any, *rpcError) { return c.keysOf(p, 0, -1, 1<<20, 1), nil },
		"state_getKeysPaged":          getKeysPaged,
		"state_queryStorageAt":        queryStorageAt,
		"state_queryStorage":          queryStorage,
		"state_getMetadata":           func(c *Chain, _ *session, _ *params) (any, *rpcError) { return hex0x(c.r.v14), nil },
		"state_getRuntimeVersion":     func(c *Chain, _ *session, p *params) (any, *rpcError) { c.block(p, 0); return c.r.json(), nil },
		"state_call":                  stateCall,
		"author_submitExtrinsic":      submitExtrinsic,
		"author_pendingExtrinsics":    pendingExtrinsics,
		"payment_queryInfo":           queryInfo,
		"payment_queryFeeDetails":     queryFeeDetails,
		"rpc_methods":                 rpcMethods,
		"dev_newBlock":                newBlock,
	}
}

func rpcMethods(c *Chain, _ *session, _ *params) (any, *rpcError) {
	names := slices.Collect(maps.Keys(c.methods))
	names = slices.AppendSeq(names, maps.Keys(aliases))
	names = slices.AppendSeq(names, maps.Keys(subscriptions))
	names = slices.AppendSeq(names, maps.Keys(unsubscriptions))
	slices.Sort(names)
	return map[string]any{"methods": names}, nil
}

func syncState(c *Chain, _ *session, _ *params) (any, *rpcError) {
	n := len(c.hashes) - 1
	return map[string]any{"startingBlock": 0, "currentBlock": n, "highestBlock": n}, nil
}

func accountNextIndex(c *Chain, _ *session, p *params) (any, *rpcError) {
	id, _, err := keys.ParseAddress(p.text(0))
	if err != nil {
		p.fail(0, err.Error())
	}
	return c.nextNonce(id), nil
}

func getBlockHash(c *Chain, _ *session, p *params) (any, *rpcError) {
	one := func(v any) any {
		n := uint64(1 << 40)
		switch v := v.(type) {
		case float64:
			n = uint64(v)
		case string:
			n, _ = strconv.ParseUint(strings.TrimPrefix(v, "0x"), 16, 64)
		}
		if n >= uint64(len(c.hashes)) {
			return nil
		}
		return hex0x(c.hashes[n][:])
	}
	var v any
	if !p.read(0, &v) {
		return one(float64(len(c.hashes) - 1)), nil
	}
	if list, ok := v.([]any); ok {
		out := []any{}
		for _, n := range list {
			out = append(out, one(n))
		}
		return out, nil
	}
	return one(v), nil
}

// known is the block of a parameter, nil if there is none.
func (c *Chain) known(p *params) *block {
	b := c.block(p, 0)
	if p.err != nil && p.err.Code == 4003 {
		p.err = nil
		return nil
	}
	return b
}

func getHeader(c *Chain, _ *session, p *params) (any, *rpcError) {
	if b := c.known(p); b != nil {
		return b.json(), nil
	}
	return nil, nil
}

func getBlock(c *Chain, _ *session, p *params) (any, *rpcError) {
	b := c.known(p)
	if b == nil {
		return nil, nil
	}
	list := make([]string, len(b.transactions))
	for i, t := range b.transactions {
		list[i] = hex0x(t)
	}
	return map[string]any{"block": map[string]any{"header": b.json(), "extrinsics": list}, "justifications": nil}, nil
}

func submitExtrinsic(c *Chain, _ *session, p *params) (any, *rpcError) {
	raw := p.bytes(0)
	if p.err != nil {
		return nil, p.err
	}
	h, e := c.submit(raw, nil)
	if e != nil {
		return nil, e
	}
	return hex0x(h[:]), nil
}

func pendingExtrinsics(c *Chain, _ *session, _ *params) (any, *rpcError) {
	out := []string{}
	for _, p := range c.pool.list {
		out = append(out, hex0x(p.raw))
	}
	return out, nil
}

func newBlock(c *Chain, _ *session, p *params) (any, *rpcError) {
	o := struct {
		Count int `json:"count"`
	}{1}
	p.read(0, &o)
	var h [32]byte
	for range max(1, min(o.Count, 100_000)) {
		var err error
		if h, err = c.Seal(); err != nil {
			return nil, &rpcError{-32603, "Internal error", err.Error()}
		}
	}
	return hex0x(h[:]), nil
}
