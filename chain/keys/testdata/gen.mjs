import { Keyring } from '@polkadot/keyring';
import { cryptoWaitReady, mnemonicGenerate, encodeAddress } from '@polkadot/util-crypto';
import { u8aToHex } from '@polkadot/util';
await cryptoWaitReady();
const out = { pairs: [], keystores: [], addresses: [] };
const phrase = 'bottom drive obey lake curtain smoke basket hold race lonely fit walk';
const uris = ['//Alice', '//Bob', '//Alice//stash', '//Alice/soft', '/1', '//2/3//four', phrase, phrase + '//hard///pass word', phrase + '/x/y', '0x' + '07'.repeat(32), '0x' + '07'.repeat(32) + '//a', '//a-name-that-is-longer-than-thirty-two-bytes-for-sure/soft-name-that-is-longer-than-thirty-two-bytes'];
for (const n of [12, 15, 18, 21, 24]) uris.push(mnemonicGenerate(n) + '//x/1///p');
for (const type of ['sr25519', 'ed25519', 'ecdsa']) for (const uri of uris) {
  const k = new Keyring({ type });
  let p; try { p = k.addFromUri(uri); } catch { continue; }
  const msg = new TextEncoder().encode('lockstep');
  out.pairs.push({ type, uri, public: u8aToHex(p.publicKey), address: p.address, signature: u8aToHex(p.sign(msg)) });
}
for (const type of ['sr25519', 'ed25519']) for (const pass of ['secret', undefined]) {
  const k = new Keyring({ type }); const p = k.addFromUri('//Keystore');
  out.keystores.push({ password: pass || '', public: u8aToHex(p.publicKey), json: p.toJson(pass) });
}
for (const prefix of [0, 2, 42, 63, 64, 255, 1284, 16383]) out.addresses.push({ prefix, address: encodeAddress('0x' + 'd4'.repeat(32), prefix) });
console.log(JSON.stringify(out, null, 1));
