//go:build !unix

package exec

import (
	"os"
	"os/exec"
	"syscall"
)

func apart(*exec.Cmd) {}

// signalGroup ends the child: this system has no process groups.
func signalGroup(pid int, _ syscall.Signal) {
	if p, err := os.FindProcess(pid); err == nil {
		_ = p.Kill()
	}
}

func signalOf(*os.ProcessState) string { return "" }

// signals that this system can send: all of them end the child.
var signals = map[string]os.Signal{"SIGTERM": os.Kill, "SIGINT": os.Kill, "SIGKILL": os.Kill, "SIGQUIT": os.Kill, "SIGHUP": os.Kill}
