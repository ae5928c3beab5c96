package value

import (
	"archive/zip"
	_ "embed" // the tz database
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"time"
)

// ZoneVersion is the version of the IANA tz database in zoneinfo.zip, which is the
// file of that name of Go 1.26. The database is part of the semantics: replicas must
// not take it from their machines.
const ZoneVersion = "2025c"

//go:embed zoneinfo.zip
var zoneArchive string

// zones are the zones read so far by name: a table filled at first use.
var zones sync.Map

// LoadZone finds a time zone of the IANA database by its name, such as
// "Europe/Berlin". Unlike time.LoadLocation it never looks at the machine: the
// database is the one built in, and there is no zone "Local".
func LoadZone(name string) (*time.Location, error) {
	if name == "" || name == "UTC" {
		return time.UTC, nil
	}
	if z, ok := zones.Load(name); ok {
		return z.(*time.Location), nil
	}
	a, err := zip.NewReader(strings.NewReader(zoneArchive), int64(len(zoneArchive)))
	if err != nil {
		return nil, fmt.Errorf("reading the built-in time zones: %w", err)
	}
	f, err := a.Open(name)
	if err != nil || strings.HasSuffix(name, "/") {
		return nil, fmt.Errorf("unknown time zone %s", name)
	}
	data, err := io.ReadAll(f)
	err = errors.Join(err, f.Close())
	if err != nil {
		return nil, fmt.Errorf("unknown time zone %s", name)
	}
	z, err := time.LoadLocationFromTZData(name, data)
	if err != nil {
		return nil, fmt.Errorf("reading the time zone %s: %w", name, err)
	}
	kept, _ := zones.LoadOrStore(name, z)
	return kept.(*time.Location), nil
}
