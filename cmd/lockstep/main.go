// Command lockstep runs Node-RED flows without Node.js.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"

	"github.com/spf13/cobra"
)

// Exit codes, the same for every verb.
const (
	exitOK      = 0
	exitFailed  = 1 // the flow failed, a check found errors, a test failed
	exitUsage   = 2 // the command line or an input file is wrong
	exitStopped = 130
)

// gcPercent trades memory for speed: the heap may grow to three times what lives
// before it is collected. GOGC in the environment wins.
const gcPercent = 200

// exitError is an error with an exit code of its own; its text may be empty when
// everything was said already.
type exitError struct {
	code int
	text string
}

func (e exitError) Error() string { return e.text }

func main() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(gcPercent)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal ends the process at once
	code := run(ctx, os.Args[1:], streams{os.Stdin, os.Stdout, os.Stderr})
	os.Exit(code)
}

// run carries out one command line and gives its exit code.
func run(ctx context.Context, args []string, io streams) int {
	root := command(io)
	root.SetArgs(args)
	err := root.ExecuteContext(ctx)
	var exit exitError
	switch {
	case err == nil:
		return exitOK
	case errors.As(err, &exit):
		if exit.text != "" {
			fmt.Fprintln(io.err, "lockstep: "+exit.text)
		}
		return exit.code
	}
	fmt.Fprintln(io.err, "lockstep: "+err.Error())
	return exitUsage
}

// command is the tree of verbs.
func command(io streams) *cobra.Command {
	root := &cobra.Command{
		Use:   "lockstep",
		Short: "Run Node-RED flows without Node.js",
		Long: `lockstep runs Node-RED flows without Node.js: exported JSON in, the same
behaviour out, from one static binary.

Exit codes: 0 all went well; 1 the flow failed or a check found errors;
2 the command line or an input file is wrong; 130 interrupted twice.`,
		SilenceErrors: true,
		SilenceUsage:  true,
	}
	root.SetIn(io.in)
	root.SetOut(io.out)
	root.SetErr(io.err)
	root.AddCommand(runCommand(io), testCommand(io), replayCommand(io), journalCommand(io), checkCommand(io), nodesCommand(io), renderCommand(io), driveCommand(io), devnetCommand(io), workerCommand(io), operatorCommand(io), registrarCommand(io), verifyCommand(io), merkleCommand(io), cidCommand(io), versionCommand(io))
	return root
}
