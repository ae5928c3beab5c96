// Drives a devnet with polkadot.js: node polkadotjs.mjs ws://… prints what it saw as JSON.
import { ApiPromise, WsProvider, Keyring } from '@polkadot/api';
import { Metadata, TypeRegistry } from '@polkadot/types';
import { blake2AsU8a } from '@polkadot/util-crypto';
import { hexToU8a, u8aToHex } from '@polkadot/util';

const provider = new WsProvider(process.argv[2]);
const api = await ApiPromise.create({ provider, noInitWarn: true, throwOnConnect: true });
const keyring = new Keyring({ type: 'sr25519' });
const key = (uri) => keyring.addFromUri(uri);
const [alice, bob, charlie, dave] = ['//Alice', '//Bob', '//Charlie', '//Dave'].map(key);
const worker = key('//Charlie//worker');
const ewt = (n) => BigInt(n) * 10n ** 18n;
const out = { metadata: {}, calls: {}, storage: {}, heads: 0, finalized: 0, events: {}, failures: [] };

// Both versions of the metadata, each by a registry of its own.
const shape = (md) => md.pallets.map((p) => `${p.name}:${p.storage.isSome ? p.storage.unwrap().items.map((i) => i.name).join(',') : ''}`).join(';');
const v14 = new Metadata(new TypeRegistry(), (await provider.send('state_getMetadata', [])));
const raw15 = await provider.send('state_call', ['Metadata_metadata_at_version', '0x0f000000']);
const v15 = new Metadata(new TypeRegistry(), api.createType('Option<Bytes>', hexToU8a(raw15)).unwrap().toU8a(true));
out.metadata = { 14: v14.version, 15: v15.version, same: shape(v14.asLatest) === shape(v15.asLatest), used: api.runtimeMetadata.version, apis: Object.keys(api.call) };

const unsubHeads = await api.rpc.chain.subscribeNewHeads(() => { out.heads++; });
const unsubFinal = await api.rpc.chain.subscribeFinalizedHeads(() => { out.finalized++; });
const unsubEvents = await api.query.system.events((list) => {
  for (const { event } of list) out.events[`${event.section}.${event.method}`] = (out.events[`${event.section}.${event.method}`] || 0) + 1;
});

const nameOf = (e) => (e.isModule ? api.registry.findMetaError(e.asModule).name : e.toString());
const send = (tx, signer) => new Promise((resolve, reject) => {
  const seen = ({ status, events, dispatchError }) => {
    if (status.isInvalid || status.isDropped) reject(new Error(status.type));
    if (!status.isInBlock) return;
    let name = dispatchError ? nameOf(dispatchError) : '';
    for (const { event } of events) if (event.section === 'sudo' && event.method === 'Sudid' && event.data[0].isErr) name = nameOf(event.data[0].asErr);
    resolve(name);
  };
  (signer ? tx.signAndSend(signer, seen) : tx.send(seen)).catch(reject);
});
const covered = new Set();
async function expect(signer, call, args, want = '', sudo = false) {
  covered.add(call);
  let tx = api.tx.workerNodePallet[call](...args);
  if (sudo) tx = api.tx.sudo.sudo(tx);
  let got;
  try { got = await send(tx, signer); } catch (e) { got = String(e.message); }
  out.calls[call] = [...(out.calls[call] || []), got];
  if (got !== want) out.failures.push(`${call}: ${got || 'ok'}, want ${want || 'ok'}`);
}
async function blocks(count) { await provider.send('dev_newBlock', [{ count }]); }
async function nextPeriod() {
  const p = await api.query.workerNodePallet.activeRewardPeriodInfo();
  const now = (await api.rpc.chain.getHeader()).number.toNumber();
  await blocks(p.firstBlock.toNumber() + p.length.toNumber() - now + 1);
}
const now = async () => (await api.rpc.chain.getHeader()).number.toNumber();
const ballot = (round, text, signer = worker) => {
  const result = blake2AsU8a(text);
  return ['sol', round, u8aToHex(result), signer.sign(result), signer.publicKey];
};

await expect(alice, 'allowAccount', [bob.address], '', true);
await expect(alice, 'allowAccount', [dave.address], '', true);
await expect(alice, 'removeAllowedAccount', [dave.address], '', true);
await expect(dave, 'signupSolutionRegistrar', ['d', 'DE'], 'NotAllowedRegistrar');
await expect(bob, 'signupSolutionRegistrar', ['Bob', 'BE']);
const sol = (ns) => [ns, 'name', 'desc', 'pub', null, 'QmCID', 'NodeRedV1', 100000, 5, 60, false, 50];
await expect(bob, 'registerSolution', sol('sol'));
await expect(bob, 'registerSolution', sol('gone'));
await expect(bob, 'deleteSolution', ['gone']);
await expect(bob, 'setActivationStatus', ['sol', 'Active']);
const grp = async (ns, list, cids) => [ns, { name: 'n', description: 'd', publisherInfo: 'p', logoUrl: 'l' },
  { startBlock: 0, maxOperatorWorkers: 10, allowedOperators: 5, stakingAmounts: { min: ewt(1), max: ewt(5) }, hasOperatorsAllowlist: list },
  { subscriptionRewardPerBlock: 10n ** 12n, votingRewardPerBlock: 10n ** 12n, topPerformanceBonus: 0 }, (await now()) + 2, 100000, 2, cids];
