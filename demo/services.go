package demo

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/lockstep-flows/lockstep/chain/keys"
)

// registry is where workers log in and register. Its tokens open nothing but itself.
type registry struct {
	period func() uint32

	mu      sync.Mutex
	tokens  map[string]string // address by token
	workers map[string]uint32 // reward period by address
}

// tokenLife is how long a login lasts.
const tokenLife = time.Hour

func (g *registry) routes(m *http.ServeMux) {
	m.HandleFunc("POST /api/auth/login", g.login)
	m.HandleFunc("GET /api/v1/workers/{address}", g.known)
	m.HandleFunc("POST /api/v1/workers", g.register)
}

// login gives a token for a payload that the worker has signed.
func (g *registry) login(w http.ResponseWriter, r *http.Request) {
	var in struct {
		Payload   json.RawMessage `json:"payload"`
		Signature string          `json:"signature"`
	}
	var who struct {
		Address string `json:"address"`
	}
	sig, err := []byte(nil), json.NewDecoder(http.MaxBytesReader(w, r.Body, 1<<16)).Decode(&in)
	if err == nil {
		err = json.Unmarshal(in.Payload, &who)
	}
	if err == nil {
		sig, err = hex.DecodeString(strings.TrimPrefix(in.Signature, "0x"))
	}
	id, _, bad := keys.ParseAddress(who.Address)
	if err != nil || bad != nil || !keys.Verify(keys.Sr25519, id[:], in.Payload, sig) {
		answer(w, http.StatusUnauthorized, map[string]string{"message": "the signature is not that of the worker"})
		return
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	b64 := base64.RawURLEncoding.EncodeToString
	token := fmt.Sprintf("%s.%s.%s", b64([]byte(`{"alg":"none"}`)), b64(fmt.Appendf(nil, `{"exp":%d}`, time.Now().Add(tokenLife).Unix())), rand.Text())
	g.tokens[token] = who.Address
	answer(w, http.StatusOK, map[string]string{"accessToken": token})
}

// caller is the worker whose token a request has, "" if it has none.
func (g *registry) caller(r *http.Request) string {
	return g.tokens[strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")]
}

func (g *registry) known(w http.ResponseWriter, r *http.Request) {
	g.mu.Lock()
	defer g.mu.Unlock()
	period, ok := g.workers[r.PathValue("address")]
	switch {
	case g.caller(r) == "":
		answer(w, http.StatusUnauthorized, map[string]string{"message": "log in first"})
	case !ok:
		answer(w, http.StatusNotFound, map[string]any{"error": map[string]string{"name": "WorkerNotFoundException"}})
	default:
		answer(w, http.StatusOK, map[string]any{"address": r.PathValue("address"), "rewardIndex": period})
	}
}

func (g *registry) register(w http.ResponseWriter, r *http.Request) {
	period := g.period()
	g.mu.Lock()
	defer g.mu.Unlock()
	who := g.caller(r)
	if who == "" {
		answer(w, http.StatusUnauthorized, map[string]string{"message": "log in first"})
		return
	}
	g.workers[who] = period
	answer(w, http.StatusCreated, map[string]any{"address": who, "rewardIndex": period})
}
