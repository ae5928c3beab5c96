// Package flowtest runs tests of flows that are written in YAML files beside them
// (NAME.test.yaml), as lockstep test does, and cuts such tests out of journals.
//
// A test makes an engine, puts events into it and looks at what came out. Time is
// virtual: waiting an hour takes as long as the timers of that hour take to fire.
// Nothing outside is touched: files live in memory, the HTTP server listens nowhere,
// brokers and peers do what the test says. The same test gives the same result on
// every machine.
//
// # The file
//
//	flow: flow.json          a name, a list of names, or the list of nodes itself; without it
//	                         flow.json or flows.json beside the file
//	user-dir: ../userdir     a Node-RED user directory: settings.js, credentials, context, modules
//	given: …                 for all tests
//	tests:
//	  - name: …
//	    given: …             for this test, over that of the file
//	    steps: […]
//	    expect: […]          after the last step
//	    snapshot: true       or a name: all that the flow showed is compared with NAME.snap
//	    skip: why            the test is left out
//
// given holds time (default 2026-01-01T00:00:00Z), zone (UTC), seed (1), env, settings,
// globals, machine, credentials by node, context ({global, flow: {TAB: …}, node: {NODE: …},
// stores: {NAME: …}}), stores, default-store, files ({NAME: text}), modules, answers, and
// unanswered: what becomes of requests without an answer: fail (the test fails, the
// default), error (the node gets an error) or wait. simulate: false leaves all answers
// to the steps.
//
// # Steps
//
//	inject: {node, msg, payload, topic}      a message arrives at a node
//	press: NODE                              the button of an inject node
//	http: {method, path, query, headers, cookies, body, form, name, ip}
//	mqtt: {topic, payload, qos, retain, properties, broker}
//	tcp: {node, from, data, close}           from tells connections apart
//	udp: {node, from, port, data}
//	websocket: {node, from, data, close}
//	wait: 1h30m                              or idle: until no timer is left
//	answer: {…}                              answers the oldest request that fits, or the next
//	expect: […]
//	snapshot: true
//	stop: true                               closes all nodes
//
// An answer has what it fits (kind, node, when: a condition over kind, node, name, type,
// msg, count) and says with: what (http.request: {status, headers, body}, or the body; exec.run:
// {stdout, stderr, code, signal}; file.read: the content; else the answer of the
// effect), raw: the answer of the effect as it is, or fail: an error code such as
// ECONNREFUSED, or {code, message}; after: a time span; times: how often, without an end if
// left out.
//
// event, reply, at and turns are for tests cut out of journals: events and answers as they
// were, so long after the start, after so many deliveries.
//
// # Expectations
//
// An expectation is a condition (see package condition), or {value, is}, {value, has} with
// a value or a part of one, or {snapshot, value}; because says why. Conditions may use
//
//	received(NODE), sent(NODE[, PORT])   lists of messages, without _msgid
//	last(NODE)                           the last message received; of a list the last element
//	status(NODE), statuses(NODE), errors([NODE]), logs([LEVEL][, NODE]), debug([NODE])
//	response([NAME]), responses()        {status, headers, cookies, body, json}
//	published([TOPIC])                   {topic, payload, json, qos, retain}
//	effects([KIND[, NODE]])              {kind, node, name, type, time, body}
//	file(NAME), files()
//	global(KEY[, STORE]), flow([TAB,] KEY[, STORE]), context(NODE, KEY[, STORE])
//	elapsed()                            ms since the start
//	same(A, B)                           whether two values are equal
//
// A node is named by its name, "tab/name", its id, or its type if only one has it.
//
// # Values
//
// Values are those of YAML; !buffer "text" and !!binary are Buffers, !undefined is
// undefined, !json '…' is JSON with the tags of the conformance cases (dates, errors, maps).
//
// YAML is read with gopkg.in/yaml.v3, as its nodes know their lines and columns: every
// problem is told with its place.
package flowtest
