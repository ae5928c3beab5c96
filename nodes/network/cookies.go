package network

import (
	"math"
	"strings"
	"time"

	"github.com/lockstep-flows/lockstep/engine/value"
)

// setCookies sets the cookies of msg.cookies: a value, an object {value, options},
// or null to clear one.
func (r *result) setCookies(v value.Value) error {
	o := v.Object()
	if o == nil {
		return nil
	}
	for i := range o.Len() {
		p := o.At(i)
		c := p.Value.Object()
		var err error
		switch {
		case p.Value.IsNull():
			err = r.clearCookie(p.Key, nil)
		case c != nil && c.Get("value").IsNull():
			err = r.clearCookie(p.Key, c)
		case c != nil:
			err = r.cookie(p.Key, c.Get("value"), c)
		default:
			err = r.cookie(p.Key, p.Value, nil)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (r *result) clearCookie(name string, options *value.Object) error {
	o := value.Obj("expires", value.NewDate(1), "path", "/").Object()
	if options != nil {
		for i := range options.Len() {
			o.Set(options.At(i).Key, options.At(i).Value)
		}
	}
	o.Delete("maxAge")
	return r.cookie(name, value.Str(""), o)
}

// cookie adds a Set-Cookie header; options as Express takes them (maxAge in
// milliseconds, expires a Date).
func (r *result) cookie(name string, v value.Value, options *value.Object) error {
	text := value.ToString(v)
	if v.TypeOf() == "object" {
		json, _, err := value.Stringify(v, "")
		if err != nil {
			return err
		}
		text = "j:" + json
	}
	if options == nil {
		options = value.NewObject()
	}
	var b strings.Builder
	b.WriteString(name + "=" + value.EncodeURIComponent(text))
	expires := options.Get("expires")
	if age := value.ToNumber(options.Get("maxAge")); !options.Get("maxAge").IsNullish() && !math.IsNaN(age) {
		b.WriteString("; Max-Age=" + value.FormatNumber(math.Floor(age/1000)))
		expires = value.NewDate(r.c.Now() + age)
	}
	attr := func(key, label string) {
		if v := options.Get(key); value.Truthy(v) {
			b.WriteString("; " + label + "=" + value.ToString(v))
		}
	}
	attr("domain", "Domain")
	path := options.Get("path")
	if path.IsNullish() {
		path = value.Str("/")
	}
	b.WriteString("; Path=" + value.ToString(path))
	if d := expires.Date(); d != nil && !math.IsNaN(d.Ms) {
		b.WriteString("; Expires=" + time.UnixMilli(int64(d.Ms)).UTC().Format("Mon, 02 Jan 2006 15:04:05 GMT"))
	}
	flag := func(key, label string) {
		if value.Truthy(options.Get(key)) {
			b.WriteString("; " + label)
		}
	}
	flag("httpOnly", "HttpOnly")
	flag("secure", "Secure")
	flag("partitioned", "Partitioned")
	word(&b, options.Get("priority"), "Priority")
	word(&b, options.Get("sameSite"), "SameSite")
	return r.append("Set-Cookie", value.Str(b.String()))
}

// word adds an attribute with a capitalised word; true means Strict.
func word(b *strings.Builder, v value.Value, label string) {
	switch {
	case v.IsBool() && v.Bool():
		b.WriteString("; " + label + "=Strict")
	case v.IsString() && v.Str() != "":
		s := strings.ToLower(v.Str())
		b.WriteString("; " + label + "=" + strings.ToUpper(s[:1]) + s[1:])
	}
}
