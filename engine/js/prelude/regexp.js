// The methods of RegExp and String that join what they find, in JavaScript, so that
// all they do is counted; exec and test are Go's.
(function (exec, test) {
  var proto = RegExp.prototype, text = String.prototype;
  var realReplace = text.replace, realReplaceAll = text.replaceAll;
  function hide(o, k, f, name) {
    Object.defineProperty(f, "name", { value: name });
    Object.defineProperty(o, k, { value: f, writable: true, enumerable: false, configurable: true });
  }
  function object(o, name) {
    if (typeof o !== "object" && typeof o !== "function" || o === null) { throw new TypeError("Method RegExp.prototype." + name + " called on incompatible receiver " + String(o)); }
  }
  function find(re, s) {
    var f = re.exec;
    if (typeof f !== "function") { return exec.call(re, s); }
    var m = f.call(re, s);
    if (m !== null && typeof m !== "object" && typeof m !== "function") { throw new TypeError("object null is not a function"); }
    return m;
  }
  function after(s, i, unicode) {
    if (!unicode || i + 1 >= s.length) { return i + 1; }
    var a = s.charCodeAt(i), b = s.charCodeAt(i + 1);
    return a >= 0xd800 && a <= 0xdbff && b >= 0xdc00 && b <= 0xdfff ? i + 2 : i + 1;
  }
  function toLength(v) {
    var n = Math.trunc(Number(v));
    return n > 0 ? Math.min(n, 9007199254740991) : 0;
  }
  // What $… in a replacement stands for.
  function expand(to, s, at, m, groups, named) {
    var out = "", i = 0;
    for (; ;) {
      var d = to.indexOf("$", i);
      if (d < 0 || d + 1 >= to.length) { return out + to.slice(i); }
      out += to.slice(i, d);
      var c = to[d + 1], n = 0, len = 2;
      if (c === "$") { out += "$"; }
      else if (c === "&") { out += m; }
      else if (c === "`") { out += s.slice(0, at); }
      else if (c === "'") { out += s.slice(Math.min(s.length, at + m.length)); }
      else if (c >= "0" && c <= "9") {
        n = +c;
        var e = to[d + 2];
        if (e >= "0" && e <= "9" && n * 10 + +e >= 1 && n * 10 + +e <= groups.length) { n = n * 10 + +e; len = 3; }
        if (n >= 1 && n <= groups.length) { out += groups[n - 1] === undefined ? "" : groups[n - 1]; } else { out += to.slice(d, d + len); }
      }
      else if (c === "<" && named !== undefined) {
        var end = to.indexOf(">", d + 2);
        if (end < 0) { out += "$<"; } else {
          var v = named[to.slice(d + 2, end)];
          out += v === undefined ? "" : String(v);
          len = end + 1 - d;
        }
      }
      else { out += "$"; len = 1; }
      i = d + len;
    }
  }
  function all(re, s) {
    var flags = String(re.flags), found = [], global = flags.includes("g"), unicode = flags.includes("u") || flags.includes("v");
    if (global) { re.lastIndex = 0; }
    for (; ;) {
      var m = find(re, s);
      if (m === null) { return found; }
      found.push(m);
      if (!global) { return found; }
      if (String(m[0]) === "") { re.lastIndex = after(s, toLength(re.lastIndex), unicode); }
    }
  }
  hide(proto, "exec", exec, "exec");
  hide(proto, "test", test, "test");
  hide(proto, Symbol.replace, function (s, to) {
    object(this, "@@replace");
    s = String(s);
    var call = typeof to === "function", out = "", done = 0;
    if (!call) { to = String(to); }
    for (var r of all(this, s)) {
      var groups = [], n = toLength(r.length), m = String(r[0]), at = Math.max(Math.min(Math.trunc(Number(r.index)) || 0, s.length), 0), named = r.groups, by;
      for (var i = 1; i < n; i++) { groups.push(r[i] === undefined ? undefined : String(r[i])); }
      if (call) {
        var args = [m, ...groups, at, s];
        if (named !== undefined) { args.push(named); }
        by = String(to(...args));
      } else { by = expand(to, s, at, m, groups, named === undefined ? undefined : Object(named)); }
      if (at >= done) { out += s.slice(done, at); out += by; done = at + m.length; }
    }
    return done >= s.length ? out : out + s.slice(done);
  }, "[Symbol.replace]");
  hide(proto, Symbol.match, function (s) {
    object(this, "@@match");
    s = String(s);
    if (!String(this.flags).includes("g")) { return find(this, s); }
    var found = all(this, s), out = [];
    for (var m of found) { out.push(String(m[0])); }
    return out.length ? out : null;
  }, "[Symbol.match]");
  hide(proto, Symbol.split, function (s, limit) {
    object(this, "@@split");
    s = String(s);
    var kind = this.constructor, flags = String(this.flags);
    if (kind !== undefined) { kind = kind[Symbol.species]; }
    if (kind === undefined || kind === null) { kind = RegExp; }
    var unicode = flags.includes("u") || flags.includes("v"), re = new kind(this, flags.includes("y") ? flags : flags + "y"), out = [];
    limit = limit === undefined ? 4294967295 : limit >>> 0;
    if (limit === 0) { return out; }
    if (s.length === 0) { return find(re, s) === null ? [s] : out; }
    var done = 0, at = 0;
    while (at < s.length) {
      re.lastIndex = at;
      var m = find(re, s), end = m === null ? 0 : Math.min(toLength(re.lastIndex), s.length);
      if (m === null || end === done) { at = after(s, at, unicode); continue; }
      out.push(s.slice(done, at));
      if (out.length === limit) { return out; }
      done = end;
      for (var i = 1, n = toLength(m.length); i < n; i++) {
        out.push(m[i]);
        if (out.length === limit) { return out; }
      }
      at = done;
    }
    out.push(s.slice(done));
    return out;
  }, "[Symbol.split]");
  function plain(every, real, name) {
    return function (what, to) {
      if (this === null || this === undefined || what !== null && what !== undefined && typeof what !== "string") { return real.apply(this, arguments); }
      var s = String(this), out = "", done = 0, from = 0;
      what = String(what);
      if (typeof to !== "function") { to = String(to); }
      for (; ;) {
        var at = from > s.length ? -1 : s.indexOf(what, from);
        if (at < 0) { break; }
        out += s.slice(done, at);
        out += typeof to === "function" ? String(to(what, at, s)) : expand(to, s, at, what, [], undefined);
        done = at + what.length;
        from = done + (what === "" ? 1 : 0);
        if (!every) { break; }
      }
      return out + s.slice(done);
    };
  }
  hide(text, "replace", plain(false, realReplace), "replace");
  hide(text, "replaceAll", plain(true, realReplaceAll), "replaceAll");
})
