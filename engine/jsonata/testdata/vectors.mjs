// Writes vectors.jsonl: what the JSONata of Node-RED does with expressions.
// TZ=UTC node vectors.mjs <folder of node_modules> [random expressions] [seed] [all] > vectors.jsonl
// A line is [expression, number of the input in inputs.json, want].
import { createRequire } from 'module';
import { readFileSync } from 'fs';
const require = createRequire(process.argv[2] + '/');
// The module is loaded anew for each expression: its built-in functions remember where they were called last.
const file = require.resolve('./node_modules/@node-red/util/lib/jsonata.js');
const load = new Function('module', 'exports', readFileSync(file, 'utf8'));
const fresh = () => { const m = { exports: {} }; load(m, m.exports); return m.exports; };
const clonedeep = require('lodash.clonedeep');
const inputs = JSON.parse(readFileSync(new URL('inputs.json', import.meta.url)));
const NOW = 1718454896789;
const RealDate = Date;
globalThis.Date = class extends RealDate {
  constructor(...a) { if (a.length) super(...a); else super(NOW); }
  static now() { return NOW; }
};
let randoms = 0;
Math.random = () => (randoms++ * 0.37) % 1;

function encode(v, depth = 0) {
  if (v === undefined) return { $: 'undefined' };
  if (typeof v === 'number' && (!Number.isFinite(v) || Object.is(v, -0))) return { $: Object.is(v, -0) ? '-0' : String(v) };
  if (typeof v === 'function' || v && (v._jsonata_lambda || v._jsonata_function)) return { $: 'function' };
  if (depth > 50) return { $: 'deep' };
  if (Array.isArray(v)) {
    const list = v.map((x) => encode(x, depth + 1));
    for (let i = 0; i < list.length; i++) if (!(i in list)) list[i] = { $: 'undefined' };
    return v.sequence ? { $: v.keepSingleton ? 'kept' : 'sequence', list } : list;
  }
  if (v && typeof v === 'object') {
    if (v instanceof Error) return { $: 'error', text: String(v) };
    return Object.fromEntries(Object.entries(v).map(([k, x]) => [k, k === 'stack' ? 'Error' : encode(x, depth + 1)]));
  }
  return v;
}
const seen = new Set();
const share = process.argv[5] === 'all' ? 1 : 4; // of the combinations of functions and operators, one in four is kept
let nth = 0;
const some = async (source, input) => { if (nth++ % share === 0) await vector(source, input); };
async function vector(source, input) {
  if (seen.has(source + input)) return;
  seen.add(source + input);
  if (/\$spread|\$filter\(\/b\/, /.test(source) && /\$uppercase|\$filter/.test(source)) return; // the insides of functions
  let want;
  randoms = 0;
  try {
    const x = fresh()(source);
    x.registerFunction('clone', clonedeep, '<(oa)-:o>');
    const v = await Promise.race([x.evaluate(clonedeep(inputs[input]), {}), new Promise((r) => setTimeout(r, 5000, vector))]);
    if (v === vector) return;
    want = { value: encode(v) };
  } catch (e) {
    if (/primitive value/.test(e.message)) return; // objects made by expressions have no toString there
    want = e instanceof Error ? { thrown: `${e.name}: ${e.message}`, position: encode(e.position), token: encode(e.token) } : { error: encode(e) };
  }
  const line = JSON.stringify([source, input, want]);
  if (line.length < 4000) console.log(line);
}

// 1. Expressions by hand.
for (const line of readFileSync(new URL('expressions.txt', import.meta.url), 'utf8').split('\n')) {
  if (!line || line.startsWith('# ')) continue;
  for (let i = 0; i < inputs.length; i++) await vector(line.replaceAll('⏎', '\n'), i);
}

// 2. Every function with arguments of every kind.
const functions = `sum count max min average string substring substringBefore substringAfter lowercase uppercase length trim pad match contains
 replace split join formatNumber formatBase formatInteger parseInteger number floor ceil round abs sqrt power random boolean not map zip filter
 single reduce sift keys lookup append exists spread merge reverse each error assert type sort shuffle distinct base64encode base64decode
 encodeUrlComponent encodeUrl decodeUrlComponent decodeUrl eval toMillis fromMillis clone now millis`.split(/\s+/);
const pool = ['"abc"', '""', '"1.5"', '"a,b"', '0', '1', '-2.5', '3', 'true', 'null', 'nothing', '[]', '[3,1,2]', '["b","a"]', '[1,"a",null]', '{}', '{"a":1,"b":[2]}', '[{"a":1},{"b":2}]', '/b/', '$uppercase', 'function($x){$x}', 'function($x,$i){$i}', 'function($a,$b){$a>$b}'];
let state = Number(process.argv[4] ?? 12345);
const rnd = (n) => {
  state = (state + 0x6D2B79F5) | 0;
  let t = Math.imul(state ^ (state >>> 15), 1 | state);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) % n;
};
const pick = (list) => list[rnd(list.length)];
for (const f of functions) {
  await some(`$${f}()`, 0);
  for (const a of pool) {
    await some(`$${f}(${a})`, 0);
    for (let k = 0; k < 4; k++) await some(`$${f}(${a}, ${pick(pool)})`, 0);
    await some(`$${f}(${a}, ${pick(pool)}, ${pick(pool)})`, 0);
    await some(`${a} ~> $${f}`, 0);
    await some(`${a} ~> $${f}(${pick(pool)})`, 0);
    await some(`${a}.$${f}()`, 0);
  }
  await some(`$${f}(?)`, 0); await some(`$map([1,"a"], $${f})`, 0);
}

