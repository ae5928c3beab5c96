package httpclient

import (
	"crypto/md5" //nolint:gosec // digest authentication is defined by it
	"crypto/rand"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/hex"
	"regexp"
	"strings"

	"github.com/lockstep-flows/lockstep/engine/value"
)

var challengePart = regexp.MustCompile(`(?i)([a-z0-9_-]+)=(?:"([^"]+)"|([a-z0-9_-]+))`)

// qopAuth finds auth in a list of qualities of protection.
var qopAuth = regexp.MustCompile(`(^|,)\s*auth\s*($|,)`)

// answerChallenge makes the next request one that answers a digest challenge; it
// reports whether to make one.
func (x *exchange) answerChallenge(h *hop) bool {
	d := x.o.Get("digest").Object()
	if d == nil {
		return false
	}
	challenge := h.headers.Get("www-authenticate").Str()
	if challenge != "" {
		text, problem := digestHeader(value.Reveal(d.Get("user")), value.Reveal(d.Get("password")), x.method, x.url.Target(), challenge)
		if problem != "" {
			x.warnings.Append(value.Str("Digest authentication failed: " + problem))
			return false
		}
		x.set("authorization", text)
	}
	x.digested = true
	return true
}

func digestHeader(user, password, method, uri, challenge string) (text, problem string) {
	c := map[string]string{}
	for _, m := range challengePart.FindAllStringSubmatch(challenge, -1) {
		c[m[1]] = m[2] + m[3]
	}
	if c["nonce"] == "" {
		return "", "Invalid digest challenge: missing nonce"
	}
	if c["realm"] == "" {
		return "", "Invalid digest challenge: missing realm"
	}
	sum := digestSum(c["algorithm"])
	qop, nc, cnonce := "", "", ""
	if qopAuth.MatchString(c["qop"]) {
		qop, nc, cnonce = "auth", "00000001", hexRandom()
	}
	ha1 := sum(user + ":" + c["realm"] + ":" + password)
	if strings.HasSuffix(strings.ToLower(c["algorithm"]), "-sess") {
		ha1 = sum(ha1 + ":" + c["nonce"] + ":" + cnonce)
	}
	ha2 := sum(method + ":" + uri)
	response := sum(ha1 + ":" + c["nonce"] + ":" + ha2)
	if qop != "" {
		response = sum(ha1 + ":" + c["nonce"] + ":" + nc + ":" + cnonce + ":" + qop + ":" + ha2)
	}
	var parts []string
	for _, p := range [][2]string{
		{"username", user}, {"realm", c["realm"]}, {"nonce", c["nonce"]}, {"uri", uri}, {"qop", qop}, {"response", response},
		{"nc", nc}, {"cnonce", cnonce}, {"algorithm", c["algorithm"]}, {"opaque", c["opaque"]},
	} {
		switch {
		case p[1] == "":
		case p[0] == "qop" || p[0] == "nc" || p[0] == "algorithm":
			parts = append(parts, p[0]+"="+p[1])
		default:
			parts = append(parts, p[0]+`="`+p[1]+`"`)
		}
	}
	return "Digest " + strings.Join(parts, ", "), ""
}

func hexRandom() string {
	b := make([]byte, 16)
	_, _ = rand.Read(b) // it never fails
	return hex.EncodeToString(b)
}

// digestSum is the hash an algorithm names, as hexadecimal text.
func digestSum(algorithm string) func(string) string {
	switch strings.TrimSuffix(strings.ToLower(algorithm), "-sess") {
	case "sha-256":
		return func(s string) string { b := sha256.Sum256([]byte(s)); return hex.EncodeToString(b[:]) }
	case "sha-512-256":
		return func(s string) string { b := sha512.Sum512([]byte(s)); return hex.EncodeToString(b[:32]) }
	}
	return func(s string) string { b := md5.Sum([]byte(s)); return hex.EncodeToString(b[:]) } //nolint:gosec // as above
}
