// A constructor in the place of another, which counts before it makes something.
(function (make, old) {
  var counting = old === Function.prototype.constructor || old.prototype === undefined ? undefined : old;
  function Maker() { return make(new.target === Maker ? old : new.target, ...arguments); }
  for (var k of Reflect.ownKeys(old)) {
    if (k !== "prototype") { Object.defineProperty(Maker, k, Object.getOwnPropertyDescriptor(old, k)); }
  }
  for (k of ["arguments", "caller"]) { delete Maker[k]; }
  Object.setPrototypeOf(Maker, Object.getPrototypeOf(old));
  Object.defineProperty(Maker, "prototype", { value: old.prototype, writable: false });
  if (counting !== null) {
    var d = Object.getOwnPropertyDescriptor(old.prototype, "constructor");
    if (d) { d.value = Maker; Object.defineProperty(old.prototype, "constructor", d); }
  }
  return Maker;
})
