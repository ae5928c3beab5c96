// Package metadata reads what a Substrate runtime says about itself, in versions 14,
// 15 and 16, and builds from it what a client needs: storage keys, calls, events,
// errors, constants and runtime calls. Nothing about any chain is known here.
//
// Formats: https://docs.rs/frame-metadata (v14, v15, v16).
package metadata
