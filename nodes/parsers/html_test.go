package parsers

import (
	"strings"
	"testing"

	"github.com/lockstep-flows/lockstep/engine/value"
)

// FuzzHTML looks for HTML and selectors that panic.
func FuzzHTML(f *testing.F) {
	for _, s := range []string{"li:first b", ":has(> li)", "[a~='x y' i]", ":nth-child(-2n+ 1)", `#\31 \`, "li:not(ul :eq(-1), b)", "a /* c */ , b", "<b>x"} {
		f.Add("<ul><li a='x y'>one <b>B</b><li>two</ul><template><p>x</template><svg><a xlink:href=x>", s)
	}
	f.Fuzz(func(t *testing.T, text, selector string) {
		if len(text) > 1<<10 || len(selector) > 1<<8 {
			return
		}
		doc, err := loadHTML(value.Str(text))
		if err != nil {
			return
		}
		found, err := findHTML(doc, selector)
		if err != nil {
			return
		}
		n := &htmlNode{}
		for _, n.Ret = range []string{"html", "text", "attr", "compl"} {
			for _, e := range found {
				_, _ = n.take(e)
			}
		}
	})
}

// TestHTMLDepth fails if HTML or a selector that is nested too deep gives no error.
func TestHTMLDepth(t *testing.T) {
	if _, err := loadHTML(value.Str(strings.Repeat("<div>", 100000))); err == nil {
		t.Error("deep HTML gave no error")
	}
	doc, err := loadHTML(value.Str("<p>x"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := findHTML(doc, strings.Repeat(":not(", 100000)); err == nil {
		t.Error("a deep selector gave no error")
	}
}
