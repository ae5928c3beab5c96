// Package journal records runs and plays them back.
//
// An engine is a pure function of its flows, its options and the events that go
// in. A journal keeps the three, and the effects that came out; Replay makes the
// same run again without any contact to the outside and compares the effects.
//
// # Format
//
// JSON lines. The first is the header (see Header). The others are, in the order in
// which things happened,
//
//	{"e":"reply","d":3,"t":1795157016035,"r":7,"last":true,"b":…}   an event
//	{"f":"http.request","n":"node","r":7,"b":…}                      an effect
//	{"env":"NAME","v":"…"}                                           a variable that was looked up
//	{"module":"lodash","v":"…"}                                      a module that was imported
//	{"check":"…"}                                                    SHA-256 of all before
//	{"end":{"events":…,"effects":…,"digest":"…"}}                    the run ended well
//
// d is the number of deliveries since the event before, t the time in ms since the Unix
// epoch (left out where it has not changed), r a request, to the target of an event, n the node of an
// effect, b the body as tagged JSON (value.AppendTagged).
//
// What a request answers again and again is written as how it differs from the answer before:
// "like":[leaf,value,…] stands for a body (see like.go; lockstep journal shows it whole).
//
// A line is complete if it ends with a newline and parses: what a crash leaves of the last one
// is passed over, all before it counts. (A process that is killed loses what it recorded in its
// last milliseconds.) A large journal goes on in files named NAME.1,
// NAME.2 …, which belong to it.
//
// # Secrets
//
// Credentials (but user names) are not written: wherever one of their texts would appear, its name stands
// (‹secret:node/property›), and a replay runs with these names in the place of the
// credentials. The same holds for environment variables whose names tell that they
// are secret. What a flow takes in as data, a password in a request say, is data: it is recorded.
package journal
