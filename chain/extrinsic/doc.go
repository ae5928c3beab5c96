// Package extrinsic builds, reads and signs the transactions of a Substrate chain as its
// metadata says: version 4, unsigned and signed, and version 5, bare and general. Nothing
// about any chain is known here; signed extensions are known by name, and what is not known
// and carries data is refused by name.
//
// Formats: https://docs.polkadot.com/polkadot-protocol/parachain-basics/blocks-transactions-fees/transactions/
package extrinsic
