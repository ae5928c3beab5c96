package live

import (
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"

	"github.com/lockstep-flows/lockstep/engine/regex"
	"github.com/lockstep-flows/lockstep/engine/value"
)

// route is one http in node: a method and a path pattern.
type route struct {
	request     uint64
	method      string
	upload, raw bool
	reply       func(value.Value, bool)

	static string // the whole path in lower case, if it has no pattern
	re     *regex.Regexp
	keys   []string
}

func newRoute(request uint64, o *value.Object, reply func(value.Value, bool)) (*route, error) {
	r := &route{request: request, method: strings.ToUpper(o.Get("method").Str()), upload: o.Get("upload").Bool(), raw: o.Get("raw").Bool(), reply: reply}
	path := o.Get("path").Str()
	if !strings.ContainsAny(path, ":*?+()[]{}.|^$\\") {
		r.static = strings.ToLower(strings.TrimSuffix(path, "/"))
		return r, nil
	}
	source, keys := pattern(path)
	re, err := regex.Compile(source, "i")
	r.re, r.keys = re, keys
	return r, err
}

// takes reports whether the route serves a method; GET serves HEAD too.
func (r *route) takes(method string) bool {
	return r.method == method || r.method == http.MethodGet && method == http.MethodHead
}

// match matches an escaped path and gives its parameters, decoded.
func (r *route) match(path string) (*value.Object, bool) {
	if r.re == nil {
		return value.NewObject(), strings.EqualFold(strings.TrimSuffix(path, "/"), r.static)
	}
	m, err := r.re.Exec(path, 0)
	if err != nil || m == nil {
		return nil, false
	}
	params := value.NewObject()
	for i, key := range r.keys {
		if i+1 >= len(m.Groups) || !m.Groups[i+1].Ok {
			continue
		}
		text := m.Groups[i+1].Text
		if plain, err := url.PathUnescape(text); err == nil {
			text = plain
		}
		params.Set(key, value.Str(text))
	}
	return params, true
}

var (
	patternPart  = regexp.MustCompile(`\\.|(/)?(\.)?:(\w+)(\(.*?\))?(\*)?(\?)?|[.*]|/\(`)
	captureStar  = regexp.MustCompile(`\\.|\*`)
	captureGroup = regexp.MustCompile(`\\.|\((\?)?(?:<(.*?)>)?`)
)

// pattern gives the regular expression for a path of Express 4 and the names of
// its groups: ":name" with "(…)", "*" and "?", "*" alone, and groups of its own.
func pattern(path string) (source string, keys []string) {
	type key struct {
		name string
		at   int // where its group begins in the source
	}
	var named []key
	var b, back strings.Builder
	pos := 0
	for _, m := range patternPart.FindAllStringSubmatchIndex(path, -1) {
		sub := func(i int) string {
			if m[2*i] < 0 {
				return ""
			}
			return path[m[2*i]:m[2*i+1]]
		}
		match := sub(0)
		b.WriteString(path[pos:m[0]])
		switch {
		case match[0] == '\\':
			back.WriteString(match)
			b.WriteString(match)
		case match == ".":
			back.WriteString(`\.`)
			b.WriteString(`\.`)
		case match == "*":
			back.Reset()
			b.WriteString("(.*)")
		case match == "/(":
			back.WriteString("/")
			b.WriteString("/(?:")
		default:
			slash, format, capture := sub(1), "", sub(4)
			if slash != "" || sub(2) != "" {
				back.Reset()
			} else {
				back.WriteString(path[pos:m[0]])
			}
			if sub(2) != "" {
				format = `\.`
			}
			switch {
			case capture != "":
				capture = captureStar.ReplaceAllStringFunc(capture, func(s string) string {
					if s == "*" {
						return "(.*)"
					}
					return s
				})
			case back.Len() > 0:
				capture = "((?:(?!/|" + back.String() + ").)+?)"
			default:
				capture = "([^/" + format + "]+?)"
			}
			b.WriteString("(?:" + format + slash)
			named = append(named, key{sub(3), b.Len()})
			b.WriteString(capture)
			if sub(5) != "" {
				b.WriteString("((?:[/" + format + "].+?)?)")
			}
			b.WriteString(")" + sub(6))
			back.Reset()
		}
		pos = m[1]
	}
	b.WriteString(path[pos:])
	source = b.String()
	at := map[int]string{}
	for _, k := range named {
		at[k.at] = k.name
	}
	n := 0
	for _, m := range captureGroup.FindAllStringSubmatchIndex(source, -1) {
		if source[m[0]] == '\\' || m[2] >= 0 && m[4] < 0 {
			continue
		}
		if name, ok := at[m[0]]; ok {
			keys = append(keys, name)
			continue
		}
		keys = append(keys, value.FormatNumber(float64(n)))
		n++
	}
	if strings.HasSuffix(source, "/") {
		source += "?"
	} else {
		source += "/?"
	}
	return "^" + source + "$", keys
}

// allowed lists the methods of the routes that match a path.
func allowed(routes []*route, path string) string {
	var list []string
	seen := map[string]bool{}
	add := func(m string) {
		if !seen[m] {
			seen[m] = true
			list = append(list, m)
		}
	}
	for _, r := range routes {
		if _, ok := r.match(path); ok {
			add(r.method)
			if r.method == http.MethodGet {
				add(http.MethodHead)
			}
		}
	}
	return strings.Join(list, ",")
}

func escapeHTML(s string) string { return html.EscapeString(s) }
