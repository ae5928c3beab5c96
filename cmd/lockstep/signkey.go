package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"runtime"
	"strings"

	"github.com/spf13/pflag"
	"golang.org/x/term"

	"github.com/lockstep-flows/lockstep/chain/keys"
)

// keyFlags say where the key is. No secret is ever a flag: other users of a machine see
// the command lines of its processes.
type keyFlags struct {
	file, keystore, dev, scheme string
}

func (k *keyFlags) flags(p *pflag.FlagSet) {
	p.StringVar(&k.file, "key-file", "", "file with the key: a mnemonic or a seed 0x…, with any //hard/soft///password; only its owner may read it")
	p.StringVar(&k.keystore, "keystore", "", "JSON keystore of polkadot-js; its password is in LOCKSTEP_KEYSTORE_PASSWORD, or asked for")
	p.StringVar(&k.dev, "dev", "", "key that everybody knows, such as //Bob; on development chains only")
	p.StringVar(&k.scheme, "scheme", "sr25519", "scheme of the key of --key-file, LOCKSTEP_KEY and --dev: sr25519, ed25519 or ecdsa")
}

// maxKeyFile bounds a file with a key in bytes.
const maxKeyFile = 1 << 16

// errDev says that a chain is none for development.
var errDev = exitError{exitUsage, "keys that everybody knows, such as //Bob, are for development chains only: this chain does not say that it is one"}

// errNoKey says that there is no key.
var errNoKey = errors.New("a key is needed: --key-file FILE, --keystore FILE, or LOCKSTEP_KEY in the environment")

// one makes sure that one place of the key is named at most; the environment counts only if
// there is no flag.
func (k *keyFlags) one() error {
	n := 0
	for _, s := range []string{k.file, k.keystore, k.dev} {
		if s != "" {
			n++
		}
	}
	if n > 1 {
		return errors.New("name one key: --key-file, --keystore or --dev")
	}
	return nil
}

// pair reads the key, which the caller wipes. Keys that everybody knows are for development
// chains only, wherever they are named.
func (k *keyFlags) pair(ctx context.Context, s streams, development bool) (*keys.Pair, error) {
	if err := k.one(); err != nil {
		return nil, err
	}
	scheme, err := keys.ParseScheme(k.scheme)
	if err != nil {
		return nil, fmt.Errorf("--scheme: %w", err)
	}
	switch {
	case k.keystore != "":
		return k.open(ctx, s)
	case k.file != "":
		text, err := ownFile(k.file, true)
		if err != nil {
			return nil, err
		}
		defer clear(text)
		if strings.HasPrefix(strings.TrimSpace(string(text)), "{") {
			return nil, fmt.Errorf("the key file %s is JSON: if it is a keystore, name it by --keystore", k.file)
		}
		return uri("the key file "+k.file, string(text), scheme, development)
	case k.dev != "":
		if k.dev[0] != '/' {
			return nil, errors.New("--dev is a path such as //Bob: secrets do not belong on a command line")
		}
		return uri("--dev", k.dev, scheme, development)
	}
	text, ok := os.LookupEnv("LOCKSTEP_KEY")
	if !ok || text == "" {
		return nil, errNoKey
	}
	return uri("LOCKSTEP_KEY", text, scheme, development)
}

// uri makes a key of a secret URI. One that begins with its path, such as //Bob, is of the
// phrase that everybody knows.
func uri(what, text string, scheme keys.Scheme, development bool) (*keys.Pair, error) {
	text = strings.TrimSpace(text)
	switch {
	case text == "":
		return nil, fmt.Errorf("%s is empty", what)
	case text[0] == '/' && !development:
		return nil, errDev
	}
	p, err := keys.FromURI(text, scheme)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", what, err)
	}
	return p, nil
}

// public is the account of the key, and its scheme. A keystore is not opened for it.
func (k *keyFlags) public(ctx context.Context, s streams, development bool) (id [32]byte, scheme keys.Scheme, err error) {
	if err := k.one(); err != nil {
		return id, 0, err
	}
	if k.keystore != "" {
		text, err := ownFile(k.keystore, false)
		if err != nil {
			return id, 0, err
		}
		defer clear(text)
		var store struct {
			Address  string
			Encoding struct{ Content []string }
		}
		if json.Unmarshal(text, &store) == nil && len(store.Encoding.Content) == 2 {
			scheme, err = keys.ParseScheme(store.Encoding.Content[1])
			if err == nil {
				id, _, err = keys.ParseAddress(store.Address)
			}
			if err == nil {
				return id, scheme, nil
			}
		}
	}
	p, err := k.pair(ctx, s, development)
	if err != nil {
		return id, 0, err
	}
	defer p.Wipe()
	return p.AccountID(), p.Scheme(), nil
}

