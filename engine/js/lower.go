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
}

func (p *syntaxProblem) Error() string { return fmt.Sprintf("%d:%d: %s", p.line, p.column, p.text) }

func esbuildError(m api.Message) error {
	if m.Location == nil {
		return errors.New(m.Text)
	}
	return &syntaxProblem{m.Location.Line, m.Location.Column + 1, m.Text}
}
