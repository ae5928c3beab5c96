// Node's module url: the classes, and the older functions parse, format and resolve.
(function (host) {
  var slashed = { "http:": 1, "https:": 1, "ftp:": 1, "ws:": 1, "wss:": 1, "file:": 1, "gopher:": 1 };
  function Url() {
    this.protocol = null; this.slashes = null; this.auth = null; this.host = null; this.port = null; this.hostname = null;
    this.hash = null; this.search = null; this.query = null; this.pathname = null; this.path = null; this.href = null;
  }
  var quoted = /[\t\n\r "'<>\\^`{|}]/g;
  function quote(s) { return s.replace(quoted, function (c) { return "%" + c.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0"); }); }
  function parse(text, withQuery, slashesMeanHost) {
    if (text instanceof Url) { return text; }
    if (typeof text !== "string") {
      var e = new TypeError("The \"url\" argument must be of type string. Received " + host.received(text));
      e.code = "ERR_INVALID_ARG_TYPE";
      throw e;
    }
    var u = new Url(), rest = text.trim(), m, cut = rest.search(/[?#]/), head = cut < 0 ? rest : rest.slice(0, cut);
    rest = head.replace(/\\/g, "/") + (cut < 0 ? "" : rest.slice(cut));
    if ((m = /^[a-z0-9.+-]+:/i.exec(rest))) { u.protocol = m[0].toLowerCase(); rest = rest.slice(m[0].length); }
    var plain = u.protocol === "javascript:";
    if (!plain && rest.startsWith("//") && (u.protocol || slashesMeanHost || /^\/\/[^@/]+@[^@/]+/.test(rest))) { u.slashes = true; rest = rest.slice(2); }
    if (!plain && (u.slashes || u.protocol && !slashed[u.protocol] && rest[0] !== "/")) {
      var end = rest.search(/[/?#]/), at = rest.lastIndexOf("@", end < 0 ? rest.length : end), where;
      if (at >= 0 && (end < 0 || at < end)) { u.auth = decodeURIComponent(rest.slice(0, at)); rest = rest.slice(at + 1); end = rest.search(/[/?#]/); }
      where = end < 0 ? rest : rest.slice(0, end); rest = end < 0 ? "" : rest.slice(end);
      if ((m = /:([0-9]*)$/.exec(where))) { if (m[1] !== "") { u.port = m[1]; } where = where.slice(0, m.index); }
      u.hostname = where[0] === "[" ? where.slice(1, -1) : where.toLowerCase();
      u.host = (where[0] === "[" ? where : u.hostname) + (u.port ? ":" + u.port : "");
    }
    if (!plain) { rest = quote(rest); }
    var hash = rest.indexOf("#"), mark;
    if (hash >= 0) { u.hash = rest.slice(hash); rest = rest.slice(0, hash); }
    mark = rest.indexOf("?");
    if (mark >= 0) { u.search = rest.slice(mark); u.query = u.search.slice(1); rest = rest.slice(0, mark); if (withQuery) { u.query = host.require("querystring").parse(u.query); } } else if (withQuery) { u.search = null; u.query = Object.create(null); }
    if (rest !== "") { u.pathname = rest; }
    if (u.slashes && slashed[u.protocol] && u.hostname && !u.pathname) { u.pathname = "/"; }
    if (u.pathname !== null || u.search !== null) { u.path = (u.pathname || "") + (u.search || ""); }
    u.href = format(u);
    return u;
  }
  function format(u) {
    if (typeof u === "string") { return parse(u).href; }
    if (u instanceof host.URL) { return u.href; }
    var protocol = u.protocol || "", at = u.auth ? encodeURIComponent(u.auth).replace(/%3A/i, ":") + "@" : "", place = false;
    if (protocol && !protocol.endsWith(":")) { protocol += ":"; }
    if (u.host) { place = at + u.host; } else if (u.hostname) { place = at + (u.hostname.includes(":") ? "[" + u.hostname + "]" : u.hostname) + (u.port ? ":" + u.port : ""); }
    var search = u.search || (u.query && typeof u.query === "object" && Object.keys(u.query).length ? "?" + host.require("querystring").stringify(u.query) : "") || "";
    var pathname = (u.pathname || "").replace(/[?#]/g, encodeURIComponent), hash = u.hash || "";
    if (hash && hash[0] !== "#") { hash = "#" + hash; }
    if (search && search[0] !== "?") { search = "?" + search; }
    if (u.slashes || (!protocol || slashed[protocol]) && place !== false) { place = "//" + (place || ""); if (pathname && pathname[0] !== "/") { pathname = "/" + pathname; } } else if (!place) { place = ""; }
    return protocol + place + pathname + search.replace("#", "%23") + hash;
  }
  Url.prototype.format = function () { return format(this); };
  Url.prototype.parse = function (s, q, h) { return Object.assign(this, parse(s, q, h)); };
  function resolve(from, to) {
    var base = parse(from);
    if (base.protocol && base.hostname) { return new host.URL(to, base.href).href; }
    var made = new host.URL(to, new host.URL(from, "resolve://x/"));
    return made.protocol === "resolve:" ? made.pathname.slice(from[0] === "/" || to[0] === "/" ? 0 : 1) + made.search + made.hash : made.href;
  }
  return {
    Url: Url, parse: parse, resolve: resolve, format: format, URL: host.URL, URLSearchParams: host.URLSearchParams,
    fileURLToPath: function fileURLToPath(u) { return decodeURIComponent(new host.URL(String(u)).pathname); },
    pathToFileURL: function pathToFileURL(p) { return new host.URL("file://" + encodeURI(p).replace(/[?#]/g, encodeURIComponent)); },
    domainToASCII: function domainToASCII(d) { try { return new host.URL("http://" + d).hostname; } catch (e) { return ""; } }
  };
})
