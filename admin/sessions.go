package admin

import (
	"crypto/rand"
	"encoding/base64"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/lockstep-flows/lockstep/engine/value"
)

const (
	defaultExpiry = 7 * 24 * time.Hour
	expiryGrace   = 5 * time.Second
	tokenBytes    = 128
)

// sessions are those who are logged in, kept in .sessions.json in Node-RED's form:
// {token: {user, client, scope, accessToken, expires}}.
type sessions struct {
	file    string // "" keeps them in memory
	life    time.Duration
	expired func(token string) // told of each that ends

	mu    sync.Mutex
	all   *value.Object
	timer *time.Timer
}

func openSessions(dir string, life time.Duration) (*sessions, error) {
	s := &sessions{life: life, all: value.NewObject()}
	if dir != "" {
		s.file = filepath.Join(dir, ".sessions.json")
		text, err := os.ReadFile(s.file)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
		if v, err := value.ParseJSON(value.Text(text)); err == nil && v.Object() != nil {
			s.all = v.Object() // a broken file is begun anew, as Node-RED does
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sweep()
	return s, nil
}

func milliseconds(t time.Time) float64 { return float64(t.UnixMilli()) }

// sweep ends what has expired, and looks again at the next expiry. The caller holds
// the lock; what it returns must be told without it.
func (s *sessions) sweep() (gone []string) {
	now := milliseconds(time.Now())
	next := 0.0
	for _, token := range s.all.Keys() {
		o := s.all.Get(token).Object()
		if o == nil || !(o.Get("expires").Num() >= now) {
			s.all.Delete(token)
			gone = append(gone, token)
		} else if e := o.Get("expires").Num(); next == 0 || e < next {
			next = e
		}
	}
	if s.timer != nil {
		s.timer.Stop()
		s.timer = nil
	}
	if next > 0 {
		s.timer = time.AfterFunc(time.Duration(min(next-now, 1<<31))*time.Millisecond+expiryGrace, s.expire)
	}
	if len(gone) > 0 {
		_ = s.save() // those that are over do no harm in the file
	}
	return gone
}

func (s *sessions) expire() {
	s.mu.Lock()
	gone := s.sweep()
	tell := s.expired
	s.mu.Unlock()
	if tell != nil {
		for _, token := range gone {
			tell(token)
		}
	}
}

func (s *sessions) save() error {
	if s.file == "" {
		return nil
	}
	return writeFile(s.file, value.AppendJSON(nil, value.Of(s.all)), 0o600)
}

// writeFile writes a file as a whole: beside its place first, then renamed.
func writeFile(file string, text []byte, mode fs.FileMode) error {
	tmp := file + ".$$$"
	f, err := os.OpenFile(tmp, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, mode) //nolint:gosec // the user's own file
	if err != nil {
		return err
	}
	_, err = f.Write(text)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	return os.Rename(tmp, file)
}

func (s *sessions) get(token string) (apiToken, bool) {
	s.mu.Lock()
	o := s.all.Get(token).Object()
	over := o != nil && !(o.Get("expires").Num() >= milliseconds(time.Now()))
	s.mu.Unlock()
	if over {
		s.expire()
	}
	if o == nil || over {
		return apiToken{}, false
	}
	return apiToken{o.Get("user").Str(), o.Get("scope")}, true
}

func (s *sessions) create(user, client string, scope value.Value) (string, error) {
	var b [tokenBytes]byte
	_, _ = rand.Read(b[:]) // never fails
	token := base64.StdEncoding.EncodeToString(b[:])
	o := value.Obj("user", user, "client", client, "scope", scope, "accessToken", token, "expires", milliseconds(time.Now().Add(s.life)))
	if scope.IsUndefined() {
		o.Object().Delete("scope")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.all.Set(token, o)
	if s.timer == nil {
		s.sweep()
	}
	return token, s.save()
}

// revoke ends a session.
func (s *sessions) revoke(token string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.all.Delete(token)
	return s.save()
}

func (s *sessions) close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.timer != nil {
		s.timer.Stop()
	}
	s.expired = nil
}
