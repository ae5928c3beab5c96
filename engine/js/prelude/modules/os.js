// Node's module os: what the host has told of the machine.
(function (host) {
  var facts = host.machine();
  function fact(name, other) { return function () { return facts[name] === undefined ? other : facts[name]; }; }
  return {
    EOL: "\n", devNull: "/dev/null", arch: fact("arch", "x64"), platform: fact("platform", "linux"), type: fact("type", "Linux"), release: fact("release", ""),
    version: fact("version", ""), machine: fact("machine", "x86_64"), hostname: fact("hostname", "localhost"), homedir: fact("homedir", "/"), tmpdir: fact("tmpdir", "/tmp"),
    endianness: fact("endianness", "LE"), uptime: fact("uptime", 0), loadavg: fact("loadavg", [0, 0, 0]), totalmem: fact("totalmem", 0),
    freemem: fact("freemem", 0), cpus: fact("cpus", []), availableParallelism: function availableParallelism() { return Math.max(1, (facts.cpus || []).length); },
    networkInterfaces: fact("networkInterfaces", {}),
    userInfo: fact("userInfo", { uid: -1, gid: -1, username: "", homedir: "/", shell: null }), constants: { signals: {}, errno: {} }
  };
})
