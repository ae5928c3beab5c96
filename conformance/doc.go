// Package conformance holds runtimes to what real Node-RED does.
//
// A Case is a flow and a script of drive requests in one txtar file, together with what a
// pinned real Node-RED answered and reported (its recording). Play runs a case on anything
// that speaks the drive protocol; Diff compares the outcome with the recording. Recordings are
// made by cmd/conform with the driver in driver/, never typed by hand and never edited.
//
// Everything that differs between two runs of the same runtime (message ids, timestamps, ports,
// folders, stack traces) is replaced by stable names in one place: normalise.go.
package conformance

//go:generate go run ./cmd/conform report -workers 12 -cases cases -out ../COMPATIBILITY.md
