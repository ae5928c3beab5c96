package main

import (
	"os"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	if args := os.Getenv(victimArgs); args != "" {
		os.Exit(victim(strings.Split(args, "\n")))
	}
	testscript.Main(m, map[string]func(){"lockstep": main})
}

// TestScripts runs the stories in testdata: what a person types, and what comes back.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{Dir: "testdata"})
}
