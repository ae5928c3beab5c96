// Streams what Node.js computes: for each function, seed and count on the command line, the
// results of count inputs as bytes. The inputs are made as in numbers_test.go.
// node numbers.mjs COUNT | go test -run TestNumbers (make numbers)
import { writeSync } from 'node:fs'
const count = +process.argv[2] || 1000
const M64 = (1n << 64n) - 1n
let lo = 0, hi = 0
const mul = (a, b) => (a * b) & M64
function next(s) {
  s.v = (s.v + 0x9E3779B97F4A7C15n) & M64
  let z = s.v
  z = mul(z ^ z >> 30n, 0xBF58476D1CE4E5B9n)
  z = mul(z ^ z >> 27n, 0x94D049BB133111EBn)
  return z ^ z >> 31n
}
const view = new DataView(new ArrayBuffer(8))
function input(s, i) {
  const n = next(s)
  switch (i % 6) {
    case 0: view.setBigUint64(0, n); return view.getFloat64(0)
    case 1: return Number(n >> 11n) / 2 ** 53 * 2 - 1
    case 2: return Number(n >> 11n) / 2 ** 53 * 200 - 100
    case 3: return Number(n & 0xFFFFFn) - 524288
    case 4: return Number(n >> 11n) / 2 ** 53 * 1600 - 800
  }
  view.setBigUint64(0, (n & 0x800FFFFFFFFFFFFFn) | (BigInt(1023 - 40) + (n >> 52n & 0x3Fn)) << 52n)
  return view.getFloat64(0)
}
const one = 'sin cos tan asin acos atan sinh cosh tanh asinh acosh atanh exp expm1 log log2 log10 log1p cbrt sqrt fround round'.split(' ')
const fns = one.map(n => [n, x => Math[n](x)])
fns.push(['atan2', (x, y) => Math.atan2(x, y)], ['pow', (x, y) => Math.pow(x, y)], ['hypot', (x, y) => Math.hypot(x, y)],
  ['power', (x, y) => Math.abs(x) ** Math.trunc(y)], ['%', (x, y) => x % y],
  ['string', x => String(x)], ['radix', (x, y, i) => x.toString(2 + i % 35)], ['fixed', (x, y, i) => x.toFixed(i % 101)],
  ['precision', (x, y, i) => x.toPrecision(1 + i % 100)], ['exponential', (x, y, i) => x.toExponential(i % 101)],
  ['parse', (x, y, i) => parseFloat(text(x, y, i))], ['number', (x, y, i) => Number(text(x, y, i))])
// A number as text, with digits more or less, as people write them.
function text(x, y, i) {
  const s = x.toExponential(i % 30), d = String(Math.abs(Math.trunc(y)))
  return i % 3 ? s : s.replace('e', d + 'e')
}
function hash(h, s) {
  for (let i = 0; i < s.length; i++) h = Math.imul(h ^ s.charCodeAt(i), 0x01000193) >>> 0
  return h
}
for (const [name, f] of fns) {
  const s = { v: BigInt(hash(0x811c9dc5, name)) }
  const head = Buffer.from(name.padEnd(16)), out = Buffer.alloc(count * 8)
  for (let i = 0; i < count; i++) {
    const x = input(s, i), y = input(s, i + 1), r = f(x, y, i)
    if (typeof r === 'string') out.writeDoubleLE(hash(0x811c9dc5, r), i * 8)
    else out.writeDoubleLE(r !== r ? NaN : r, i * 8)
  }
  for (const b of [head, out]) for (let at = 0; at < b.length;) {
    try { at += writeSync(1, b, at) } catch (e) { if (e.code !== 'EAGAIN') throw e }
  }
}
