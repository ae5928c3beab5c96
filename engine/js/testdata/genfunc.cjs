// Writes what Node-RED's own function node does for the cases in func.json to
// func.want.json: the calls its code makes, in order, as text.
// NODE_PATH must lead to a Node-RED 5.0.7: node genfunc.cjs
const fs = require("fs"), path = require("path"), EventEmitter = require("events");
const util = require("@node-red/util").util;
const load = require("@node-red/nodes/core/function/10-function.js");
const cases = JSON.parse(fs.readFileSync(path.join(__dirname, "func.json"), "utf8"));

function show(v) {
  if (v === undefined) return "undefined";
  if (v instanceof Error || v && typeof v === "object" && Object.prototype.toString.call(v) === "[object Error]") return "[" + String(v) + "]";
  try {
    const s = JSON.stringify(v);
    return s === undefined ? typeof v : s;
  } catch (e) { return String(e); }
}
function run(c) {
  return new Promise((resolve) => {
    const log = [], store = {};
    let Ctor;
    const node = new EventEmitter();
    const ctx = (name) => {
      const data = store[name] = store[name] || {};
      return {
        get: (k, s, cb) => { if (typeof s === "function") cb = s; if (cb) cb(undefined, data[k]); else return data[k]; },
        set: (k, v, s, cb) => { if (typeof s === "function") cb = s; data[k] = v; if (cb) cb(); },
        keys: () => Object.keys(data)
      };
    };
    Object.assign(node, {
      send: (m) => log.push("nodesend " + show(m)),
      error: (e, m) => log.push("error " + show(e) + " about " + show(m)),
      log: (v) => log.push("log " + show(v)), warn: (v) => log.push("warn " + show(v)),
      debug: (v) => log.push("debug " + show(v)), trace: (v) => log.push("trace " + show(v)),
      status: (v) => log.push("status " + show(v)), metric() {},
      context: () => Object.assign(ctx("node"), { flow: ctx("flow"), global: ctx("global") })
    });
    const RED = {
      nodes: { createNode(n, conf) { Object.assign(n, { id: conf.id, type: "function", z: "t", _path: "t/n1" }); }, registerType: (t, C) => { Ctor = C; } },
      util: Object.assign({}, util, { generateId: () => "0123456789abcdef", getSetting: (n, name) => "env:" + name }),
      settings: {}, library: { register() {} }, _: (k) => k, import: () => Promise.reject(new Error("no"))
    };
    load(RED);
    try { Ctor.call(node, { id: "n1", name: "fn", func: c.func, initialize: c.initialize || "", finalize: c.finalize || "", outputs: 1, timeout: c.timeout || 0, libs: [] }); } catch (e) { log.push("throws " + e); return resolve(log); }
    const deliver = (m) => node.emit("input", m, (out) => {
      if (!Array.isArray(out)) out = [out];
      out.forEach((o, i) => { (Array.isArray(o) ? o : [o]).forEach((x) => { if (x) log.push("send" + i + " " + show(x)); }); });
    }, (e) => log.push(e ? "fail " + show(e) : "done"));
    const wait = (ms) => new Promise((r) => setTimeout(r, ms));
    (async () => {
      if (!c.early) await wait(5);
      for (const m of c.msgs || [{ payload: 1, _msgid: "id" }]) deliver(m);
      await wait(c.wait || 40);
      node.emit("close");
      await wait(5);
      resolve(log);
    })();
  });
}
process.on("unhandledRejection", () => {});
(async () => {
  const out = [];
  for (const c of cases) out.push(await run(c));
  fs.writeFileSync(path.join(__dirname, "func.want.json"), JSON.stringify(out, null, 1) + "\n");
  process.exit(0);
})();
