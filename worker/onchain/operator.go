package onchain

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"math/big"
	"slices"
	"strings"

	"golang.org/x/crypto/blake2b"

	"github.com/lockstep-flows/lockstep/chain"
	"github.com/lockstep-flows/lockstep/chain/scale"
)

// Period is a reward period.
type Period struct {
	Index uint32 `json:"index"`
	// First is its first block, Length how many it has.
	First  uint32 `json:"firstBlock"`
	Length uint32 `json:"length"`
}

// Begins is the first block of a later period, if the length of periods stays as it is.
func (p Period) Begins(index uint32) uint32 {
	return uint32(min(uint64(p.First)+uint64(index-p.Index)*uint64(p.Length), 1<<32-1))
}

// Stake of an operator in a group: what counts in a period, and in the one after it.
type Stake struct {
	Period        uint32
	Current, Next *big.Int
}

// Terms are what a group asks of operators.
type Terms struct {
	Group, Name string
	// MinStake and MaxStake of an operator in planck; nil where the chain does not say so.
	MinStake, MaxStake *big.Int
	// WithdrawalDelay in blocks, for which a stake is still locked after unsubscribing.
	WithdrawalDelay uint32
}

// Operator is what a chain has of an operator at a block.
type Operator struct {
	Address string `json:"address"`
	Block   uint32 `json:"block"`
	Period  Period `json:"period"`
	// SignedUp is whether it is an operator; if not, Name and Location are "".
	SignedUp bool   `json:"signedUp"`
	Name     string `json:"name"`
	Location string `json:"location"`
	// Worker is the address of the worker that is connected, "" if there is none.
	Worker string `json:"worker"`
	// Free and Reserved are the account's balance.
	Free     Amount `json:"free"`
	Reserved Amount `json:"reserved"`
	// Quota is how many votes each subscription may submit in a period; nil if the chain has
	// no such rule.
	Quota         *uint64        `json:"quota"`
	Subscriptions []Subscription `json:"subscriptions"`
}

// Subscription of an operator to a group.
type Subscription struct {
	Group string `json:"group"`
	Name  string `json:"name"`
	// Current counts in this period, Next in the one after it.
	Current  Amount `json:"currentStake"`
	Next     Amount `json:"nextStake"`
	MinStake Amount `json:"minStake"`
	MaxStake Amount `json:"maxStake"`
	// FromPeriod is the period in which it begins to count, FromBlock the first block that
	// takes votes for it; 0 if it counts already.
	FromPeriod uint32 `json:"countsFromPeriod,omitempty"`
	FromBlock  uint32 `json:"countsFromBlock,omitempty"`
	// UnsubscribesAt is the block at which a scheduled unsubscription is carried out; 0 if none
	// is.
	UnsubscribesAt uint32 `json:"unsubscribesAt,omitempty"`
	// Votes submitted in this period, nil if the chain does not count them. Correct are those
	// that agreed with a settled round, Rounds the group's rounds, where the chain has rounds.
	Votes   *uint64 `json:"votes"`
	Correct *uint64 `json:"correctVotes,omitempty"`
	Rounds  *uint64 `json:"rounds,omitempty"`
}

// snapshot reads one block of a chain.
type snapshot struct {
	c     *chain.Client
	block [32]byte
}

// get reads a value.
func (s snapshot) get(ctx context.Context, entry string, keys ...any) (any, error) {
	return s.c.Get(ctx, &s.block, Pallet, entry, keys...)
}

// count reads a number; nil if the chain has no such item. What is absent is 0.
func (s snapshot) count(ctx context.Context, entry string, keys ...any) (*uint64, error) {
	if _, err := s.c.Metadata().Storage(Pallet, entry); err != nil {
		return nil, nil //nolint:nilerr // another version of the pallet
	}
	v, err := s.get(ctx, entry, keys...)
	n, _ := v.(uint64)
	return &n, err
}

func (s snapshot) period(ctx context.Context) (Period, error) {
	v, err := s.get(ctx, "ActiveRewardPeriodInfo")
	r := record(v)
	if err == nil && r == nil {
		err = errors.New("the reward period has an unknown form")
	}
	return Period{numberOf(r.Get("index")), numberOf(r.Get("first_block")), numberOf(r.Get("length"))}, err
}

// snapshot of the best block.
func (w *Chain) snapshot(ctx context.Context) (s snapshot, number uint32, err error) {
	if s.c, err = w.read.get(ctx); err != nil {
		return s, 0, err
	}
	s.block, number, err = s.c.Head(ctx)
	return s, number, err
}

// StakeOf asks the runtime for the stake of an operator in a group, whose namespace is given
// as the chain has it.
func (w *Chain) StakeOf(ctx context.Context, operator string, group []byte) (Stake, error) {
	id, err := account(operator)
	if err != nil {
		return Stake{}, err
	}
	s, _, err := w.snapshot(ctx)
	if err != nil {
		return Stake{}, err
	}
	return s.stake(ctx, id, group)
}