// 3. Every operator with operands of every kind.
for (const op of ['+', '-', '*', '/', '%', '=', '!=', '<', '<=', '>', '>=', '&', 'and', 'or', 'in', '..', '~>', '?:', '??', '.', '@', '#', ':=', '^']) {
  for (const a of pool) for (let k = 0; k < 6; k++) await some(op === '..' ? `[${a}..${pick(pool)}]` : `${a} ${op} ${pick(pool)}`, 0);
}

// 4. Random expressions.
const names = ['a', 'b', 'c', 'items', 'name', 'price', 'nothing', 'payload', 'orders', 'tags', 'x'];
const vars = ['$', '$$', '$v', '$w', '%'];
function expression(d) {
  if (d <= 0) return pick([() => pick(names), () => pick(names), () => pick(vars.slice(0, 4)), () => pick(pool.slice(0, 18)), () => '*', () => '**'])();
  const e = () => expression(d - 1 - rnd(2));
  return pick([
    () => `${e()}.${pick(names)}`, () => `${pick(names)}.${e()}`, () => `${pick(names)}[${e()}]`, () => `${e()}[${pick(['0', '-1', '1', '$ > 1', 'true', '[0,1]', 'price > 2', ''])}]`,
    () => `${e()} ${pick(['+', '-', '*', '/', '%', '=', '!=', '<', '>=', '&', 'and', 'or', 'in', '~>', '?:', '??'])} ${e()}`,
    () => `(${e()})`, () => `(${e()}; ${e()})`, () => `($v := ${e()}; ${e()})`, () => `[${e()}, ${e()}]`, () => `[${e()}]`, () => `{"k": ${e()}}`, () => `{${e()}: ${e()}}`, () => `${pick(names)}{${pick(names)}: ${e()}}`,
    () => `${e()} ? ${e()} : ${e()}`, () => `${pick(names)}^(${pick(['', '<', '>'])}${e()})`, () => `-${e()}`, () => `$${pick(functions)}(${e()})`, () => `$${pick(functions)}(${e()}, ${e()})`,
    () => `$map(${e()}, function($v, $w) { ${e()} })`, () => `$filter(${e()}, function($v) { ${e()} })`, () => `$reduce(${e()}, function($v, $w) { ${e()} })`, () => `${pick(names)}.${pick(names)}.%.${pick(names)}`, () => `${pick(names)}@$v.${e()}`, () => `${pick(names)}#$w.${e()}`,
    () => `${e()} ~> |${e()}|${e()}|`, () => `function($v) { ${e()} }(${e()})`, () => `${pick(names)}@$v.${pick(names)}@$w[${e()}].${e()}`, () => `${pick(names)}#$w[${e()}].${e()}`, () => `${pick(names)}.{${JSON.stringify(pick(names))}: ${e()}}`, () => `${pick(names)}.[${e()}]`, () => `${pick(names)}.(${e()})`,
  ])();
}
const count = Number(process.argv[3] ?? 1500);
for (let i = 0; i < count; i++) await vector(expression(2 + rnd(3)), rnd(inputs.length));
