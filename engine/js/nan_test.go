package js

import (
	"testing"

	"github.com/lockstep-flows/lockstep/engine/value"
)

// TestNaN: whatever made a NaN and however it is stored, it has the bits that NaN has in
// Node.js. (What Node.js computes may have others, by what its compiler did to the code.)
func TestNaN(t *testing.T) {
	got := runBody(t, `let n = [NaN, 0 / 0, -NaN, Infinity - Infinity, Math.sqrt(-1), Number("x"), Math.fround(NaN)], hex = b => Buffer.from(b).toString("hex"), out = new Set;
		for (const x of n) { let f = new Float64Array(1); f[0] = x; out.add(hex(f.buffer)); let d = new DataView(new ArrayBuffer(8)); d.setFloat64(0, x, true); out.add(hex(d.buffer));
		let b = Buffer.alloc(8); b.writeDoubleLE(x); out.add(hex(b)); out.add(hex(Float64Array.from([x]).buffer)); out.add(hex(new Float64Array([x]).buffer)); out.add(hex(new Float64Array(1).fill(x).buffer));
		f = new Float64Array(1); f.set([x]); out.add(hex(f.buffer)); out.add(hex(f.map(y => y * x).buffer)); out.add(hex(f.with(0, x).buffer)); out.add(hex(new Float64Array(new Float32Array([x])).buffer)); out.add(hex(f.slice().buffer));
		let g = new Float32Array([x]); out.add(hex(g.buffer)); g = new Float32Array(1); g[0] = x; out.add(hex(g.buffer)); b = Buffer.alloc(4); b.writeFloatLE(x); out.add(hex(b)); d.setFloat32(0, x, true); out.add(hex(d.buffer.slice(0, 4))) }
		return {payload: [...out]}`, value.Of(msg(1)))
	if want := `send0 {"payload":["000000000000f87f","0000c07f"],"_msgid":"id"}` + "\ndone"; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}
