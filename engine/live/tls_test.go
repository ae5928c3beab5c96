package live

import (
	"encoding/base64"
	"os"
	"testing"

	"github.com/lockstep-flows/lockstep/engine/value"
)

// TestTLSConfigKeys: keys open in each form that openssl writes, by file and as
// text; a wrong passphrase is an error that does not show it.
func TestTLSConfigKeys(t *testing.T) {
	pass := value.NewSecret("passphrase", "fixture")
	for _, key := range []string{"pbes2.key", "pbes2-des3.key", "legacy.key"} {
		c, err := TLSConfig(value.Obj("certFile", "cert.pem", "keyFile", key, "passphrase", pass).Object(), "testdata")
		if err != nil || len(c.Certificates) != 1 {
			t.Errorf("%s: %v", key, err)
		}
		if _, err := TLSConfig(value.Obj("certFile", "cert.pem", "keyFile", key, "passphrase", "wrong").Object(), "testdata"); err == nil {
			t.Errorf("%s: a wrong passphrase opened it", key)
		}
	}
	c, err := TLSConfig(value.Obj("pfxFile", "container.p12", "passphrase", pass).Object(), "testdata")
	if err != nil || len(c.Certificates) != 1 {
		t.Error(err)
	}
	data, err := os.ReadFile("testdata/container.p12")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := TLSConfig(value.Obj("pfx", value.NewSecret("pfx", base64.StdEncoding.EncodeToString(data)), "passphrase", pass).Object(), ""); err != nil {
		t.Error(err)
	}
	if _, err := TLSConfig(value.Obj("certFile", "none.pem", "keyFile", "k").Object(), "testdata"); err == nil || err.Error() != "Error: ENOENT: no such file or directory, open 'none.pem'" {
		t.Error(err)
	}
}

// TestProxyFor: the rules by which a proxy is chosen.
func TestProxyFor(t *testing.T) {
	for _, c := range []struct {
		settings, url string
		env           []string
		want          string
	}{
		{"{}", "http://a/", nil, ""},
		{"{}", "http://a/", []string{"http_proxy", "http://p:1"}, "http://p:1"},
		{"{}", "https://a/", []string{"http_proxy", "http://p:1"}, ""},
		{"{}", "https://a/", []string{"HTTPS_PROXY", "p:1"}, "https://p:1"},
		{"{}", "ws://a/", []string{"all_proxy", "http://p:1"}, "http://p:1"},
		{"{}", "http://a/", []string{"http_proxy", "http://p", "npm_config_http_proxy", "http://n"}, "http://n"},
		{`{"options":{"excludeNpm":true}}`, "http://a/", []string{"http_proxy", "http://p", "npm_config_http_proxy", "http://n"}, "http://p"},
		{`{"options":{"favourUpperCase":true}}`, "http://a/", []string{"http_proxy", "http://p", "HTTP_PROXY", "http://u"}, "http://u"},
		{`{"options":{"lowerCaseOnly":true}}`, "http://a/", []string{"HTTP_PROXY", "http://u"}, ""},
		{"{}", "http://a.b/", []string{"http_proxy", "http://p", "no_proxy", "x, a.b"}, ""},
		{"{}", "http://a.b:81/", []string{"http_proxy", "http://p", "no_proxy", "a.b:80"}, "http://p"},
		{"{}", "http://c.a.b/", []string{"http_proxy", "http://p", "no_proxy", "*.a.b"}, ""},
		{"{}", "http://c/", []string{"http_proxy", "http://p", "no_proxy", "*"}, ""},
		{`{"options":{"mode":"legacy"}}`, "https://a/x", []string{"http_proxy", "http://p"}, "http://p"},
		{`{"options":{"mode":"legacy"}}`, "https://a/x", []string{"http_proxy", "http://p", "no_proxy", "/x"}, ""},
		{`{"options":{"env":{"http_proxy":"http://e"}}}`, "http://a/", []string{"http_proxy", "http://p"}, "http://e"},
		{`{"env":{"http_proxy":"http://n","no_proxy":"b"}}`, "http://a/", []string{"http_proxy", "http://p"}, "http://n"},
	} {
		o, err := value.ParseJSON(c.settings)
		if err != nil {
			t.Fatal(err)
		}
		env := map[string]string{}
		for i := 0; i < len(c.env); i += 2 {
			env[c.env[i]] = c.env[i+1]
		}
		got := ProxyFor(o.Object(), c.url, func(n string) (string, bool) { v, ok := env[n]; return v, ok })
		if got != c.want {
			t.Errorf("%s %s %v: %q, want %q", c.settings, c.url, c.env, got, c.want)
		}
	}
}
