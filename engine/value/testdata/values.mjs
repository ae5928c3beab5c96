// Writes values.jsonl: what real Node and Node-RED make of many values.
// Run: TZ=UTC node values.mjs <folder of @node-red/util> > values.jsonl
import util from 'node:util';
import { createRequire } from 'node:module';
import { tag } from './tag.mjs';
const { encodeObject } = createRequire(import.meta.url)(process.argv[2] + '/lib/util.js');
const err = (E, m, more = {}, stack) => { const e = new E(m, more.cause ? { cause: more.cause } : undefined); for (const k in more) if (k !== 'cause') e[k] = more[k]; e.stack = stack ?? `${e.name}: ${m}\n    at f (file.js:1:2)\n    at g (file.js:3:4)`; return e; };
const f = { fn() { } }.fn;
const circ = { a: 1, b: { c: [1, 2] } }; circ.b.c.push(circ); circ.self = circ; circ.b.up = circ.b;
const circArr = [1]; circArr.push(circArr, { x: circArr });
const chain = n => { const o = {}; let p = o; for (let i = 0; i < n; i++) { p['k' + i] = i % 3 == 2 ? [{}] : {}; p = i % 3 == 2 ? p['k' + i][0] : p['k' + i]; } p.end = o; return o; };
const circMap = new Map([['a', 1]]); circMap.set('self', circMap);
const deep = n => n ? { d: deep(n - 1), n } : 'end';
const range = (n, g = i => i) => Array.from({ length: n }, (_, i) => g(i));
const protoKey = JSON.parse('{"__proto__":1,"a":2}');
const dup = { x: 1 };
const values = [undefined, null, true, false, 0, -0, 1, -1, 1.5, NaN, Infinity, -Infinity, 1e21, 1e-7, 123456789012345680000, 5e-324, 10n, -123456789012345678901234567890n, Symbol('desc'), Symbol(''),
  '', 'abc', "it's", 'say "hi"', `it's "x"`, 'it\'s "x" `y`', "it's \"${x}\"", 'tab\there', 'nl\nnl', '\u0000\u0001\u001f\u007f\u0080\u009f\u00a0', 'back\\slash', 'é', '😀', '\ud83d', '\ude00x', 'a\u2028b', '12', ' 12 ', '0x1f', '1e3', 'x'.repeat(100), ('line of text\n').repeat(10), 'a'.repeat(15) + '\n' + 'b'.repeat(90), 'w'.repeat(1500), 'x'.repeat(10050),
  f, class A { }, [], [1], [1, 2, 3], ['a', 'b'], [undefined, null], [[]], [[[]]], [[[[]]]], [[1, [2, [3, [4, [5]]]]]], [1, 'a', true, null, undefined, { a: 1 }, [2]], range(6), range(7), range(10), range(26), range(27, i => i * 1000), range(100), range(101), range(120), range(1005), range(30, i => 'item' + i), range(30, i => 'x'.repeat(i)), range(10, i => 'x'.repeat(i * 10)), range(20, i => i % 2 ? 'aa' : i), range(16, i => -i / 3), range(8, i => ({ i })), range(12, i => [i]), range(9, i => 'ü' + i), range(9, i => '日本' + i), range(9, i => '😀'), range(7, i => BigInt(i)), range(7, () => undefined), range(8, i => 'a\nb'), range(200, i => 'v' + i), range(3, i => 'y'.repeat(30)), range(2, i => 'y'.repeat(40)),
  {}, { a: 1 }, { a: 1, b: 'x', c: null, d: undefined, e: f }, { 'a-b': 1, 'a b': 2, a_b: 3, $x: 4, '1': 5, '': 6, 'ü': 7, "it's": 8, 'q"': 9 }, { a: { b: { c: { d: 1 } } } }, { a: { b: { c: {} } } }, { a: [[[[1]]]] }, deep(6), { a: 'x'.repeat(70) }, { a: 'x'.repeat(50), b: 'y'.repeat(20) }, { a: 1, b: 2, c: 3, d: 4, e: 5, f: 6, g: 7, h: 8, i: 9, j: 10, k: 11, l: 12 }, { payload: { temperature: 21.5, humidity: 40, list: [1, 2, 3], nested: { deep: { deeper: { deepest: 1 } } } }, topic: 'sensors/kitchen', _msgid: '741e793b43b6f86b' }, { a: range(30), b: range(3) }, { text: 'line1\nline2', long: 'word '.repeat(40) }, { long: ('abc\n').repeat(30) }, { u: undefined, n: NaN, i: Infinity, m: -0, b: 1n, s: Symbol('q') }, protoKey, { $t: 'x', a: 1 }, { type: 'Buffer', data: [1, 2, 3] }, { type: 'Buffer', data: 'abc' }, { a: dup, b: dup }, [dup, dup], { constructor: 'x', a: 1 }, { toJSON: 1, a: 2 }, { length: 3, a: 1 }, { _req: { a: 1 }, _res: 2, req: 1 }, { error: { name: 'x' } },
  Buffer.from(''), Buffer.from('abc'), Buffer.from([0, 255, 128]), Buffer.alloc(60, 7), Buffer.alloc(600, 1), { b: Buffer.from('hello') }, [Buffer.from('a'), Buffer.from('b')], { b: Buffer.alloc(1200, 3) },
  new Uint8Array([1, 2, 3]), new Uint16Array([1, 65535]), new Int32Array([-1, 5]), new Float32Array([1.5, 0.1]), new Float64Array([NaN, 1e300]), new BigInt64Array([1n, -1n]), new Uint8ClampedArray([1]), new Uint8Array(0), new Uint8Array(150), new Uint8Array(1200), new ArrayBuffer(4), new ArrayBuffer(0), new DataView(new ArrayBuffer(2)), { v: new Uint8Array([1, 2]), w: new ArrayBuffer(2), d: new DataView(new ArrayBuffer(2)) },
  new Date(0), new Date(1.7e12), new Date(NaN), { d: new Date(1e12) }, [new Date(0)], /a+/gi, /\/x/, { r: /x/ }, new Map(), new Map([['a', 1], [{ k: 1 }, [1, 2]], [1, new Map([[2, 3]])]]), new Set(), new Set([1, 'a', { x: 1 }, [1]]), { m: new Map([['a', { b: 1 }]]), s: new Set([[1, 2]]) }, new Map(range(120, i => [i, i])), new Set(range(1100)), new Map([[NaN, -0]]), [new Set([1]), new Map([[1, 2]])],
  err(Error, 'boom'), err(TypeError, 'bad'), err(RangeError, undefined, {}, 'RangeError\n    at f (x.js:1:2)'), err(Error, 'nostack', {}, 'Error: nostack'), err(Error, 'x', { code: 'E_X' }), err(Error, 'x', { code: 5, more: { a: [1, 2] }, list: [1] }), err(Error, 'outer', { cause: err(TypeError, 'inner') }), err(Error, 'outer', { cause: 'text' }), err(Error, 'outer', { cause: { a: 1 } }), { e: err(Error, 'in object') }, [err(Error, 'in array')], { e: err(Error, 'x', { code: 'C' }) }, err(Error, 'two\nlines'), err(Error, 'm', {}, 'Custom stack'), err(Error, 'm', {}, 'Error: m\n    at a\n    at b\n    at c\n    at d\n    at e'), err(Error, 'm', { cause: err(Error, 'n', {}, 'Error: n\n    at z\n    at b\n    at c\n    at d\n    at e') }, 'Error: m\n    at a\n    at b\n    at c\n    at d\n    at e'), { deep: { deeper: { deepest: { e: err(Error, 'far') } } } },
  circ, circArr, circMap, chain(1), chain(2), chain(3), chain(4), chain(5), chain(8), { a: circ, b: circArr }, { fn: f, list: [f, f] }, [f], { a: { toString: 1 } }, { z: 1, y: { x: 2, w: 1 }, a: [3, 1] }, { a: [undefined, f, Symbol('s')] }, { 'k\ud800': '\udfff' }, 'h\uD83D\uDE00', { '😀': 1 }, [[1, 2, [3, 4, [5, [6]]], { a: { b: { c: {} } } }]], { a: [{ b: { c: 1 } }], d: [{ e: [{ f: 1 }] }] }, range(7, i => ({ id: i, name: 'n' + i })), { rows: range(3, i => ({ id: i, name: 'name of ' + i, value: i * 1.5, flag: !!i })) }];
