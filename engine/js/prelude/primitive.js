(function (o) {
  var f = o[Symbol.toPrimitive];
  if (f != null) { return f.call(o, "default"); }
  for (var name of ["valueOf", "toString"]) {
    if (typeof o[name] === "function") {
      var v = o[name]();
      if (v === null || typeof v !== "object" && typeof v !== "function") { return v; }
    }
  }
  throw new TypeError("Cannot convert object to primitive value");
})
