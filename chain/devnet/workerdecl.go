package devnet

// workerPallet is the worker pallet as the EWX parachain has it at spec 73. Lines that
// begin with + came later: what they do is public, their layout is ours.
var workerPallet = pallet{
	name: "WorkerNodePallet", index: 150, path: "pallet_ewx_worker_solution",
	calls: `
0 signup_solution_registrar {friendly_name Vec<u8>; legal_location Vec<u8>}
1 delete_solution_registrar
2 register_solution {namespace BoundedVec<u8>; name BoundedVec<u8>; description Vec<u8>; publisher_info Vec<u8>; logo_url Option<Vec<u8>>; work_logic_cid Vec<u8>; execution_environment ExecutionEnvironment; expiration_block u32; max_waiting_threshold u32; vote_threshold_percent u8; addition_to_extraneous_groups_allowed bool; +quorum_percent u8}
4 set_activation_status {namespace BoundedVec<u8>; new_status SolutionStatus}
5 delete_solution {namespace BoundedVec<u8>}
6 solution_group_registration {namespace BoundedVec<u8>; info EntityInfo; operators_config OperatorConfig; rewards_config RewardsConfiguration; operation_start_block u32; operation_end_block u32; withdrawal_delay u32; +has_cid_allowance bool}
7 solution_group_deregistration {namespace BoundedVec<u8>}
8 signup_worker_node_operator {friendly_name Vec<u8>; legal_location Vec<u8>}
9 operator_deregistration
10 subscribe_to_solution_group {namespace BoundedVec<u8>; stake_amount u128}
11 allow_account {account AccountId32}
12 remove_allowed_account {account AccountId32}
13 add_solution_to_group {group_namespace BoundedVec<u8>; solution_namespace BoundedVec<u8>}
14 remove_solution_from_group {namespace BoundedVec<u8>}
15 submit_solution_result {solution_namespace Vec<u8>; voting_round_id BoundedVec<u8>; result BoundedVec<u8>; signature Signature; pub_key Public}
16 claim_rewards {group_namespaces Vec<BoundedVec<u8>>}
17 connect_worker_node {worker_node_account AccountId32}
25 disconnect_worker_node
18 unsubscribe_from_solution_group {namespace BoundedVec<u8>}
19 allow_operator {group_namespace BoundedVec<u8>; operator AccountId32}
20 remove_allowed_operator {group_namespace BoundedVec<u8>; operator AccountId32}
21 set_reward_period_len {new_length u32}
22 set_admin_setting {value AdminSettings}
23 execute_scheduled_unsubscribe {operator AccountId32; namespace BoundedVec<u8>}
24 top_up_stake {group_name BoundedVec<u8>; increase_amount u128}
26 nominate_worker_nodes {worker_node_accounts BoundedVec<AccountId32>; solution_namespace BoundedVec<u8>}
+27 allow_new_cid {group_namespace BoundedVec<u8>; cid BoundedVec<u8>}
+28 raise_group_rewards {namespace BoundedVec<u8>; change RewardsChange}
+29 open_voting_round {solution_namespace BoundedVec<u8>; voting_round_id BoundedVec<u8>}`,
	events: `
0 NewRewardPeriod {starting_block u32; index u32; length u32}
1 RewardsCalculatedForPeriod {index u32}
2 NewSolutionRegistrarSignup {registrar AccountId32; friendly_name Vec<u8>; legal_location Vec<u8>}
3 SolutionCreated {registrar AccountId32; namespace BoundedVec<u8>}
4 SolutionGroupCreated {registrar AccountId32; namespace BoundedVec<u8>}
5 SolutionStatusChanged {namespace BoundedVec<u8>; old_status SolutionStatus; new_status SolutionStatus}
6 NewWorkerNodeOperatorSignup {operator AccountId32; friendly_name Vec<u8>; legal_location Vec<u8>}
7 WorkerNodeOperatorRemoval {operator AccountId32}
8 NewWorkerConnected {operator AccountId32; worker AccountId32}
9 NewSolutionGroupSubscription {operator AccountId32; namespace BoundedVec<u8>}
10 UnsubscribeFromSolutionGroup {operator AccountId32; namespace BoundedVec<u8>}
11 SolutionGroupRemoved {registrar AccountId32; namespace BoundedVec<u8>}
12 RemovedSolutionRegistrar {registrar AccountId32}
13 NewRegistrarAllowed {registrar AccountId32}
14 NewOperatorAllowed {operator AccountId32; solution_group BoundedVec<u8>}
15 RegistrarDisallowed {registrar AccountId32}
16 OperatorDisallowed {operator AccountId32; solution_group BoundedVec<u8>}
17 SolutionResultSubmitted {solution_namespace BoundedVec<u8>; voting_round_id BoundedVec<u8>; result BoundedVec<u8>; operator AccountId32; worker AccountId32}
18 RemovedSolution {registrar AccountId32; namespace BoundedVec<u8>}
19 SolutionAddedToGroup {solution_name BoundedVec<u8>; solution_group BoundedVec<u8>}
20 SolutionRemovedFromGroup {solution_name BoundedVec<u8>; solution_group BoundedVec<u8>}
21 RewardsClaimed {operator AccountId32}
22 UnexpectedState {error FieldCode}
23 ClaimedRewardsCounterUpdated {namespace BoundedVec<u8>; claimed_rewards u128}
24 AdminSettingsUpdated {value AdminSettings}
25 StakeIncreased {operator AccountId32; increase_amount u128; new_stake_amount u128}
26 UnsubscriptionScheduled {operator AccountId32; namespace BoundedVec<u8>; schedule_name [u8; 32]; unsubscribe_block u32}
27 WorkerDisconnected {operator AccountId32; worker_node AccountId32}
28 EarnedRewardCalculated {operators BTreeSet<AccountId32>}
29 WorkerNodesNominated {solution BoundedVec<u8>; worker_node_accounts BoundedVec<AccountId32>}
+30 NewCidAllowed {solution_group BoundedVec<u8>; cid BoundedVec<u8>}
+31 GroupRewardsRaised {namespace BoundedVec<u8>; rewards_config RewardsConfiguration}
+32 VotingRoundStarted {solution_namespace BoundedVec<u8>; voting_round_id BoundedVec<u8>; expiration_block u32}
+33 VotingRoundSettled {solution_namespace BoundedVec<u8>; voting_round_id BoundedVec<u8>; result BoundedVec<u8>; votes u32}
+34 VotingRoundExpired {solution_namespace BoundedVec<u8>; voting_round_id BoundedVec<u8>; votes u32}`,
	errors: `
0 ArgumentInvalid {FieldCode}
1 ArgumentOutOfBounds {FieldCode}
2 NotImplemented
3 ExistingRegistrar
4 PrerequisiteNotMet
5 DataNotFound
6 InsufficientFunds
7 ExistingWorkerNodeOperator
8 WorkerNodeOperatorNotFound
9 ExistingWorkerNode
10 WorkerAlreadyConnectedToOperator
11 OperatorAlreadyConnectedToWorker
12 RegistrarNotFound
13 ExistingNamespace
14 OperatorNotFound
15 ExistingSubscription
16 SolutionGroupSubscriptionNotFound
17 SolutionGroupNotFound
18 SolutionGroupExpired
19 SolutionStatusNotChanged
20 AlreadyAllowedAccount
21 NotAllowedRegistrar
22 OperatorNotAllowed
23 SolutionAlreadyInGroup
24 StakeAmountIsOutOfBounds
25 InvalidPublicKey
26 SolutionResultOutOfBounds
27 InvalidSolutionResult
28 SolutionIsNotActive
29 SolutionResultSignatureNotVerified
30 SolutionNotFound
31 SolutionIsPartOfGroup
32 SolutionIsNotPartOfGroup
33 SubscriptionFound
34 SubscriptionNotFound
35 IsNotWorker
36 TooManyGroupNamespaces
37 ArchivedSolutionGroup
38 SolutionResultChanged
39 SubmissionsQuotaExceeded
40 SolutionGroupDoesntSupportOperatorAllowList
41 RewardPeriodLengthInvalid
42 RewardPeriodLengthNotChanged
43 SolutionGroupHasSubscribedWorkerNodes
44 MaxAllowedOperatorsExceeded
45 NoSubscriptionsAllowed
46 SolutionIsExpired
47 StakeRecordUpdatesExceeded
48 InvalidRewardPeriod
49 SolutionGroupRewardsNotCalculated
50 SolutionGroupHasBeenDeregistered
51 NotAllowedToAddSolution
52 RegistrarIsGroupOwner
53 RegistrarIsSolutionOwner
54 SenderNotSolutionOwner
55 SenderNotGroupOwner
56 SenderNotGroupOrSolutionOwner
57 InvalidExpirationBlock
58 GroupInactive
59 RewardsDepositInsufficient
60 SubmissionsQuotaInvalid
61 SubmissionsQuotaNotChanged
62 Deprecated
63 InvalidUnsubscribeCall
64 UnsubscribeAlreadyScheduled
65 GroupHasSolutions
66 NoWorkerConnected
67 WorkerNotAuthorizedForSolution
+68 CidNotAllowed
+69 CidAlreadyAllowed
+70 GroupDoesntSupportCidAllowList
+71 VotingRoundSettled
+72 VotingRoundExpired
+73 VotingRoundExists
+74 AlreadyVoted`,
	storage: `
RegistrarInventory b AccountId32 => RegistrarInfo ?
AllowedAccounts b AccountId32 => () ?
NominatedWorkerNodes bb (BoundedVec<u8>, AccountId32) => () ?
AllowedOperators bb (BoundedVec<u8>, AccountId32) => () ?
OperatorSubscriptions bb (AccountId32, BoundedVec<u8>) => () ?
RegistrarDeposit => u128
Solutions b BoundedVec<u8> => Solution ?
RegistrarActiveSolutionRegistry bb (AccountId32, BoundedVec<u8>) => () ?
WorkerNodeOperatorInventory b AccountId32 => WorkerNodeOperatorInfo ?
WorkerNodeOperatorDeposit => u128
SolutionGroupStakeRecords bb (BoundedVec<u8>, AccountId32) => StakeRecord ?
SolutionGroupSubscriptionRegistry bb (u32, (BoundedVec<u8>, AccountId32)) => u128 ?
SolutionGroupSubscribersCount b BoundedVec<u8> => u32
SolutionsGroups b BoundedVec<u8> => SolutionGroup ?
SolutionsGroupsInventory bb (AccountId32, BoundedVec<u8>) => () ?
DeregisteredGroupsWithRewards b BoundedVec<u8> => () ?
RewardPeriodLength => u32
SolutionGroupCalculatedRewards b BoundedVec<u8> => (u128, u128)
ActiveRewardPeriodInfo => RewardPeriod = 0100000001000000f4010000
EarnedRewards bb (AccountId32, BoundedVec<u8>) => (u128, u128)
ArchivedSolutionGroupSubscriptions bb (BoundedVec<u8>, AccountId32) => u128 ?
SolutionGroupRewardPeriodConfig bb (u32, BoundedVec<u8>) => SolutionGroupRewardData ?
WorkerNodeToOperator b AccountId32 => AccountId32 ?
OperatorToWorkerNode b AccountId32 => AccountId32 ?
MaxSolutionResultLength => u16
SolutionResults bbb (BoundedVec<u8>, BoundedVec<u8>, AccountId32) => BoundedVec<u8> ?
SubmissionsQuota => u64
NumberOfSubmissions bbb (BoundedVec<u8>, u32, AccountId32) => u64 ?
GroupOfSolution b BoundedVec<u8> => BoundedVec<u8> ?
NumberOfSolutionsInGroup b BoundedVec<u8> => u64
LatestGeneratedSubscription => RewardPeriodStatus = 0100000000
LatestRewardsCalculated => RewardPeriodStatus = 0100000000
+AllowedCids bb (BoundedVec<u8>, BoundedVec<u8>) => () ?
+SystemVotingRound bb (u32, VotingRoundKey) => VotingRoundInfo ?
+VotingRoundPeriod bb (BoundedVec<u8>, BoundedVec<u8>) => u32 ?
+OpenVotingRounds bb (u32, VotingRoundKey) => () ?
+NumberOfVotings bb (u32, BoundedVec<u8>) => u32
+NumberOfVotingsWithNomination bb (u32, BoundedVec<u8>) => u32
+NumberOfOperatorVotingsWithNomination bb (u32, (AccountId32, BoundedVec<u8>)) => u32
+VoteMetadata bbb (BoundedVec<u8>, u32, AccountId32) => u32`,
}
