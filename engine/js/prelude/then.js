(function (then) {
  return function (p, ok, failed) { then.call(Promise.resolve(p), ok, failed); };
})(Promise.prototype.then)
