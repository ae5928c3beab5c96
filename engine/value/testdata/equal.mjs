// Writes equal.jsonl: RED.util.compareObjects of every pair of some values.
// Run: node equal.mjs <folder of @node-red/util> > equal.jsonl
import { createRequire } from 'node:module';
import { tag } from './tag.mjs';
const { compareObjects } = createRequire(import.meta.url)(process.argv[2] + '/lib/util.js');
const make = () => [undefined, null, true, 0, -0, 1, NaN, '', '1', 1n, [], [1], [1, 2], ['1'], [undefined], [null], [[1]], [{ a: 1 }], {}, { a: 1 }, { a: 1, b: 2 }, { b: 2, a: 1 }, { a: undefined }, { b: undefined }, { a: null }, { a: { b: [1] } }, { a: { b: [2] } }, { 0: 1 }, { length: 0 },
  Buffer.from('a'), Buffer.from('b'), Buffer.from(''), new Uint8Array([97]), new Uint8Array([98]), new Uint16Array([97]), new ArrayBuffer(1), new Date(0), new Date(1), /a/, /b/, new Map([[1, 2]]), new Map(), new Set([1]), Object.assign(new Error('a'), { stack: '' }), Object.assign(new Error('b'), { stack: '', code: 1 }), Object.assign(new TypeError('c'), { stack: '', code: 1 })];
const a = make(), b = make();
for (const x of a) console.log(JSON.stringify([tag(x), b.map(y => +compareObjects(x, y)).join('')]));
