package value

import (
	"regexp"
	"sync"
)

// Pattern is a regular expression of Go that is compiled when it is first used: there are
// many, and few runs need more than some.
type Pattern struct {
	text string
	once sync.Once
	re   *regexp.Regexp
}

// NewPattern gives the pattern of a text, which must compile.
func NewPattern(text string) *Pattern { return &Pattern{text: text} }

func (p *Pattern) get() *regexp.Regexp {
	p.once.Do(func() { p.re = regexp.MustCompile(p.text) })
	return p.re
}

// The methods are those of regexp.Regexp.

// MatchString reports whether s has a match.
func (p *Pattern) MatchString(s string) bool { return p.get().MatchString(s) }

// FindString gives the first match.
func (p *Pattern) FindString(s string) string { return p.get().FindString(s) }

// FindStringIndex gives where the first match is.
func (p *Pattern) FindStringIndex(s string) []int { return p.get().FindStringIndex(s) }

// FindStringSubmatch gives the first match and its groups.
func (p *Pattern) FindStringSubmatch(s string) []string { return p.get().FindStringSubmatch(s) }

// FindStringSubmatchIndex gives where they are.
func (p *Pattern) FindStringSubmatchIndex(s string) []int { return p.get().FindStringSubmatchIndex(s) }

// FindAllStringSubmatch gives up to n matches.
func (p *Pattern) FindAllStringSubmatch(s string, n int) [][]string {
	return p.get().FindAllStringSubmatch(s, n)
}

// ReplaceAllString replaces all matches.
func (p *Pattern) ReplaceAllString(s, with string) string { return p.get().ReplaceAllString(s, with) }

// ReplaceAllStringFunc replaces all matches by what a function gives.
func (p *Pattern) ReplaceAllStringFunc(s string, f func(string) string) string {
	return p.get().ReplaceAllStringFunc(s, f)
}
