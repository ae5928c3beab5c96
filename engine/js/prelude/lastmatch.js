// RegExp.$1 … RegExp.$9, RegExp.lastMatch: only for programs that name them, as it
// makes every match slower.
(function () {
  var exec = RegExp.prototype.exec, last = null;
  RegExp.prototype.exec = function (s) {
    var m = exec.call(this, s);
    if (m) { last = m; }
    return m;
  };
  Object.defineProperty(RegExp.prototype, "exec", { enumerable: false });
  for (let i = 1; i < 10; i++) {
    Object.defineProperty(RegExp, "$" + i, { configurable: true, get: function () { return last && last[i] || ""; } });
  }
  function part(names, f) {
    names.forEach(function (k) { Object.defineProperty(RegExp, k, { configurable: true, get: function () { return last ? f(last) : ""; } }); });
  }
  part(["lastMatch", "$&"], function (m) { return m[0]; });
  part(["input", "$_"], function (m) { return m.input; });
  part(["leftContext", "$`"], function (m) { return m.input.slice(0, m.index); });
  part(["rightContext", "$'"], function (m) { return m.input.slice(m.index + m[0].length); });
  part(["lastParen", "$+"], function (m) { return m.length > 1 ? m[m.length - 1] || "" : ""; });
  return {};
})()
