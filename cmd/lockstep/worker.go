package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"github.com/lockstep-flows/lockstep/chain/keys"
	"github.com/lockstep-flows/lockstep/consensus"
	"github.com/lockstep-flows/lockstep/worker"
	"github.com/lockstep-flows/lockstep/worker/onchain"
)

func workerCommand(s streams) *cobra.Command {
	var envFile string
	c := &cobra.Command{
		Use: "worker", Short: "Run a worker node of Energy Web X", Args: cobra.NoArgs,
		Long: `worker runs the solutions that its operator has subscribed to, and votes with what
they put out. It takes the environment of the reference worker server: stop that one, start
this one with the same variables or .env file, and nothing else changes.

VOTING_RPC_URL and VOTING_WORKER_SEED have to be set. The API is at port 3002, the admin API
at ADMIN_SERVER_PORT (3003), the HTTP endpoints of flows at PORT (8000), all on this
machine only. Where the reference is careless, LOCKSTEP_… variables bring its way back:

  LOCKSTEP_API_HOST=0.0.0.0        the API listens on all interfaces
  LOCKSTEP_ADMIN_HOST=0.0.0.0      so does the admin API; set ADMIN_API_KEY
  LOCKSTEP_VOTE_TEXT=plain         texts such as 0x12 are voted as they are written
                                   (default polkadot-js: as the bytes they name)
  LOCKSTEP_ID_REWRITE=text         node ids are replaced wherever their letters stand
  LOCKSTEP_UNVERIFIED_CONTENT=true flows are run though they do not show their CID
  LOCKSTEP_ALLOW_HOSTS=a,b         hosts in private networks that flows may reach; * is all
  LOCKSTEP_FLOW_ENV=A,B            variables that flows may read
  LOCKSTEP_DATA=./lockstep-data    votes, receipts, journals, content
  LOCKSTEP_JOURNALS=3              journals kept of each solution; 0 records none
  LOCKSTEP_JOURNAL_MB=1024         how long the journal of one run may get; 0 without end
  LOCKSTEP_JOURNAL_FULL=go-on      then the solution goes on without a journal, and receipts of its
                                   votes say so; restart: it is started again with a new
                                   one, which loses what its flow keeps in memory
  LOCKSTEP_CODE_LIMIT_MS=60000     how long code of a flow may run without a pause; 0 without end

So journals take at most LOCKSTEP_JOURNALS times LOCKSTEP_JOURNAL_MB of each solution; a receipt can
be executed again as long as its journal is kept.

An interrupt lets the votes out and stops; a second one ends it at once.`,
		Example: "  lockstep worker\n  lockstep worker --env-file worker.env",
		RunE: func(c *cobra.Command, _ []string) error {
			return runWorker(c.Context(), s, envFile, c.Flags().Changed("env-file"), consensus.QueueOptions{})
		},
	}
	c.Flags().StringVar(&envFile, "env-file", ".env", "file of NAME=value lines; the process's own variables win")
	return c
}

// workerGC is how much the heap of a worker may grow, in percent, before it is collected.
const workerGC = 40

func runWorker(ctx context.Context, s streams, file string, needed bool, queue consensus.QueueOptions) error {
	lookup, skipped, err := workerEnv(file, needed)
	if err != nil {
		return exitError{exitUsage, err.Error()}
	}
	cfg, err := worker.NewConfig(lookup)
	if err != nil {
		return exitError{exitUsage, "the environment: " + strings.ReplaceAll(err.Error(), "\n", "; ")}
	}
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(workerGC) // many solutions that idle: memory counts more than speed
	}
	pair, err := keys.FromURI(strings.TrimPrefix(cfg.Seed, "_"), keys.Sr25519)
	cfg.Seed = ""
	if err != nil {
		return exitError{exitUsage, "VOTING_WORKER_SEED is no mnemonic and no seed"}
	}
	defer pair.Wipe()
	client := &http.Client{Timeout: 30 * time.Second}
	ch := onchain.New(
		func(ctx context.Context) (string, error) { return worker.RPC(ctx, cfg, client) },
		func(context.Context) (string, error) { return cfg.VotingRPC, nil },
	)
	defer ch.Close()
	pretty, _ := lookup("PRETTY_PRINT")
	log, closeLog, err := workerLog(s, lookup, pretty == "true")
	if err != nil {
		return exitError{exitUsage, err.Error()}
	}
	defer closeLog()
	w, err := worker.New(worker.Options{Config: cfg, Chain: ch, Key: pair, Address: pair.Address(42), Version: version(), Lookup: lookup, Log: log, Client: client, Queue: queue})
	if err != nil {
		return err
	}
	for _, text := range skipped {
		log("warn", text)
	}
	log("info", "worker "+pair.Address(42))
	if err := w.Run(ctx); err != nil {
		return exitError{exitFailed, err.Error()}
	}
	return nil
}

// workerLog prints lines to stderr, as JSON unless pretty, and to LOG_FILE_PATH.
func workerLog(s streams, lookup func(string) (string, bool), pretty bool) (func(level, text string), func(), error) {
	var mu sync.Mutex
	var file *os.File
	if name, _ := lookup("LOG_FILE_PATH"); name != "" {
		err := os.MkdirAll(filepath.Dir(name), 0o700)
		if err != nil {
			return nil, nil, err
		}
		if file, err = os.OpenFile(name, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600); err != nil {
			return nil, nil, err
		}
	}
	write := func(level, text string) {
		if level == "debug" {
			return
		}
		now := time.Now().UTC().Format("2006-01-02T15:04:05.000Z")
		line, err := json.Marshal(map[string]string{"time": now, "level": level, "msg": text})
		if err != nil {
			return
		}
		if pretty {
			line = fmt.Appendf(nil, "%s %-5s %s", now, level, text)
		}
		mu.Lock()
		defer mu.Unlock()
		_, err = fmt.Fprintf(s.err, "%s\n", line)
		if file != nil {
			_, more := fmt.Fprintf(file, "%s\n", line)
			err = errors.Join(err, more)
		}
		_ = err // there is no other place to tell it
	}
	return write, func() {
		if file != nil {
			_ = file.Close() // every line was written
		}
	}, nil
}
