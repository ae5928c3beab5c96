// What the language has in Node 22 and goja has not, or has differently.
(function (n) {
  var G = globalThis;
  function hide(o, table) {
    for (var k of Reflect.ownKeys(table)) {
      var d = Object.getOwnPropertyDescriptor(table, k);
      d.enumerable = false;
      Object.defineProperty(o, k, d);
    }
  }

  // Date in the runtime's zone.
  var RealDate = G.Date;
  function Date() {
    if (!new.target) { return n.now(); }
    return Reflect.construct(RealDate, [n.dateArguments.apply(undefined, arguments)], new.target);
  }
  Object.defineProperty(Date, "length", { value: 7, configurable: true });
  Object.defineProperty(Date, "prototype", { value: RealDate.prototype, writable: false });
  hide(Date, { now: RealDate.now, parse: RealDate.parse, UTC: RealDate.UTC });
  hide(Date.prototype, { constructor: Date, toGMTString: Date.prototype.toUTCString });
  hide(G, { Date: Date });

  // Errors.
  hide(Error, {
    captureStackTrace: function captureStackTrace(o) {
      if (o === null || typeof o !== "object") { throw new TypeError("Invalid argument"); }
      var e = new Error();
      Object.defineProperty(o, "stack", {
        value: n.stack(e, String(o instanceof Error || o.name === undefined ? Error.prototype.toString.call(o) : o)), writable: true, configurable: true
      });
    }
  });
  Error.stackTraceLimit = 10;
  var then = Promise.prototype.then, fix = n.mend;
  hide(Promise.prototype, {
    then: function (ok, failed) {
      return typeof failed === "function" ? then.call(this, ok, function (e) { return failed(fix(e)); }) : then.call(this, ok, failed);
    }
  });
  Object.defineProperty(Promise.prototype.then, "name", { value: "then" });

  hide(Promise, {
    withResolvers: function withResolvers() {
      var out = {};
      out.promise = new this(function (resolve, reject) { out.resolve = resolve; out.reject = reject; });
      return out;
    }
  });
  delete Promise.try;

  hide(Object, {
    groupBy: function groupBy(items, fn) {
      if (typeof fn !== "function") { throw new TypeError(typeof fn + " is not a function"); }
      var out = Object.create(null), i = 0;
      for (var x of items) {
        var k = fn(x, i++);
        if (typeof k !== "symbol") { k = String(k); }
        if (k in out) { out[k].push(x); } else { out[k] = [x]; }
      }
      return out;
    }
  });
  hide(Array, {
    fromAsync: async function fromAsync(items, map) {
      var out = [], i = 0, get = items[Symbol.asyncIterator] || items[Symbol.iterator];
      if (get) {
        var it = get.call(items);
        for (;;) {
          var step = await it.next();
          if (step.done) { break; }
          var v = await step.value;
          out.push(map ? await map(v, i) : v);
          i++;
        }
        return out;
      }
      for (; i < items.length; i++) { out.push(map ? await map(await items[i], i) : await items[i]); }
      return out;
    }
  });

  hide(String.prototype, {
    isWellFormed: function isWellFormed() { return n.wellFormed(String(this)) === String(this); },
    toWellFormed: function toWellFormed() { return n.wellFormed(String(this)); },
    localeCompare: n.localeCompare
  });
  hide(Object.prototype, {
    __defineGetter__: function __defineGetter__(k, f) { Object.defineProperty(this, k, { get: f, enumerable: true, configurable: true }); },
    __defineSetter__: function __defineSetter__(k, f) { Object.defineProperty(this, k, { set: f, enumerable: true, configurable: true }); },
    __lookupGetter__: function __lookupGetter__(k) {
      for (var o = this; o; o = Object.getPrototypeOf(o)) { var d = Object.getOwnPropertyDescriptor(o, k); if (d) { return d.get; } }
    },
    __lookupSetter__: function __lookupSetter__(k) {
      for (var o = this; o; o = Object.getPrototypeOf(o)) { var d = Object.getOwnPropertyDescriptor(o, k); if (d) { return d.set; } }
    }
  });

  // Iterator helpers.
  var IteratorPrototype = Object.getPrototypeOf(Object.getPrototypeOf([][Symbol.iterator]()));
  function Iterator() {
    if (!new.target || new.target === Iterator) { throw new TypeError("Abstract class Iterator not directly constructable"); }
  }
  Object.defineProperty(Iterator, "prototype", { value: IteratorPrototype, writable: false });
  function callable(fn) { if (typeof fn !== "function") { throw new TypeError(n.describe(fn) + " is not a function"); } }
  function limit(v) {
    var k = Number(v);
    if (k !== k || Math.trunc(k) < 0) { throw new RangeError(String(v) + " must be positive"); }
    return Math.trunc(k);
  }
  function iterate(o) { return { [Symbol.iterator]: function () { return o; } }; }
  hide(IteratorPrototype, {
    map: function (fn) { callable(fn); return (function* (it) { var i = 0; for (var v of it) { yield fn(v, i++); } })(iterate(this)); },
    filter: function (fn) { callable(fn); return (function* (it) { var i = 0; for (var v of it) { if (fn(v, i++)) { yield v; } } })(iterate(this)); },
    take: function (k) { k = limit(k); return (function* (it) { var i = 0; if (k > 0) { for (var v of it) { yield v; if (++i >= k) { return; } } } })(iterate(this)); },
    drop: function (k) { k = limit(k); return (function* (it) { var i = 0; for (var v of it) { if (i++ >= k) { yield v; } } })(iterate(this)); },
    flatMap: function (fn) { callable(fn); return (function* (it) { var i = 0; for (var v of it) { yield* fn(v, i++); } })(iterate(this)); },
    reduce: function (fn, acc) {
      callable(fn);
      var i = 0, has = arguments.length > 1;
      for (var v of iterate(this)) { if (has) { acc = fn(acc, v, i); } else { acc = v; has = true; } i++; }
      if (!has) { throw new TypeError("Reduce of a done iterator with no initial value"); }
      return acc;
    },
    toArray: function () { return Array.from(iterate(this)); },
    forEach: function (fn) { callable(fn); var i = 0; for (var v of iterate(this)) { fn(v, i++); } },
    some: function (fn) { callable(fn); var i = 0; for (var v of iterate(this)) { if (fn(v, i++)) { return true; } } return false; },
    every: function (fn) { callable(fn); var i = 0; for (var v of iterate(this)) { if (!fn(v, i++)) { return false; } } return true; },
    find: function (fn) { callable(fn); var i = 0; for (var v of iterate(this)) { if (fn(v, i++)) { return v; } } },
    constructor: Iterator,
    [Symbol.toStringTag]: "Iterator"
  });
  hide(Iterator, {
    from: function from(o) {
      var it = o[Symbol.iterator] ? o[Symbol.iterator]() : o;
      if (it instanceof Iterator) { return it; }
      return { __proto__: IteratorPrototype, next: function () { return it.next(); } };
    }
  });
  hide(G, { Iterator: Iterator });

  var defineProperty = Object.defineProperty, reflectDefine = Reflect.defineProperty;
  hide(Object, {
    defineProperty: function (o, k, d) { return n.special(o, k, d) ? o : defineProperty(o, k, d); },
    defineProperties: function (o, table) {
      for (var k of Reflect.ownKeys(table)) { Object.defineProperty(o, k, table[k]); }
      return o;
    }
  });
  hide(Reflect, { defineProperty: function (o, k, d) { return n.special(o, k, d) || reflectDefine(o, k, d); } });

  // What Node 22 does not have yet.
  delete Error.isError;
  for (var name of ["toBase64", "toHex", "setFromBase64", "setFromHex"]) { delete Uint8Array.prototype[name]; }
  for (name of ["fromBase64", "fromHex"]) { delete Uint8Array[name]; }
  return Date;
})
