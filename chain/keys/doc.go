// Package keys holds the keys of Substrate accounts: sr25519, ed25519 and ecdsa,
// from secret URIs (mnemonic or seed, with //hard and /soft derivation and ///password),
// and from JSON keystores of polkadot-js.
//
// A Pair never shows its secret: not in its String, its errors or its JSON. Wipe overwrites what
// Go lets one overwrite.
package keys
