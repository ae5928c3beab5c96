package jsonata

import (
	"sync"

	"github.com/lockstep-flows/lockstep/engine/value"
)

// table holds the built-in functions. It is filled when first used and never
// changed then.
var table struct {
	once   sync.Once
	byName map[string]value.Value
	count  int
	clone  *signature
}

// builtinNamed gives the built-in function of a name, undefined if there is none.
func builtinNamed(name string) value.Value {
	table.once.Do(fillTable)
	return table.byName[name]
}

func builtinCount() int {
	table.once.Do(fillTable)
	return table.count
}

// entry describes a built-in function: its name, signature, arity as JavaScript
// counts it and parameter names.
type entry struct {
	name, sig string
	arity     int
	params    []string
	fn        native
}

func fillTable() {
	table.byName = make(map[string]value.Value)
	for _, list := range [][]entry{stringEntries(), numberEntries(), arrayEntries(), objectEntries(), otherEntries()} {
		for _, e := range list {
			f := &function{kind: funcBuiltin}
			f.builtin = &builtin{id: table.count, name: e.name, arity: e.arity, params: e.params, fn: e.fn}
			f.builtin.sig, _ = parseSignature(e.sig)
			table.count++
			table.byName[e.name] = functionValue(f)
		}
	}
	for _, e := range hostEntries() {
		table.byName[e.name] = functionValue(&function{kind: funcNative, native: e.fn, arity: e.arity, params: e.params})
	}
}

// transformSignature is that of a transform.
func transformSignature() *signature {
	sig, _ := parseSignature("<(oa):o>")
	return sig
}

func names(list ...string) []string { return list }

func stringEntries() []entry {
	return []entry{
		{"string", "<x-b?:s>", 1, names("arg", "prettify = false"), fnString},
		{"substring", "<s-nn?:s>", 3, names("str", "start", "length"), fnSubstring},
		{"substringBefore", "<s-s:s>", 2, names("str", "chars"), fnSubstringBefore},
		{"substringAfter", "<s-s:s>", 2, names("str", "chars"), fnSubstringAfter},
		{"lowercase", "<s-:s>", 1, names("str"), ofText(value.ToLower)},
		{"uppercase", "<s-:s>", 1, names("str"), ofText(value.ToUpper)},
		{"length", "<s-:n>", 1, names("str"), fnLength},
		{"trim", "<s-:s>", 1, names("str"), ofText(trim)},
		{"pad", "<s-ns?:s>", 3, names("str", "width", "char"), fnPad},
		{"match", "<s-f<s:o>n?:a<o>>", 3, names("str", "regex", "limit"), fnMatch},
		{"contains", "<s-(sf):b>", 2, names("str", "token"), fnContains},
		{"replace", "<s-(sf)(sf)n?:s>", 4, names("str", "pattern", "replacement", "limit"), fnReplace},
		{"split", "<s-(sf)n?:a<s>>", 3, names("str", "separator", "limit"), fnSplit},
		{"join", "<a<s>s?:s>", 2, names("strs", "separator"), fnJoin},
		{"base64encode", "<s-:s>", 1, names("str"), ofText(base64encode)},
		{"base64decode", "<s-:s>", 1, names("str"), ofText(base64decode)},
		{"encodeUrlComponent", "<s-:s>", 1, names("str"), encodeURL("encodeUrlComponent", componentChars)},
		{"encodeUrl", "<s-:s>", 1, names("str"), encodeURL("encodeUrl", urlChars)},
		{"decodeUrlComponent", "<s-:s>", 1, names("str"), decodeURL("decodeUrlComponent", "")},
		{"decodeUrl", "<s-:s>", 1, names("str"), decodeURL("decodeUrl", urlReserved)},
	}
}

