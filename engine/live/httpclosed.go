package live

import (
	"fmt"
	"net/http"
)

// NewClosedHTTP makes a server that listens nowhere: requests come through
// ServeHTTP only, as in tests of flows. Addr and TLS of the options have no meaning,
// and it has no URL.
func NewClosedHTTP(o HTTPOptions) (*HTTP, error) {
	if o.MaxBody == 0 {
		o.MaxBody = defaultMaxBody
	}
	if o.MaxUpload == 0 {
		o.MaxUpload = defaultMaxUpload
	}
	p := &HTTP{opt: o, waits: map[uint64]chan response{}, nodeGate: newGate(o.NodeAuth), staticGate: newGate(o.StaticAuth), server: &http.Server{ReadHeaderTimeout: headerTime}}
	if o.CORS != nil {
		if err := o.CORS.prepare(); err != nil {
			return nil, fmt.Errorf("the patterns of origins: %w", err)
		}
	}
	return p, nil
}
