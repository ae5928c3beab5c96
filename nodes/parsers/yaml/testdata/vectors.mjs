// Writes vectors.jsonl: texts with what js-yaml loads from them and dumps again,
// and values with what it dumps. TZ=UTC node vectors.mjs <js-yaml> > vectors.jsonl
import { createRequire } from 'node:module'
const yaml = createRequire(import.meta.url)(process.argv[2])

const special = (t, v) => ({ $t: t, v })
function tagged (v, open = []) {
  if (v === undefined) return { $t: 'undefined' }
  if (typeof v === 'number') return Number.isFinite(v) && !Object.is(v, -0) ? v : special('number', Object.is(v, -0) ? '-0' : String(v))
  if (typeof v === 'bigint') return special('bigint', String(v))
  if (typeof v === 'function') return { $t: 'function', name: v.name }
  if (v === null || typeof v !== 'object') return v
  if (v instanceof Date) return special('date', isNaN(v) ? null : v.getTime())
  if (Buffer.isBuffer(v)) return special('buffer', v.toString('base64'))
  if (v instanceof Uint8Array) return { $t: 'typedarray', k: 'Uint8Array', v: Buffer.from(v).toString('base64') }
  if (v instanceof RegExp) return { $t: 'regexp', source: v.source, flags: v.flags }
  if (open.includes(v)) throw new Error('cycle')
  open = [...open, v]
  if (Array.isArray(v)) return v.map((e) => tagged(e, open))
  return Object.fromEntries(Object.keys(v).map((k) => [k, tagged(v[k], open)]))
}
const attempt = (f) => { try { return { ok: f() } } catch (e) { return { err: e.message } } }
function dumped (v) {
  const r = attempt(() => yaml.dump(v))
  return r.err === undefined ? { dump: r.ok } : { dumpErr: r.err }
}
const seen = new Set()
function load (text) {
  if (seen.has(text)) return
  seen.add(text)
  const r = attempt(() => yaml.load(text))
  if (r.err !== undefined) return console.log(JSON.stringify({ text, err: r.err }))
  const t = attempt(() => tagged(r.ok))
  if (text.includes('__proto__')) return
  console.log(JSON.stringify({ text, ...(t.err ? {} : { value: t.ok }), ...dumped(r.ok) }))
}
const dump = (v) => console.log(JSON.stringify({ value: tagged(v), ...dumped(v) }))

