package xml

import (
	"strings"
	"testing"

	"github.com/lockstep-flows/lockstep/engine/value"
)

// FuzzXML looks for texts on which reading panics or does not end, and for results
// that cannot be written without panic.
func FuzzXML(f *testing.F) {
	for _, s := range []string{`<a b="1">t<c/>&amp;<![CDATA[x]]></a>`, "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", "<a><!-- - -- --></a>",
		"<?x ??><a", "<n:a xmlns:n='u' n:b=''/>", "<script><a</script>", "</a>", "<a b=c d>", "<\xed\xa0\x80/>", "<a>\U0001F600&#x1F600;"} {
		f.Add(s, uint16(0))
		f.Add(s, uint16(0xFFFF))
	}
	f.Fuzz(func(t *testing.T, text string, flags uint16) {
		text = value.Text([]byte(text))
		opts := value.NewObject()
		for i, name := range []string{"explicitArray", "explicitRoot", "mergeAttrs", "ignoreAttrs", "trim", "normalize", "normalizeTags",
			"explicitCharkey", "explicitChildren", "preserveChildrenOrder", "charsAsChildren", "includeWhiteChars", "xmlns", "strict"} {
			opts.Set(name, value.Bool(flags>>i&1 != 0))
		}
		r := Parse(text, value.Of(opts))
		if r.Err == nil && !r.Lost && r.Value.Object() != nil {
			_, _ = Build(r.Value, value.Undefined)
		}
	})
}

// TestLongParts fails if a comment longer than sax allows is read: it is found out
// at the end of the piece of text in which it is too long.
func TestLongParts(t *testing.T) {
	r := Parse("<a><!--"+strings.Repeat("x", 80000)+"--></a>", value.Undefined)
	if r.Err == nil || !strings.HasPrefix(r.Err.Error(), "Error: Max buffer length exceeded: comment\nLine: 0\nColumn: 70000\n") {
		t.Error(r.Err)
	}
	r = Parse("<a>"+strings.Repeat("x", 80000)+"</a>", value.Undefined)
	if r.Err != nil || r.Chunks != 9 {
		t.Error(r.Err, r.Chunks)
	}
}