await expect(bob, 'solutionGroupRegistration', await grp('grp', false, false));
await expect(bob, 'solutionGroupRegistration', await grp('list', true, true));
await expect(bob, 'solutionGroupRegistration', await grp('empty', false, false));
await expect(bob, 'solutionGroupDeregistration', ['empty']);
await expect(bob, 'addSolutionToGroup', ['grp', 'sol']);
await expect(bob, 'removeSolutionFromGroup', ['sol']);
await expect(bob, 'addSolutionToGroup', ['list', 'sol'], 'CidNotAllowed');
await expect(bob, 'allowNewCid', ['list', 'QmCID']);
await expect(bob, 'addSolutionToGroup', ['grp', 'sol']);
await expect(charlie, 'signupWorkerNodeOperator', ['Charlie', 'DE']);
await expect(dave, 'signupWorkerNodeOperator', ['Dave', 'DE']);
await expect(dave, 'operatorDeregistration', []);
await expect(charlie, 'connectWorkerNode', [dave.address]);
await expect(charlie, 'disconnectWorkerNode', []);
await expect(charlie, 'connectWorkerNode', [worker.address]);
await expect(bob, 'allowOperator', ['list', charlie.address]);
await expect(bob, 'removeAllowedOperator', ['list', charlie.address]);
await expect(charlie, 'subscribeToSolutionGroup', ['grp', ewt(1)]);
await expect(charlie, 'topUpStake', ['grp', ewt(1)]);
await nextPeriod();
await expect(bob, 'nominateWorkerNodes', [[worker.address], 'sol']);
await expect(bob, 'raiseGroupRewards', ['grp', { subscription: { Times: 2 }, voting: { Amount: 10n ** 12n }, bonus: null }]);
await expect(bob, 'openVotingRound', ['sol', 'round-1']);
await expect(null, 'submitSolutionResult', ballot('round-1', 'approve'));
await expect(null, 'submitSolutionResult', ballot('round-1', 'reject'), 'SolutionResultChanged');
await expect(null, 'submitSolutionResult', ballot('round-1', 'approve', dave), 'IsNotWorker');
await expect(alice, 'setAdminSetting', [{ SubmissionsQuota: 1000 }], '', true);
await expect(alice, 'setRewardPeriodLen', [30], 'Deprecated', true);
await blocks(7);
await nextPeriod();
await blocks(2);
await expect(charlie, 'claimRewards', [['grp']]);
await expect(charlie, 'executeScheduledUnsubscribe', [charlie.address, 'grp'], 'InvalidUnsubscribeCall');
await expect(charlie, 'unsubscribeFromSolutionGroup', ['grp']);
await expect(bob, 'deleteSolutionRegistrar', [], 'RegistrarIsGroupOwner');
out.missed = Object.keys(api.tx.workerNodePallet).filter((c) => !covered.has(c));
out.batch = await send(api.tx.utility.batchAll([api.tx.system.remarkWithEvent('a'), api.tx.balances.transferAllowDeath(bob.address, 5)]), alice);
out.fee = (await api.tx.system.remark('x').paymentInfo(alice.address)).partialFee.toString();
out.nonce = (await api.call.accountNonceApi.accountNonce(alice.address)).toNumber();
out.stake = u8aToHex((await api.call.workerSolutionApi.queryStake(charlie.address, 'grp')).toU8a());

// Everything in storage, decoded by polkadot.js and encoded again.
for (const [name, q] of Object.entries(api.query.workerNodePallet)) {
  if (name === 'palletVersion') continue;
  if (q.creator.meta.type.isPlain) out.storage[q.key()] = u8aToHex((await q()).toU8a());
  else for (const [k, v] of await q.entries()) out.storage[k.toHex()] = u8aToHex(v.isSome ? v.unwrap().toU8a() : v.toU8a());
}
const block = await api.derive.chain.getBlock(await api.rpc.chain.getBlockHash(5));
out.block = { number: block.block.header.number.toNumber(), extrinsics: block.extrinsics.length };
unsubHeads(); unsubFinal(); unsubEvents();
console.log(JSON.stringify(out));
await api.disconnect();
process.exit(0);
