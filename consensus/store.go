package consensus

import (
	"bufio"
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"sync"
)

// Key names what may be voted on once.
type Key struct{ Solution, Round string }

// Vote is a result for a round, signed.
type Vote struct {
	Key
	// ID is what the caller asks for it by; the store does not need it to be unique.
	ID string
	// Result is what is voted, Signature that of the worker over it, Public its key.
	Result    []byte
	Signature []byte
	Public    []byte
	// Created is when it was made, in ms since the Unix epoch.
	Created int64
}

// State of a vote.
type State string

// The states. A vote goes from pending to one of the others; those are final.
const (
	// Pending waits or is under way.
	Pending State = "pending"
	// Counted is in a finalized block and was not refused there.
	Counted State = "counted"
	// Refused by the chain, Expired before it got there.
	Refused State = "refused"
	Expired State = "expired"
)

// Entry is a vote and what came of it.
type Entry struct {
	Vote
	State State
	// Extrinsic is the hash of the last transaction it was sent in, Block and Number
	// where it was found; empty before.
	Extrinsic, Block string
	Number           uint32
	// Cause says why it was refused.
	Cause string
	// Finished is when it became final, in ms since the Unix epoch.
	Finished int64
}

// ErrOther says that another result was voted for the same round before.
var ErrOther = errors.New("another result was voted for this round before")

// Store keeps votes in a file that only grows: a vote is there before it leaves. A
// process that dies at any point loses none that Add has returned for, and what it was
// writing then is passed over. One process may have it open.
type Store struct {
	mu      sync.Mutex
	file    *os.File
	lock    *os.File
	entries map[Key]*Entry
	pending int
	waiting []chan error // whose lines are written but not on disk
	syncing bool
	err     error
}

// record is a line of the file: a checksum, a space, this as JSON.
type record struct {
	Op        string `json:"op"` // vote, sent, or a final state
	Solution  string `json:"s"`
	Round     string `json:"r"`
	ID        string `json:"id,omitempty"`
	Result    string `json:"result,omitempty"`
	Signature string `json:"signature,omitempty"`
	Public    string `json:"public,omitempty"`
	Extrinsic string `json:"extrinsic,omitempty"`
	Block     string `json:"block,omitempty"`
	Number    uint32 `json:"number,omitempty"`
	Cause     string `json:"cause,omitempty"`
	Time      int64  `json:"t"`
}

// OpenStore opens the file, or makes it, and reads what is in it.
func OpenStore(file string) (*Store, error) {
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		return nil, err
	}
	lock, err := lockFile(file + ".lock")
	if err != nil {
		return nil, fmt.Errorf("the votes in %s are in use: %w", file, err)
	}
	f, err := os.OpenFile(file, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, errors.Join(err, lock.Close())
	}
	s := &Store{file: f, lock: lock, entries: map[Key]*Entry{}}
	if err := s.load(); err != nil {
		return nil, errors.Join(fmt.Errorf("the votes in %s: %w", file, err), s.Close())
	}
	return s, syncDir(filepath.Dir(file))
}

// load reads all records. What stands after the last whole one was being written when
// a process died: it is cut off. A damaged one before others is an error.
func (s *Store) load() error {
	in := bufio.NewReaderSize(s.file, 1<<16)
	var good int64
	for line := 1; ; line++ {
		text, err := in.ReadBytes('\n')
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		rec, err := parseRecord(text)
		if err != nil {
			if _, more := in.Peek(1); more == nil {
				return fmt.Errorf("line %d: %w", line, err)
			}
			break
		}
		if err := s.apply(rec); err != nil {
			return fmt.Errorf("line %d: %w", line, err)
		}
		good += int64(len(text))
	}
	if err := s.file.Truncate(good); err != nil {
		return err
	}
	_, err := s.file.Seek(good, io.SeekStart)
	return err
}

func parseRecord(text []byte) (rec record, err error) {
	sum, body, ok := bytes.Cut(bytes.TrimSuffix(text, []byte{'\n'}), []byte{' '})
	want, bad := strconv.ParseUint(string(sum), 16, 32)
	if !ok || bad != nil || crc32.ChecksumIEEE(body) != uint32(want) {
		return rec, errors.New("it is damaged: its checksum does not hold")
	}
	return rec, json.Unmarshal(body, &rec)
}

