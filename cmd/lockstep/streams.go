package main

import (
	"io"
	"os"
)

// streams are what a verb reads and writes.
type streams struct {
	in       io.Reader
	out, err io.Writer
}

// terminal reports whether w is a terminal that may be given colours and progress.
func terminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok || os.Getenv("TERM") == "dumb" {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// colours reports whether w may be given colours: a terminal, and NO_COLOR not set.
func colours(w io.Writer) bool { return os.Getenv("NO_COLOR") == "" && terminal(w) }
