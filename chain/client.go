package chain

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/lockstep-flows/lockstep/chain/metadata"
	"github.com/lockstep-flows/lockstep/chain/rpc"
)

// Options of a Client.
type Options struct {
	// Endpoints are URLs (ws, wss, http, https); when one fails the next is used.
	Endpoints []string
	// Genesis is the hash of the chain's first block; zero takes that of the endpoint that
	// answers first. An endpoint with another is not used.
	Genesis [32]byte
	// Timeout of one request; 0 is 30 s.
	Timeout time.Duration
	// MaxBody bounds an answer in bytes; 0 is 32 MB.
	MaxBody int64
	// Attempts is how often a request is tried when endpoints fail; 0 is 3 for each.
	Attempts int
	// Pause before the next attempt, which doubles each time; 0 is 200 ms.
	Pause time.Duration
	// RuntimeEvery is how often the version of the runtime is looked at; 0 is 6 s.
	RuntimeEvery time.Duration
}

// Client of a chain. It may be used from several goroutines.
type Client struct {
	o    Options
	rpc  *rpc.Client
	lock sync.Mutex
	// genesis is set by the first connection and never changes.
	genesis [32]byte
	known   bool
	// runtimes by their version; the current one, and when it was looked at.
	runtimes map[version]*runtime
	current  *runtime
	looked   time.Time
	// blocks whose runtime is known, oldest first.
	blocks map[[32]byte]*runtime
	order  [][32]byte
	done   chan struct{}
	once   sync.Once
	wait   sync.WaitGroup

	bestNews, finalizedNews news
}

// Dial connects to a chain and reads its genesis hash, runtime version and metadata.
func Dial(ctx context.Context, o Options) (*Client, error) {
	if o.RuntimeEvery == 0 {
		o.RuntimeEvery = 6 * time.Second
	}
	c := &Client{o: o, genesis: o.Genesis, known: o.Genesis != [32]byte{}, runtimes: map[version]*runtime{}, blocks: map[[32]byte]*runtime{}, done: make(chan struct{})}
	var err error
	c.rpc, err = rpc.Dial(rpc.Options{Timeout: o.Timeout, MaxBody: o.MaxBody, Attempts: o.Attempts, Pause: o.Pause, Verify: c.verify}, o.Endpoints...)
	if err != nil {
		return nil, err
	}
	if _, err := c.refresh(ctx); err != nil {
		c.rpc.Close()
		return nil, err
	}
	c.wait.Add(1)
	go c.follow()
	return c, nil
}

// verify holds the genesis hash of a new connection against the known one.
func (c *Client) verify(ctx context.Context, call rpc.CallFunc) error {
	var text string
	if err := call(ctx, &text, "chain_getBlockHash", 0); err != nil {
		return fmt.Errorf("its genesis hash cannot be read: %w", err)
	}
	h, err := parseHash(text)
	if err != nil {
		return fmt.Errorf("its genesis hash: %w", err)
	}
	c.lock.Lock()
	defer c.lock.Unlock()
	if !c.known {
		c.genesis, c.known = h, true
	}
	if h != c.genesis {
		return fmt.Errorf("it is of another chain: its genesis is 0x%x, that of the chain is 0x%x", h, c.genesis)
	}
	return nil
}

// Close ends the client.
func (c *Client) Close() {
	c.once.Do(func() {
		c.lock.Lock()
		close(c.done) // with the lock: nothing is begun from here on
		c.lock.Unlock()
		c.rpc.Close()
		c.wait.Wait()
	})
}

// RPC is the connection, for methods that have no function here.
func (c *Client) RPC() *rpc.Client { return c.rpc }

// Genesis is the hash of the first block.
func (c *Client) Genesis() [32]byte {
	c.lock.Lock()
	defer c.lock.Unlock()
	return c.genesis
}

// Metadata is that of the current runtime.
func (c *Client) Metadata() *metadata.Metadata {
	c.lock.Lock()
	defer c.lock.Unlock()
	return c.current.meta
}

