package js

import (
	"errors"
	"fmt"
	"strings"

	"github.com/evanw/esbuild/pkg/api"
)

// lowered lists what esbuild rewrites: what goja's parser refuses, or runs wrongly.
var lowered = map[string]bool{
	"async-generator": false, "for-await": false, "using": false, "exponent-operator": false,
	"regexp-match-indices": false, "regexp-set-notation": false, "import-attributes": false,
}

// needsLowering reports syntax that goja accepts but does not run as V8 does and
// that rewrite does not handle: **= on something that is not a plain variable.
func needsLowering(text string) bool { return strings.Contains(text, "**=") }

// lower rewrites newer syntax, keeping positions by an inline source map.
func lower(file, text string) (string, error) {
	res := api.Transform(text, api.TransformOptions{
		Loader: api.LoaderJS, Target: api.ESNext, Supported: lowered, Sourcemap: api.SourceMapInline,
		SourcesContent: api.SourcesContentExclude, Sourcefile: file, Charset: api.CharsetUTF8,
		TreeShaking: api.TreeShakingFalse, LogLevel: api.LogLevelSilent, LegalComments: api.LegalCommentsNone,
	})
	if len(res.Errors) > 0 {
		return "", esbuildError(res.Errors[0])
	}
	return string(res.Code), nil
}

// syntaxProblem is a parser's complaint with its place in the text it was given.
type syntaxProblem struct {
	line, column int
	text         string
	before       string // the text before it on its line
}

func (p *syntaxProblem) Error() string { return fmt.Sprintf("%d:%d: %s", p.line, p.column, p.text) }

func esbuildError(m api.Message) error {
	if m.Location == nil {
		return errors.New(m.Text)
	}
	p := &syntaxProblem{line: m.Location.Line, column: m.Location.Column + 1, text: m.Text}
	before := m.Location.LineText
	if m.Location.Column <= len(before) {
		p.before = strings.TrimSpace(before[:m.Location.Column])
	}
	return p
}

// inCall reports whether the place of the problem is directly within the
// parentheses of a call.
func (p *syntaxProblem) inCall(text string) bool {
	lines := strings.SplitAfter(text, "\n")
	if p.line > len(lines) {
		return false
	}
	before := strings.Join(lines[:p.line-1], "") + lines[p.line-1][:min(p.column-1, len(lines[p.line-1]))]
	depth := 0
	for i := len(before) - 1; i >= 0; i-- {
		switch before[i] {
		case ')', ']', '}':
			depth++
		case '(', '[', '{':
			if depth == 0 {
				return before[i] == '(' && callBefore(before[:i], i)
			}
			depth--
		}
	}
	return false
}

// callBefore reports whether the parenthesis at a column opens the arguments of a call.
func callBefore(line string, column int) bool {
	if column > len(line) {
		return false
	}
	s := strings.TrimRight(line[:column], " \t")
	i := len(s)
	for i > 0 && wordByte(s[i-1]) {
		i--
	}
	if w := s[i:]; w != "" {
		return !isKeyword(w) && w != "async"
	}
	return strings.HasSuffix(s, ")") || strings.HasSuffix(s, "]")
}
