package js

import "testing"

func benchLimit(b *testing.B, limit int64, body string) {
	h := newHost()
	h.quiet = true
	r := New(Options{MaxSteps: limit})
	f, err := r.NewFunction(h, Identity{ID: "n1"}, Source{Func: body})
	if err != nil {
		b.Fatal(err)
	}
	f.Start()
	for b.Loop() {
		f.Receive(msg(1))
	}
}

// BenchmarkLimit compares the tightest loops without and with a step limit.
func BenchmarkLimit(b *testing.B) {
	for name, body := range map[string]string{
		"empty":  `for (let i = 0; i < 1e5; i++) {} return null`,
		"while":  `let i = 1e5; while (i--) ; return null`,
		"add":    `let x = 0; for (let i = 0; i < 1e5; i++) x = x + i; return null`,
		"member": `let o = {n: 0, k: 3}; for (let i = 0; i < 1e5; i++) o.n = o.n + o.k; return null`,
		"call":   `function f(n) { return n < 2 ? n : f(n - 1) + f(n - 2) } f(18); return null`,
		"arrow":  `let n = 0; const f = x => x + 1; for (let i = 0; i < 5e4; i++) n = f(n); return null`,
		"forof":  `let a = Array(1e4).fill(1), n = 0; for (const x of a) n += x; return null`,
		"map":    `let a = Array(1e4).fill(1); a.map(x => x * 2).filter(x => x).reduce((p, x) => p + x, 0); return null`,
		"string": `let s = ""; for (let i = 0; i < 1e4; i++) s += "ab"; return null`,
	} {
		b.Run(name+"/limit=no", func(b *testing.B) { benchLimit(b, 0, body) })
		b.Run(name+"/limit=yes", func(b *testing.B) { benchLimit(b, 1e12, body) })
	}
}
