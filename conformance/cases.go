package conformance

import (
	"embed"
	"io/fs"
)

//go:embed all:cases
var embedded embed.FS

// Cases is the folder of case files, as it was when this package was compiled.
func Cases() fs.FS {
	sub, err := fs.Sub(embedded, "cases")
	if err != nil {
		panic(err) // the folder is embedded above
	}
	return sub
}
