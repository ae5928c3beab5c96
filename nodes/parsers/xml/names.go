package xml

import "strings"

// nameStart reports whether a character may begin a name. As in sax, which looks at
// UTF-16 units, those beyond 0xFFFF may not.
func nameStart(c rune) bool {
	if c < 0x80 {
		return c|0x20 >= 'a' && c|0x20 <= 'z' || c == ':' || c == '_'
	}
	switch {
	case c < 0xC0, c == 0xD7, c == 0xF7, c == 0x37E:
		return false
	case c <= 0x2FF:
		return true
	}
	return c >= 0x370 && c <= 0x1FFF || c == 0x200C || c == 0x200D || c >= 0x2070 && c <= 0x218F || c >= 0x2C00 && c <= 0x2FEF ||
		c >= 0x3001 && c <= 0xD7FF || c >= 0xF900 && c <= 0xFDCF || c >= 0xFDF0 && c <= 0xFFFD
}

// nameBody reports whether a character may be in a name.
func nameBody(c rune) bool {
	return nameStart(c) || c >= '0' && c <= '9' || c == '.' || c == '-' || c == 0xB7 || c >= 0x300 && c <= 0x36F || c == 0x203F || c == 0x2040
}

// legalName is what xmlbuilder accepts as a name.
func legalName(s string) bool {
	for i, c := range s {
		astral := c >= 0x10000 && c < 0xF0000
		// a name's body goes on to 0x37D without a gap in xmlbuilder
		if i == 0 && !nameStart(c) && !astral || !nameBody(c) && !astral {
			return false
		}
	}
	return s != ""
}

func isSpace(c rune) bool { return c == ' ' || c == '\n' || c == '\r' || c == '\t' }

func isQuote(c rune) bool { return c == '"' || c == '\'' }

// latin are the named characters from 160 to 255, in order.
const latin = "nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn sup2 sup3 acute micro para middot " +
	"cedil sup1 ordm raquo frac14 frac12 frac34 iquest Agrave Aacute Acirc Atilde Auml Aring AElig Ccedil Egrave Eacute Ecirc Euml " +
	"Igrave Iacute Icirc Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave Uacute Ucirc Uuml Yacute THORN szlig " +
	"agrave aacute acirc atilde auml aring aelig ccedil egrave eacute ecirc euml igrave iacute icirc iuml eth ntilde ograve oacute " +
	"ocirc otilde ouml divide oslash ugrave uacute ucirc uuml yacute thorn yuml"

// others are the other named characters, each after its names.
const others = "amp & gt > lt < quot \" apos ' OElig Œ oelig œ Scaron Š scaron š Yuml Ÿ fnof ƒ circ ˆ tilde ˜ " +
	"Alpha Α Beta Β Gamma Γ Delta Δ Epsilon Ε Zeta Ζ Eta Η Theta Θ Iota Ι Kappa Κ Lambda Λ Mu Μ Nu Ν Xi Ξ Omicron Ο Pi Π Rho Ρ " +
	"Sigma Σ Tau Τ Upsilon Υ Phi Φ Chi Χ Psi Ψ Omega Ω alpha α beta β gamma γ delta δ epsilon ε zeta ζ eta η theta θ iota ι kappa κ " +
	"lambda λ mu μ nu ν xi ξ omicron ο pi π rho ρ sigmaf ς sigma σ tau τ upsilon υ phi φ chi χ psi ψ omega ω thetasym ϑ upsih ϒ piv ϖ " +
	"ndash – mdash — lsquo ‘ rsquo ’ sbquo ‚ ldquo “ rdquo ” bdquo „ dagger † Dagger ‡ bull • hellip … permil ‰ prime ′ Prime ″ " +
	"lsaquo ‹ rsaquo › oline ‾ frasl ⁄ euro € image ℑ weierp ℘ real ℜ trade ™ alefsym ℵ larr ← uarr ↑ rarr → darr ↓ harr ↔ crarr ↵ " +
	"lArr ⇐ uArr ⇑ rArr ⇒ dArr ⇓ hArr ⇔ forall ∀ part ∂ exist ∃ empty ∅ nabla ∇ isin ∈ notin ∉ ni ∋ prod ∏ sum ∑ minus − lowast ∗ " +
	"radic √ prop ∝ infin ∞ ang ∠ and ∧ or ∨ cap ∩ cup ∪ int ∫ there4 ∴ sim ∼ cong ≅ asymp ≈ ne ≠ equiv ≡ le ≤ ge ≥ sub ⊂ sup ⊃ " +
	"nsub ⊄ sube ⊆ supe ⊇ oplus ⊕ otimes ⊗ perp ⊥ sdot ⋅ lceil ⌈ rceil ⌉ lfloor ⌊ rfloor ⌋ lang 〈 rang 〉 loz ◊ spades ♠ clubs ♣ " +
	"hearts ♥ diams ♦ ensp \u2002 emsp \u2003 thinsp \u2009 zwnj \u200c zwj \u200d lrm \u200e rlm \u200f"

// entities are the named characters.
var entities = namedCharacters()

func namedCharacters() map[string]string {
	m := map[string]string{}
	for i, name := range strings.Split(latin, " ") {
		m[name] = string(rune(160 + i))
	}
	words := strings.Split(others, " ")
	for i := 0; i+1 < len(words); i += 2 {
		m[words[i]] = words[i+1]
	}
	return m
}
