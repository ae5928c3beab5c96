// Writes what Math.* of real Node gives for inputs that math_test.go makes in the
// same way. Run: node math.mjs 830 > math.bin (more: node math.mjs 200000 > /tmp/m.bin,
// then LOCKSTEP_MATH=/tmp/m.bin go test -run TestMath).
// File: the count as a float64, then per function one float64 per input, little-endian.
const count = +process.argv[2] || 830;
const unary = ['sin', 'cos', 'tan', 'asin', 'acos', 'atan', 'sinh', 'cosh', 'tanh', 'asinh', 'acosh', 'atanh', 'exp', 'expm1', 'log', 'log2',
  'log10', 'log1p', 'cbrt', 'sqrt', 'round', 'sign', 'fround', 'clz32', 'trunc', 'floor', 'ceil'];
const binary = ['pow', 'atan2', 'hypot', 'imul', 'max', 'min', 'mod', 'hypot3'];
Math.mod = (a, b) => a % b;
Math.hypot3 = (a, b) => Math.hypot(a, b, a * 0.75);
const special = [0, 1, 0.5, 2, 3, 4, 0.25, 1.5, 2.5, 3.5, 10, 100, 1000, 1e-5, 1e-10, 1e-20, 1e-300, 5e-324, 1e-310, 2.2250738585072014e-308, 1.7976931348623157e308,
  Infinity, 0.1, 0.2, 0.3, 0.7, 0.9, 0.99, 0.999, 0.9999999999999999, 1.0000000000000002, 1.0001, 0.6744, 0.785398163397448, 1.5707963267948966, 3.141592653589793,
  4.71238898038469, 6.283185307179586, 7.853981633974483, 2.356194490192345, 22, 21.999, 56, 700, 709.782712893384, 709.7827128933841, 709.7822265625, 710.4758600739439, 710.475860073944, 745.1332191019411, 745.2,
  0.34657359, 0.6931471805599453, 1.0397207708, 2147483647, 2147483648, 4294967295, 4294967296, 9007199254740991, 9007199254740992, 1e15, 1e21, 1e22, 1e100, 1e200, 823549.6, 1647099.5,
  3.5e-9, 1.4901161193847656e-8, 7.450580596923828e-9, 3.725290298461914e-9, 1.8626451492309570e-9, 5.551115123125783e-17, 1.1102230246251565e-16, 0.41421356237309503, 0.2928932188134524, 0.2928932188134525,
  1.4142135623730951, 0.7071067811865476, 0.43749999, 0.4375, 0.6875, 1.1875, 2.4375, 0.975, 0.49999999999999994, 4503599627370495.5, 33.3, 32.2];
for (const x of special.slice()) special.push(-x);
special.push(NaN);
let state;
const rand32 = () => { // mulberry32
  state = (state + 0x6D2B79F5) | 0;
  let t = Math.imul(state ^ (state >>> 15), 1 | state);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return (t ^ (t >>> 14)) >>> 0;
};
const bits = new Uint32Array(2), float = new Float64Array(bits.buffer);
const unit = () => ((rand32() >>> 6) * 134217728 + (rand32() >>> 5)) / 9007199254740992;
const input = i => {
  switch (i % 8) {
    case 0: bits[0] = rand32(); bits[1] = rand32(); return float[0];
    case 1: return unit() * 2 - 1;
    case 2: return unit() * 20 - 10;
    case 3: return unit() * 1600 - 800;
    case 4: return unit() * 4e6 - 2e6;
    case 5: return Math.trunc(unit() * 200 - 100);
    case 6: bits[0] = rand32(); bits[1] = rand32() % 0x4000000 + 0x3E000000 - 0x1800000; return rand32() & 1 ? float[0] : -float[0];
    default: bits[0] = rand32(); bits[1] = 0x3FE00000 + rand32() % 0x200000; return float[0];
  }
};
const out = [count];
for (const name of unary) {
  state = 12345;
  for (const x of special) out.push(Math[name](x));
  for (let i = 0; i < count; i++) out.push(Math[name](input(i)));
}
for (const name of binary) {
  state = 54321;
  for (let i = 0; i < special.length; i += 5) for (let j = 0; j < special.length; j += 5) out.push(Math[name](special[i], special[j]));
  for (let i = 0; i < count; i++) { const a = input(i), b = input(i >> 3); out.push(Math[name](a, b)); }
}
for (let i = 0; i < out.length; i++) if (Number.isNaN(out[i])) out[i] = NaN;
process.stdout.write(Buffer.from(new Float64Array(out).buffer));
