// Tagged JSON: the encoding of JavaScript values in the drive protocol.

import { types } from 'node:util';

const maxDepth = 200;

const tag = (name, rest) => ({ $t: name, ...rest });

// Classes that are machinery, not data: they cross as opaque handles.
const opaqueClasses = new Set([
  'Socket', 'TLSSocket', 'Server', 'IncomingMessage', 'ServerResponse', 'ClientRequest',
  'Timeout', 'Immediate', 'Agent', 'ChildProcess', 'ReadStream', 'WriteStream',
]);

const className = (o) => {
  const c = Object.getPrototypeOf(o)?.constructor;
  return typeof c === 'function' ? c.name : undefined;
};

// Objects made inside a vm context have another Object.prototype than ours.
const isPlain = (o) => {
  const p = Object.getPrototypeOf(o);
  return p !== null && Object.getPrototypeOf(p) === null && Object.hasOwn(p, 'hasOwnProperty');
};

const base64 = (view) => Buffer.from(view.buffer, view.byteOffset, view.byteLength).toString('base64');

const errorName = (e) => {
  try { return String(e.name); } catch { return 'Error'; }
};

class Encoder {
  constructor(isOpaque) {
    this.isOpaque = isOpaque;
    this.path = [];
    this.stack = [];
  }

  value(v) {
    switch (typeof v) {
      case 'undefined': return tag('undefined');
      case 'boolean': case 'string': return v;
      case 'number':
        if (Object.is(v, -0)) return tag('number', { v: '-0' });
        return Number.isFinite(v) ? v : tag('number', { v: String(v) });
      case 'bigint': return tag('bigint', { v: v.toString() });
      case 'symbol': return tag('symbol', { v: v.description });
      case 'function': return tag('function', { name: v.name });
      default: return v === null ? null : this.object(v);
    }
  }

  object(o) {
    const up = this.stack.indexOf(o);
    if (up >= 0) return tag('circular', { path: this.path.slice(0, up).map(String) });
    if (this.stack.length > maxDepth) return tag('truncated');
    if (Buffer.isBuffer(o)) return tag('buffer', { v: o.toString('base64') });
    if (types.isDate(o)) return tag('date', { v: Number.isNaN(o.getTime()) ? null : o.getTime() });
    if (types.isRegExp(o)) return tag('regexp', { source: o.source, flags: o.flags });
    if (types.isAnyArrayBuffer(o)) return tag('arraybuffer', { v: Buffer.from(o).toString('base64') });
    if (ArrayBuffer.isView(o)) return tag('typedarray', { k: className(o), v: base64(o) });
    if (types.isBoxedPrimitive(o)) return tag('boxed', { v: this.value(o.valueOf()) });
    const cls = className(o);
    if (opaqueClasses.has(cls) || this.isOpaque(o)) return tag('opaque', { class: cls });
    this.stack.push(o);
    try {
      if (Array.isArray(o)) return this.array(o);
      if (types.isMap(o)) return tag('map', { v: [...o].map(([k, v], i) => [this.at(i, k), this.at(i, v)]) });
      if (types.isSet(o)) return tag('set', { v: [...o].map((v, i) => this.at(i, v)) });
      if (types.isNativeError(o) || o instanceof Error) return this.error(o);
      return this.record(o, cls);
    } finally {
      this.stack.pop();
    }
  }

  at(key, v) {
    this.path.push(key);
    try { return this.value(v); } finally { this.path.pop(); }
  }

  get(o, key) {
    let v;
    try { v = o[key]; } catch (e) { v = `[getter failed: ${e.message}]`; }
    return this.at(key, v);
  }

  array(a) {
    const out = [];
    for (let i = 0; i < a.length; i++) out.push(Object.hasOwn(a, i) ? this.get(a, i) : tag('hole'));
    return out;
  }

  error(e) {
    const out = tag('error', { name: errorName(e), message: String(e.message) });
    if (typeof e.stack === 'string') out.stack = e.stack;
    if (e.code !== undefined) out.code = this.get(e, 'code');
    if (Object.hasOwn(e, 'cause')) out.cause = this.get(e, 'cause');
    const skip = new Set(['name', 'message', 'stack', 'code', 'cause']);
    const props = Object.keys(e).filter((k) => !skip.has(k)).map((k) => [k, this.get(e, k)]);
    if (props.length) out.props = props;
    return out;
  }

