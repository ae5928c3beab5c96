package devnet

import (
	"fmt"
	"math/big"

	"github.com/lockstep-flows/lockstep/chain/extrinsic"
	"github.com/lockstep-flows/lockstep/chain/keys"
	"github.com/lockstep-flows/lockstep/chain/scale"
)

// pooled is a transaction that waits.
type pooled struct {
	raw    []byte
	hash   [32]byte
	d      *extrinsic.Decoded
	who    [32]byte
	signed bool
	// tag of an unsigned one: no other with the same may wait.
	tag string
	// watch tells who submitted it what becomes of it; may be nil.
	watch func(status any)
	// until is the first block in which it is not valid any more.
	until uint64
	gone  bool
}

func newPooled(raw []byte, d *extrinsic.Decoded) *pooled {
	p := &pooled{raw: raw, hash: extrinsic.Hash(raw), d: d}
	p.who, p.signed = d.Account()
	if !p.signed {
		p.tag = string(blob(d.Args.Get("solution_namespace"))) + "\x00" + string(blob(d.Args.Get("voting_round_id"))) + "\x00" + string(blob(d.Args.Get("pub_key")))
	}
	return p
}

// pool holds what waits, in the order of arrival.
type pool struct {
	max    int
	list   []*pooled
	hashes map[[32]byte]*pooled
	tags   map[string]bool
	// recent are transactions that were included lately, by their block.
	recent map[[32]byte]uint32
	byAge  map[uint32][][32]byte
	// ready is how many could be included now.
	ready int
	// final are those whose block is not final yet.
	final map[uint32][]*pooled
}

func newPool(max int) *pool {
	return &pool{max: max, hashes: map[[32]byte]*pooled{}, tags: map[string]bool{}, recent: map[[32]byte]uint32{}, byAge: map[uint32][][32]byte{}, final: map[uint32][]*pooled{}}
}

// rpcError is an error of a method.
type rpcError struct {
	Code    int    `json:"code"`
	Message string `json:"message"`
	Data    any    `json:"data,omitempty"`
}

func (e *rpcError) Error() string { return fmt.Sprintf("%s (%d)", e.Message, e.Code) }

func invalid(why string) *rpcError {
	return &rpcError{1010, "Invalid Transaction", why}
}

// bannedFor is for how many blocks a transaction that was included cannot come again.
const bannedFor = 64

// Submit takes a transaction, as author_submitExtrinsic does.
func (c *Chain) Submit(raw []byte) ([32]byte, error) {
	h, e := c.submit(raw, nil)
	if e != nil {
		return h, e
	}
	return h, nil
}

func (c *Chain) submit(raw []byte, watch func(any)) ([32]byte, *rpcError) {
	d, err := extrinsic.Decode(c.r.meta, raw)
	if err != nil {
		return [32]byte{}, &rpcError{1002, "Verification Error: Runtime error: Execution failed", err.Error()}
	}
	p := newPooled(raw, d)
	p.watch = watch
	if e := c.checkSignature(p); e != nil {
		return p.hash, e
	}
	c.lock.Lock()
	e := c.enter(p)
	c.lock.Unlock()
	if e != nil {
		return p.hash, e
	}
	c.wake()
	return p.hash, nil
}

// checkSignature verifies what can be verified without the state, outside the lock.
func (c *Chain) checkSignature(p *pooled) *rpcError {
	if !p.signed {
		if p.d.Signer != nil || p.d.General {
			return invalid("Transaction has a bad signature")
		}
		if p.d.Pallet != "WorkerNodePallet" || p.d.Call != "submit_solution_result" {
			return &rpcError{1011, "Unknown Transaction Validity", "Could not find an unsigned validator for the unsigned transaction"}
		}
		return nil
	}
	era := p.d.Era()
	ctx := extrinsic.Context{SpecVersion: c.r.spec, TxVersion: txVersion, Genesis: c.Genesis()}
	if era.Period > 0 {
		c.lock.RLock()
		birth := era.Birth(uint64(len(c.hashes) - 1))
		p.until = birth + era.Period
		if birth < uint64(len(c.hashes)) {
			ctx.EraBlock = c.hashes[birth]
		}
		c.lock.RUnlock()
	}
	msg, err := p.d.Signed(c.r.meta, ctx)
	sig, _ := p.d.Signature.(*scale.Variant)
	if err != nil || sig == nil {
		return invalid("Transaction has a bad signature")
	}
	scheme := map[string]keys.Scheme{"Ed25519": keys.Ed25519, "Sr25519": keys.Sr25519, "Ecdsa": keys.Ecdsa}[sig.Name]
	if !keys.VerifyAccount(scheme, p.who, msg, blob(sig.Fields.At(0))) {
		return invalid("Transaction has a bad signature")
	}
	return nil
}

