package devnet

// pallets are the parts of the runtime besides the worker pallet: of each what clients of
// that pallet need.
var pallets = []pallet{
	{
		name: "System", index: 0, path: "frame_system",
		calls: `
0 remark {remark Vec<u8>}
7 remark_with_event {remark Vec<u8>}`,
		events: `
0 ExtrinsicSuccess {dispatch_info DispatchInfo}
1 ExtrinsicFailed {dispatch_error DispatchError; dispatch_info DispatchInfo}
2 CodeUpdated
3 NewAccount {account AccountId32}
4 KilledAccount {account AccountId32}
5 Remarked {sender AccountId32; hash H256}`,
		errors: `
0 InvalidSpecName
1 SpecVersionNeedsToIncrease
2 FailedToExtractRuntimeVersion
3 NonDefaultComposite
4 NonZeroRefCount
5 CallFiltered`,
		storage: `
Account b AccountId32 => AccountInfo = 0000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000080
ExtrinsicCount => u32 ?
BlockWeight => PerDispatchClass
BlockHash t u32 => H256
Number => u32
ParentHash => H256
Digest => Digest
Events => Vec<EventRecord>
EventCount => u32
LastRuntimeUpgrade => LastRuntimeUpgradeInfo ?
ExecutionPhase => Phase ?`,
		constants: `
BlockWeights BlockWeights 0700f2052a0100070088526a74020040010265cd1d000107c0d22c76510200e000010700e6bd4f570200f0000100000265cd1d000107c074c1906e0200300101070088526a7402004001010700a2941a1d020050000265cd1d00000000
BlockLength BlockLength 00003c000000500000005000
BlockHashCount u32 00100000
DbWeight RuntimeDbWeight 40787d010000000000e1f50500000000
SS58Prefix u16 2a00`,
	},
	{
		name: "Timestamp", index: 2, path: "pallet_timestamp",
		calls: `
0 set {now Compact<u64>}`,
		storage: `
Now => u64`,
		constants: `
MinimumPeriod u64 7017000000000000`,
	},
	{
		name: "Balances", index: 10, path: "pallet_balances",
		calls: `
0 transfer_allow_death {dest MultiAddress; value Compact<u128>}
3 transfer_keep_alive {dest MultiAddress; value Compact<u128>}
4 transfer_all {dest MultiAddress; keep_alive bool}
8 force_set_balance {who MultiAddress; new_free Compact<u128>}`,
		events: `
0 Endowed {account AccountId32; free_balance u128}
1 DustLost {account AccountId32; amount u128}
2 Transfer {from AccountId32; to AccountId32; amount u128}
3 BalanceSet {who AccountId32; free u128}
4 Reserved {who AccountId32; amount u128}
5 Unreserved {who AccountId32; amount u128}
6 ReserveRepatriated {from AccountId32; to AccountId32; amount u128; destination_status BalanceStatus}
7 Deposit {who AccountId32; amount u128}
8 Withdraw {who AccountId32; amount u128}
9 Slashed {who AccountId32; amount u128}
10 Minted {who AccountId32; amount u128}
11 Burned {who AccountId32; amount u128}
12 Suspended {who AccountId32; amount u128}
13 Restored {who AccountId32; amount u128}
14 Upgraded {who AccountId32}
15 Issued {amount u128}
16 Rescinded {amount u128}
17 Locked {who AccountId32; amount u128}
18 Unlocked {who AccountId32; amount u128}
19 Frozen {who AccountId32; amount u128}
20 Thawed {who AccountId32; amount u128}`,
		errors: `
0 VestingBalance
1 LiquidityRestrictions
2 InsufficientBalance
3 ExistentialDeposit
4 Expendability
5 ExistingVestingSchedule
6 DeadAccount
7 TooManyReserves
8 TooManyHolds
9 TooManyFreezes`,
		storage: `
TotalIssuance => u128
InactiveIssuance => u128
Account b AccountId32 => AccountData = 00000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000080
Locks b AccountId32 => WeakBoundedVec<BalanceLock>
Reserves b AccountId32 => BoundedVec<ReserveData>`,
		constants: `
ExistentialDeposit u128 00000000000000000000000000000000
MaxLocks u32 32000000
MaxReserves u32 32000000`,
	},
	{
		name: "TransactionPayment", index: 11, path: "pallet_transaction_payment",
		events: `
0 TransactionFeePaid {who AccountId32; actual_fee u128; tip u128}`,
		storage: `
NextFeeMultiplier => FixedU128 = 000064a7b3b6e00d0000000000000000`,
		constants: `
OperationalFeeMultiplier u8 05`,
	},
	{
		name: "Sudo", index: 62, path: "pallet_sudo",
		calls: `
0 sudo {call RuntimeCall}
1 sudo_unchecked_weight {call RuntimeCall; weight Weight}
2 set_key {new MultiAddress}
3 sudo_as {who MultiAddress; call RuntimeCall}`,
		events: `
0 Sudid {sudo_result Result<(), DispatchError>}
1 KeyChanged {old_sudoer Option<AccountId32>}
2 SudoAsDone {sudo_result Result<(), DispatchError>}`,
		errors: `
0 RequireSudo`,
		storage: `
Key => AccountId32 ?`,
	},
	{
		name: "Utility", index: 74, path: "pallet_utility",
		calls: `
0 batch {calls Vec<RuntimeCall>}
2 batch_all {calls Vec<RuntimeCall>}
4 force_batch {calls Vec<RuntimeCall>}`,
		events: `
0 BatchInterrupted {index u32; error DispatchError}
1 BatchCompleted
2 BatchCompletedWithErrors
3 ItemCompleted
4 ItemFailed {error DispatchError}
5 DispatchedAs {result Result<(), DispatchError>}`,
		errors: `
0 TooManyCalls`,
		constants: `
batched_calls_limit u32 aa2a0000`,
	},
	{
		name: "Scheduler", index: 78, path: "pallet_scheduler",
		events: `
0 Scheduled {when u32; index u32}
1 Canceled {when u32; index u32}
2 Dispatched {task (u32, u32); id Option<[u8; 32]>; result Result<(), DispatchError>}`,
		errors: `
0 FailedToSchedule
1 NotFound
2 TargetBlockNumberInPast
3 RescheduleNoChange
4 Named`,
		storage: `
Agenda t u32 => BoundedVec<Option<Scheduled>>
Lookup t [u8; 32] => (u32, u32) ?`,
		constants: `
MaxScheduledPerBlock u32 32000000`,
	},
}
