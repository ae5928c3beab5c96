package value

// NewSecret is a text that must not be shown: a password, a key. Where it is
// written (JSON, a log, a journal) only its name appears; Reveal gives the text.
func NewSecret(name, text string) Value {
	return Of(&Handle{Class: "Secret", Props: Obj("secret", name).Object(), Data: secret(text)})
}

type secret string

// Reveal is the text of a secret, or v itself as a string if it is none; nullish
// values are "".
func Reveal(v Value) string {
	if h := v.Handle(); h != nil {
		if s, ok := h.Data.(secret); ok {
			return string(s)
		}
	}
	if v.IsNullish() {
		return ""
	}
	return ToString(v)
}
