package live

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/lockstep-flows/lockstep/engine"
	"github.com/lockstep-flows/lockstep/engine/value"
	pkcs12 "software.sslmate.com/src/go-pkcs12"
)

// TLSConfig makes the settings of a TLS connection from an effect's tls object:
//
//	{cert, key, ca: PEM text or secret, pfx: PKCS#12 in base64, as secret,
//	 certFile, keyFile, caFile, pfxFile: file names, passphrase: secret,
//	 verify: bool, servername: string, alpn: [string …]}
//
// All are optional; verify false accepts any certificate. A nil object gives
// the system's defaults. Certificates may be chains, ca may be a bundle; keys may be encrypted
// (PKCS#8 with PBES2, or the older form of OpenSSL). Files are read at each call;
// relative names start at dir. Errors name files, never contents.
func TLSConfig(o *value.Object, dir string) (*tls.Config, error) {
	c := &tls.Config{MinVersion: tls.VersionTLS12}
	if o == nil {
		return c, nil
	}
	c.ServerName = o.Get("servername").Str()
	c.InsecureSkipVerify = o.Has("verify") && !value.Truthy(o.Get("verify"))
	if list := o.Get("alpn").Array(); list != nil {
		for _, p := range list.Elems {
			c.NextProtos = append(c.NextProtos, value.ToString(p))
		}
	}
	passphrase := value.Reveal(o.Get("passphrase"))
	if err := ownCertificate(c, o, dir, passphrase); err != nil {
		return nil, err
	}
	if err := ownContainer(c, o, dir, passphrase); err != nil {
		return nil, err
	}
	ca, err := pemOf(o, "ca", dir)
	if err != nil || len(ca) == 0 {
		return c, err
	}
	if c.RootCAs == nil {
		c.RootCAs = x509.NewCertPool()
	}
	if !c.RootCAs.AppendCertsFromPEM(ca) {
		return nil, errors.New("the CA certificate is not PEM")
	}
	c.ClientCAs = c.RootCAs
	return c, nil
}

func ownCertificate(c *tls.Config, o *value.Object, dir, passphrase string) error {
	cert, err := pemOf(o, "cert", dir)
	if err != nil {
		return err
	}
	key, err := pemOf(o, "key", dir)
	if err != nil || len(cert) == 0 || len(key) == 0 {
		return err
	}
	if key, err = openKey(key, passphrase); err != nil {
		return err
	}
	pair, err := tls.X509KeyPair(cert, key)
	if err != nil {
		return fmt.Errorf("certificate and key: %w", err)
	}
	c.Certificates = []tls.Certificate{pair}
	return nil
}

// ownContainer takes certificate, key and authorities from a PKCS#12 container.
func ownContainer(c *tls.Config, o *value.Object, dir, passphrase string) error {
	data, err := pemOf(o, "pfx", dir)
	if err != nil || len(data) == 0 {
		return err
	}
	if o.Has("pfx") {
		if data, err = base64.StdEncoding.DecodeString(string(data)); err != nil {
			return errors.New("the PKCS#12 container is not base64")
		}
	}
	key, cert, others, err := pkcs12.DecodeChain(data, passphrase)
	if errors.Is(err, pkcs12.ErrIncorrectPassword) {
		return errors.New("mac verify failure")
	}
	if err != nil {
		return fmt.Errorf("the PKCS#12 container: %w", err)
	}
	pair := tls.Certificate{Certificate: [][]byte{cert.Raw}, PrivateKey: key, Leaf: cert}
	if len(others) > 0 {
		if c.RootCAs, err = x509.SystemCertPool(); err != nil {
			c.RootCAs = x509.NewCertPool()
		}
	}
	for _, ca := range others {
		pair.Certificate = append(pair.Certificate, ca.Raw)
		c.RootCAs.AddCert(ca)
	}
	c.Certificates = []tls.Certificate{pair}
	return nil
}

func pemOf(o *value.Object, name, dir string) ([]byte, error) {
	if text := value.Reveal(o.Get(name)); text != "" {
		return []byte(text), nil
	}
	file := o.Get(name + "File").Str()
	if file == "" {
		return nil, nil
	}
	data, err := os.ReadFile(within(dir, file))
	if err != nil {
		return nil, fileFailure(err, "open", file).Object().Get("error").Error()
	}
	return data, nil
}

// openKey decrypts a PEM key that has a passphrase.
func openKey(key []byte, passphrase string) ([]byte, error) {
	block, _ := pem.Decode(key)
	if block == nil {
		return key, nil
	}
	var der []byte
	var err error
	typ := block.Type
	switch {
	case block.Type == "ENCRYPTED PRIVATE KEY":
		typ = "PRIVATE KEY"
		der, err = openPKCS8(block.Bytes, passphrase)
	case x509.IsEncryptedPEMBlock(block): //nolint:staticcheck // the format older openssl writes
		der, err = x509.DecryptPEMBlock(block, []byte(passphrase)) //nolint:staticcheck // as above
	default:
		return key, nil
	}
	if err != nil {
		return nil, fmt.Errorf("the key cannot be opened with its passphrase: %w", err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: typ, Bytes: der}), nil
}

// within is a file name, relative ones in dir; "" is the process's directory.
func within(dir, name string) string {
	if dir == "" || filepath.IsAbs(name) {
		return filepath.Clean(name)
	}
	return filepath.Join(dir, name)
}

// TLS performs the effect by which a tls-config node learns early that a file
// cannot be read:
//
//	tls.check {certFile, keyFile, caFile, pfxFile} → {} or {error}
//
// The files' contents are not part of the answer.
type TLS struct{ dir string }

// NewTLS gives a performer whose relative file names start at dir.
func NewTLS(dir string) *TLS { return &TLS{dir} }

// Kinds is tls.check.
func (p *TLS) Kinds() []string { return []string{"tls.check"} }

// Perform looks at the files.
func (p *TLS) Perform(f engine.Effect, reply func(value.Value, bool)) error {
	o := value.Clone(f.Body).Object()
	go func() {
		out := value.Of(value.NewObject())
		for _, name := range []string{"cert", "key", "ca", "pfx"} {
			if _, err := pemOf(o, name, p.dir); err != nil {
				out = value.Obj("error", value.From(err))
				break
			}
		}
		reply(out, true)
	}()
	return nil
}

// Cancel does nothing: the check is short.
func (p *TLS) Cancel(uint64) {}

// Close has nothing to end.
func (p *TLS) Close() error { return nil }
