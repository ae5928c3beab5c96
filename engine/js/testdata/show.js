(function () {
  function show(v, d) {
    d = d || 0;
    if (d > 6) return "…";
    switch (typeof v) {
      case "string": return JSON.stringify(v);
      case "number": return Object.is(v, -0) ? "-0" : String(v);
      case "bigint": return v + "n";
      case "symbol": return v.toString();
      case "function": return "function " + v.name;
      case "object": break;
      default: return String(v);
    }
    if (v === null) return "null";
    if (typeof Buffer !== "undefined" && Buffer.isBuffer(v)) return "<" + v.toString("hex") + ">";
    var tag = Object.prototype.toString.call(v).slice(8, -1);
    if (tag === "Date") return isNaN(v) ? "Invalid Date" : "Date(" + v.getTime() + ")";
    if (tag === "RegExp") return String(v);
    if (tag === "Error") return v.name + ": " + v.message + (v.code ? " [" + v.code + "]" : "");
    if (tag === "Map") return "Map(" + Array.from(v).map(function (p) { return show(p[0], d + 1) + "=>" + show(p[1], d + 1); }) + ")";
    if (tag === "Set") return "Set(" + Array.from(v).map(function (p) { return show(p, d + 1); }) + ")";
    if (ArrayBuffer.isView(v) && v.length !== undefined) return tag + "[" + Array.from(v).map(function (p) { return show(p, d + 1); }) + "]";
    if (Array.isArray(v)) return "[" + Array.from(v, function (p) { return show(p, d + 1); }) + "]";
    return "{" + Object.keys(v).map(function (k) { return k + ":" + show(v[k], d + 1); }) + "}";
  }
  return show;
})()
