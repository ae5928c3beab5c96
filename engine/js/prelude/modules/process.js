// What modules and settings see of Node's process.
(function (host) {
  var os = host.machine(), started = host.now();
  return {
    env: host.env(), argv: ["node", "node-red"], execArgv: [], execPath: "node", title: "node-red", pid: 1, ppid: 0, arch: os.arch || "x64", platform: os.platform || "linux",
    version: "v22.23.3", versions: { node: "22.23.3", v8: "12.4.254.21-node.33" }, release: { name: "node" }, browser: false,
    cwd: function cwd() { return host.cwd(); }, uptime: function uptime() { return (host.now() - started) / 1000; },
    hrtime: Object.assign(function hrtime(since) {
      var ms = host.now(), s = Math.floor(ms / 1000), n = (ms % 1000) * 1e6;
      if (since) { s -= since[0]; n -= since[1]; if (n < 0) { s--; n += 1e9; } }
      return [s, n];
    }, { bigint: function bigint() { return BigInt(host.now()) * 1000000n; } }),
    memoryUsage: function memoryUsage() { return { rss: 0, heapTotal: 0, heapUsed: 0, external: 0, arrayBuffers: 0 }; },
    nextTick: function nextTick(f, ...args) { Promise.resolve().then(function () { f(...args); }); },
    on: function on() { return this; }, once: function once() { return this; }, off: function off() { return this; }, addListener: function addListener() { return this; },
    removeListener: function removeListener() { return this; }, removeAllListeners: function removeAllListeners() { return this; }, emit: function emit() { return false; },
    listeners: function listeners() { return []; }, emitWarning: function emitWarning() {}, umask: function umask() { return 18; },
    exit: function exit() { throw new Error("process.exit is not available: only the host ends the process"); }
  };
})
