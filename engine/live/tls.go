package live

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"os"
	"path/filepath"

	"github.com/lockstep-flows/lockstep/engine/value"
)

// TLSConfig makes the settings of a TLS connection from an effect's tls object:
//
//	{cert, key, ca: PEM text or secret, certFile, keyFile, caFile: file names,
//	 passphrase: secret, verify: bool, servername: string, alpn: [string …]}
//
// All are optional; verify false accepts any certificate. A nil object gives
// the system's defaults. Files are read at each call. relative names start at dir.
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
	cert, err := pemOf(o, "cert", dir)
	if err != nil {
		return nil, err
	}
	key, err := pemOf(o, "key", dir)
	if err != nil {
		return nil, err
	}
	if len(cert) > 0 && len(key) > 0 {
		key, err := openKey(key, value.Reveal(o.Get("passphrase")))
		if err != nil {
			return nil, err
		}
		pair, err := tls.X509KeyPair(cert, key)
		if err != nil {
			return nil, fmt.Errorf("certificate and key: %w", err)
		}
		c.Certificates = []tls.Certificate{pair}
	}
	ca, err := pemOf(o, "ca", dir)
	if err != nil || len(ca) == 0 {
		return c, err
	}
	c.RootCAs = x509.NewCertPool()
	if !c.RootCAs.AppendCertsFromPEM(ca) {
		return nil, fmt.Errorf("the CA certificate is not PEM")
	}
	c.ClientCAs = c.RootCAs
	return c, nil
}

func pemOf(o *value.Object, name, dir string) ([]byte, error) {
	if text := value.Reveal(o.Get(name)); text != "" {
		return []byte(text), nil
	}
	file := o.Get(name + "File").Str()
	if file == "" {
		return nil, nil
	}
	return os.ReadFile(within(dir, file))
}

// openKey decrypts a PEM key that has a passphrase.
func openKey(key []byte, passphrase string) ([]byte, error) {
	block, _ := pem.Decode(key)
	if block == nil || !x509.IsEncryptedPEMBlock(block) { //nolint:staticcheck // the format openssl still writes
		return key, nil
	}
	der, err := x509.DecryptPEMBlock(block, []byte(passphrase)) //nolint:staticcheck // as above
	if err != nil {
		return nil, fmt.Errorf("the key cannot be opened with its passphrase: %w", err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: block.Type, Bytes: der}), nil
}

// within is a file name, relative ones in dir; "" is the process's directory.
func within(dir, name string) string {
	if dir == "" || filepath.IsAbs(name) {
		return filepath.Clean(name)
	}
	return filepath.Join(dir, name)
}