  record(o, cls) {
    const keys = Object.keys(o);
    const plain = isPlain(o);
    if (plain && !keys.includes('$t') && !keys.includes('__proto__')) {
      const out = {};
      for (const k of keys) out[k] = this.get(o, k);
      return out;
    }
    const out = tag('object', { v: keys.map((k) => [k, this.get(o, k)]) });
    if (Object.getPrototypeOf(o) === null) out.proto = null;
    else if (!plain && cls) out.class = cls;
    return out;
  }
}

// encode gives the tagged JSON of v. isOpaque names further objects that must not be walked.
export const encode = (v, isOpaque = () => false) => new Encoder(isOpaque).value(v);

const numbers = { NaN: NaN, Infinity: Infinity, '-Infinity': -Infinity, '-0': -0 };

const exact = (b) => b.buffer.slice(b.byteOffset, b.byteOffset + b.byteLength);

const decoders = {
  undefined: () => undefined,
  number: (t) => numbers[t.v],
  bigint: (t) => BigInt(t.v),
  date: (t) => new Date(t.v === null ? NaN : t.v),
  buffer: (t) => Buffer.from(t.v, 'base64'),
  typedarray: (t) => new globalThis[t.k](exact(Buffer.from(t.v, 'base64'))),
  arraybuffer: (t) => exact(Buffer.from(t.v, 'base64')),
  regexp: (t) => new RegExp(t.source, t.flags),
  symbol: (t) => Symbol(t.v),
  hole: () => undefined,
  truncated: () => null,
};

const walk = (t, root, fix) => {
  if (t === null || typeof t !== 'object') return t;
  const keep = (v) => { if (root.value === undefined) root.value = v; return v; };
  const put = (o, k, x) => {
    if (x && x.$t === 'circular') { fix.push(() => define(o, k, x.path.reduce((v, p) => v[p], root.value))); define(o, k, null); } else define(o, k, walk(x, root, fix));
  };
  if (Array.isArray(t)) {
    const a = keep([]);
    t.forEach((x, i) => { if (x && x.$t === 'hole') a.length = i + 1; else put(a, i, x); });
    return a;
  }
  if (!Object.hasOwn(t, '$t')) {
    const o = keep({});
    for (const k of Object.keys(t)) put(o, k, t[k]);
    return o;
  }
  switch (t.$t) {
    case 'map': { const m = keep(new Map()); for (const [k, v] of t.v) m.set(walk(k, root, fix), walk(v, root, fix)); return m; }
    case 'set': { const s = keep(new Set()); for (const v of t.v) s.add(walk(v, root, fix)); return s; }
    case 'boxed': return keep(Object(walk(t.v, root, fix)));
    case 'object': {
      const o = keep(t.proto === null && 'proto' in t ? Object.create(null) : {});
      for (const [k, v] of t.v) put(o, k, v);
      return o;
    }
    case 'error': return keep(decodeError(t, root, fix));
    default: return decoders[t.$t] ? decoders[t.$t](t) : {};
  }
};

const define = (o, k, v) => Object.defineProperty(o, k, { value: v, writable: true, enumerable: true, configurable: true });

const decodeError = (t, root, fix) => {
  const cls = { TypeError, RangeError, SyntaxError, ReferenceError, EvalError, URIError }[t.name] ?? Error;
  const e = new cls(t.message);
  if (e.name !== t.name) Object.defineProperty(e, 'name', { value: t.name, writable: true, configurable: true });
  if (t.stack !== undefined) Object.defineProperty(e, 'stack', { value: t.stack, writable: true, configurable: true });
  if (t.code !== undefined) e.code = walk(t.code, root, fix);
  if ('cause' in t) Object.defineProperty(e, 'cause', { value: walk(t.cause, root, fix), writable: true, configurable: true });
  for (const [k, v] of t.props ?? []) define(e, k, walk(v, root, fix));
  return e;
};

// decode is the inverse of encode, as far as values can cross.
export const decode = (t) => {
  const root = { value: undefined };
  const fix = [];
  const v = walk(t, root, fix);
  fix.forEach((f) => f());
  return v;
};
