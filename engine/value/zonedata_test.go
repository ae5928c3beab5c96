package value

import (
	"testing"
	"time"
)

// TestLoadZone: zones come from the built-in database, whatever the machine has.
func TestLoadZone(t *testing.T) {
	t.Setenv("ZONEINFO", t.TempDir())
	for _, name := range []string{"Europe/Berlin", "America/St_Johns", "Asia/Kathmandu", "Etc/GMT+5", "EST5EDT"} {
		z, err := LoadZone(name)
		if err != nil || z.String() != name {
			t.Errorf("%s: %v %v", name, z, err)
		}
	}
	z, _ := LoadZone("Europe/Berlin")
	if got := time.UnixMilli(1719835200000).In(z).Format("15:04 MST"); got != "14:00 CEST" {
		t.Error(got)
	}
	for _, name := range []string{"Local", "Europe/", "Europe", "../etc/passwd", "Nowhere/Atall", "/etc/localtime"} {
		if z, err := LoadZone(name); err == nil {
			t.Errorf("%s: %v", name, z)
		}
	}
}
