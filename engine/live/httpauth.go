package live

import (
	"crypto/md5" //nolint:gosec // passwords of old settings are stored so
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"net/http"
	"strings"
	"sync"

	"golang.org/x/crypto/bcrypt"
)

// BasicAuth is the user who may enter, as Node-RED's httpNodeAuth and httpStaticAuth.
type BasicAuth struct {
	User string
	// Hash of the password: bcrypt, or 32 hexadecimal digits of MD5 from old settings.
	Hash string
}

// gate lets in who knows the password. A password that was right is kept as a
// hash that is quick to compare, as bcrypt is slow on purpose.
type gate struct {
	BasicAuth
	mu    sync.Mutex
	known [sha256.Size]byte
	any   bool
}

func newGate(a *BasicAuth) *gate {
	if a == nil {
		return nil
	}
	return &gate{BasicAuth: *a}
}

// lets reports whether the request may enter; if not, it was answered. A nil gate
// and preflights pass.
func (g *gate) lets(w http.ResponseWriter, r *http.Request) bool {
	if g == nil || r.Method == http.MethodOptions {
		return true
	}
	user, password, ok := r.BasicAuth()
	if ok && subtle.ConstantTimeCompare([]byte(user), []byte(g.User)) == 1 && g.right(password) {
		return true
	}
	w.Header().Set("WWW-Authenticate", `Basic realm="Authorization Required"`)
	plainStatus(w, r, http.StatusUnauthorized)
	return false
}

func (g *gate) right(password string) bool {
	sum := sha256.Sum256([]byte(password))
	g.mu.Lock()
	known := g.any && sum == g.known
	g.mu.Unlock()
	if known {
		return true
	}
	if len(g.Hash) == 2*md5.Size {
		b := md5.Sum([]byte(password)) //nolint:gosec // as above
		if subtle.ConstantTimeCompare([]byte(hex.EncodeToString(b[:])), []byte(strings.ToLower(g.Hash))) != 1 {
			return false
		}
	} else if bcrypt.CompareHashAndPassword([]byte(g.Hash), []byte(password)) != nil {
		return false
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.known, g.any = sum, true
	return true
}
