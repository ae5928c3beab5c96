// Package xml reads XML into values and writes values as XML as Node.js's xml2js
// 0.6 does, with its sax parser and xmlbuilder beneath: the same objects, texts and
// error messages. It is what the xml node uses.
package xml

import (
	"github.com/lockstep-flows/lockstep/engine/value"
)

// Result is what came of a text.
type Result struct {
	// Value is the object, null for a text without an element; Err what was wrong.
	Value value.Value
	Err   error
	// Lost says that xml2js would never answer, as an error went astray in it.
	Lost bool
	// Chunks is how many turns of the loop xml2js takes, 0 for none.
	Chunks int
}

// options are those of xml2js for reading.
type options struct {
	attrKey, charKey, childKey                                  string
	explicitArray, explicitRoot, explicitCharKey, explicitChild bool
	trim, normalize, ignoreAttrs, mergeAttrs, xmlns, strict     bool
	keepOrder, charsAsChildren, whiteChars, normalizeTags       bool
	emptyTag, validator                                         value.Value
	attrNames, attrValues, tagNames, values                     value.Value
	chunk                                                       int
}

// given reads an option: def if it is not among those given.
func given(opts value.Value, key string, def value.Value) value.Value {
	if o := opts.Object(); o != nil {
		if v, ok := o.Lookup(key); ok {
			return v
		}
		return def
	}
	if opts.IsObject() && value.HasOwn(opts, key) {
		v, _ := value.GetKey(opts, key)
		return v
	}
	return def
}

func readOptions(opts value.Value) options {
	flag := func(key string, def bool) bool { return value.Truthy(given(opts, key, value.Bool(def))) }
	text := func(key, def string) string { return value.ToString(given(opts, key, value.Str(def))) }
	list := func(key string) value.Value { return given(opts, key, value.Null) }
	o := options{
		attrKey: text("attrkey", "$"), charKey: text("charkey", "_"), childKey: text("childkey", "$$"),
		explicitArray: flag("explicitArray", true), explicitRoot: flag("explicitRoot", true),
		explicitCharKey: flag("explicitCharkey", false), explicitChild: flag("explicitChildren", false),
		trim: flag("trim", false), normalize: flag("normalize", false), ignoreAttrs: flag("ignoreAttrs", false),
		mergeAttrs: flag("mergeAttrs", false), xmlns: flag("xmlns", false), strict: flag("strict", true),
		keepOrder: flag("preserveChildrenOrder", false), charsAsChildren: flag("charsAsChildren", false),
		whiteChars: flag("includeWhiteChars", false), normalizeTags: flag("normalizeTags", false),
		emptyTag: given(opts, "emptyTag", value.Str("")), validator: list("validator"),
		attrNames: list("attrNameProcessors"), attrValues: list("attrValueProcessors"),
		tagNames: list("tagNameProcessors"), values: list("valueProcessors"),
	}
	o.chunk = 10000
	if c := value.ToNumber(given(opts, "chunkSize", value.Int(o.chunk))); c >= 1 && c < 1<<30 {
		o.chunk = int(c)
	}
	return o
}

// Parse reads a text with xml2js's options.
func Parse(text string, opts value.Value) Result {
	if value.Trim(text) == "" {
		return Result{Value: value.Null}
	}
	if len(text) >= 3 && text[:3] == "\uFEFF" {
		text = text[3:]
	}
	o := readOptions(opts)
	t := &tree{options: &o, result: value.Null}
	p := &scanner{s: text, strict: o.strict, xmlns: o.xmlns, chunk: o.chunk, h: t}
	p.run()
	r := Result{Value: t.result, Err: t.err, Lost: t.lost}
	if p.err != nil && !t.done && !t.lost && t.err == nil {
		r.Err = p.err
	}
	r.Chunks = max(0, value.UTF16Len(text[:p.i])-1)/o.chunk + 1
	return r
}
