// Writes text.jsonl: string and number functions of real Node.
// Run: node text.mjs [how many] > text.jsonl
import { createHash } from 'node:crypto';
const count = +process.argv[2] || 150;
const print = (...a) => console.log(JSON.stringify(a));
const attempt = g => { try { return g(); } catch (e) { return e.name + ': ' + e.message; } };
let state = 99;
const rand = n => { state = (state + 0x6D2B79F5) | 0; let t = Math.imul(state ^ (state >>> 15), 1 | state); t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t; return ((t ^ (t >>> 14)) >>> 0) % n; };
const pool = ['a', 'b', 'B', ' ', '\t', 'é', 'É', 'ß', 'ﬁ', 'İ', 'ı', 'Σ', 'σ', 'ς', 'ΑΣ', 'Σ.', '日', '😀', '\ud83d', '\ude00', '\ud7ff', '\ue000', '\uffff', '𐐀', '\u00a0', '\ufeff', '\u2028', '\u180e', '\u0307', 'ŉ', 'ǰ', 'x', '.', '1', '\u0000', 'Z'];
const str = () => { let s = ''; for (let n = rand(9); n > 0; n--) s += pool[rand(pool.length)]; return s; };
for (let i = 0; i < count * 2; i++) {
  const a = str(), b = rand(3) ? str() : a.slice(rand(4), rand(8)), f = rand(9) - 1, t = rand(10) - 1;
  print('string', a, b, f, t, [a.length, a.substring(Math.max(f, 0), Math.max(f, t, 0)), a.indexOf(b, f), a < b ? -1 : a > b ? 1 : 0, a + b, a.toLowerCase(), a.toUpperCase(), a.trim(), a.trimStart(), a.trimEnd(), a.charCodeAt(t < 0 ? 0 : t) || 0]);
}
for (const op of ['toLowerCase', 'toUpperCase', 'trim']) { // all characters at once, as a hash
  const h = createHash('sha256');
  for (let c = 0; c < 0x110000; c++) if (c < 0xd800 || c > 0xdfff) h.update(String.fromCodePoint(c)[op]() + '\n');
  print('sweep', op, h.digest('hex'));
}
for (const hex of ['', '61', 'c3a9', 'e282ac', 'f09f9880', 'ff', 'c3', 'e282', 'f09f98', 'c3c3a9', 'e28261', 'f09f61', 'f0808080', 'eda080', 'edb080', 'eda0bdedb880', 'c080', 'f4908080', 'f5808080', '80', '8080', 'e08080', 'e0a0', 'f0908080', 'f09080', 'f0828282', 'efbbbf61', '61ff62fe63', 'e2e282ac', 'f0f09f9880', 'fefeffff', 'c2', 'df', 'efbfbf', 'f48fbfbf', 'ed9fbf', 'ee8080'])
  print('utf8', hex, Buffer.from(hex, 'hex').toString('utf8'));
const bits = new Uint32Array(2), float = new Float64Array(bits.buffer);
const numbers = [0, -0, 1, -1, 0.5, 1.5, 2.5, 0.05, 0.25, 0.125, 1.005, 1.45, 8.345, 25, 35, 1234.5678, -1234.5678, 1e20, 1e21, 123e20, 1.7976931348623157e308, 5e-324, 2.2250738585072014e-308, 1e-6, 1e-7, 9.5e-7, 0.000001, 123456789, 4294967295, 4294967296, 2147483648, -2147483649, 9007199254740991, 9007199254740993, 1e15, 0.1, 0.2, 0.3, 99.995, 0.995, 9.995, 999.5, 0.5e-10, 10, 100, 95, 99, 0.099, -0.5, -1.5, -2.5, 1e100, 3.0000000000000004, NaN, Infinity, -Infinity, 1 / 3, 2 / 3, 255, 255.255, 1e23, 123456789012345680000, 0.000035, 1.25, 1.35, 4.35, 10.235, -0.00001];
for (let i = 0; i < count; i++) { const k = rand(4); bits[0] = rand(0x100000000); bits[1] = rand(0x100000000); numbers.push(k === 0 ? float[0] : k === 1 ? (rand(2e9) - 1e9) / 1000 : k === 2 ? rand(1e6) / 64 : (rand(1e9) - 5e8) / 7); }
for (const n of numbers) print('number', String(n) === '0' && 1 / n < 0 ? '-0' : String(n), [String(n), ...[2, 3, 7, 16, 36].map(r => n.toString(r)), ...[0, 1, 2, 5, 20, 100].map(d => n.toFixed(d)), ...[1, 2, 3, 17, 21, 100].map(d => n.toPrecision(d)), n.toExponential(), ...[0, 1, 3, 20].map(d => n.toExponential(d)), String(n | 0), String(n >>> 0), attempt(() => n.toFixed(101)), attempt(() => n.toPrecision(0)), attempt(() => n.toExponential(101))].map(s => s.length > 130 ? s.slice(0, 60) + s.length + s.slice(-60) : s));
const texts = ['', ' ', '0', '1', '-1', '+1', '--1', '+-1', ' 12 ', '\n12\t', '\u00a012\ufeff', '\u180e12', '12 3', '12px', '1.5', '.5', '5.', '.', '-.5', '-.', '+.5e1', '1e3', '1E3', '1e+3', '1e-3', '1e', '1e+', '1.e3', '.e3', 'e3', '1e1000', '-1e1000', '1e-1000', '0x', '0x1F', '0X1f', '-0x1F', '+0x1F', '0x1G', '0x1.5', '0o17', '0O17', '0o18', '0b101', '0B2', '0b', 'Infinity', '-Infinity', '+Infinity', 'infinity', 'Infinityx', 'INFINITY', 'NaN', 'nan', 'inf', '1_000', '1,000', '1 000', '0x1p3', '010', '00', '-0', '-00', '0.0', '١٢', '１２', '1n', 'null', 'true', '9007199254740993', '0x20000000000001', '0x20000000000003', '0xFFFFFFFFFFFFFFFFFFFF', '123456789012345678901234567890', '0.1', '1.7976931348623159e308', '4.9e-324', '2.4703282292062327e-324', '2.4703282292062328e-324', '1e22', '1e23', '8.5e15', 'z', 'zz', '-zz', 'Z9', '123abc', 'abc', '  0x10', '0x', '-', '+', '1e5x', '1.2.3', '1..2', '1-2', '$5', '5%', 'zzzzzzzzzzzzzzzzzzzzzzzz', '101010101010101010101010101010101010101010101010101010101010101', '6666666666666666666666666666666666', '9'.repeat(400), '0'.repeat(50) + '1', '0.' + '0'.repeat(400) + '1', '1' + '0'.repeat(25), '\u0000', '1\u0000', '1\u2028', '\u20281'];
const num = n => Number.isFinite(n) && !Object.is(n, -0) ? n : Object.is(n, -0) ? '-0' : String(n);
for (const s of texts) print('parse', s, [num(Number(s)), num(parseFloat(s)), ...[undefined, 2, 3, 7, 10, 16, 32, 36, 1, 37].map(r => num(parseInt(s, r))), attempt(() => String(BigInt(s)))]);
const cmp = [undefined, null, true, false, 0, -0, 1, NaN, '', '0', '1', 'a', 'b', ' 1 ', 'NaN', [], [0], [1], ['a'], [1, 2], {}, { a: 1 }];
for (let i = 0; i < cmp.length; i++) for (let j = 0; j < cmp.length; j++) {
  const x = cmp[i], y = cmp[j];
  print('compare', i, j, [x === y, x == y, x < y, x <= y, x > y, Object.is(x, y)].map(Number).join(''));
}