const attempt = g => { try { const r = g(); return r === undefined ? { u: 1 } : { v: r }; } catch (e) { return { e: e.name + ': ' + e.message }; } };
const wrap = s => typeof s === 'string' && s.length > 400 ? 'sha ' + s.length + ' ' + s.slice(0, 150) + '…' + s.slice(-150) : s;
for (const v of values) {
  const r = {};
  r.str = attempt(() => String(v)); r.num = attempt(() => tag(Number(v))); r.tos = attempt(() => Object.prototype.toString.call(v));
  if (v?.[0] === f || Array.isArray(v?.a) && v.a[1] === f) delete r.str, delete r.num;
  r.json = attempt(() => JSON.stringify(v)); r.json2 = attempt(() => JSON.stringify(v, null, 2)); r.truthy = !!v;
  r.i = util.inspect(v); r.i0 = util.inspect(v, { depth: 0 }); r.iall = util.inspect(v, { depth: null, breakLength: 60 }); r.icol = util.inspect(v, { colors: true, depth: 10 });
  r.ic0 = util.inspect(v, { compact: false }); r.ic1 = util.inspect(v, { compact: 1, maxArrayLength: 4, maxStringLength: 12 }); r.isort = util.inspect(v, { sorted: true, breakLength: 40 }); r.iwide = util.inspect(v, { breakLength: Infinity });
  r.fs = attempt(() => util.format('%s', v)); r.fd = attempt(() => util.format('%d|%i|%f', v, v, v)); r.fj = attempt(() => util.format('%j', v)); r.fp = attempt(() => util.format(v, 'x', 1)); r.fO = attempt(() => util.format('a %O b', v));
  const enc = max => attempt(() => { const m = encodeObject({ msg: v }, { maxLength: max }); return [m.format, tag(m.msg)]; });
  const t = tag(v); // before encodeObject, which changes objects that look like Buffers
  r.enc = enc(1000); r.enc5 = enc(5);
  if (typeof v === 'function') for (const k of ['str', 'num', 'fs', 'fd', 'fp', 'fO', 'i', 'i0', 'iall', 'icol', 'ic0', 'ic1', 'isort', 'iwide'].filter(k => v !== f || !k.startsWith('i') && k !== 'fp' && k !== 'fO')) delete r[k];
  if (JSON.stringify(r.enc).includes('Maximum call stack')) delete r.enc, delete r.enc5;
  if (v?.[0] === f) delete r.fs, delete r.fd;
  for (const k in r) if (r[k]?.v !== undefined) r[k].v = wrap(r[k].v); else r[k] = wrap(r[k]);
  if (r.enc?.v?.[1]?.length > 400) r.enc.v[1] = wrap(r.enc.v[1]);
  console.log(JSON.stringify([t, r]));
}
