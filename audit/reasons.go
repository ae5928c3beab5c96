package audit

import "strings"

// reason is what is said of one kind of place.
type reason struct {
	kind        Kind
	harmless    bool
	why, advice string
}

const agree = "let all replicas agree on the message first (a round's batch), or vote only on what does not depend on it"

var (
	outside   = reason{Input, false, "it takes input from outside, which each machine gets at its own time and in its own order", agree}
	answer    = reason{Input, false, "what the other side answers may differ between machines", agree}
	written   = reason{Host, false, "what the machine's disk or processes give may differ between machines", "read what is voted on from the message, or from files that all replicas have"}
	clock     = reason{Time, true, "the time is that of the event, which the journal records; machines that do not share a journal have different events", "take the time from the agreed message, if it is to be in the result"}
	schedule  = reason{Time, true, "timers fire at their due time, which the journal records", "start what is voted on by an agreed message"}
	chance    = reason{Random, true, "random numbers and ids come from the seed of the run, which the journal records", "give all replicas the same --seed, or leave it out of the result"}
	locale    = reason{Locale, true, "languages and zones are built in; the zone of the flow is a setting", "set --zone, or name the zone"}
	race      = reason{Timer, true, "which comes first, a timer or a message, depends on when the message comes; the journal records it", "do not let the result depend on it"}
	arrival   = reason{Order, false, "the result depends on the order in which messages from several sources come", "join by a key or by parts, or sort what was joined"}
	promises  = reason{Order, false, "which promise is first depends on what comes from outside first", "wait for all of them (Promise.all)"}
	stack     = reason{Stack, false, "the text of a stack changes with the version", "use the message and the code of the error"}
	machine   = reason{Host, false, "it reads the environment or properties of the machine", "set it as a variable of the flow"}
	module    = reason{Code, false, "modules are not looked at, and may do all of this", "look at the module, or leave it out"}
	generated = reason{Code, false, "code made from text cannot be looked at", "write it as code"}
	indexed   = reason{Input, false, "what the indexer shows now may differ between workers that ask at different moments", "let it start a vote, and keep it out of the result"}
	own       = reason{Host, false, "it tells about this worker, so it differs between workers", "let it decide whether to vote, and keep it out of the result"}
	stored    = reason{Host, false, "the database is this worker's own, and holds what its runs have put in", "keep what is in it out of the result, or make it from agreed input only"}
	floating  = reason{Number, true, "these functions are lockstep's own and give the same bits on every machine", "nothing; other runtimes may differ in the last bit"}
	foreign   = reason{Number, false, "floating results of other programs and libraries differ in the last bits between machines", "round them before they are in the result"}
)

// types are node types that are found by their type alone.
var types = map[string]reason{
	"http in": outside, "http request": answer, "mqtt in": outside, "tcp in": outside, "tcp request": answer, "udp in": outside,
	"websocket in": outside, "websocket-client": outside, "watch": outside, "exec": foreign, "file in": written,
	"random": chance, "delay": race, "trigger": race, "batch": arrival, "join": arrival,
	"source-http-api": answer, "voting-marketplace": indexed, "voting-round-orchestrator": answer, "consensus": indexed,
	"is-nominated": own, "is-nominated-v2": own, "energywebx-config": own, "sqlite-inject": stored,
}

// options are properties with a value that makes a node depend on more.
var options = []struct {
	typ, property, value string
	reason
}{
	{"delay", "pauseType", "random", chance},
	{"delay", "pauseType", "rate", race},
	{"sort", "order", "localeCompare", locale},
}

// inputs are kinds of typed inputs.
var inputs = map[string]reason{"date": clock, "env": machine}

// expressions are functions of JSONata.
var expressions = map[string]reason{
	"$now": clock, "$millis": clock, "$random": chance, "$shuffle": chance, "$env": machine, "$moment": locale, "$eval": generated,
	"$power": floating, "$sqrt": floating,
}

// exact are names in JavaScript.
var exact = map[string]reason{
	"new Date": clock, "Date": clock, "Date.now": clock, "performance.now": clock, "process.hrtime": clock, "process.uptime": clock,
	"Math.random": chance, "RED.util.generateId": chance, "crypto.randomUUID": chance, "crypto.randomBytes": chance, "crypto.getRandomValues": chance,
	"setTimeout": race, "setInterval": race, "setImmediate": race, "Promise.race": promises, "Promise.any": promises,
	"eval": generated, "Function": generated, "require": module, "env.get": machine,
	".stack": stack, "Error.captureStackTrace": stack, ".getTimezoneOffset": locale, ".localeCompare": locale,
	"console.time": clock, "console.timeEnd": clock,
}

// prefixes are starts of names in JavaScript.
var prefixes = []struct {
	start string
	reason
}{
	{"process.", machine}, {"os.", machine}, {"fs.", written}, {"child_process.", foreign}, {"Intl.", locale}, {".toLocale", locale},
	{"crypto.random", chance}, {"moment", clock},
}

// floats are the functions of Math that libraries round differently.
const floats = " sin cos tan asin acos atan atan2 sinh cosh tanh asinh acosh atanh exp expm1 log log2 log10 log1p cbrt pow hypot "

func javascript(name string) (reason, bool) {
	if r, ok := exact[name]; ok {
		return r, true
	}
	for _, p := range prefixes {
		if strings.HasPrefix(name, p.start) {
			return p.reason, true
		}
	}
	if fn, ok := strings.CutPrefix(name, "Math."); ok && strings.Contains(floats, " "+fn+" ") {
		return floating, true
	}
	return reason{}, false
}
