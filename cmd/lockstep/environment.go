package main

import (
	"fmt"
	"os"
	"strings"
)

// environment is what flows see as process environment: the process's own, then
// the file's, then --set.
func (f *runFlags) environment() (func(string) (string, bool), error) {
	over := map[string]string{}
	lines := f.set
	if f.envFile != "" {
		text, err := os.ReadFile(f.envFile)
		if err != nil {
			return nil, err
		}
		fromFile, err := envLines(f.envFile, string(text))
		if err != nil {
			return nil, err
		}
		lines = append(fromFile, f.set...)
	}
	for _, l := range lines {
		name, v, ok := strings.Cut(l, "=")
		if !ok || name == "" {
			return nil, fmt.Errorf("%q is not of the form NAME=value", l)
		}
		over[name] = v
	}
	return func(name string) (string, bool) {
		if v, ok := over[name]; ok {
			return v, true
		}
		return os.LookupEnv(name)
	}, nil
}

// envLines reads the lines of an env file: comments and blank lines are left
// out, "export " and quotes around values taken off.
func envLines(file, text string) ([]string, error) {
	var out []string
	for i, l := range strings.Split(text, "\n") {
		l = strings.TrimSpace(l)
		if l == "" || l[0] == '#' {
			continue
		}
		name, v, ok := strings.Cut(strings.TrimPrefix(l, "export "), "=")
		if !ok {
			return nil, fmt.Errorf("%s:%d: %q is not of the form NAME=value", file, i+1, l)
		}
		v = strings.TrimSpace(v)
		if len(v) > 1 && (v[0] == '"' || v[0] == '\'') && v[len(v)-1] == v[0] {
			v = v[1 : len(v)-1]
		}
		out = append(out, strings.TrimSpace(name)+"="+v)
	}
	return out, nil
}
