package devnet

import (
	"math/big"
	"time"
)

// Settings of a chain. The zero value is a chain that runs; what public material says
// about the worker pallet is fixed, what it leaves open is set here, and the defaults are
// ours.
type Settings struct {
	// Name of the chain; "" is "Lockstep devnet".
	Name string
	// Spec73 leaves out what came after spec 73: voting rounds, the allow-list of CIDs, the
	// raising of rewards. The layouts are then exactly those of that version.
	Spec73 bool
	// Accounts that have Endowment at the beginning, besides //Alice … //Ferdie.
	Accounts [][32]byte
	// NoDevAccounts leaves those out.
	NoDevAccounts bool
	// Endowment of each account in planck (1 EWT is 10^18); nil is one million EWT.
	Endowment *big.Int
	// Sudo is the account that may do everything; zero is //Alice.
	Sudo [32]byte
	// Clock tells the time of blocks; nil is the machine's. Blocks are at least 1 ms apart.
	Clock func() time.Time `json:"-"`
	// BlockTime between blocks; 0 makes blocks on demand only: at each transaction, or by
	// Seal and the method dev_newBlock.
	BlockTime time.Duration
	// Instant makes a block as soon as a transaction arrives, also with a BlockTime.
	Instant bool
	// Manual makes blocks only by Seal and dev_newBlock, if BlockTime is 0.
	Manual bool
	// FinalityLag is how many blocks the last finalized one is behind; 0 is 1, below 0 is none.
	FinalityLag int
	// MaxBlock is how many transactions a block takes; 0 is 5,000.
	MaxBlock int
	// MaxPool is how many transactions wait at most; 0 is 20,000.
	MaxPool int
	// History is how many blocks can be read; 0 is 4,096.
	History uint32
	// Log is a file to which blocks are written before they are seen, and from which a chain
	// goes on; "" keeps nothing.
	Log string

	// Fee of a signed transaction in planck; nil is 10^12.
	Fee *big.Int
	// RegistrarDeposit and OperatorDeposit are locked at sign-up; nil is 10 EWT, 1 EWT.
	RegistrarDeposit, OperatorDeposit *big.Int
	// RewardPeriod in blocks at the beginning; 0 is 20. (The EWX parachain has 7,200.)
	RewardPeriod uint32
	// MinRewardPeriod and MaxRewardPeriod bound what set_admin_setting takes; 0 is 2, and
	// 100,000.
	MinRewardPeriod, MaxRewardPeriod uint32
	// SubmissionsQuota of a subscription in a period; 0 is 1,000,000.
	SubmissionsQuota uint64
	// MaxResultLength in bytes; 0 is 64.
	MaxResultLength uint16
	// NamespaceBound, InfoBound, LongInfoBound and RoundBound bound texts in bytes; 0 is 64,
	// 128, 1,024 and 64.
	NamespaceBound, InfoBound, LongInfoBound, RoundBound int
	// AccountsListBound bounds lists of accounts, ClaimBound lists of groups, StakeBound the
	// changes of a stake that wait; 0 is 1,000, 10 and 10.
	AccountsListBound, ClaimBound, StakeBound int
	// Batch is how many subscriptions are placed, and rewards are calculated, in a block;
	// 0 is 100.
	Batch int
	// MaxWithdrawalDelay in blocks; 0 is 1,000,000.
	MaxWithdrawalDelay uint32
	// CheckVotesInPool refuses votes that would fail before they enter a block (error 1010
	// with "Custom error: N", N the error's number). Otherwise they fail in the block, by name.
	CheckVotesInPool bool
	// ResultsByOperator keys SolutionResults by the operator; otherwise by the worker.
	ResultsByOperator bool
	// RepeatedVotes lets a worker send the same result again in a round, with no effect;
	// otherwise that is an error. Another result is an error in any case.
	RepeatedVotes bool
	// RoundSeconds reads max_waiting_threshold, the life of a round, in seconds; otherwise in
	// blocks.
	RoundSeconds bool
	// RegistrarRounds lets only the registrar open rounds; otherwise the first vote does, too.
	RegistrarRounds bool
	// SettleEarly settles a round as soon as all eligible workers have voted, or no other
	// result can win any more; otherwise when it expires.
	SettleEarly bool
	// QuorumPercent of eligible workers must vote, where a solution does not say; 0 is 50.
	QuorumPercent uint8
	// ThresholdOfEligible counts a solution's percent of all eligible workers; otherwise of
	// the votes cast. Two results with the same number of votes never settle.
	ThresholdOfEligible bool
	// SLAPercent of rounds must a worker have voted correctly in for the voting reward of a
	// period; 0 is 60.
	SLAPercent uint8
}

func fill[T comparable](p *T, v T) {
	var zero T
	if *p == zero {
		*p = v
	}
}

// ewt is a number of tokens in planck.
func ewt(n int64) *big.Int {
	return new(big.Int).Mul(big.NewInt(n), big.NewInt(1_000_000_000_000_000_000))
}

// defaults fills in what is not set.
func (s *Settings) defaults() {
	fill(&s.Name, "Lockstep devnet")
	fill(&s.Endowment, ewt(1_000_000))
	if s.Clock == nil {
		s.Clock = time.Now
	}
	fill(&s.FinalityLag, 1)
	fill(&s.MaxBlock, 5000)
	fill(&s.MaxPool, 20_000)
	fill(&s.History, 4096)
	fill(&s.Fee, big.NewInt(1_000_000_000_000))
	fill(&s.RegistrarDeposit, ewt(10))
	fill(&s.OperatorDeposit, ewt(1))
	fill(&s.RewardPeriod, 20)
	fill(&s.MinRewardPeriod, 2)
	fill(&s.MaxRewardPeriod, 100_000)
	fill(&s.SubmissionsQuota, 1_000_000)
	fill(&s.MaxResultLength, 64)
	fill(&s.NamespaceBound, 64)
	fill(&s.InfoBound, 128)
	fill(&s.LongInfoBound, 1024)
	fill(&s.RoundBound, 64)
	fill(&s.AccountsListBound, 1000)
	fill(&s.ClaimBound, 10)
	fill(&s.StakeBound, 10)
	fill(&s.Batch, 100)
	fill(&s.MaxWithdrawalDelay, 1_000_000)
	fill(&s.QuorumPercent, 50)
	fill(&s.SLAPercent, 60)
	s.FinalityLag = max(s.FinalityLag, 0)
}
