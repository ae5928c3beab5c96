package consensus

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"golang.org/x/crypto/blake2b"

	"github.com/lockstep-flows/lockstep/engine"
	"github.com/lockstep-flows/lockstep/engine/journal"
	"github.com/lockstep-flows/lockstep/engine/value"
)

// ReceiptFormat is the version of the file format of receipts.
const ReceiptFormat = 1

// VoteEffect is the kind of effect that is a vote: {round, vote, hashed}.
const VoteEffect = "energyweb.vote"

// Bytes are shown as 0x and hex digits.
type Bytes []byte

// MarshalText gives the hex form.
func (b Bytes) MarshalText() ([]byte, error) { return []byte("0x" + hex.EncodeToString(b)), nil }

// UnmarshalText reads the hex form.
func (b *Bytes) UnmarshalText(text []byte) (err error) {
	*b, err = hex.DecodeString(strings.TrimPrefix(string(text), "0x"))
	return err
}

// Receipt lets anyone check a vote later. What a part does not know stays empty.
type Receipt struct {
	Kind   string `json:"lockstep"` // "receipt"
	Format int    `json:"format"`
	// Version and Semantics of the program that voted.
	Version   string `json:"version"`
	Semantics int    `json:"semantics"`

	Flow    ReceiptFlow    `json:"flow"`
	Journal ReceiptJournal `json:"journal"`
	Vote    ReceiptVote    `json:"vote"`
	// Canonical are the canonical bytes of the effect that is the vote, Digest their hash.
	Canonical string       `json:"canonical,omitempty"`
	Digest    Bytes        `json:"digest,omitempty"`
	Chain     ReceiptChain `json:"chain"`
}

// ReceiptFlow is the flow that ran.
type ReceiptFlow struct {
	// WorkLogic is its address on chain, CID that of its content.
	WorkLogic string `json:"workLogic"`
	CID       string `json:"cid,omitempty"`
	SHA256    Bytes  `json:"sha256,omitempty"`
	// Document is its text as it was published; Variables are what was put into it.
	Document  string            `json:"document,omitempty"`
	Variables map[string]string `json:"variables,omitempty"`
	// Rewrite is "text" if ids were replaced in the whole text.
	Rewrite string `json:"rewrite,omitempty"`
}

// ReceiptJournal is the record of the run up to the vote.
type ReceiptJournal struct {
	// File is where it is; a relative name starts at the receipt.
	File string `json:"file,omitempty"`
	// Digest is that of its lines up to the effect that is the vote, which has the number
	// Effect.
	Digest string `json:"digest,omitempty"`
	Effect uint64 `json:"effect,omitempty"`
	Seed   string `json:"seed,omitempty"`
	Zone   string `json:"zone,omitempty"`
	// Missing says why there is none.
	Missing string `json:"missing,omitempty"`
}

// ReceiptVote is what was voted.
type ReceiptVote struct {
	Solution string `json:"solution"`
	Round    string `json:"round"`
	Text     string `json:"text"`
	Hashed   bool   `json:"hashed"`
	// Rule is plain or polkadot-js.
	Rule      string `json:"rule"`
	Result    Bytes  `json:"result"`
	Worker    string `json:"worker"`
	Public    Bytes  `json:"public"`
	Signature Bytes  `json:"signature"`
}

// ReceiptChain is where the vote stands on chain.
type ReceiptChain struct {
	Genesis   string `json:"genesis,omitempty"`
	Extrinsic string `json:"extrinsic,omitempty"`
	Inclusion
	State State `json:"state"`
}

// String names a rule as receipts do.
func (r TextRule) String() string {
	if r == PolkadotJS {
		return "polkadot-js"
	}
	return "plain"
}

// ParseTextRule reads the name of a rule.
func ParseTextRule(name string) (TextRule, error) {
	for _, r := range []TextRule{Plain, PolkadotJS} {
		if r.String() == name {
			return r, nil
		}
	}
	return Plain, fmt.Errorf("%q is no rule of vote texts: they are plain and polkadot-js", name)
}

// maxReceipt bounds the size of a receipt that is read.
const maxReceipt = 64 << 20

