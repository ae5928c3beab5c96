package worker

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/lockstep-flows/lockstep/consensus"
)

// Config is how a worker runs, as its environment says.
type Config struct {
	// VotingRPC is VOTING_RPC_URL: where votes go; required.
	VotingRPC string
	// PalletRPC is PALLET_RPC_URL: where the chain is read; "" takes that of the base URLs.
	PalletRPC string
	// Seed is VOTING_WORKER_SEED: a mnemonic, a secret URI or 0x and a seed; required.
	Seed string
	// BaseURLs is BASE_URLS, where the addresses of services are.
	BaseURLs string
	// Excluded is EXCLUDED_NODES: solutions with a node whose type ends so are not installed.
	Excluded []string
	// Targets is TARGET_SOLUTION_NAMESPACES: only these solutions are installed, if any.
	Targets []string
	// RetryChecks is RETRY_WORKER_CHECKS, HealthAPI is ENABLE_HEALTH_API: any text is true.
	RetryChecks, HealthAPI bool
	// Host and Port are those of the HTTP endpoints of flows (HOST, PORT).
	Host string
	Port int
	// APIHost is LOCKSTEP_API_HOST: where the API at port 3002 listens. The reference listens on
	// all interfaces; default here 127.0.0.1. APIPort is LOCKSTEP_API_PORT.
	APIHost string
	APIPort int
	// AdminPort is ADMIN_SERVER_PORT, AdminKey is ADMIN_API_KEY. Without a key the reference
	// lets anyone stop it; here the admin API then listens on 127.0.0.1 only (LOCKSTEP_ADMIN_HOST).
	AdminHost string
	AdminPort int
	AdminKey  string
	// SQLite is SQLITE_BASE_PATH.
	SQLite string
	// IPFS are IPFS_URL, IPFS_CONTEXT_PATH, IPFS_USER_AGENT_VALUE, IPFS_API_KEY and
	// IPFS_SECRET_KEY.
	IPFSURL, IPFSPath, IPFSAgent, IPFSKey, IPFSSecret string
	// Unverified is LOCKSTEP_UNVERIFIED_CONTENT: content that does not show its CID is
	// installed, as in the reference.
	Unverified bool
	// Local is LOCAL_SOLUTIONS_PATH: a JSON file of flows by name, for local: work logic.
	Local string
	// Delay is SOLUTION_QUEUE_PROCESS_DELAY.
	Delay time.Duration
	// Heartbeat is HEARTBEAT_PATH, every HEARTBEAT_INTERVAL, told if HEARTBEAT_PRINT_SUCCESS_LOG.
	Heartbeat      string
	HeartbeatEvery time.Duration
	HeartbeatLog   bool
	// LoginURL is PALLET_AUTH_SERVER_LOGIN_URL, Domain PALLET_AUTH_SERVER_DOMAIN,
	// RegistryURL WORKER_REGISTRY_URL; empty takes those of the base URLs.
	LoginURL, Domain, RegistryURL string
	// ShutdownTime is SHUTDOWN_TIMEOUT_MS.
	ShutdownTime time.Duration
	// Data is LOCKSTEP_DATA: votes, receipts, journals and content.
	Data string
	// Text is LOCKSTEP_VOTE_TEXT: polkadot-js (default: votes of texts like 0x12 have to be those of the other
	// workers; each is warned about) or plain.
	Text consensus.TextRule
	// TextIDs is LOCKSTEP_ID_REWRITE=text: ids are replaced in the whole text of a flow, whatever they look
	// like, as in the reference; by default short ids only where they stand alone.
	TextIDs bool
	// AllowHosts is LOCKSTEP_ALLOW_HOSTS: hosts that flows may reach although their
	// addresses are private; * is all.
	AllowHosts []string
	// Journals is LOCKSTEP_JOURNALS: how many journals of each solution are kept; 0 records none.
	Journals int
	// JournalLimit is LOCKSTEP_JOURNAL_MB, in bytes: how long the journal of one run may get; 0
	// is without limit. Then it ends and the run goes on, or with JournalRenew
	// (LOCKSTEP_JOURNAL_FULL=restart) the solution is started again, which loses what its flow keeps in memory.
	JournalLimit int64
	JournalRenew bool
	// CodeLimit is LOCKSTEP_CODE_LIMIT_MS: how long a function may run without a pause.
	CodeLimit time.Duration

	unused []string // variables that are set and do nothing here
}

