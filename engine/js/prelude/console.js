(function (write, inspect) {
  var indent = "", counts = {}, timers = {};
  function out(level) {
    return function (...args) {
      if (indent) { args = [indent + (typeof args[0] === "string" ? args.shift() : ""), ...args]; }
      write(level, ...args);
    };
  }
  var console = {
    log: out("log"), warn: out("warn"), dir: function dir(o, options) { write("log", inspect(o, Object.assign({ customInspect: false }, options))); },
    time: function time(label) { timers[label === undefined ? "default" : label] = Date.now(); },
    timeEnd: function timeEnd(label) { console.timeLog(label); delete timers[label === undefined ? "default" : label]; },
    timeLog: function timeLog(label, ...data) {
      label = label === undefined ? "default" : label;
      if (label in timers) { write("log", label + ": " + (Date.now() - timers[label]) + "ms", ...data); }
    },
    trace: out("error"),
    assert: function assert(ok, ...args) {
      if (!ok) {
        if (typeof args[0] === "string") { args[0] = "Assertion failed: " + args[0]; } else { args.unshift("Assertion failed"); }
        console.warn(...args);
      }
    },
    clear: function clear() {},
    count: function count(label) {
      label = label === undefined ? "default" : String(label);
      counts[label] = (counts[label] || 0) + 1;
      console.log(label + ": " + counts[label]);
    },
    countReset: function countReset(label) { delete counts[label === undefined ? "default" : String(label)]; },
    group: function group(...args) { if (args.length) { console.log(...args); } indent += "  "; },
    groupEnd: function groupEnd() { indent = indent.slice(2); },
    table: function table(v) { console.log(v); },
    debug: out("debug"), info: out("info"), dirxml: out("log"), error: out("error")
  };
  console.groupCollapsed = console.group;
  for (var name of ["log", "warn", "trace", "debug", "info", "dirxml", "error"]) { Object.defineProperty(console[name], "name", { value: name }); }
  return console;
})
