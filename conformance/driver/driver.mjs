// The drive protocol around a real Node-RED. Requests come on stdin, replies and events go to
// stdout, one JSON object per line. See README.md beside this file.

import fs from 'node:fs';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { isUtf8 } from 'node:buffer';
import { encode, decode } from './values.mjs';
import { watch, drain, sleep, turn } from './loop.mjs';

const write = process.stdout.write.bind(process.stdout);
process.stdout.write = process.stderr.write.bind(process.stderr);
watch();
const startEnv = { ...process.env };
const red = await import('./runtime.mjs');

const put = (line) => write(`${JSON.stringify(line)}\n`);
const isNode = (o) => o instanceof red.Node;
const tagged = (v) => encode(v, isNode);

// ---- events ----

let muted = true;
let report = new Set();
let subscribed = new Set();
const emit = (ev) => { if (!muted) put(ev); };

const methods = ['send', 'error', 'warn', 'log', 'debug', 'trace', 'status'];
for (const m of methods) {
  const original = red.Node.prototype[m];
  red.Node.prototype[m] = function reported(...args) {
    if (red.isStale(this)) return undefined;
    if (report.has(m)) emit({ ev: 'call', node: this.id, method: m, args: tagged(args) });
    return original.apply(this, args);
  };
}
const emitInput = red.Node.prototype._emitInput;
red.Node.prototype._emitInput = function reported(...args) {
  const listens = this._inputCallback || this._inputCallbacks; // not after it was closed
  if (listens && (this.type === 'helper' || subscribed.has(this.id))) emit({ ev: 'input', node: this.id, msg: tagged(args[0]) });
  return emitInput.apply(this, args);
};

const nodeEntryKeys = ['level', 'id', 'type', 'z', '_alias', 'name', 'msg', 'path', 'timestamp'];
const onLog = (e) => {
  const ofNode = e.id !== undefined && e.type !== undefined && e.type !== 'flow' && e.type !== 'subflow';
  if (!ofNode && e.level > 30) return;
  const entry = {};
  for (const k of nodeEntryKeys) if (e[k] !== undefined) entry[k] = tagged(e[k]);
  emit({ ev: 'log', entry });
};

red.events.on('comms', (e) => {
  const data = e.data === undefined ? undefined : JSON.parse(JSON.stringify(e.data));
  emit({ ev: 'comms', topic: e.topic, data: tagged(data), retain: Boolean(e.retain) });
});

// ---- requests ----

const find = (id) => {
  const n = red.flows.get(id);
  if (!isNode(n)) throw new Error(`no such node: ${id}`);
  return n;
};

const workDirs = [];
const freshDir = () => {
  const dir = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'lockstep-case-')));
  workDirs.push(dir);
  process.chdir(dir);
  return dir;
};

const setEnv = (set = {}, remove = []) => {
  for (const k of remove) delete process.env[k];
  for (const [k, v] of Object.entries(set)) process.env[k] = v;
};

const initContext = async () => {
  red.context.init(red.settings);
  await red.context.load();
};

// started resolves when a deploy has been carried through. Node-RED answers a deploy before that.
const started = () => red.once('runtime-event', (e) => e.id === 'runtime-deploy');

const stop = async () => {
  await red.flows.stopFlows();
  await drain(500);
  muted = true;
};

const forget = async () => {
  await stop();
  await red.flows.setFlows([], {}, 'full');
};

const contextCall = (r) => {
  let ctx;
  if (r.scope === 'global') ctx = red.context.get('global');
  else ctx = r.scope === 'flow' ? find(r.node).context().flow : find(r.node).context();
  const store = r.store === undefined ? [] : [r.store];
  const args = { get: [r.key], set: [r.key, decode(r.value ?? null)], keys: [] }[r.method];
  if (!args) throw new Error(`no such context method: ${r.method}`);
  const result = (v) => (r.method === 'set' ? {} : { value: tagged(v) });
  if (!r.async) return result(ctx[r.method](...args, ...store));
  return new Promise((resolve, reject) => {
    ctx[r.method](...args, ...store, (err, ...v) => {
      if (err) reject(err); else resolve(result(Array.isArray(r.key) && r.method === 'get' ? v : v[0]));
    });
  });
};

const stableHeader = /^(content-(type|length|encoding|disposition|range)|location|set-cookie|etag|allow|vary|www-authenticate|cache-control|x-.*|access-control-.*)$/;

const httpCall = (r) => new Promise((resolve, reject) => {
  const q = http.request(new URL(r.path, base.url), { method: r.method ?? 'GET', headers: { connection: 'close', ...r.headers } }, (s) => {
    const parts = [];
    s.on('data', (d) => parts.push(d));
    s.on('error', reject);
    s.on('end', () => {
      const body = Buffer.concat(parts);
      const headers = Object.fromEntries(Object.entries(s.headers).filter(([k]) => stableHeader.test(k)).sort(([a], [b]) => (a < b ? -1 : 1)));
      resolve({ status: s.statusCode, headers, body: tagged(isUtf8(body) ? body.toString() : body) });
    });
  });
  q.setTimeout(5000, () => q.destroy(new Error('no answer within 5 s')));
  q.on('error', reject);
  if (r.body !== undefined) q.write(decode(r.body));
  q.end();
});

// A case is about what happens when; on a machine that is too busy to tell, wait fails and the
// recorder tries again.
const tolerance = 20;
let segment = Date.now(); // the end of the last load or wait
const wait = async (ms) => {
  await sleep(ms);
  await drain();
  const late = Date.now() - segment - ms;
  segment = Date.now();
  if (late > tolerance) throw Object.assign(new Error(`overslept by ${late} ms`), { code: 'OVERSLEPT' });
  return {};
};

