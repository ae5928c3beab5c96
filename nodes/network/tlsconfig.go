package network

import (
	"strings"

	"github.com/lockstep-flows/lockstep/engine"
	"github.com/lockstep-flows/lockstep/engine/value"
)

// TLSConfig is the configuration of a tls-config node. Its credentials certdata,
// keydata and cadata hold uploaded PEM texts, p12data a PKCS#12 container in
// base64, passphrase what opens the key or the container.
type TLSConfig struct {
	// CertType says where certificates come from: files (file names or uploads,
	// the default), pfx (a PKCS#12 container) or env (environment variables).
	CertType string `json:"certType"`
	// Cert, Key and CA are file names of PEM texts: the own certificate, its key,
	// and those of trusted authorities.
	Cert string `json:"cert"`
	Key  string `json:"key"`
	CA   string `json:"ca"`
	// P12 is the file name of a PKCS#12 container.
	P12 string `json:"p12"`
	// CertEnv, KeyEnv and CAEnv are environment variables that hold PEM texts.
	CertEnv string `json:"certEnv"`
	KeyEnv  string `json:"keyEnv"`
	CAEnv   string `json:"caEnv"`
	// CertName, KeyName, CAName and P12Name are the names of uploaded files, shown by editors.
	CertName string `json:"certname"`
	KeyName  string `json:"keyname"`
	CAName   string `json:"caname"`
	P12Name  string `json:"p12name"`
	// VerifyServerCert checks the peer's certificate; default true.
	VerifyServerCert value.Value `json:"verifyservercert"`
	// ServerName is sent as the name of the server that is meant (SNI) and checked
	// against its certificate; empty is the host's name.
	ServerName string `json:"servername"`
	// ALPNProtocol is the protocol to ask for in the handshake; empty asks for none.
	ALPNProtocol string `json:"alpnprotocol"`
}

var tlsConfigType = engine.Define("tls-config", "Holds the settings of TLS connections.", newTLSConfig).With(map[string]string{
	"tls.error.missing-file": "A certificate needs its key, and a key its certificate",
})

type tlsConfig struct {
	TLSConfig
	valid bool
	env   *value.Object // what the environment holds, by name of the option
}

func newTLSConfig(c *engine.Call, cfg TLSConfig) (engine.Node, error) {
	for _, s := range []*string{&cfg.Cert, &cfg.Key, &cfg.CA, &cfg.P12, &cfg.ServerName, &cfg.ALPNProtocol} {
		*s = strings.TrimSpace(*s)
	}
	n := &tlsConfig{TLSConfig: cfg, valid: true}
	files := value.NewObject()
	switch {
	case cfg.CertType == "pfx" && cfg.P12 != "":
		files.Set("pfxFile", value.Str(cfg.P12))
	case cfg.CertType == "env":
		return n, n.readEnv(c)
	case cfg.Cert != "" || cfg.Key != "" || cfg.CA != "":
		if (cfg.Cert != "") != (cfg.Key != "") {
			n.refuse(c, c.Text("tls.error.missing-file"))
			return n, nil
		}
		setNames(files, "certFile", cfg.Cert, "keyFile", cfg.Key, "caFile", cfg.CA)
	default:
		creds := c.Credentials()
		has := func(name string) bool { return value.Reveal(creds.Get(name)) != "" }
		if has("certdata") != has("keydata") && !has("p12data") {
			n.refuse(c, c.Text("tls.error.missing-file"))
		}
		return n, nil
	}
	c.Ask("tls.check", value.Of(files), func(body value.Value, _ bool) {
		if e := body.Object().Get("error").Error(); e != nil && e.Prop("code").Str() != "EUNSUPPORTED" {
			n.refuse(c, e.Error())
		}
	})
	return n, nil
}

// refuse reports what is wrong; connections then go without certificates.
func (n *tlsConfig) refuse(c *engine.Call, text string) {
	n.valid = false
	c.Error(engine.Fail(text), nil)
}

func (n *tlsConfig) readEnv(c *engine.Call) error {
	n.env = value.NewObject(3)
	for _, o := range [][2]string{{"cert", n.CertEnv}, {"key", n.KeyEnv}, {"ca", n.CAEnv}} {
		if o[1] == "" {
			continue
		}
		v, err := engine.NewInput("env", value.Str(o[1])).Eval(c, nil)
		if err != nil {
			return err
		}
		n.env.Set(o[0], value.NewSecret(o[0], value.ToString(v)))
	}
	return nil
}

// Receive ignores messages: the node has no input.
func (n *tlsConfig) Receive(*engine.Call, *engine.Message) error { return engine.Pending }

// setNames sets those of the pairs of name and text whose text is not empty.
func setNames(o *value.Object, pairs ...string) {
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			o.Set(pairs[i], value.Str(pairs[i+1]))
		}
	}
}

// options gives the tls object of an effect, as live.TLSConfig takes it.
func (n *tlsConfig) options(c *engine.Call) *value.Object {
	o := value.NewObject()
	if n.valid {
		n.certificates(o, c.Credentials())
	}
	setNames(o, "servername", n.ServerName)
	if n.ALPNProtocol != "" {
		o.Set("alpn", value.Arr(value.Str(n.ALPNProtocol)))
	}
	if v := n.VerifyServerCert; v.IsBool() {
		o.Set("verify", v)
	}
	return o
}

func (n *tlsConfig) certificates(o, creds *value.Object) {
	secret := func(option, credential string) {
		if text := value.Reveal(creds.Get(credential)); text != "" {
			o.Set(option, value.NewSecret(credential, text))
		}
	}
	switch {
	case n.CertType == "env":
		for i := range n.env.Len() {
			o.Set(n.env.At(i).Key, n.env.At(i).Value)
		}
	case n.CertType == "pfx" && n.P12 != "":
		o.Set("pfxFile", value.Str(n.P12))
	case n.CertType == "pfx":
		secret("pfx", "p12data")
	case n.Cert != "" || n.Key != "" || n.CA != "":
		setNames(o, "certFile", n.Cert, "keyFile", n.Key, "caFile", n.CA)
	default:
		secret("cert", "certdata")
		secret("key", "keydata")
		secret("ca", "cadata")
	}
	secret("passphrase", "passphrase")
}

// tlsOptions gives the tls object of an effect for the tls-config node of an id:
// what live.TLSConfig documents. It is undefined if no such node runs.
func tlsOptions(c *engine.Call, id string) (value.Value, error) {
	if id == "" {
		return value.Undefined, nil
	}
	door, node := c.Lookup(id)
	n, ok := node.(*tlsConfig)
	if !ok {
		return value.Undefined, nil
	}
	return value.Of(n.options(door)), nil
}
