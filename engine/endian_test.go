package engine

import (
	"errors"
	"testing"
)

// TestEndian: big-endian machines are refused before anything else; make arch runs
// it on one.
func TestEndian(t *testing.T) {
	if littleEndian() == nil {
		return
	}
	if _, err := New(nil, nil, Options{}); !errors.Is(err, errBigEndian) {
		t.Errorf("New: %v", err)
	}
	t.Log("refused")
}