func numberEntries() []entry {
	return []entry{
		{"sum", "<a<n>:n>", 1, names("args"), fnSum},
		{"count", "<a:n>", 1, names("args"), fnCount},
		{"max", "<a<n>:n>", 1, names("args"), fnMax},
		{"min", "<a<n>:n>", 1, names("args"), fnMin},
		{"average", "<a<n>:n>", 1, names("args"), fnAverage},
		{"number", "<(nsb)-:n>", 1, names("arg"), fnNumber},
		{"floor", "<n-:n>", 1, names("arg"), ofNumber(value.Floor)},
		{"ceil", "<n-:n>", 1, names("arg"), ofNumber(value.Ceil)},
		{"abs", "<n-:n>", 1, names("arg"), ofNumber(value.Abs)},
		{"round", "<n-n?:n>", 2, names("arg", "precision"), fnRound},
		{"sqrt", "<n-:n>", 1, names("arg"), fnSqrt},
		{"power", "<n-n:n>", 2, names("arg", "exp"), fnPower},
		{"random", "<:n>", 0, nil, fnRandom},
		{"formatNumber", "<n-so?:s>", 3, names("value", "picture", "options"), fnFormatNumber},
		{"formatBase", "<n-n?:s>", 2, names("value", "radix"), fnFormatBase},
		{"formatInteger", "<n-s:s>", 2, names("value", "picture"), fnFormatInteger},
		{"parseInteger", "<s-s:n>", 2, names("value", "picture"), fnParseInteger},
		{"toMillis", "<s-s?:n>", 2, names("timestamp", "picture"), fnToMillis},
		{"fromMillis", "<n-s?s?:s>", 3, names("millis", "picture", "timezone"), fnFromMillis},
		{"now", "<s?s?:s>", 2, names("picture", "timezone"), fnNow},
		{"millis", "<:n>", 0, nil, fnMillis},
	}
}

func arrayEntries() []entry {
	return []entry{
		{"map", "<af>", 2, names("arr", "func"), fnMap},
		{"filter", "<af>", 2, names("arr", "func"), fnFilter},
		{"single", "<af?>", 2, names("arr", "func"), fnSingle},
		{"reduce", "<afj?:j>", 3, names("sequence", "func", "init"), fnReduce},
		{"zip", "<a+>", 0, nil, fnZip},
		{"append", "<xx:a>", 2, names("arg1", "arg2"), fnAppend},
		{"reverse", "<a:a>", 1, names("arr"), fnReverse},
		{"sort", "<af?:a>", 2, names("arr", "comparator"), fnSort},
		{"shuffle", "<a:a>", 1, names("arr"), fnShuffle},
		{"distinct", "<x:x>", 1, names("arr"), fnDistinct},
	}
}

func objectEntries() []entry {
	return []entry{
		{"keys", "<x-:a<s>>", 1, names("arg"), fnKeys},
		{"lookup", "<x-s:x>", 2, names("input", "key"), fnLookup},
		{"spread", "<x-:a<o>>", 1, names("arg"), fnSpread},
		{"merge", "<a<o>:o>", 1, names("arg"), fnMerge},
		{"each", "<o-f:a>", 2, names("obj", "func"), fnEach},
		{"sift", "<o-f?:o>", 2, names("arg", "func"), fnSift},
		{"clone", "<(oa)-:o>", 1, names("msg"), fnClone},
	}
}

func otherEntries() []entry {
	return []entry{
		{"boolean", "<x-:b>", 1, names("arg"), fnBoolean},
		{"not", "<x-:b>", 1, names("arg"), fnNot},
		{"exists", "<x:b>", 1, names("arg"), fnExists},
		{"type", "<x:s>", 1, names("value"), fnType},
		{"error", "<s?:x>", 1, names("message"), fnError},
		{"assert", "<bs?:x>", 2, names("condition", "message"), fnAssert},
		{"eval", "<sx?:x>", 2, names("expr", "focus"), fnEval},
	}
}

func hostEntries() []entry {
	return []entry{
		{"flowContext", "", 2, names("val", "store"), fnFlowContext},
		{"globalContext", "", 2, names("val", "store"), fnGlobalContext},
		{"env", "", 1, names("name"), fnEnv},
		{"moment", "", 4, names("arg1", "arg2", "arg3", "arg4"), fnMoment},
	}
}
