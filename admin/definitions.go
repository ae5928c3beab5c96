package admin

import (
	"path"
	"regexp"
	"strings"

	"github.com/lockstep-flows/lockstep/engine/value"
)

var (
	helpScript = regexp.MustCompile(`(?is)<script[^>]* data-help-name=.*?</script>`)
	helpLang   = regexp.MustCompile(`(?i)^<script[^>]* data-lang\s*=\s*['"](.+?)['"]`)
)

// definitions are those of all sets, for an editor to load.
func (e *editor) definitions(lang string) string {
	if e == nil {
		return ""
	}
	var b strings.Builder
	for _, s := range e.sets {
		b.WriteString("\n")
		b.WriteString(e.definition(s, lang))
	}
	return b.String()
}

// definition is what an editor loads for a set: its dialogs, and help in a language.
func (e *editor) definition(s set, lang string) string {
	if e == nil {
		return ""
	}
	text, err := e.nodes.ReadFile("core/" + s.file + ".html")
	if err != nil {
		return ""
	}
	help := map[string]string{}
	main := helpScript.ReplaceAllStringFunc(string(text), func(h string) string {
		l := defaultLanguage
		if m := helpLang.FindStringSubmatch(h); m != nil {
			l = m[1]
		}
		help[l] += h
		return ""
	})
	return "<!-- --- [red-module:" + s.id() + "] --- -->\n" + main + e.help(s, lang, help)
}

func (e *editor) help(s set, lang string, own map[string]string) string {
	base, _, _ := strings.Cut(lang, "-")
	for _, l := range []string{lang, base, defaultLanguage} {
		if h := own[l]; h != "" {
			return h
		}
		if text, err := e.nodes.ReadFile(path.Join("locales", l, s.file+".html")); err == nil && plainLanguage(l) {
			return string(text)
		}
	}
	return ""
}

// catalogue gives the texts of a namespace in a language; those that are missing are
// English.
func (e *editor) catalogue(namespace, lang string) value.Value {
	none := value.Of(value.NewObject())
	if e == nil || !plainLanguage(lang) {
		return none
	}
	read := func(l string) *value.Object {
		file := path.Join("locales", l, namespace+".json")
		text, err := []byte(nil), error(nil)
		switch namespace {
		case "editor", "jsonata", "infotips":
			text, err = e.client.ReadFile(file)
		case coreModule:
			text, err = e.nodes.ReadFile(path.Join("locales", l, "messages.json"))
		default:
			return nil
		}
		if err != nil {
			return nil
		}
		v, err := value.ParseJSON(strings.TrimPrefix(value.Text(text), "\ufeff"))
		if err != nil {
			return nil
		}
		plurals(v.Object())
		return v.Object()
	}
	base, _, _ := strings.Cut(lang, "-")
	out := read(lang)
	if out == nil && base != lang {
		out = read(base)
	}
	if out == nil && base == "en" {
		out = read(defaultLanguage)
	}
	if out == nil {
		return none
	}
	if lang != defaultLanguage {
		fill(out, read(defaultLanguage))
	}
	return value.Of(out)
}

// plurals renames the keys of plurals to what today's i18next reads.
func plurals(o *value.Object) {
	if o == nil {
		return
	}
	for _, k := range o.Keys() {
		v := o.Get(k)
		if deep := v.Object(); deep != nil {
			plurals(deep)
		} else if one, ok := strings.CutSuffix(k, "_plural"); ok {
			if !value.Truthy(o.Get(one + "_other")) {
				o.Set(one+"_other", v)
			}
			o.Delete(k)
		}
	}
}

// fill adds the texts that a catalogue lacks.
func fill(o, from *value.Object) {
	if o == nil || from == nil {
		return
	}
	for i := range from.Len() {
		p := from.At(i)
		if v := o.Get(p.Key); !value.Truthy(v) {
			o.Set(p.Key, p.Value)
		} else {
			fill(v.Object(), p.Value.Object())
		}
	}
}
