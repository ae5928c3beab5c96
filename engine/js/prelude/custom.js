(function (o, options) {
  var f = o[Symbol.for("nodejs.util.inspect.custom")];
  if (typeof f !== "function" || o === util) { return; }
  var v = f.call(o, options && options.depth !== undefined ? options.depth : 2, Object.assign({}, options), util.inspect);
  return typeof v === "string" ? v : util.inspect(v, options);
})
