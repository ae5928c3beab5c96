// Node's modules timers and timers/promises, over the timers of the node.
(function (host) {
  var t = host.timers();
  return Object.assign({ promises: {
    setTimeout: function (ms, v) { return new Promise(function (resolve) { t.setTimeout(resolve, ms, v); }); },
    setImmediate: function (v) { return Promise.resolve(v); }
  } }, t);
})
