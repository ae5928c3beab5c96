package js

import (
	"strings"

	"github.com/lockstep-flows/lockstep/engine/value"
)

var (
	tokenText  = value.NewPattern(`^Unexpected token (.+)$`)
	foundText  = value.NewPattern(`^Expected (.+) but found (".*"|end of file)$`)
	unexpText  = value.NewPattern(`^Unexpected (".+"|end of file)$`)
	symbolText = value.NewPattern(`^The symbol "(.+)" has already been declared$`)
	declared   = value.NewPattern(`^SyntaxError: Identifier '(.+)' has already been declared`)
	constText  = value.NewPattern(`^The constant "(.+)" must be initialized$`)
	word       = value.NewPattern(`^[\p{L}_$][\p{L}\p{N}_$]*$`)
)

// v8Token words an unexpected token as V8 does.
func v8Token(tok string) string {
	if len(tok) > 1 && tok[0] == '"' {
		tok = tok[1 : len(tok)-1]
	}
	switch {
	case tok == "end of file" || tok == "EOF" || tok == "":
		return "Unexpected end of input"
	case tok == "ILLEGAL":
		return "Invalid or unexpected token"
	case strings.HasPrefix(tok, "'") || strings.HasPrefix(tok, "\"") || strings.HasPrefix(tok, `\"`):
		return "Unexpected string"
	case tok[0] >= '0' && tok[0] <= '9':
		return "Unexpected number"
	case word.MatchString(tok) && !isKeyword(tok):
		return "Unexpected identifier '" + tok + "'"
	}
	return "Unexpected token '" + tok + "'"
}

func isKeyword(s string) bool {
	switch s {
	case "break", "case", "catch", "class", "const", "continue", "debugger", "default", "delete", "do", "else", "export",
		"extends", "finally", "for", "function", "if", "import", "in", "instanceof", "new", "null", "return", "super",
		"switch", "this", "throw", "true", "false", "try", "typeof", "var", "void", "while", "with":
		return true
	}
	return false
}

// v8Syntax words a syntax error of goja's parser or of esbuild as V8 does, where
// the wording is known.
func v8Syntax(s string) string {
	if m := declared.FindStringSubmatch(s); m != nil {
		return "Identifier '" + m[1] + "' has already been declared"
	}
	if m := symbolText.FindStringSubmatch(s); m != nil {
		return "Identifier '" + m[1] + "' has already been declared"
	}
	if constText.MatchString(s) {
		return "Missing initializer in const declaration"
	}
	if m := foundText.FindStringSubmatch(s); m != nil {
		return v8Token(m[2])
	}
	if strings.HasPrefix(s, `Unexpected "super"`) {
		return "'super' keyword unexpected here"
	}
	if m := unexpText.FindStringSubmatch(s); m != nil {
		return v8Token(m[1])
	}
	if m := tokenText.FindStringSubmatch(s); m != nil {
		return v8Token(m[1])
	}
	switch {
	case strings.HasPrefix(s, `"await" can only be used`):
		return "await is only valid in async functions and the top level bodies of modules"
	case strings.HasPrefix(s, `Cannot use "await" as an identifier`):
		return "Unexpected reserved word"
	case strings.HasPrefix(s, `Cannot use "let" as an identifier`):
		return "let is disallowed as a lexically bound name"
	case strings.HasPrefix(s, "Unterminated string"), strings.HasPrefix(s, "Syntax error"):
		return "Invalid or unexpected token"
	case strings.HasPrefix(s, "Unterminated template"):
		return "Unterminated template literal"
	case strings.HasPrefix(s, "Unterminated regular expression"):
		return "Invalid regular expression: missing /"
	case strings.HasPrefix(s, "Invalid assignment target"):
		return "Invalid left-hand side in assignment"
	case strings.HasPrefix(s, `Cannot use "break"`):
		return "Illegal break statement"
	case strings.HasPrefix(s, `Cannot use "continue"`):
		return "Illegal continue statement: no surrounding iteration statement"
	}
	return s
}
