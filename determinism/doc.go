// Package determinism checks that all machines get the same results: generated
// programs, recorded runs and numbers, on several architectures, against Node.js, and
// under disturbed timing. make arch, make numbers and make soak run it at length.
package determinism
