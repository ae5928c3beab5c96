// The second argument of JSON.parse.
(function () {
  function walk(holder, key, fn) {
    var v = holder[key];
    if (v !== null && typeof v === "object") {
      var keys = Array.isArray(v) ? Array.from(v, function (_, i) { return String(i); }) : Object.keys(v);
      for (var k of keys) {
        var x = walk(v, k, fn);
        if (x === undefined) { delete v[k]; } else { v[k] = x; }
      }
    }
    return fn.call(holder, key, v);
  }
  return function (v, fn) { return walk({ "": v }, "", fn); };
})()
