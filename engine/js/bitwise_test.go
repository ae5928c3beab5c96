package js

import (
	"testing"

	"github.com/lockstep-flows/lockstep/engine/value"
)

// TestBitwise: 32-bit values of numbers that Go's own conversions cannot do, as Node.js has them.
func TestBitwise(t *testing.T) {
	got := runBody(t, `let x = 2**63 + 2**11, a = new Int32Array(2), n = {valueOf() { return -1e19 }}; a[0] = x; a[1] = 1e20;
		let y = x; y |= 0; return {payload: [x | 0, 1e20 ^ 1, ~1e20, 1e20 >>> 0, 1e300 | 5, n & -1, 1 << 1e20, Math.imul(1e20, 3), Math.clz32(x), a[0], a[1], y, 1e21 >> 2, NaN | 1]}`, value.Of(msg(1)))
	if want := `send0 {"payload":[2048,1661992961,-1661992961,1661992960,5,1981284352,1,691011584,20,2048,1661992960,2048,-139984896,1],"_msgid":"id"}` + "\ndone"; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}
