package userdir

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/lockstep-flows/lockstep/engine/value"
)

// secret is a text that may be the one credentials are encrypted with.
type secret struct {
	from, text string
	own        bool // Node-RED made it up (_credentialSecret)
}

func (d *Dir) addSecret(from string, v value.Value) {
	if s := v.Str(); s != "" {
		d.secrets = append(d.secrets, secret{from: from, text: s})
	}
}

// findSecrets collects the secrets there are, in the order in which Node-RED
// prefers them.
func (d *Dir) findSecrets() error {
	set := d.Settings.Get("credentialSecret")
	d.plain = set.IsBool() && !set.Bool()
	d.addSecret("the setting credentialSecret", set)
	if s, ok := d.opt.Env("NODE_RED_CREDENTIAL_SECRET"); ok {
		d.addSecret("NODE_RED_CREDENTIAL_SECRET", value.Str(s))
	}
	for _, name := range []string{".config.runtime.json", ".config.json"} {
		o, err := readJSON(filepath.Join(d.Path, name))
		if err != nil {
			return err
		}
		if s := o.Get("_credentialSecret").Str(); s != "" {
			d.secrets = append(d.secrets, secret{from: "_credentialSecret of " + name, text: s, own: true})
		}
	}
	return nil
}

// readCredentials reads the credentials, with the first secret that opens them.
func (d *Dir) readCredentials() error {
	if err := d.findSecrets(); err != nil {
		return err
	}
	file, err := readJSON(d.CredentialFile)
	if err != nil {
		return err
	}
	sealed := file.Get("$").Str()
	if sealed == "" || file.Len() != 1 {
		d.take(file)
		return nil
	}
	if len(d.secrets) == 0 {
		return fmt.Errorf("the credentials in %s are encrypted, and there is no secret to open them with: "+
			"set credentialSecret in settings.js or NODE_RED_CREDENTIAL_SECRET, or bring .config.runtime.json along", d.CredentialFile)
	}
	var tried []string
	for i, s := range d.secrets {
		if o, err := Decrypt(sealed, s.text); err == nil {
			d.secrets[0], d.secrets[i] = d.secrets[i], d.secrets[0]
			d.take(o)
			return nil
		}
		tried = append(tried, s.from)
	}
	return fmt.Errorf("the credentials in %s cannot be decrypted with the secret of %s: give the secret they were written with, "+
		"or move the file away and enter them anew", d.CredentialFile, strings.Join(tried, ", nor with that of "))
}

func (d *Dir) take(o *value.Object) {
	for i := range o.Len() {
		if c := o.At(i).Value.Object(); c != nil {
			d.Credentials[o.At(i).Key] = c
		}
	}
}

// Decrypt opens what a credentials file has under "$", with Node-RED's method:
// AES-256-CTR, the key the SHA-256 of the secret, the text 32 hex digits of
// initialization vector and then base64.
func Decrypt(sealed, secret string) (*value.Object, error) {
	const digits = 2 * aes.BlockSize
	if len(sealed) < digits {
		return nil, errors.New("the credentials are too short")
	}
	iv, err := hex.DecodeString(sealed[:digits])
	if err != nil {
		return nil, err
	}
	data, err := base64.StdEncoding.DecodeString(sealed[digits:])
	if err != nil {
		return nil, err
	}
	crypt(secret, iv, data)
	if !utf8.Valid(data) {
		return nil, errors.New("the secret does not fit")
	}
	v, err := value.ParseJSON(value.Text(data))
	if err != nil || v.Object() == nil {
		return nil, errors.New("the secret does not fit")
	}
	return v.Object(), nil
}

// Encrypt is the opposite of Decrypt.
func Encrypt(o *value.Object, secret string) string {
	var iv [aes.BlockSize]byte
	_, _ = rand.Read(iv[:]) // never fails
	data := value.AppendJSON(nil, value.Of(o))
	crypt(secret, iv[:], data)
	return hex.EncodeToString(iv[:]) + base64.StdEncoding.EncodeToString(data)
}

func crypt(secret string, iv, data []byte) {
	key := sha256.Sum256([]byte(secret))
	block, _ := aes.NewCipher(key[:]) // 32 bytes always fit
	cipher.NewCTR(block, iv).XORKeyStream(data, data)
}

// SaveCredentials writes the credentials of all nodes, encrypted as Node-RED would:
// with the secret in use, or one that is made up and kept in .config.runtime.json.
func (d *Dir) SaveCredentials(all *value.Object) error {
	out := all
	if !d.plain {
		if len(d.secrets) == 0 {
			if err := d.makeSecret(); err != nil {
				return err
			}
		}
		out = value.Obj("$", Encrypt(all, d.secrets[0].text)).Object()
	}
	text, _, err := value.Stringify(value.Of(out), d.indent())
	if err != nil {
		return err
	}
	return replace(d.CredentialFile, []byte(text), 0o600)
}

func (d *Dir) indent() string {
	if v := d.Settings.Get("flowFilePretty"); v.IsBool() && !v.Bool() {
		return ""
	}
	return "    "
}

func (d *Dir) makeSecret() error {
	file := filepath.Join(d.Path, ".config.runtime.json")
	o, err := readJSON(file)
	if err != nil {
		return err
	}
	var b [32]byte
	_, _ = rand.Read(b[:]) // never fails
	s := secret{from: "_credentialSecret of .config.runtime.json", text: hex.EncodeToString(b[:]), own: true}
	o.Set("_credentialSecret", value.Str(s.text))
	text, _, err := value.Stringify(value.Of(o), "    ")
	if err != nil {
		return err
	}
	d.secrets = []secret{s}
	return replace(file, []byte(text), 0o600)
}

// ReadCredentials reads a credentials file by itself; if it is encrypted, its
// secret is in the variable NODE_RED_CREDENTIAL_SECRET.
func ReadCredentials(file string, env func(string) (string, bool)) (map[string]*value.Object, error) {
	d := &Dir{CredentialFile: file, Settings: value.NewObject(), Credentials: map[string]*value.Object{}, opt: Options{Env: env}}
	if !exists(file) {
		return nil, fmt.Errorf("%s does not exist", file)
	}
	d.Path = filepath.Dir(file)
	err := d.readCredentials()
	return d.Credentials, err
}

// ReloadCredentials reads the credentials of all nodes again.
func (d *Dir) ReloadCredentials() (map[string]*value.Object, error) {
	again := *d
	again.Credentials = map[string]*value.Object{}
	again.secrets = slices.Clone(d.secrets)
	err := again.readCredentials()
	return again.Credentials, err
}
