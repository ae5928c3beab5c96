// Tagged JSON (drive protocol, section 2) of a value, for the generators beside it.
export function tag(v, path = [], open = []) {
  switch (typeof v) {
    case 'undefined': return { $t: 'undefined' };
    case 'number': return Object.is(v, -0) ? { $t: 'number', v: '-0' } : Number.isFinite(v) ? v : { $t: 'number', v: String(v) };
    case 'bigint': return { $t: 'bigint', v: String(v) };
    case 'symbol': return { $t: 'symbol', v: v.description };
    case 'function': return { $t: 'function', name: v.name };
    case 'object': break;
    default: return v;
  }
  if (v === null) return null;
  if (open.includes(v)) return { $t: 'circular', path: path.slice(0, open.indexOf(v)) };
  const sub = (x, key) => tag(x, [...path, String(key)], [...open, v]);
  if (Buffer.isBuffer(v)) return { $t: 'buffer', v: v.toString('base64') };
  if (ArrayBuffer.isView(v)) return { $t: 'typedarray', k: v.constructor.name, v: Buffer.from(v.buffer, v.byteOffset, v.byteLength).toString('base64') };
  if (v instanceof ArrayBuffer) return { $t: 'arraybuffer', v: Buffer.from(v).toString('base64') };
  if (v instanceof Date) return { $t: 'date', v: Number.isNaN(v.getTime()) ? null : v.getTime() };
  if (v instanceof RegExp) return { $t: 'regexp', source: v.source, flags: v.flags };
  if (v instanceof Map) return { $t: 'map', v: [...v].map(([k, x], i) => [sub(k, i), sub(x, i)]) };
  if (v instanceof Set) return { $t: 'set', v: [...v].map(sub) };
  if (v instanceof Error) {
    const e = { $t: 'error', name: v.name, message: v.message, stack: v.stack };
    if ('code' in v) e.code = sub(v.code, 'code');
    if ('cause' in v) e.cause = sub(v.cause, 'cause');
    const props = Object.keys(v).filter(k => !['name', 'message', 'stack', 'code', 'cause'].includes(k));
    if (v.errors && !props.includes('errors')) props.push('errors');
    if (props.length) e.props = props.map(k => [k, sub(v[k], k)]);
    return e;
  }
  if (Array.isArray(v)) return v.map(sub);
  const keys = Object.keys(v);
  if (keys.includes('$t') || keys.includes('__proto__')) return { $t: 'object', v: keys.map(k => [k, sub(v[k], k)]) };
  return Object.fromEntries(keys.map(k => [k, sub(v[k], k)]));
}