func (s snapshot) stake(ctx context.Context, operator, group []byte) (Stake, error) {
	b, err := s.c.State(ctx, &s.block, "WorkerSolutionApi_query_stake", scale.AppendBytes(slices.Clone(operator), group))
	if err != nil {
		return Stake{}, err
	}
	if len(b) != 36 {
		return Stake{}, fmt.Errorf("the stake in %s has an unknown form", Name(group))
	}
	amount := func(b []byte) *big.Int {
		b = slices.Clone(b)
		slices.Reverse(b)
		return new(big.Int).SetBytes(b)
	}
	return Stake{Period: binary.LittleEndian.Uint32(b), Current: amount(b[4:20]), Next: amount(b[20:])}, nil
}

// Terms reads what a group, whose namespace is given as the chain has it, asks of operators;
// nil if there is no such group.
func (w *Chain) Terms(ctx context.Context, group []byte) (*Terms, error) {
	s, _, err := w.snapshot(ctx)
	if err != nil {
		return nil, err
	}
	v, err := s.get(ctx, "SolutionsGroups", group)
	if err != nil || v == nil {
		return nil, err
	}
	return terms(group, v), nil
}

func terms(group []byte, v any) *Terms {
	t := &Terms{Group: Name(group), Name: textOf(record(v, "info").Get("name")), WithdrawalDelay: numberOf(record(v).Get("withdrawal_delay"))}
	limits := record(v, "operators_config", "staking_amounts")
	t.MinStake, _ = limits.Get("min").(*big.Int)
	t.MaxStake, _ = limits.Get("max").(*big.Int)
	return t
}

// OperatorOf reads all about an operator, or an account that may become one, at one block.
func (w *Chain) OperatorOf(ctx context.Context, address string) (*Operator, error) {
	id, err := account(address)
	if err != nil {
		return nil, err
	}
	s, number, err := w.snapshot(ctx)
	if err != nil {
		return nil, err
	}
	o := &Operator{Address: Address(id), Block: number, Subscriptions: []Subscription{}}
	if o.Period, err = s.period(ctx); err != nil {
		return nil, err
	}
	info, err := s.get(ctx, "WorkerNodeOperatorInventory", id)
	if err != nil {
		return nil, err
	}
	o.SignedUp, o.Name, o.Location = info != nil, textOf(record(info).Get("friendly_name")), textOf(record(info).Get("legal_location"))
	worker, err := s.get(ctx, "OperatorToWorkerNode", id)
	if err != nil {
		return nil, err
	}
	b, _ := worker.([]byte)
	o.Worker = Address(b)
	data, err := s.c.Get(ctx, &s.block, "System", "Account", id)
	if err != nil {
		return nil, err
	}
	o.Free.Int, _ = record(data, "data").Get("free").(*big.Int)
	o.Reserved.Int, _ = record(data, "data").Get("reserved").(*big.Int)
	if o.Quota, err = s.count(ctx, "SubmissionsQuota"); err != nil {
		return nil, err
	}
	groups, err := subscriptions(ctx, s.c, &s.block, id)
	if err != nil {
		return nil, err
	}
	for _, g := range groups {
		sub, err := s.subscription(ctx, o.Period, id, g)
		if err != nil {
			return nil, err
		}
		o.Subscriptions = append(o.Subscriptions, sub)
	}
	slices.SortFunc(o.Subscriptions, func(a, b Subscription) int { return strings.Compare(a.Group, b.Group) })
	return o, nil
}

func (s snapshot) subscription(ctx context.Context, p Period, id, group []byte) (out Subscription, err error) {
	v, err := s.get(ctx, "SolutionsGroups", group)
	if err != nil {
		return out, err
	}
	t := terms(group, v)
	out = Subscription{Group: t.Group, Name: t.Name, MinStake: Amount{t.MinStake}, MaxStake: Amount{t.MaxStake}}
	stake, err := s.stake(ctx, id, group)
	if err != nil {
		return out, err
	}
	out.Current, out.Next = Amount{stake.Current}, Amount{stake.Next}
	if stake.Current.Sign() == 0 && stake.Next.Sign() > 0 {
		out.FromPeriod = p.Index + 1
		out.FromBlock = p.Begins(out.FromPeriod) + 1 // stakes are placed from a period's second block on
	}
	if out.UnsubscribesAt, err = s.unsubscribes(ctx, id, group); err != nil {
		return out, err
	}
	if out.Votes, err = s.count(ctx, "NumberOfSubmissions", group, p.Index, id); err != nil {
		return out, err
	}
	if out.Correct, err = s.count(ctx, "VoteMetadata", group, p.Index, id); err != nil {
		return out, err
	}
	out.Rounds, err = s.count(ctx, "NumberOfVotings", p.Index, group)
	return out, err
}

// unsubscribes is the block at which the scheduler ends a subscription, 0 if it does not. It
// knows that by the hash of a fixed text, the operator and the group.
func (s snapshot) unsubscribes(ctx context.Context, id, group []byte) (uint32, error) {
	if _, err := s.c.Metadata().Storage("Scheduler", "Lookup"); err != nil {
		return 0, nil //nolint:nilerr // a chain without a scheduler schedules nothing
	}
	name := scale.AppendBytes(append(scale.AppendBytes(nil, []byte("Unsubscribe")), id...), group)
	v, err := s.c.Get(ctx, &s.block, "Scheduler", "Lookup", blake2b.Sum256(name))
	if at, ok := v.([]any); ok && len(at) > 0 {
		return numberOf(at[0]), err
	}
	return 0, err
}
