// Package content fetches content of IPFS from HTTP gateways that nobody need trust.
//
// What a gateway gives is checked against the content identifier (CID): block by block
// (raw blocks, or a CAR of them), or, where a gateway gives plain bytes only, by cutting
// the bytes as the usual tools do when they add a file, and comparing the root. What
// cannot be checked is refused, unless that is allowed.
//
// A Store is the other side: it makes blocks of files and serves them as such a gateway.
//
// It knows CIDv0 and CIDv1 with SHA-256, raw and dag-pb blocks, and files of UnixFS of any
// number of blocks. Directories and symbolic links are not content of a flow.
//
// https://specs.ipfs.tech/http-gateways/trustless-gateway/, https://ipld.io/specs/codecs/dag-pb/spec/,
// https://ipld.io/specs/transport/car/carv1/, https://github.com/ipfs/specs/blob/main/UNIXFS.md
package content
