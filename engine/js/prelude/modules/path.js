// Node's module path, in its POSIX form.
(function (host) {
  function text(v, name) {
    if (typeof v !== "string") {
      var e = new TypeError("The \"" + name + "\" argument must be of type string. Received " + host.received(v));
      e.code = "ERR_INVALID_ARG_TYPE";
      throw e;
    }
    return v;
  }
  function tidy(p, rooted) {
    var out = [];
    for (var part of p.split("/")) {
      if (part === "" || part === ".") { continue; }
      if (part !== "..") { out.push(part); continue; }
      if (out.length > 0 && out[out.length - 1] !== "..") { out.pop(); } else if (!rooted) { out.push(".."); }
    }
    return out.join("/");
  }
  function normalize(p) {
    text(p, "path");
    if (p === "") { return "."; }
    var rooted = p[0] === "/", tail = p[p.length - 1] === "/", body = tidy(p, rooted);
    if (body === "") { return rooted ? "/" : tail ? "./" : "."; }
    return (rooted ? "/" : "") + body + (tail ? "/" : "");
  }
  function join(...parts) {
    var all = parts.filter(function (p) { return text(p, "path") !== ""; });
    return all.length === 0 ? "." : normalize(all.join("/"));
  }
  function resolve(...parts) {
    var full = "";
    for (var i = parts.length - 1; i >= -1 && full[0] !== "/"; i--) {
      var p = i >= 0 ? text(parts[i], "paths[" + i + "]") : host.cwd();
      if (p !== "") { full = full === "" ? p : p + "/" + full; }
    }
    return full[0] === "/" ? "/" + tidy(full, true) : tidy(full, false) || ".";
  }
  function trimmed(p) {
    var end = p.length;
    while (end > 1 && p[end - 1] === "/") { end--; }
    return p.slice(0, end);
  }
  function dirname(p) {
    text(p, "path");
    if (p === "") { return "."; }
    p = trimmed(p);
    var at = p.lastIndexOf("/");
    if (at < 0) { return "."; }
    return at === 0 ? "/" : trimmed(p.slice(0, at));
  }
  function basename(p, suffix) {
    text(p, "path");
    if (suffix !== undefined) { text(suffix, "suffix"); }
    if (suffix && suffix === p) { return ""; }
    p = trimmed(p);
    var base = p.slice(p.lastIndexOf("/") + 1);
    if (suffix && base !== suffix && base.endsWith(suffix)) { base = base.slice(0, -suffix.length); }
    return base;
  }
  function extname(p) {
    var base = basename(p), at = base.lastIndexOf(".");
    return at <= 0 || base === ".." ? "" : base.slice(at);
  }
  function relative(from, to) {
    from = resolve(text(from, "from")); to = resolve(text(to, "to"));
    if (from === to) { return ""; }
    var a = from.split("/").filter(Boolean), b = to.split("/").filter(Boolean), same = 0;
    while (same < a.length && same < b.length && a[same] === b[same]) { same++; }
    return a.slice(same).map(function () { return ".."; }).concat(b.slice(same)).join("/");
  }
  function parse(p) {
    text(p, "path");
    var root = p[0] === "/" ? "/" : "", base = basename(p), ext = extname(p), dir = dirname(p);
    if (dir === "." && p.indexOf("/") < 0) { dir = root; }
    return { root: root, dir: dir, base: base, ext: ext, name: ext ? base.slice(0, -ext.length) : base };
  }
  function format(o) {
    var dir = o.dir || o.root, ext = o.ext ? (o.ext[0] === "." ? "" : ".") + o.ext : "", base = o.base || (o.name || "") + ext;
    return !dir ? base : dir === o.root ? dir + base : dir + "/" + base;
  }
  var path = {
    resolve: resolve, normalize: normalize, isAbsolute: function isAbsolute(p) { return text(p, "path")[0] === "/"; },
    join: join, relative: relative, toNamespacedPath: function toNamespacedPath(p) { return p; }, dirname: dirname,
    basename: basename, extname: extname, format: format, parse: parse, sep: "/", delimiter: ":", win32: null, posix: null
  };
  path.posix = path;
  return path;
})
