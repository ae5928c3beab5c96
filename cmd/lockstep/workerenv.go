package main

import (
	"fmt"
	"os"
	"strings"
)

// workerEnv looks up variables: the process's own, then those of the file. skipped tells of
// lines of the file that are none.
func workerEnv(file string, needed bool) (lookup func(string) (string, bool), skipped []string, err error) {
	text, err := os.ReadFile(file)
	if err != nil && (needed || !os.IsNotExist(err)) {
		return nil, nil, err
	}
	over, lines := dotEnv(string(text))
	for _, n := range lines {
		skipped = append(skipped, fmt.Sprintf("%s:%d is not of the form NAME=value and is passed over", file, n))
	}
	return func(name string) (string, bool) {
		if v, ok := os.LookupEnv(name); ok {
			return v, true
		}
		v, ok := over[name]
		return v, ok
	}, skipped, nil
}

// dotEnv reads an .env file as programs of Node.js do: NAME=value or NAME: value, perhaps after export;
// values in quotes of three kinds, which may go over lines, \n and \r in double ones; a comment
// begins at # after a space. Of two lines with one name the last counts. It gives the numbers of the
// lines that are something else.
func dotEnv(text string) (vars map[string]string, skipped []int) {
	vars = map[string]string{}
	text = strings.TrimPrefix(text, "\ufeff")
	text = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(text)
	for n := 1; text != ""; {
		line, rest, _ := strings.Cut(text, "\n")
		name, value, ok := envPair(line)
		used := 1
		if ok {
			if quote := opening(value); quote != "" {
				whole := value + "\n" + rest
				if inner, after, closed := quoted(whole, quote); closed {
					used = 1 + strings.Count(inner, "\n")
					_, rest, _ = strings.Cut(after, "\n")
					value = inner
					if quote == `"` {
						value = strings.NewReplacer(`\n`, "\n", `\r`, "\r").Replace(inner)
					}
				}
			} else {
				value = uncommented(value)
			}
			vars[name] = value
		} else if s := strings.TrimSpace(line); s != "" && s[0] != '#' {
			skipped = append(skipped, n)
		}
		n, text = n+used, rest
	}
	return vars, skipped
}

// envPair splits a line; the value has no space before it.
func envPair(line string) (name, value string, ok bool) {
	line = strings.TrimLeft(line, " \t")
	if rest, found := strings.CutPrefix(line, "export "); found {
		line = strings.TrimLeft(rest, " \t")
	}
	end := strings.IndexFunc(line, func(r rune) bool {
		return r != '_' && r != '.' && r != '-' && (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z')
	})
	if end <= 0 {
		return "", "", false
	}
	name, value = line[:end], strings.TrimLeft(line[end:], " \t")
	switch {
	case strings.HasPrefix(value, "="):
	case strings.HasPrefix(line[end:], ": "), strings.HasPrefix(line[end:], ":\t"):
	default:
		return "", "", false
	}
	return name, strings.TrimLeft(value[1:], " \t"), true
}

// opening is the quote that a value begins with.
func opening(value string) string {
	if value != "" && strings.Contains("\"'`", value[:1]) {
		return value[:1]
	}
	return ""
}

// quoted gives what is between quotes, and what comes after them.
func quoted(text, quote string) (inner, after string, closed bool) {
	for i := 1; i < len(text); i++ {
		switch {
		case text[i] == '\\' && i+1 < len(text) && text[i+1:i+2] == quote:
			i++
		case text[i:i+1] == quote:
			return text[1:i], text[i+1:], true
		}
	}
	return "", "", false
}

// uncommented is a value without the comment behind it.
func uncommented(value string) string {
	for i := range value {
		if value[i] == '#' && (i == 0 || value[i-1] == ' ' || value[i-1] == '\t') {
			value = value[:i]
			break
		}
	}
	return strings.TrimSpace(value)
}
