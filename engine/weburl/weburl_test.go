package weburl

import "testing"

// TestParse holds addresses to what Node.js makes of them.
func TestParse(t *testing.T) {
	base, _ := Parse("http://h/a/b?q#f", nil)
	for _, c := range []struct {
		text string
		base *URL
		want string
	}{
		{"http://127.0.0.1:80/a b", nil, "http://127.0.0.1/a%20b"},
		{"HTTP:\\\\EXAMPLE.com\\a\\..\\b", nil, "http://example.com/b"},
		{"https://u:p@h:443?x=é'#<", nil, "https://u:p@h/?x=%C3%A9%27#%3C"},
		{"http://127.1:8080", nil, "http://127.0.0.1:8080/"},
		{"http://0x7f000001/", nil, "http://127.0.0.1/"},
		{"http://[::1]:90/x", nil, "http://[::1]:90/x"},
		{"http://bücher.example/", nil, "http://xn--bcher-kva.example/"},
		{"http://h:99999/", nil, ""},
		{"http://", nil, ""},
		{"http://a b/", nil, ""},
		{"/x", nil, ""},
		{"../c?d", base, "http://h/c?d"},
		{"c", base, "http://h/a/c"},
		{"?z", base, "http://h/a/b?z"},
		{"#z", base, "http://h/a/b?q#z"},
		{"//other/x", base, "http://other/x"},
		{"ftp://x/y", base, "ftp://x/y"},
		{"http:x", base, "http://h/a/x"},
	} {
		u, ok := Parse(c.text, c.base)
		got := ""
		if ok {
			got = u.String()
		}
		if got != c.want {
			t.Errorf("%q: %q, want %q", c.text, got, c.want)
		}
	}
}

// FuzzParse: what was normalised stays as it is.
func FuzzParse(f *testing.F) {
	for _, s := range []string{"http://a/b", "https://[::1]/", "http://1.2/", "http:\\x", "http://a@b:c@d/?%#%"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		u, ok := Parse(s, nil)
		if !ok || !u.Special() {
			return
		}
		again, ok := Parse(u.String(), nil)
		if !ok || again.String() != u.String() {
			t.Errorf("%q: %q", s, u.String())
		}
	})
}