func (s *Store) apply(r record) error {
	k := Key{r.Solution, r.Round}
	e := s.entries[k]
	if r.Op == "vote" {
		if e != nil {
			return errors.New("a second vote for one round")
		}
		e = &Entry{Vote: Vote{Key: k, ID: r.ID, Created: r.Time}, State: Pending}
		var errs [3]error
		e.Result, errs[0] = hex.DecodeString(r.Result)
		e.Signature, errs[1] = hex.DecodeString(r.Signature)
		e.Public, errs[2] = hex.DecodeString(r.Public)
		s.entries[k] = e
		s.pending++
		return errors.Join(errs[:]...)
	}
	if e == nil {
		return errors.New("it speaks of a vote that is not there")
	}
	if e.State != Pending {
		return errors.New("a vote was ended twice")
	}
	if r.Extrinsic != "" {
		e.Extrinsic = r.Extrinsic
	}
	switch st := State(r.Op); st {
	case "sent":
	case Counted, Refused, Expired:
		e.State, e.Block, e.Number, e.Cause, e.Finished = st, r.Block, r.Number, r.Cause, r.Time
		e.Public = nil // nothing is sent any more
		s.pending--
	default:
		return fmt.Errorf("%q is not known", r.Op)
	}
	return nil
}

// Add puts a vote on disk. One that is there already with the same result is given
// back with added false; with another result it is ErrOther.
func (s *Store) Add(v Vote) (e Entry, added bool, err error) {
	s.mu.Lock()
	if s.err != nil {
		defer s.mu.Unlock()
		return Entry{}, false, s.err
	}
	if old := s.entries[v.Key]; old != nil {
		defer s.mu.Unlock()
		if !bytes.Equal(old.Result, v.Result) {
			return *old, false, ErrOther
		}
		return *old, false, nil
	}
	r := record{Op: "vote", Solution: v.Solution, Round: v.Round, ID: v.ID, Result: hex.EncodeToString(v.Result),
		Signature: hex.EncodeToString(v.Signature), Public: hex.EncodeToString(v.Public), Time: v.Created}
	if err := s.write(r); err != nil {
		defer s.mu.Unlock()
		return Entry{}, false, err
	}
	e = *s.entries[v.Key]
	return e, true, s.onDisk()
}

// write appends a record and takes it in. The caller holds the lock.
func (s *Store) write(r record) error {
	body, err := json.Marshal(r)
	if err != nil {
		return err
	}
	if _, err := s.file.Write(fmt.Appendf(nil, "%08x %s\n", crc32.ChecksumIEEE(body), body)); err != nil {
		s.err = fmt.Errorf("the votes cannot be written: %w", err)
		return s.err
	}
	return s.apply(r)
}

// onDisk waits until what was written is on disk, together with others that wait. It
// gives back the lock that the caller holds.
func (s *Store) onDisk() error {
	done := make(chan error, 1)
	s.waiting = append(s.waiting, done)
	if s.syncing {
		s.mu.Unlock()
		return <-done
	}
	s.syncing = true
	for len(s.waiting) > 0 {
		group := s.waiting
		s.waiting = nil
		s.mu.Unlock()
		err := s.file.Sync()
		for _, c := range group {
			c <- err
		}
		s.mu.Lock()
		if err != nil && s.err == nil {
			s.err = fmt.Errorf("the votes cannot be brought to disk: %w", err)
		}
	}
	s.syncing = false
	s.mu.Unlock()
	return <-done
}

// Sent notes the transaction in which a vote leaves.
func (s *Store) Sent(k Key, extrinsic string, now int64) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.write(record{Op: "sent", Solution: k.Solution, Round: k.Round, Extrinsic: extrinsic, Time: now})
}

// End notes what came of a vote.
func (s *Store) End(k Key, st State, at Inclusion, cause string, now int64) error {
	s.mu.Lock()
	if err := s.write(record{Op: string(st), Solution: k.Solution, Round: k.Round, Block: at.Block, Number: at.Number, Cause: cause, Time: now}); err != nil {
		s.mu.Unlock()
		return err
	}
	return s.onDisk()
}

// Get gives a vote.
func (s *Store) Get(k Key) (Entry, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if e := s.entries[k]; e != nil {
		return *e, true
	}
	return Entry{}, false
}

// Pending gives the votes that are not final, in no order.
func (s *Store) Pending() (list []Entry) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.pending == 0 {
		return nil
	}
	for _, e := range s.entries {
		if e.State == Pending {
			list = append(list, *e)
		}
	}
	return list
}

// Len is how many votes there are.
func (s *Store) Len() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.entries)
}

// Close closes the file.
func (s *Store) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.err == nil {
		s.err = errors.New("the votes were closed")
	}
	return errors.Join(s.file.Sync(), s.file.Close(), s.lock.Close())
}
