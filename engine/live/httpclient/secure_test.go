package httpclient

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/lockstep-flows/lockstep/engine/value"
)

// authority signs certificates for tests.
type authority struct {
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
	pem  string
}

func newAuthority(t *testing.T) *authority {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	tpl := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "test ca"}, NotBefore: time.Now().Add(-time.Hour),
		NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign}
	der, err := x509.CreateCertificate(rand.Reader, tpl, tpl, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return &authority{cert, key, string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))}
}

// issue gives PEM texts of a certificate and its key.
func (a *authority) issue(t *testing.T, change func(*x509.Certificate)) (certPEM, keyPEM string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	tpl := &x509.Certificate{SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: "peer"}, NotBefore: time.Now().Add(-time.Hour),
		NotAfter: time.Now().Add(time.Hour), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, DNSNames: []string{"named.test"}}
	if change != nil {
		change(tpl)
	}
	der, err := x509.CreateCertificate(rand.Reader, tpl, a.cert, &key.PublicKey, a.key)
	if err != nil {
		t.Fatal(err)
	}
	k, err := x509.MarshalECPrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})), string(pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY", Bytes: k}))
}

func (a *authority) serve(t *testing.T, needClient bool, change func(*x509.Certificate)) string {
	t.Helper()
	cert, key := a.issue(t, change)
	pair, err := tls.X509KeyPair([]byte(cert), []byte(key))
	if err != nil {
		t.Fatal(err)
	}
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name := ""
		if len(r.TLS.PeerCertificates) > 0 {
			name = r.TLS.PeerCertificates[0].Subject.CommonName
		}
		_, _ = fmt.Fprintf(w, "%s|%s|%s", name, r.TLS.ServerName, r.TLS.NegotiatedProtocol)
	}))
	s.TLS = &tls.Config{Certificates: []tls.Certificate{pair}, MinVersion: tls.VersionTLS12, NextProtos: []string{"http/1.1"}}
	if needClient {
		s.TLS.ClientCAs = x509.NewCertPool()
		s.TLS.ClientCAs.AddCert(a.cert)
		s.TLS.ClientAuth = tls.RequireAndVerifyClientCert
	}
	s.Config.ErrorLog = quietLog()
	s.StartTLS()
	t.Cleanup(s.Close)
	return s.URL
}

// TestTLS: trust, names, client certificates from texts and files, the errors of OpenSSL.
func TestTLS(t *testing.T) {
	a, other := newAuthority(t), newAuthority(t)
	c := New(Options{Dir: t.TempDir()})
	closed(t, c)
	url := a.serve(t, false, nil)
	secret := func(s string) value.Value { return value.NewSecret("x", s) }
	if got := body(ask(t, c, 1, "url", url, "tls", value.Obj("ca", secret(a.pem+other.pem), "servername", "named.test"))); got != "|named.test|" {
		t.Error(got)
	}
	if got := body(ask(t, c, 2, "url", url, "tls", value.Obj("verify", false))); got != "||" {
		t.Error(got)
	}
	wantError(t, ask(t, c, 3, "url", url), "UNABLE_TO_VERIFY_LEAF_SIGNATURE", "")
	wantError(t, ask(t, c, 4, "url", url, "tls", value.Obj("ca", secret(a.pem), "servername", "else.test")), "ERR_TLS_CERT_ALTNAME_INVALID",
		"RequestError: Hostname/IP does not match certificate's altnames: Host: else.test. is not in the cert's altnames: DNS:named.test, IP Address:127.0.0.1")
	old := a.serve(t, false, func(c *x509.Certificate) { c.NotAfter = time.Now().Add(-time.Minute) })
	wantError(t, ask(t, c, 5, "url", old, "tls", value.Obj("ca", secret(a.pem))), "CERT_HAS_EXPIRED", "RequestError: certificate has expired")

	strict := a.serve(t, true, nil)
	cert, key := a.issue(t, func(c *x509.Certificate) {
		c.Subject.CommonName = "client"
		c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}
	})
	if got := body(ask(t, c, 6, "url", strict, "tls", value.Obj("ca", secret(a.pem), "cert", secret(cert), "key", secret(key)))); got != "client||" {
		t.Error(got)
	}
	for name, text := range map[string]string{"c.pem": cert, "k.pem": key, "ca.pem": a.pem} {
		if err := os.WriteFile(filepath.Join(c.opt.Dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	files := value.Obj("caFile", "ca.pem", "certFile", "c.pem", "keyFile", "k.pem", "alpn", value.Arr(value.Str("http/1.1")))
	if got := body(ask(t, c, 7, "url", strict, "tls", files)); got != "client||http/1.1" {
		t.Error(got)
	}
	wantError(t, ask(t, c, 8, "url", strict, "tls", value.Obj("caFile", "none.pem")), "ENOENT", "")
	if o := ask(t, c, 9, "url", strict, "tls", value.Obj("ca", secret(a.pem))); o.Get("error").Error() == nil {
		t.Error("it came in without a certificate")
	}
}

// proxy is a real proxy for CONNECT; it notes what it was asked.
func proxy(t *testing.T, need string) (url string, asked chan string) {
	t.Helper()
	asked = make(chan string, 100)
	url = raw(t, func(c net.Conn) {
		head := readHead(c)
		target := strings.Fields(head)[1]
		asked <- head
		if need != "" && !strings.Contains(head, "proxy-authorization: Basic "+need+"\r\n") {
			_, _ = io.WriteString(c, "HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")
			return
		}
		to, err := net.Dial("tcp", target)
		if err != nil {
			_, _ = io.WriteString(c, "HTTP/1.1 502 Bad Gateway\r\n\r\n")
			return
		}
		defer func() { _ = to.Close() }()
		_, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\n\r\n")
		go func() {
			_, _ = io.Copy(to, c)
			_ = to.Close()
		}()
		_, _ = io.Copy(c, to)
	})
	return strings.TrimSuffix(url, "/x"), asked
}

// TestProxy: http and https through a proxy with and without a password, from the
// node and from the environment.
func TestProxy(t *testing.T) {
	a := newAuthority(t)
	secure := a.serve(t, false, nil)
	plain := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "plain") }))
	defer plain.Close()
	open, asked := proxy(t, "")
	guarded, _ := proxy(t, base64.StdEncoding.EncodeToString([]byte("me:p:w")))
	env := map[string]string{}
	c := New(Options{Env: func(n string) (string, bool) { v, ok := env[n]; return v, ok }})
	closed(t, c)
	through := func(p string) value.Value { return value.Obj("env", value.Obj("http_proxy", p, "https_proxy", p)) }
	if got := body(ask(t, c, 1, "url", plain.URL, "proxy", through(open))); got != "plain" {
		t.Error(got)
	}
	if head := <-asked; !strings.HasPrefix(head, "CONNECT "+strings.TrimPrefix(plain.URL, "http://")+" HTTP/1.1\r\n") {
		t.Error(head)
	}
	if got := body(ask(t, c, 2, "url", secure, "proxy", through(open), "tls", value.Obj("ca", a.pem))); got != "||" {
		t.Error(got)
	}
	<-asked
	wantError(t, ask(t, c, 3, "url", plain.URL, "proxy", through(guarded)), "ERR_GOT_REQUEST_ERROR", "RequestError: Bad response: 407")
	named := through(guarded).Object()
	named.Set("username", value.NewSecret("u", "me"))
	named.Set("password", value.NewSecret("p", "p:w"))
	if got := body(ask(t, c, 4, "url", plain.URL, "proxy", value.Of(named))); got != "plain" {
		t.Error(got)
	}
	env["HTTP_PROXY"] = open
	if got := body(ask(t, c, 5, "url", strings.Replace(plain.URL, "127.0.0.1", "localhost", 1))); got != "plain" || len(asked) != 1 {
		t.Error(got, len(asked))
	}
	<-asked
	env["no_proxy"] = "other, .0.1"
	if got := body(ask(t, c, 6, "url", plain.URL)); got != "plain" || len(asked) != 0 {
		t.Error(got, len(asked))
	}
	env["HTTP_PROXY"] = "http://127.0.0.1:1"
	delete(env, "no_proxy")
	wantError(t, ask(t, c, 7, "url", plain.URL), "ECONNREFUSED", "RequestError: connect ECONNREFUSED 127.0.0.1:1")
}