// ParseReceipt reads a receipt.
func ParseReceipt(text []byte) (*Receipt, error) {
	if len(text) > maxReceipt {
		return nil, errors.New("it is too long for a receipt")
	}
	var r Receipt
	if err := json.Unmarshal(text, &r); err != nil {
		return nil, fmt.Errorf("it is no receipt: %w", err)
	}
	if r.Kind != "receipt" {
		return nil, errors.New("it is no receipt of lockstep")
	}
	if r.Format != ReceiptFormat {
		return nil, fmt.Errorf("it has format %d; this program reads format %d", r.Format, ReceiptFormat)
	}
	return &r, nil
}

// Checks are what Verify needs from others.
type Checks struct {
	// Dir is where the receipt is, Journal the journal's file if it is elsewhere.
	Dir, Journal string
	// Signature reports whether a signature is that of a worker's key.
	Signature func(public, message, signature []byte) bool
	// Address gives the account of a key as receipts show it.
	Address func(public []byte) string
	// CID says whether a document has a CID.
	CID func(cid string, document []byte) error
	// Flows gives the flows that a worker makes of the document, without credentials.
	Flows func(r *Receipt) (value.Value, error)
	// Build makes the engine of a replay.
	Build func(r *Receipt, h *journal.Header, o engine.Options) (*engine.Engine, error)
}

// Check is one thing that was looked at.
type Check struct {
	Name string `json:"name"`
	// State is ok, failed or absent: the receipt does not have it.
	State string `json:"state"`
	Text  string `json:"text"`
}

// errEnough ends a replay at the vote.
var errEnough = errors.New("the replay reached the vote")

// Verify checks all that can be checked without the chain.
func (r *Receipt) Verify(ctx context.Context, c Checks) []Check {
	var list []Check
	add := func(name string, present bool, check func() (string, error)) {
		if !present {
			text := "the receipt does not have it"
			if why := r.Journal.Missing; why != "" && (name == "journal" || name == "replay") {
				text += ": " + why
			}
			list = append(list, Check{name, "absent", text})
			return
		}
		text, err := check()
		if err != nil {
			list = append(list, Check{name, "failed", err.Error()})
			return
		}
		list = append(list, Check{name, "ok", text})
	}
	add("result", true, r.checkResult)
	add("signature", true, func() (string, error) { return r.checkSignature(c) })
	add("digest", r.Canonical != "", r.checkDigest)
	add("flow", r.Flow.Document != "", func() (string, error) { return r.checkFlow(c) })
	add("journal", r.Journal.Digest != "", func() (string, error) { return r.checkJournal(c) })
	add("replay", r.Journal.Digest != "", func() (string, error) { return r.replay(ctx, c) })
	return list
}

func (r *Receipt) checkResult() (string, error) {
	rule, err := ParseTextRule(r.Vote.Rule)
	if err != nil {
		return "", err
	}
	b, err := VoteBytes(r.Vote.Text, r.Vote.Hashed, rule)
	if err != nil {
		return "", err
	}
	if string(b) != string(r.Vote.Result) {
		return "", fmt.Errorf("the text %q gives 0x%x, not 0x%x", r.Vote.Text, b, []byte(r.Vote.Result))
	}
	return fmt.Sprintf("%q is voted as 0x%x", r.Vote.Text, b), nil
}

func (r *Receipt) checkSignature(c Checks) (string, error) {
	if len(r.Vote.Public) != 32 || len(r.Vote.Signature) != 64 {
		return "", errors.New("a key has 32 bytes and a signature 64")
	}
	if !c.Signature(r.Vote.Public, r.Vote.Result, r.Vote.Signature) {
		return "", errors.New("the signature is not that of the worker over the result")
	}
	if a := c.Address(r.Vote.Public); a != r.Vote.Worker {
		return "", fmt.Errorf("the key is that of %s, not of %s", a, r.Vote.Worker)
	}
	return "signed by " + r.Vote.Worker, nil
}