// Runtime is the version of the current runtime.
func (c *Client) Runtime() (specName string, specVersion, txVersion uint32) {
	c.lock.Lock()
	defer c.lock.Unlock()
	return c.current.name, c.current.spec, c.current.tx
}

// header is what is read of a block's header.
type header struct {
	Number     string `json:"number"`
	ParentHash string `json:"parentHash"`
}

func (h *header) number() (uint32, error) {
	n, err := strconv.ParseUint(strings.TrimPrefix(h.Number, "0x"), 16, 32)
	if err != nil {
		return 0, fmt.Errorf("%q is no number of a block", h.Number)
	}
	return uint32(n), nil
}

// Head is the best block.
func (c *Client) Head(ctx context.Context) (hash [32]byte, number uint32, err error) {
	return c.tip(ctx, "chain_getBlockHash")
}

// Finalized is the last block that will not be undone.
func (c *Client) Finalized(ctx context.Context) (hash [32]byte, number uint32, err error) {
	return c.tip(ctx, "chain_getFinalizedHead")
}

func (c *Client) tip(ctx context.Context, method string) (hash [32]byte, number uint32, err error) {
	if hash, err = c.hash(ctx, method); err != nil {
		return hash, 0, err
	}
	number, err = c.number(ctx, hash)
	return hash, number, err
}

// number of a block.
func (c *Client) number(ctx context.Context, hash [32]byte) (uint32, error) {
	h, err := c.header(ctx, hash)
	if err != nil {
		return 0, err
	}
	return h.number()
}

func (c *Client) header(ctx context.Context, hash [32]byte) (h *header, err error) {
	if err := c.rpc.Call(ctx, &h, "chain_getHeader", text(hash[:])); err != nil {
		return nil, err
	}
	if h == nil {
		return nil, fmt.Errorf("the node does not know the block 0x%x", hash)
	}
	return h, nil
}

// ErrNoBlock says that there is no block of a number yet.
var ErrNoBlock = errors.New("there is no such block yet")

// BlockHash is the hash of a block by its number; ErrNoBlock if there is none.
func (c *Client) BlockHash(ctx context.Context, number uint32) ([32]byte, error) {
	return c.hash(ctx, "chain_getBlockHash", number)
}

func (c *Client) hash(ctx context.Context, method string, params ...any) (h [32]byte, err error) {
	var s *string
	if err := c.rpc.Call(ctx, &s, method, params...); err != nil {
		return h, err
	}
	if s == nil {
		return h, ErrNoBlock
	}
	if h, err = parseHash(*s); err != nil {
		return h, fmt.Errorf("%s: %w", method, err)
	}
	return h, nil
}

// State calls a function of the runtime, such as WorkerSolutionApi_query_stake; at nil is
// the best block.
func (c *Client) State(ctx context.Context, at *[32]byte, method string, args []byte) ([]byte, error) {
	params := []any{method, text(args)}
	if at != nil {
		params = append(params, text(at[:]))
	}
	var out string
	if err := c.rpc.Call(ctx, &out, "state_call", params...); err != nil {
		return nil, fmt.Errorf("%s: %w", method, err)
	}
	b, err := parse(out)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", method, err)
	}
	return b, nil
}

// text gives bytes as the RPC spells them.
func text(b []byte) string { return "0x" + hex.EncodeToString(b) }

// parse reads them.
func parse(s string) ([]byte, error) {
	digits, ok := strings.CutPrefix(s, "0x")
	if !ok {
		return nil, errors.New("the node answered with no hex")
	}
	b, err := hex.DecodeString(digits)
	if err != nil {
		return nil, errors.New("the node answered with no hex")
	}
	return b, nil
}

func parseHash(s string) (h [32]byte, err error) {
	b, err := parse(s)
	if err == nil && len(b) != 32 {
		err = fmt.Errorf("a hash has 32 bytes, not %d", len(b))
	}
	if err != nil {
		return h, err
	}
	return [32]byte(b), nil
}
