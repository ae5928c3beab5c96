// How Node's argument errors describe what they got.
(function (v) {
  if (v == null) { return "" + v; }
  if (typeof v === "function") { return "function " + v.name; }
  if (typeof v === "object") {
    if (v.constructor && v.constructor.name) { return "an instance of " + v.constructor.name; }
    return "[Object: null prototype] {}";
  }
  var s = typeof v === "bigint" ? v + "n" : String(v);
  if (typeof v === "string") {
    s = v.length > 28 ? v.slice(0, 25) + "..." : v;
    s = s.indexOf("'") < 0 ? "'" + s + "'" : JSON.stringify(s);
  }
  return "type " + typeof v + " (" + s + ")";
})
