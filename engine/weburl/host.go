package weburl

import (
	"net/netip"
	"strconv"
	"strings"
)

// ipv6 normalises an address in brackets.
func ipv6(host string) (string, bool) {
	if !strings.HasSuffix(host, "]") {
		return "", false
	}
	a, err := netip.ParseAddr(host[1 : len(host)-1])
	if err != nil || !a.Is6() || a.Zone() != "" {
		return "", false
	}
	if a.Is4In6() {
		b := a.As16()
		hex := func(i int) string { return strconv.FormatUint(uint64(b[i])<<8|uint64(b[i+1]), 16) }
		return "[::ffff:" + hex(12) + ":" + hex(14) + "]", true
	}
	return "[" + a.String() + "]", true
}

// ipv4 normalises a host whose last label is a number: 127.1, 0x7f000001 and
// 127.0.0.1 are the same; other hosts stay.
func ipv4(host string) (string, bool) {
	parts := strings.Split(strings.TrimSuffix(host, "."), ".")
	if _, ok := number(parts[len(parts)-1]); !ok && !digits(parts[len(parts)-1]) {
		return host, true
	}
	if len(parts) > 4 {
		return "", false
	}
	var sum uint64
	for i, p := range parts {
		n, ok := number(p)
		last := i == len(parts)-1
		if !ok || !last && n > 255 || last && n >= 1<<(8*(5-len(parts))) {
			return "", false
		}
		if last {
			sum += n
		} else {
			sum += n << (8 * (3 - i))
		}
	}
	return netip.AddrFrom4([4]byte{byte(sum >> 24), byte(sum >> 16), byte(sum >> 8), byte(sum)}).String(), true
}

func digits(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}

// number reads a decimal, octal (0…) or hexadecimal (0x…) number.
func number(s string) (uint64, bool) {
	base := 10
	switch {
	case s == "":
		return 0, false
	case strings.HasPrefix(s, "0x"):
		if s = s[2:]; s == "" {
			return 0, true
		}
		base = 16
	case len(s) > 1 && s[0] == '0':
		base = 8
	}
	n, err := strconv.ParseUint(s, base, 40)
	return n, err == nil
}