// The defaults of the reference.
const (
	defaultBaseURLs = "https://marketplace-cdn.energyweb.org/base_urls.json"
	defaultIPFS     = "https://workers-registry.energywebx.com"
	minAdminKey     = 32
)

// NewConfig reads the variables that lookup knows.
func NewConfig(lookup func(string) (string, bool)) (*Config, error) {
	r := reader{lookup: lookup}
	c := &Config{
		VotingRPC: r.text("VOTING_RPC_URL", ""), PalletRPC: r.text("PALLET_RPC_URL", ""), Seed: r.text("VOTING_WORKER_SEED", ""),
		BaseURLs: r.given("BASE_URLS", defaultBaseURLs), Excluded: list(r.text("EXCLUDED_NODES", "file,file in,watch,exec")), Targets: list(r.text("TARGET_SOLUTION_NAMESPACES", "")),
		RetryChecks: r.text("RETRY_WORKER_CHECKS", "true") != "", HealthAPI: r.text("ENABLE_HEALTH_API", "true") != "",
		Host: r.given("HOST", "localhost"), Port: r.number("PORT", 8000), APIHost: r.given("LOCKSTEP_API_HOST", "127.0.0.1"), APIPort: r.number("LOCKSTEP_API_PORT", 3002),
		AdminPort: r.number("ADMIN_SERVER_PORT", 3003), AdminKey: r.text("ADMIN_API_KEY", ""), AdminHost: r.given("LOCKSTEP_ADMIN_HOST", "127.0.0.1"),
		SQLite: r.given("SQLITE_BASE_PATH", "./sqlite"), IPFSURL: r.given("IPFS_URL", defaultIPFS), IPFSPath: r.text("IPFS_CONTEXT_PATH", "/ipfs/"),
		IPFSAgent: r.given("IPFS_USER_AGENT_VALUE", "ewx-worker-node-server"), IPFSKey: r.text("IPFS_API_KEY", ""), IPFSSecret: r.text("IPFS_SECRET_KEY", ""),
		Unverified: r.flag("LOCKSTEP_UNVERIFIED_CONTENT"), Local: r.text("LOCAL_SOLUTIONS_PATH", ""), Delay: r.millis("SOLUTION_QUEUE_PROCESS_DELAY", 20_000),
		Heartbeat: r.given("HEARTBEAT_PATH", "heartbeat_monitor.txt"), HeartbeatEvery: r.millis("HEARTBEAT_INTERVAL", 5000), HeartbeatLog: r.given("HEARTBEAT_PRINT_SUCCESS_LOG", "true") == "true",
		LoginURL: r.text("PALLET_AUTH_SERVER_LOGIN_URL", ""), Domain: r.given("PALLET_AUTH_SERVER_DOMAIN", "default"), RegistryURL: r.text("WORKER_REGISTRY_URL", ""),
		ShutdownTime: r.millis("SHUTDOWN_TIMEOUT_MS", 30_000), Data: r.given("LOCKSTEP_DATA", "./lockstep-data"), TextIDs: r.choice("LOCKSTEP_ID_REWRITE", "safe", "text") == "text",
		AllowHosts: list(r.text("LOCKSTEP_ALLOW_HOSTS", "")), Journals: r.number("LOCKSTEP_JOURNALS", 3), JournalLimit: int64(r.number("LOCKSTEP_JOURNAL_MB", 1024)) << 20,
		JournalRenew: r.choice("LOCKSTEP_JOURNAL_FULL", "go-on", "restart") == "restart", CodeLimit: r.millis("LOCKSTEP_CODE_LIMIT_MS", 60_000),
	}
	rule, err := consensus.ParseTextRule(r.given("LOCKSTEP_VOTE_TEXT", consensus.PolkadotJS.String()))
	c.Text = rule
	r.errs = append(r.errs, err)
	for name, v := range map[string]string{"VOTING_RPC_URL": c.VotingRPC, "VOTING_WORKER_SEED": c.Seed} {
		if v == "" {
			r.fail("%s has to be set", name)
		}
	}
	if c.AdminKey != "" && len(c.AdminKey) < minAdminKey {
		r.fail("ADMIN_API_KEY has to have at least %d characters", minAdminKey)
	}
	for name, v := range map[string]string{"IPFS_URL": c.IPFSURL, "BASE_URLS": c.BaseURLs} {
		if u, err := url.Parse(v); err != nil || u.Scheme != "http" && u.Scheme != "https" {
			r.fail("%s is no http or https URL", name)
		}
	}
	c.unused = r.unused()
	if c.Delay <= 0 || c.HeartbeatEvery <= 0 || c.ShutdownTime <= 0 {
		r.fail("times have to be more than 0 ms")
	}
	return c, errors.Join(r.errs...)
}