const long = 'the quick brown fox jumps over the lazy dog '.repeat(6).trim()
const texts = [
  '', ' ', '\n', '\n\n', '# c', '---', '--- a', '---\na', '...', '--- a\n...', 'a\n---\nb', '---\n---\n', '%YAML 1.2\n---\na', '%YAML 1.1\n---\na',
  '%YAML 2.0\n---\na', '%YAML 1\n---\na', '%YAML 1.2\n%YAML 1.2\n---\n', '%YAML\n---\n', '%YAML 1.2\na', '%FOO bar # c\n---\na', '% x\n---\n',
  '%TAG ! tag:yaml.org,2002:\n---\n!int 5', '%TAG !e! tag:yaml.org,2002:\n---\n!e!int 5', '%TAG !e! x\n%TAG !e! y\n---\n', '%TAG x y\n---\n', '%TAG ! %zz\n---\n',
  '%TAG !e! %ff\n---\na', '%TAG !\n---\n', '!e!int 5', '!<tag:yaml.org,2002:int> 5', '!<x', '!<tag:yaml.org,2002:str> 5', '!<?> 5', '!<?> [1]', '!<!> 5', '! 5',
  '!!str 5', '!!int 5', '!!int x', '!!int', '!!str', '!!null', '!!float 1', '!!float', '!!bool true', '!!bool x', '!!map', '!!seq', '!!map {}', '!!seq []',
  '!!map []', '!!seq {}', '!!foo 1', '!foo 1', '!a!b!c 1', '!!in[t 5', '!!%69nt 5', '!!%ff 5', '!!str\n5', '!!int\n5', '!!float\n5', '!!bool\ntrue', '!!binary\n5',
  '!!str\n2020-01-01', '!!timestamp\n2020-01-01', '!!str !!str a', '&a &b c', '!!map\n!!str a: b', '&a\n&b a: *b', '!!str &a x', '&a !!str x', '!!str\n*a',
  '- &a !!str 5\n- *a', '&', '*', '*a', '- &a x\n- !!str *a', '- &a x\n- &b *a', '- &a [1]\n- *a\n- *a', 'a: &x {b: 1}\nc: *x', '&a [*a]', '&a {b: *a}', '&a x: &b y\nz: *a\nw: *b',
  '- &a 1\n- &a 2\n- *a', '&a : x', '&a a: 1\n&b b: *a', '- &a\n- *a', '[&a x, *a]', '{&a x: *a}', '*a : x', '- &a k\n- *a : v', '- &a k\n- {*a : v}',
  'a', 'a b', 'a\nb', 'a\n\nb', 'a\n b\n  c', 'a: b', 'a:b', 'a :b', 'a: b: c', 'a: b\nc', 'a: b\n c: d', 'a:\n  b', 'a:\n- b', 'a:\n - b\n - c', 'a:\n b: 1\n c: 2',
  '- a\n- b', '- - a\n  - b\n- c', '-', '- ', '-\n- a', '-a', '- a: 1\n  b: 2', '- a: 1\n b: 2', '- a\n b\n- c', '- a\n  - b', ' - a\n- b', 'a: 1\n b: 2', '  a: 1\n b: 2', 'a: 1\nb',
  '? a', '? a\n: b', '? a\n? b\n: c', '? [a, b]\n: c', '? {a: 1}\n: c', '? - a\n  - b\n: - c', '? [[a]]\n: c', '? [{a: 1}, 2, null]\n: c', ': a', '?\n: a', '? a: b\n: c: d', '? |\n  x\n: y',
  '[]', '{}', '[a', '[a,', '[a, b]', '[a b]', '[a,,b]', '[,a]', '{a', '{a:', '{a: 1', '{a: 1}', '{a: 1, b}', '{a}', '{a: 1 b: 2}', '{a: 1, a: 2}', '[a: 1, b: 2]', '[? a : b]', '[? a]', '{? a : b}',
  '{"a":1}', '{"a": {"b": [1, 2, {"c": null}]}}', '[a]b', '[a] b', '{a: }', '{: a}', '[: a]', '[a: ]', '{a: [}', '[a\n, b\n]', '[\n]', 'a: [\nb\n]', 'a: [\n  b]', '[a, # c\nb]', '[a #c\n]', '{a: b}: c', '[a]: b',
  'a: [', 'a: {', 'a: "', "a: '", '"a', "'a", '"a"', "'a'", "'a''b'", "'a\n b'", '"a\n b"', '"a\\\n  b"', '"a\n\n b"', '"a\n---\nb"', "'a\n---\nb'", "'a\n...", '"\\x41\\u0042\\U00000043"', '"\\ud83d\\ude00"', '"\\ud83d"', '"\\U0001F600"',
  '"\\UFFFFFFFF"', '"\\x4"', '"\\q"', '"\\0\\a\\b\\t\\n\\v\\f\\r\\e\\ \\"\\/\\\\\\N\\_\\L\\P\\\t"', '"a" b', '"a": b', "'a': b", '"a":b', '"a\u0001"', 'a\u0001', 'a\u0000b', '\u0000', '\uFEFFa: 1', 'a\uFEFFb', 'a\u0085b', 'a\u2028b', '😀: 😀', 'a: 😀😀 [', 'é: [é', '\uD83D', 'a: \uDE00', '\uFFFE',
  '|', '|\n', '|\n a', '|\n a\n', '|\n a\n b\n', '|\n  a\n b', '|\n a\n\n\n', '|+\n a\n\n\n', '|-\n a\n\n', '|2\n   a\n', '|0\n a', '|++\n a', '|22\n a', '|1-\n a', '|-1\n a', '| # c\n a', '|x\n a', '|\na', 'a: |\n  x\n  y\nb: 1', 'a: |\n x\n  y\n\n z\n', 'a: |\n\n  x', 'a: |\n   \n  x', '- |\n x\n- >\n y', 'a: |+\n\nb: 1', 'a: |\nb: 1',
  '>\n a\n b\n', '>\n a\n\n b\n', '>\n a\n  b\n c\n', '>-\n a\n\n\n b\n\n', '>+\n a\n\n', '>\n\n a\n', '>\n  a\n\n    b\n\n  c\n', 'a: >\n x\n y\n\n\n z\nb: 1', '>2\n   x\n  y\n', '>\n\n\n', 'a: >-\n\n  x\n\tb\n',
  'null', '~', 'Null', 'NULL', 'nULL', 'true', 'True', 'TRUE', 'tRUE', 'false', 'yes', 'no', 'on', 'off', 'y', 'n', '0', '-0', '+0', '00', '-00', '1', '-1', '+1', '+', '-', '0x1F', '0xg', '0x', '-0x1f', '0o17', '0o8', '017', '0b101', '0b2', '1_000', '123456789012345678901234567890', '9'.repeat(400), '0x' + 'f'.repeat(300),
  '1.5', '-1.5', '.5', '-.5', '+.5', '5.', '1e3', '1e+3', '1E-3', '1.e3', '.5e1', '1e', '1e999', '.inf', '-.inf', '+.Inf', '.INF', '.iNF', '.nan', '.NaN', '-.nan', '-0.0', '0.1', '5e-324', '1:30', '190:20:30.15', '1e21', '1.7976931348623157e308', '0.0000001',
  '2020-01-01', '2020-1-1', '2020-13-45', '0099-01-01', '2001-12-14t21:59:43.10-05:00', '2001-12-14 21:59:43.10 -5', '2001-12-15 2:59:43.10', '2001-12-14T21:59:43Z', '2001-12-14T21:59:43.123456789Z', '2001-12-14 21:59:43 +05:30', '2001-12-14 21:59', '2001-12-14T21:59:43.Z', '2001-12-14 99:99:99', '2020-01-01: x', '[2020-01-01, 1]: x', '1.50: x', 'null: x', '-0: x', 'true: x', '0x10: x',
  '!!binary aGVsbG8=', '!!binary aGVsbG8', '!!binary ""', '!!binary |\n  aGVs\n  bG8=\n', '!!binary "a b"', '!!binary a===', '!!binary aG==', '!!binary YQ==', '!!binary "!!"', '!!binary ab=c', '? !!binary YQ==\n: x', '!!omap [a: 1, b: 2]', '!!omap [a: 1, a: 2]', '!!omap [a]', '!!omap [{a: 1, b: 2}]', '!!omap [{}]', '!!omap', '!!pairs [a: 1, a: 2]', '!!pairs [a]', '!!pairs', '!!pairs [{a: 1, b: 2}]', '!!set {a, b}', '!!set {a: 1}', '!!set', '!!set\n? a\n? b', '!!omap\n- a: 1\n- b: 2',
  '<<: {a: 1}', '<<: {a: 1}\na: 2', 'a: 2\n<<: {a: 1, b: 3}', '<<: [{a: 1}, {a: 2, b: 3}]\nc: 4', '<<: 5', '<<: [5]', '<<: null', '<<: [[x, y]]', '<<: 2020-01-01', '<<: [' + '{},'.repeat(101) + ']', '- &b {x: 1}\n- <<: *b\n  y: 2', '"<<": {a: 1}', '<<: {a: 1}\n<<: {b: 2}', '!!merge a: {b: 1}', '[<<: {a: 1}]', '<<', '? <<\n: {a: 1}', '{<<: {a: 1}, a: 3, a: 4}', 'a: <<',
  'a: 1\na: 2', 'x: 0\na: 1\na: 2', 'x:\n  a: 1\n  a: 2', '1: a\n"1": b', 'b: 1\na: 2\n2: x\n1: y', 'toString: 1\nconstructor: 2', 'constructor: 1\nconstructor: 2',
  '\ta: 1', 'a:\n\tb: 1', 'a:\n\t- b', 'a: 1\n\tb: 2', '-\ta', '- \t- a', 'a:\tb', 'a: b\t# c', 'a:\t[\tb\t]', '\t[a]', '\t"a"', 'a: "x\n\ty"', 'a:\n  - b\n \t- c', '? \ta', 'a: 1\n\t\nb: 2', 'a #b', 'a# b', 'a: # c', 'a: b # c\n# d\nc: d', '#a\n#b', 'a:\n# c\n  b', '- # c\n  a', '@a', '`a', '%a', '!', 'a: %b', 'a: @b', 'a: !', '? a\nb: c', 'a\nb: c', 'a: b\n\n\n c', 'a: |\n  b\n c', 'a:\n  b:\n    c:\n  d', 'a: b\r\nc: d\r\n', 'a\rb', 'a: [\r\n', 'a: 1\r\n\r\nb: [', 'a: "' + 'x'.repeat(100) + '\n', 'k: ' + 'x'.repeat(100) + ' [: }', '- ' + 'y'.repeat(60) + ': ]: ' + 'z'.repeat(60), 'a\n'.repeat(12) + 'b: [', 'a: 1\n'.repeat(2) + 'b: 2\n'.repeat(9), 'x' + ': x'.repeat(3),
  '['.repeat(99), '['.repeat(98) + ']'.repeat(98), '['.repeat(101), '{a: '.repeat(120), '- '.repeat(130) + 'a', long, 'a: ' + long, 'a: >\n  ' + long.replace(/fox /g, 'fox\n  '), 'a: "' + long + '\\n' + long + '"', JSON.stringify({ a: [1, 'x', { b: long }], c: '', d: ' x', e: 'x ', f: '1', g: 'null', h: 'a: b', i: 'a #b', j: '\n', k: ' \n x', l: 'a\nb', m: 'a\n', n: 'a\n\n' })
]
texts.forEach(load)
let seed = 7
const random = (n) => { seed = (seed * 1103515245 + 12345) & 0x7fffffff; return (seed >> 8) % n }
const bases = texts.filter((t) => t.length > 5 && t.length < 90)
for (let i = 0; i < 400; i++) {
  let t = bases[random(bases.length)]
  if (random(3) === 0) t += '\n' + bases[random(bases.length)]
  for (let n = 1 + random(2); n > 0; n--) {
    const at = random(t.length + 1)
    t = random(2) ? t.slice(0, at) + t.slice(at + 1) : t.slice(0, at) + '\n\t :-?[]{},#&*!|>\'"%a0'[random(22)] + t.slice(at)
  }
  load(t)
}