func (r *Receipt) checkDigest() (string, error) {
	sum := blake2b.Sum256([]byte(r.Canonical))
	if string(sum[:]) != string(r.Digest) {
		return "", errors.New("the digest is not that of the canonical bytes")
	}
	line, ok := strings.CutPrefix(r.Canonical, digestDomain)
	v, err := value.ParseJSON(strings.TrimSuffix(line, "\n"))
	o := v.Object()
	if !ok || err != nil || o == nil || o.Get("body").Object() == nil || o.Get("kind").Str() != VoteEffect {
		return "", errors.New("the canonical bytes are not those of a vote")
	}
	b := o.Get("body").Object()
	if RoundText(b.Get("round").Str()) != r.Vote.Round || WellFormed(b.Get("vote").Str()) != r.Vote.Text || b.Get("hashed").Bool() != r.Vote.Hashed {
		return "", errors.New("the flow put out another vote than the one that was signed")
	}
	return fmt.Sprintf("0x%x", sum), nil
}

func (r *Receipt) checkFlow(c Checks) (string, error) {
	doc := []byte(r.Flow.Document)
	if sum := sha256.Sum256(doc); string(sum[:]) != string(r.Flow.SHA256) {
		return "", errors.New("the document does not have the hash that the receipt names")
	}
	if r.Flow.CID == "" {
		return fmt.Sprintf("%d bytes, without a CID", len(doc)), nil
	}
	if err := c.CID(r.Flow.CID, doc); err != nil {
		return "", err
	}
	return r.Flow.CID, nil
}

func (r *Receipt) open(c Checks) (*journal.Reader, error) {
	name := c.Journal
	if name == "" {
		name = r.Journal.File
		if !filepath.IsAbs(name) {
			name = filepath.Join(c.Dir, name)
		}
	}
	return journal.Open(name)
}

func (r *Receipt) checkJournal(c Checks) (string, error) {
	j, err := r.open(c)
	if err != nil {
		return "", err
	}
	defer j.Close() //nolint:errcheck // it was only read
	h := j.Header
	if h.Semantics != r.Semantics || fmt.Sprint(h.Seed) != r.Journal.Seed || h.Zone != r.Journal.Zone {
		return "", errors.New("the journal is that of another run: its semantics, seed or zone differ")
	}
	if r.Flow.Document != "" && c.Flows != nil {
		want, err := c.Flows(r)
		if err != nil {
			return "", err
		}
		if len(h.Flows) != 1 || string(value.AppendJSON(nil, h.Flows[0])) != string(value.AppendJSON(nil, want)) {
			return "", errors.New("the flows of the journal are not those of the document")
		}
	}
	for {
		rec, err := j.Next()
		if err != nil {
			return "", fmt.Errorf("the journal ends before the vote: %w", err)
		}
		if rec.Kind == journal.EffectRecord && rec.Seq == r.Journal.Effect {
			break
		}
	}
	if d := j.Digest(); d != r.Journal.Digest {
		return "", fmt.Errorf("the journal was changed: its digest at the vote is %s", d)
	}
	return fmt.Sprintf("effect %d, digest %s", r.Journal.Effect, r.Journal.Digest), nil
}

func (r *Receipt) replay(ctx context.Context, c Checks) (string, error) {
	j, err := r.open(c)
	if err != nil {
		return "", err
	}
	defer j.Close() //nolint:errcheck // it was only read
	n := uint64(0)
	var got []byte
	res, err := journal.Replay(ctx, j, journal.ReplayOptions{
		Build: func(o engine.Options) (*engine.Engine, error) { return c.Build(r, j.Header, o) },
		Effect: func(f engine.Effect) (err error) {
			if n++; n < r.Journal.Effect {
				return nil
			}
			if got, err = EffectBytes([]engine.Effect{f}); err != nil {
				return err
			}
			return errEnough
		},
	})
	switch {
	case err == nil && res.Count > 0:
		return "", fmt.Errorf("the replay differs from the journal after %d effects", res.Effects)
	case err == nil:
		return "", errors.New("the replay ends before the vote")
	case !errors.Is(err, errEnough):
		return "", err
	case string(got) != r.Canonical:
		return "", fmt.Errorf("the flow does not put out that vote, but %s", strings.TrimPrefix(string(got), digestDomain))
	}
	return fmt.Sprintf("executed again up to effect %d: the same vote", n), nil
}