// unused names what is set for the reference and means nothing here.
func (r *reader) unused() (out []string) {
	if r.flag("RED_ENABLE_UI") {
		out = append(out, "RED_ENABLE_UI: there is no editor")
	}
	if r.text("LOG_RETENTION_DAYS", "") != "" {
		out = append(out, "LOG_RETENTION_DAYS: nothing removes lines of the log; let logrotate or the like do it")
	}
	if s := r.given("SS58_FORMAT", "42"); s != "42" {
		out = append(out, "SS58_FORMAT: addresses have the prefix 42, as in the reference")
	}
	return out
}

// reader reads variables and collects what is wrong.
type reader struct {
	lookup func(string) (string, bool)
	errs   []error
}

func (r *reader) fail(format string, args ...any) {
	r.errs = append(r.errs, fmt.Errorf(format, args...))
}

func (r *reader) text(name, other string) string {
	if s, ok := r.lookup(name); ok {
		return strings.TrimSpace(s)
	}
	return other
}

// given is text for what cannot be empty: a line NAME= of a template counts as none.
func (r *reader) given(name, other string) string {
	if s := r.text(name, ""); s != "" {
		return s
	}
	return other
}

// choice is a word out of some, of which the first is taken if there is none.
func (r *reader) choice(name string, words ...string) string {
	s := r.given(name, words[0])
	if !slices.Contains(words, s) {
		r.fail("%s is one of %s", name, strings.Join(words, ", "))
	}
	return s
}

func (r *reader) number(name string, other int) int {
	s := r.text(name, "")
	if s == "" {
		return other
	}
	n, err := strconv.Atoi(s)
	if err != nil || n < 0 {
		r.fail("%s has to be a number", name)
	}
	return n
}

func (r *reader) millis(name string, other int) time.Duration {
	return time.Duration(r.number(name, other)) * time.Millisecond
}

func (r *reader) flag(name string) bool { return r.text(name, "") == "true" }

func list(s string) (out []string) {
	for _, p := range strings.Split(s, ",") {
		if p = strings.TrimSpace(p); p != "" {
			out = append(out, p)
		}
	}
	return out
}

// loopback reports whether a host is this machine, and can only be reached from it.
func loopback(host string) bool {
	ip := net.ParseIP(host)
	return strings.EqualFold(host, "localhost") || ip != nil && ip.IsLoopback()
}

// Warnings names what the settings do that is careless, and those that do nothing.
func (c *Config) Warnings() (out []string) {
	out = append(out, c.unused...)
	if !loopback(c.APIHost) {
		out = append(out, "the API listens on "+c.APIHost+": who reaches it can vote and read the token")
	}
	if !loopback(c.AdminHost) && c.AdminKey == "" {
		out = append(out, "the admin API listens on "+c.AdminHost+" without ADMIN_API_KEY: who reaches it can stop the worker")
	}
	if c.Unverified {
		out = append(out, "LOCKSTEP_UNVERIFIED_CONTENT: flows are run that may not be those that were published")
	}
	if c.TextIDs {
		out = append(out, "LOCKSTEP_ID_REWRITE=text: a short node id changes every text that contains it")
	}
	for _, h := range c.AllowHosts {
		if h == "*" {
			out = append(out, "LOCKSTEP_ALLOW_HOSTS=*: flows may reach private addresses")
		}
	}
	return out
}

// sqlitePath is the database of a solution. Names that would lead elsewhere are refused.
func (c *Config) sqlitePath(worker string, s Solution) (string, error) {
	for _, p := range []string{worker, s.Group, s.ID} {
		if p == "" || p == "." || p == ".." || strings.ContainsAny(p, "/\\\x00") {
			return "", fmt.Errorf("%q cannot be part of a path", p)
		}
	}
	base, err := filepath.Abs(c.SQLite)
	return filepath.Join(base, worker, s.Group, s.ID, "db.sqlite"), err
}
