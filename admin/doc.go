// Package admin is Node-RED's admin HTTP API in front of a running engine: the
// routes that its editor and node-red-admin use, the WebSocket by which the editor
// hears of statuses and debug messages, users with permissions, and the files of the
// editor itself, which are not part of this program.
//
//	clients ──HTTP──▶ API ──events──▶ live.Live ──▶ engine.Engine
//	        ◀─comms── API ◀─effects─────────────────────┘
//
// An API changes what the flows do only by events (a message, a command, a deploy),
// so a recorded run can be played back. It hears what happens as a Sink; encoding is
// all it does there, and who reads too slowly is cut off.
package admin