const admin = /^(tab|group|subflow)$/;
const ops = {
  load: async (r) => {
    await stop();
    red.resetSettings();
    red.changeSettings(decode(r.settings ?? {}));
    red.credentials.clear();
    await initContext();
    report = new Set(r.report ?? []);
    subscribed = new Set();
    red.newLoad();
    muted = false;
    await red.flows.setFlows(decode(r.flow), r.credentials ?? {}, 'full');
    await red.flows.startFlows('full');
    segment = Date.now();
    return {};
  },
  unload: async () => { await forget(); return {}; },
  stopFlows: async () => { await red.flows.stopFlows(); return {}; },
  setFlows: async (r) => {
    const done = started();
    await red.flows.setFlows(decode(r.flow), r.credentials ?? null, r.type ?? 'full');
    await done;
    return {};
  },
  getNode: (r) => {
    const n = red.flows.get(r.node);
    if (!isNode(n) || admin.test(n.type)) return { exists: false };
    const config = red.configOf(n) ?? { id: n.id, type: n.type };
    return { exists: true, type: n.type, config: tagged(n.credentials ? { ...config, credentials: n.credentials } : config) };
  },
  receive: (r) => {
    const n = find(r.node);
    const msg = decode(r.msg);
    if (r.direct) n.emit('input', msg); else n.receive(msg);
    return {};
  },
  call: (r) => {
    if (!methods.includes(r.method)) throw new Error(`no such method: ${r.method}`);
    find(r.node)[r.method](...decode(r.args ?? []));
    return {};
  },
  close: (r) => find(r.node).close(Boolean(r.removed)).then(() => ({})),
  subscribe: (r) => { if ((r.kinds ?? []).includes('input')) subscribed.add(r.node); return {}; },
  context: contextCall,
  contextInit: async (r) => { red.changeSettings({ contextStorage: r.contextStorage }); await initContext(); return {}; },
  contextClose: async () => { await red.context.close(); red.changeSettings({}, ['contextStorage']); await initContext(); return {}; },
  settings: (r) => { red.changeSettings(decode(r.set ?? {}), r.delete); return {}; },
  env: (r) => { setEnv(r.set, r.delete); return {}; },
  setCredentials: (r) => { find(r.node).credentials = decode(r.credentials); return {}; },
  state: (r) => {
    const n = find(r.node);
    return n.type === 'mqtt-broker' ? { connected: Boolean(n.connected), connecting: Boolean(n.connecting) } : {};
  },
  sync: async () => { await drain(); return {}; },
  startServer: () => ({ http: base.url }),
  stopServer: () => ({}),

  // ---- ours, for case scripts ----
  wait: (r) => wait(r.ms),
  http: httpCall,
  fileWrite: (r) => {
    fs.mkdirSync(path.dirname(r.path), { recursive: true });
    fs.writeFileSync(r.path, decode(r.body));
    return {};
  },
  fileRead: (r) => {
    if (!fs.existsSync(r.path)) return { missing: true };
    const body = fs.readFileSync(r.path);
    return { body: tagged(isUtf8(body) ? body.toString() : body) };
  },
  // reset: nothing loaded, settings and environment as at the start, a fresh working directory.
  reset: async () => {
    await forget();
    red.resetSettings();
    for (const k of Object.keys(process.env)) if (!(k in startEnv)) delete process.env[k];
    Object.assign(process.env, startEnv);
    await initContext();
    return { dir: freshDir(), http: base.url };
  },
};

const failure = (id, err) => {
  const error = { name: err?.name ?? 'Error', message: String(err?.message ?? err) };
  if (err?.code !== undefined) error.code = err.code;
  if (err?.stack) error.stack = err.stack;
  put({ id, ok: false, error });
};

const unordered = (r) => r.op === 'close' || (r.op === 'context' && r.async);

// answer starts a request and gives a promise only if the requests behind it must wait.
const answer = (r) => {
  try {
    const op = Object.hasOwn(ops, r.op) ? ops[r.op] : undefined;
    if (!op) throw new Error(`unknown op: ${r.op}`);
    const result = op(r);
    if (typeof result?.then !== 'function') { put({ id: r.id, ok: true, result }); return undefined; }
    const done = result.then((v) => put({ id: r.id, ok: true, result: v }), (err) => failure(r.id, err));
    return unordered(r) ? undefined : done;
  } catch (err) {
    failure(r.id, err);
    return undefined;
  }
};

const waiting = [];
let running = false;
let ended = false;
const run = async () => {
  if (running) return;
  running = true;
  while (waiting.length) {
    const held = answer(JSON.parse(waiting.shift()));
    if (held) await held;
  }
  running = false;
  if (ended) leave(0);
};

let partial = [];
const take = (chunk) => {
  let from = 0;
  for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, from)) {
    partial.push(chunk.subarray(from, at));
    const line = Buffer.concat(partial).toString();
    partial = [];
    from = at + 1;
    if (line.trim()) waiting.push(line);
  }
  if (from < chunk.length) partial.push(chunk.subarray(from));
  run();
};

const leave = (code) => {
  try { process.chdir('/'); } catch { /* nothing to leave */ }
  for (const d of [...workDirs, red.userDir]) fs.rmSync(d, { recursive: true, force: true });
  process.exit(code);
};

// As Node-RED's own main program: an uncaught exception ends it.
process.on('uncaughtException', (err) => {
  process.stderr.write(`uncaught exception: ${err?.stack ?? err}\n`);
  leave(1);
});

const base = await red.boot(onLog);
await turn();
put({ ev: 'hello', protocol: 1, name: 'node-red', version: red.version, admin: base.admin });
process.stdin.on('data', take);
process.stdin.on('end', () => { ended = true; run(); });
