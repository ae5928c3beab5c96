package live

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/lockstep-flows/lockstep/engine/value"
	"github.com/lockstep-flows/lockstep/engine/weburl"
)

// ProxyFor gives the address of the proxy through which a URL is asked, "" for
// none, from an effect's proxy object:
//
//	{options: {mode, lowerCaseOnly, favourUpperCase, excludeNpm, env}, as the setting proxyOptions,
//	 env: {http_proxy, https_proxy, no_proxy}, username, password: secret}
//
// All are optional. Without an env of their own the rules read the process's,
// through env: npm_config_SCHEME_proxy, SCHEME_proxy, npm_config_proxy, all_proxy, in
// lower or upper case, and no_proxy.
func ProxyFor(o *value.Object, address string, env func(string) (string, bool)) string {
	if o == nil {
		o = value.NewObject()
	}
	p := proxyRules{options: o.Get("options").Object(), env: env}
	if p.options == nil {
		p.options = value.NewObject()
	}
	for _, own := range []*value.Object{p.options.Get("env").Object(), o.Get("env").Object()} {
		if own != nil {
			p.env = func(name string) (string, bool) {
				v := own.Get(name)
				return value.Reveal(v), !v.IsNullish()
			}
		}
	}
	mode := p.options.Get("mode").Str()
	if env != nil {
		if m, _ := env("NR_PROXY_MODE"); m == "legacy" || m == "strict" {
			mode = m
		}
	}
	if mode == "legacy" {
		return p.legacy(address)
	}
	return p.strict(address)
}

type proxyRules struct {
	options *value.Object
	env     func(string) (string, bool)
}

func (p proxyRules) raw(name string) string {
	if p.env == nil {
		return ""
	}
	v, _ := p.env(name)
	return v
}

func (p proxyRules) get(name string) string {
	on := func(option string) bool { return p.options.Get(option).Bool() }
	lower, upper := p.raw(strings.ToLower(name)), ""
	if !on("lowerCaseOnly") {
		upper = p.raw(strings.ToUpper(name))
	}
	switch {
	case on("excludeNpm") && strings.HasPrefix(name, "npm_config_"):
		return ""
	case on("favourUpperCase") && upper != "" || lower == "":
		return upper
	}
	return lower
}

func (p proxyRules) first(names ...string) string {
	for _, n := range names {
		if v := p.get(n); v != "" {
			return v
		}
	}
	return ""
}

// legacy are the rules of Node-RED before 3.1.
func (p proxyRules) legacy(address string) string {
	proxy, none := p.raw("http_proxy"), p.raw("no_proxy")
	if v := p.raw("HTTP_PROXY"); v != "" {
		proxy = v
	}
	if v := p.raw("NO_PROXY"); v != "" {
		none = v
	}
	if none != "" {
		for _, s := range strings.Split(none, ",") {
			if strings.Contains(address, strings.TrimSpace(s)) {
				return ""
			}
		}
	}
	return proxy
}

func (p proxyRules) strict(address string) string {
	u, ok := weburl.Parse(address, nil)
	if !ok {
		return ""
	}
	scheme, hostname, port := u.Scheme, u.Hostname, 0
	if u.Special() {
		port, _ = strconv.Atoi(u.DialPort()) // it is a number
	} else {
		// ws and others: read like http
		as, ok := weburl.Parse("http:"+u.Rest, nil)
		if !ok {
			return ""
		}
		hostname = as.Hostname
		if port, _ = strconv.Atoi(as.Port); port == 0 { // none is given
			port = defaultPorts[scheme]
		}
	}
	if !p.wanted(hostname, port) {
		return ""
	}
	proxy := p.first("npm_config_"+scheme+"_proxy", scheme+"_proxy", "npm_config_proxy", "all_proxy")
	if proxy != "" && !strings.Contains(proxy, "://") {
		proxy = scheme + "://" + proxy
	}
	return proxy
}

var defaultPorts = map[string]int{"ftp": 21, "gopher": 70, "ws": 80, "wss": 443, "mqtt": 1880, "mqtts": 8883}

var hostPort = regexp.MustCompile(`^(.+):(\d+)$`)

// wanted reports whether no_proxy does not take the host out.
func (p proxyRules) wanted(hostname string, port int) bool {
	none := strings.ToLower(p.first("npm_config_no_proxy", "no_proxy"))
	if none == "*" {
		return false
	}
	for _, entry := range strings.FieldsFunc(none, func(r rune) bool { return r == ',' || r <= ' ' }) {
		name := entry
		if m := hostPort.FindStringSubmatch(entry); m != nil {
			name = m[1]
			if n, _ := strconv.Atoi(m[2]); n != 0 && n != port { // \d+ that is no int matches no port
				continue
			}
		}
		if name[0] != '.' && name[0] != '*' {
			if name == hostname {
				return false
			}
			continue
		}
		if strings.HasSuffix(hostname, strings.TrimPrefix(name, "*")) {
			return false
		}
	}
	return true
}
