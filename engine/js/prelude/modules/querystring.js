// Node's module querystring.
(function () {
  function escape(s) {
    return encodeURIComponent(typeof s === "string" ? s : typeof s === "object" ? String(s) : s + "").replace(/%(?:21|27|28|29|2A)/gi, decodeURIComponent);
  }
  function unescape(s) {
    try { return decodeURIComponent(s); } catch (e) {
      return s.replace(/(?:%[0-9a-f]{2})+/gi, function (m) { return Buffer.from(m.replace(/%/g, ""), "hex").toString(); });
    }
  }
  function plain(v) {
    if (typeof v === "string") { return v; }
    if (typeof v === "number" && isFinite(v)) { return "" + v; }
    if (typeof v === "bigint" || typeof v === "boolean") { return "" + v; }
    return "";
  }
  function stringify(o, sep, eq, options) {
    if (o === null || typeof o !== "object") { return ""; }
    sep = sep || "&"; eq = eq || "=";
    var enc = options && options.encodeURIComponent || querystring.escape, out = [];
    for (var k of Object.keys(o)) {
      var key = enc(plain(k)) + eq;
      if (Array.isArray(o[k])) { for (var v of o[k]) { out.push(key + enc(plain(v))); } } else { out.push(key + enc(plain(o[k]))); }
    }
    return out.join(sep);
  }
  function parse(s, sep, eq, options) {
    var out = Object.create(null);
    if (typeof s !== "string" || s === "") { return out; }
    sep = sep || "&"; eq = eq || "=";
    var dec = options && options.decodeURIComponent || querystring.unescape, max = options && typeof options.maxKeys === "number" ? options.maxKeys : 1000;
    var parts = s.split(sep);
    if (max > 0 && parts.length > max) { parts = parts.slice(0, max); }
    for (var p of parts) {
      if (p === "") { continue; }
      var at = p.indexOf(eq), k = at < 0 ? p : p.slice(0, at), v = at < 0 ? "" : p.slice(at + eq.length);
      k = dec(k.replace(/\+/g, " ")); v = dec(v.replace(/\+/g, " "));
      if (!(k in out)) { out[k] = v; } else if (Array.isArray(out[k])) { out[k].push(v); } else { out[k] = [out[k], v]; }
    }
    return out;
  }
  var querystring = {
    unescapeBuffer: function unescapeBuffer(s) { return Buffer.from(unescape(s)); }, unescape: unescape, escape: escape,
    stringify: stringify, encode: stringify, parse: parse, decode: parse
  };
  return querystring;
})