// TestDigest: the answer to a challenge is what a server computes.
func TestDigest(t *testing.T) {
	part := regexp.MustCompile(`(\w+)="?([^",]+)"?`)
	for _, algorithm := range []string{"", "MD5-sess", "SHA-256", "SHA-512-256"} {
		tries := 0
		s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			tries++
			h := r.Header.Get("Authorization")
			if h == "" {
				w.Header().Set("WWW-Authenticate", `Digest realm="r", nonce="n", qop="auth,auth-int", algorithm=`+algorithm)
				w.WriteHeader(http.StatusUnauthorized)
				return
			}
			f := map[string]string{}
			for _, m := range part.FindAllStringSubmatch(h, -1) {
				f[m[1]] = m[2]
			}
			sum := digestSum(algorithm)
			ha1 := sum("u:r:p")
			if strings.HasSuffix(algorithm, "-sess") {
				ha1 = sum(ha1 + ":n:" + f["cnonce"])
			}
			want := sum(ha1 + ":n:00000001:" + f["cnonce"] + ":auth:" + sum("POST:/a?b=1"))
			body, _ := io.ReadAll(r.Body)
			_, _ = fmt.Fprint(w, f["response"] == want, f["uri"], string(body))
		}))
		c := New(Options{})
		d := value.Obj("user", value.NewSecret("u", "u"), "password", value.NewSecret("p", "p"))
		got := body(ask(t, c, 1, "url", s.URL+"/a?b=1", "method", "POST", "digest", d, "body", value.Bytes([]byte("x"))))
		if got != "true/a?b=1x" && got != "true /a?b=1 x" || tries != 2 {
			t.Errorf("%s: %s after %d tries", algorithm, got, tries)
		}
		closed(t, c)
		s.Close()
	}
}

// TestRedirectElsewhere: what authorizes is not sent to another host.
func TestRedirectElsewhere(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/" {
			http.Redirect(w, r, strings.Replace("http://"+r.Host, "127.0.0.1", "localhost", 1)+"/to", http.StatusFound)
			return
		}
		_, _ = io.WriteString(w, r.Header.Get("Authorization")+"|"+r.Header.Get("Cookie")+"|"+r.Header.Get("X-A"))
	}))
	defer s.Close()
	c := New(Options{})
	closed(t, c)
	headers := value.Arr(value.Arr(value.Str("Authorization"), value.NewSecret("a", "Basic x")), value.Arr(value.Str("x-a"), value.Str("1")))
	if got := body(ask(t, c, 1, "url", s.URL, "headers", headers, "cookies", value.Arr(value.Str("a=b")), "userinfo", value.NewSecret("u", "a:b"))); got != "||1" {
		t.Error(got)
	}
}
