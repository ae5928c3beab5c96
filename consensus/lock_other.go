//go:build !unix

package consensus

import "os"

// lockFile opens the file; where files cannot be removed while they are open, as on
// Windows, removing it first tells whether another process has it.
func lockFile(name string) (*os.File, error) {
	if err := os.Remove(name); err != nil && !os.IsNotExist(err) {
		return nil, err
	}
	return os.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
}

// syncDir has nothing to do: a directory cannot be synced.
func syncDir(string) error { return nil }
