package live

import (
	"errors"
	"io/fs"
	"syscall"

	"github.com/lockstep-flows/lockstep/engine/value"
)

// errno is how Node.js names and words an operating system error.
type errno struct {
	number     int
	code, text string
}

// errnos by system error. Numbers are those of Linux on every system, so that an
// error reads the same everywhere.
var errnos = map[syscall.Errno]errno{
	syscall.EPERM:        {-1, "EPERM", "operation not permitted"},
	syscall.ENOENT:       {-2, "ENOENT", "no such file or directory"},
	syscall.EIO:          {-5, "EIO", "i/o error"},
	syscall.EBADF:        {-9, "EBADF", "bad file descriptor"},
	syscall.EACCES:       {-13, "EACCES", "permission denied"},
	syscall.EBUSY:        {-16, "EBUSY", "resource busy or locked"},
	syscall.EEXIST:       {-17, "EEXIST", "file already exists"},
	syscall.ENOTDIR:      {-20, "ENOTDIR", "not a directory"},
	syscall.EISDIR:       {-21, "EISDIR", "illegal operation on a directory"},
	syscall.EINVAL:       {-22, "EINVAL", "invalid argument"},
	syscall.EMFILE:       {-24, "EMFILE", "too many open files"},
	syscall.EFBIG:        {-27, "EFBIG", "file too large"},
	syscall.ENOSPC:       {-28, "ENOSPC", "no space left on device"},
	syscall.EROFS:        {-30, "EROFS", "read-only file system"},
	syscall.ENAMETOOLONG: {-36, "ENAMETOOLONG", "name too long"},
	syscall.ENOTEMPTY:    {-39, "ENOTEMPTY", "directory not empty"},
	syscall.ELOOP:        {-40, "ELOOP", "too many symbolic links encountered"},
}

// fileFailure is the answer for a file operation that failed: {error}, with the
// text and properties that Node.js gives such an error.
func fileFailure(err error, call, path string) value.Value {
	var no syscall.Errno
	known, ok := errno{}, false
	if errors.As(err, &no) {
		known, ok = errnos[no]
	} else if errors.Is(err, fs.ErrNotExist) {
		known, ok = errnos[syscall.ENOENT]
	}
	if !ok {
		return Failure("", err.Error())
	}
	e := value.ThrownError("Error", known.code+": "+known.text+", "+call+" "+quote(path))
	e.SetProp("errno", value.Int(known.number))
	e.SetProp("code", value.Str(known.code))
	e.SetProp("syscall", value.Str(call))
	e.SetProp("path", value.Str(path))
	return value.Obj("error", e)
}

func quote(s string) string { return "'" + s + "'" }