// enter adds a transaction to the pool.
func (c *Chain) enter(p *pooled) *rpcError {
	if c.failed != nil {
		return &rpcError{-32603, "Internal error", c.failed.Error()}
	}
	if c.pool.hashes[p.hash] != nil {
		return &rpcError{1013, "Transaction Already Imported", hex0x(p.hash[:])}
	}
	if _, ok := c.pool.recent[p.hash]; ok {
		return &rpcError{1012, "Transaction is temporarily banned", nil}
	}
	if len(c.pool.hashes) >= c.pool.max {
		return &rpcError{1016, "Immediately Dropped", "The transaction couldn't enter the pool because of the limit"}
	}
	x := c.exec(uint32(len(c.hashes)))
	if !p.signed {
		if c.pool.tags[p.tag] {
			return &rpcError{1014, "Priority is too low: (0 vs 0)", "The transaction has too low priority to replace another transaction already in the pool."}
		}
		if c.s.CheckVotesInPool {
			if _, err := x.checkVote(p.d.Args); err != nil {
				return invalid(fmt.Sprintf("Custom error: %d", x.errorIndex(err)))
			}
		}
		c.pool.tags[p.tag] = true
	} else {
		if nonce := small(x.accountOf(p.who).Get("nonce")); p.d.Nonce() < nonce {
			return invalid("Transaction is outdated")
		}
		if free, _ := x.balance(p.who); free.Cmp(x.fee(p)) < 0 {
			return invalid("Inability to pay some fees (e.g. account balance too low)")
		}
	}
	c.pool.hashes[p.hash] = p
	c.pool.list = append(c.pool.list, p)
	c.pool.ready++
	if p.watch != nil {
		p.watch("ready")
	}
	return nil
}

func (x *exec) errorIndex(err error) int {
	if f, ok := err.(*failure); ok {
		return int(x.r.errors[f.name].c.Index)
	}
	return 0
}

// fee of a signed transaction.
func (x *exec) fee(p *pooled) *big.Int { return new(big.Int).Add(x.s.Fee, p.d.Tip()) }

// take carries out what waits and can be included, up to a number.
func (q *pool) take(x *exec, b *block, most int) []*pooled {
	var out []*pooled
	for progress := true; progress && len(out) < most; {
		progress = false
		var rest []*pooled
		for _, p := range q.list {
			if len(out) == most {
				rest = append(rest, p)
				continue
			}
			switch x.valid(p) {
			case waiting:
				rest = append(rest, p)
			case over:
				p.gone = true
				out = append(out, p)
			case good:
				x.apply(b, p)
				out = append(out, p)
				progress = true
			}
		}
		q.list = rest
		if len(rest) == 0 {
			break
		}
	}
	q.ready = 0
	if len(out) >= most {
		q.ready = len(q.list)
	}
	return out
}

const (
	good = iota
	waiting
	over
)

// valid reports whether a transaction can be included in the block now, later or never.
func (x *exec) valid(p *pooled) int {
	if !p.signed {
		return good
	}
	nonce := small(x.accountOf(p.who).Get("nonce"))
	free, _ := x.balance(p.who)
	switch {
	case p.d.Nonce() < nonce, p.until > 0 && uint64(x.block) >= p.until:
		return over
	case p.d.Nonce() > nonce:
		return waiting
	case free.Cmp(x.fee(p)) < 0:
		return over
	}
	return good
}

// included takes what a block has, or what can never be included, out of the pool.
func (q *pool) included(list []*pooled, b *block) {
	for _, p := range list {
		delete(q.hashes, p.hash)
		delete(q.tags, p.tag)
		if p.gone {
			if p.watch != nil {
				p.watch("invalid")
			}
			continue
		}
		q.recent[p.hash] = b.number
		q.byAge[b.number] = append(q.byAge[b.number], p.hash)
		if p.watch != nil {
			p.watch(map[string]string{"inBlock": hex0x(b.hash[:])})
			q.final[b.number] = append(q.final[b.number], p)
		}
	}
	if b.number > bannedFor {
		old := b.number - bannedFor
		for _, h := range q.byAge[old] {
			delete(q.recent, h)
		}
		delete(q.byAge, old)
	}
}

// finalize tells those who watch that a block is final.
func (q *pool) finalize(b *block) {
	for _, p := range q.final[b.number] {
		p.watch(map[string]string{"finalized": hex0x(b.hash[:])})
	}
	delete(q.final, b.number)
}

// nextNonce of an account, counting what waits.
func (c *Chain) nextNonce(who [32]byte) uint64 {
	n := small(c.exec(0).accountOf(who).Get("nonce"))
	used := map[uint64]bool{}
	for _, p := range c.pool.list {
		if p.signed && p.who == who {
			used[p.d.Nonce()] = true
		}
	}
	for used[n] {
		n++
	}
	return n
}

// apply carries out a transaction that may be in the block.
func (x *exec) apply(b *block, p *pooled) {
	x.phaseOf(len(b.transactions))
	b.transactions = append(b.transactions, p.raw)
	o := origin{signed: p.signed, who: p.who}
	fee := new(big.Int)
	if p.signed {
		fee = x.fee(p)
		a := x.accountOf(p.who)
		x.put("System.Account", with(a, "nonce", small(a.Get("nonce"))+1), p.who)
		free, reserved := x.balance(p.who)
		x.setBalance(p.who, new(big.Int).Sub(free, fee), reserved)
		x.put("Balances.TotalIssuance", new(big.Int).Sub(number(x.get("Balances.TotalIssuance")), fee))
		x.emit("Balances.Withdraw", p.who, fee)
	}
	err := x.dispatch(o, p.d.Pallet, p.d.Call, p.d.Args)
	if p.signed {
		x.emit("TransactionPayment.TransactionFeePaid", p.who, fee, p.d.Tip())
	}
	if err != nil {
		x.emit("System.ExtrinsicFailed", x.dispatchError(err), dispatchInfo("Normal"))
		return
	}
	x.emit("System.ExtrinsicSuccess", dispatchInfo("Normal"))
}