// ownFile reads a small file; a secret one must be closed to all but its owner.
func ownFile(name string, secret bool) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close() //nolint:errcheck // it is only read
	info, err := f.Stat()
	switch {
	case err != nil:
		return nil, err
	case !info.Mode().IsRegular():
		return nil, fmt.Errorf("%s is no file", name)
	case secret && open(info):
		return nil, fmt.Errorf("the key file %s can be read or written by others (mode %04o): chmod 600 it", name, info.Mode().Perm())
	}
	b, err := io.ReadAll(io.LimitReader(f, maxKeyFile+1))
	if err == nil && len(b) > maxKeyFile {
		err = fmt.Errorf("%s is too large for a key", name)
	}
	return b, err
}

// open reports whether others than its owner may use a file. Windows keeps that elsewhere.
func open(info fs.FileInfo) bool { return runtime.GOOS != "windows" && info.Mode().Perm()&0o077 != 0 }

// open opens the keystore. One that is not encrypted is as secret as a key file.
func (k *keyFlags) open(ctx context.Context, s streams) (*keys.Pair, error) {
	text, err := ownFile(k.keystore, false)
	if err != nil {
		return nil, err
	}
	defer clear(text)
	var kind struct{ Encoding struct{ Type any } }
	if json.Unmarshal(text, &kind) == nil && plain(kind.Encoding.Type) {
		if _, err := ownFile(k.keystore, true); err != nil {
			return nil, fmt.Errorf("the keystore is not encrypted: %w", err)
		}
		p, err := keys.FromKeystore(text, "")
		return p, about(k.keystore, err)
	}
	password, err := k.password(ctx, s)
	if err != nil {
		return nil, err
	}
	defer clear(password)
	p, err := keys.FromKeystore(text, string(password))
	return p, about(k.keystore, err)
}

// about says which file an error is about.
func about(file string, err error) error {
	if err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	return nil
}

// plain reports whether the type of a keystore says that it is not encrypted.
func plain(kind any) bool {
	if list, ok := kind.([]any); ok && len(list) == 1 {
		kind = list[0]
	}
	return kind == "none"
}

// password of the keystore: of the environment, or asked for where nobody sees it.
func (k *keyFlags) password(ctx context.Context, s streams) ([]byte, error) {
	if p, ok := os.LookupEnv("LOCKSTEP_KEYSTORE_PASSWORD"); ok {
		return []byte(p), nil
	}
	fd, ok := terminalOf(s.in)
	if !ok {
		return nil, errors.New("the keystore has a password: set LOCKSTEP_KEYSTORE_PASSWORD, or run this on a terminal")
	}
	before, err := term.GetState(fd)
	if err != nil {
		return nil, err
	}
	fmt.Fprintf(s.err, "password of %s: ", k.keystore)
	type answer struct {
		text []byte
		err  error
	}
	read := make(chan answer, 1)
	go func() {
		b, err := term.ReadPassword(fd)
		read <- answer{b, err}
	}()
	select {
	case a := <-read:
		fmt.Fprintln(s.err)
		return a.text, a.err
	case <-ctx.Done():
		_ = term.Restore(fd, before) // it ends anyway
		fmt.Fprintln(s.err)
		return nil, exitError{exitStopped, "interrupted: nothing was sent"}
	}
}

// terminalOf is the descriptor of a reader that is a terminal.
func terminalOf(r io.Reader) (fd int, ok bool) {
	f, ok := r.(*os.File)
	if !ok {
		return 0, false
	}
	fd = int(f.Fd())
	return fd, term.IsTerminal(fd)
}

// accountArg reads an account of the command line; dev says that its key is known to
// everybody. What may be a secret by mistake is not repeated.
func accountArg(what, text string) (id [32]byte, dev bool, err error) {
	if strings.HasPrefix(text, "/") {
		id, err = accountOf(text)
		if err != nil {
			err = fmt.Errorf("%s: %w", what, err)
		}
		return id, true, err
	}
	if strings.ContainsAny(text, " \t\n/") || strings.HasPrefix(text, "0x") || len(text) > 60 {
		return id, false, fmt.Errorf("%s is no address of an account: an SS58 address is needed, and a secret does not belong on a command line", what)
	}
	id, _, err = keys.ParseAddress(text)
	if err != nil {
		err = fmt.Errorf("%s: %w", what, err)
	}
	return id, false, err
}
