package journal

import (
	"bytes"
	"regexp"
	"sort"
	"strings"

	"github.com/lockstep-flows/lockstep/engine/value"
)

// redactor replaces secrets in lines by their names.
type redactor struct {
	texts []hidden
}

type hidden struct{ text, name []byte }

// minSecret is the least length of a text that is looked for: shorter ones would
// be found where they are not meant.
const minSecret = 4

// add makes a text secret, as it appears in JSON and in JSON within JSON, which
// debug nodes put out.
func (r *redactor) add(text, name string) {
	if len(text) < minSecret {
		return
	}
	for range 2 {
		text, name = quoted(text), quoted(name)
		r.hide(hidden{[]byte(text), []byte(name)})
	}
}

func quoted(s string) string {
	q := value.AppendJSON(nil, value.Str(s))
	return string(q[1 : len(q)-1])
}

func (r *redactor) hide(h hidden) {
	for _, old := range r.texts {
		if bytes.Equal(old.text, h.text) {
			return
		}
	}
	r.texts = append(r.texts, h)
	sort.SliceStable(r.texts, func(i, j int) bool { return len(r.texts[i].text) > len(r.texts[j].text) })
}

// open are the credentials that are no secrets: names, which would be found in
// places where they mean something else.
var open = map[string]bool{"user": true, "username": true, "userid": true, "clientid": true, "name": true, "email": true}

func isOpen(name string) bool { return open[strings.ToLower(name)] }

// credentials makes the texts of a node's credentials secret.
func (r *redactor) credentials(node string, o *value.Object) {
	for i := range o.Len() {
		p := o.At(i)
		if deep := p.Value.Object(); deep != nil {
			r.credentials(node+"/"+p.Key, deep)
		} else if p.Value.IsString() && !isOpen(p.Key) {
			r.add(p.Value.Str(), placeholder(node, p.Key))
		}
	}
}

func (r *redactor) line(b []byte) []byte {
	for _, h := range r.texts {
		if bytes.Contains(b, h.text) {
			b = bytes.ReplaceAll(b, h.text, h.name)
		}
	}
	return b
}

// secretName finds the names of environment variables that hold secrets.
var secretName = regexp.MustCompile(`(?i)pass|secret|token|credential|apikey|api_key|private|seed|mnemonic|(^|_)(pwd|pw|key|auth)($|_)`)

func envName(name string) string { return "‹env:" + name + "›" }