const d = new Date(0)
const b = Buffer.from('hi')
const values = [
  undefined, null, true, 5, -0, 1.5, 1e21, 1e-7, 1.5e-7, NaN, Infinity, -Infinity, '', 'a', [], {}, [[]], [{}], { a: [] }, { a: {} }, [undefined], { a: undefined }, { a: undefined, b: 1 }, [{ a: undefined }], { a: { b: undefined } }, [[undefined]], [1, [2, [3]]], { a: { b: { c: 1 } } }, [{ a: 1, b: [2] }, { c: { d: 1 } }], [[{ a: 1 }]], d, [d], new Date(NaN), { a: [new Date(1e12)] }, b, { a: b }, Buffer.alloc(0), Buffer.alloc(1), Buffer.alloc(2, 255), Buffer.alloc(200, 'q'), new Uint8Array([1, 2]), () => 1, { a () {} }, /x/g, [/x/], 10n, { a: 10n },
  { '': 1 }, { 'a b': 1, '1': 2, null: 3, 'x: y': 4, '#': 5, 'a\nb': 6, yes: 7, '~': 8 }, { ['k'.repeat(1025)]: 1 }, { ['k'.repeat(1025)]: { a: 1 } }, { ['k'.repeat(1025)]: [1, 2] }, { ['k '.repeat(600)]: { a: [] } }, { ['k'.repeat(1024)]: 1 }, { ['k'.repeat(1025)]: undefined, b: 1 }
]
values.forEach(dump)
for (const t of ['a', ' a', 'a ', 'a\n', '\na', '\n', '\n\n', ' \n', ' a\nb', 'a\n b\n', '\n a', 'a\n\n', 'a\n\n\n', 'a\tb', '\ta', 'a\r\nb', 'a:', ':a', 'a: b', 'a:b', 'a#b', 'a #b', '#a', '-a', '- a', '-', '?', '? a', '!a', '&a', '*a', '|', '>', '%a', '@a', '`a', '[a', 'a]', '{a', 'a}', ',a', 'a,b', '=', '=a', "'", '"', "a'b", 'a"b', 'true', 'null', '~', 'yes', 'NO', 'y', 'n', '1', '1.5', '0x1', '0o7', '0b1', '1e3', '.inf', '.nan', '1:30', '1:30.5', '1_0:2', '+1:2', '2020-01-01', '2020-01-01T00:00:00Z', '<<', '---', '...', '--- a', 'é', '😀', '\uD83D', '\uDE00a', '\u0085', '\u00A0', '\u2028', '\uFEFF', '\u0007', '\uFFFE', 'a\u00A0b', long, long + '\n', ' ' + long, long + '\n' + long, long + '\n\n' + long + '\n', long + '\n ' + long + '\nx', 'x'.repeat(90), 'x'.repeat(78), 'x'.repeat(79), 'x'.repeat(80) + ' y', 'x '.repeat(40), 'x  '.repeat(40), '😀 '.repeat(40), '\n' + long, '\n\n ' + long, 'x\n' + long + '\n\n\ny\n', 'a\\b', '\\', '"\\"\u0001', 'a\u0000']) {
  dump(t); dump({ k: t }); dump([[t]])
  dump({ a: { b: { c: { d: [t] } } } })
}
