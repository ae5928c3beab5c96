// Node's module util.
(function (n, Buffer) {
  var custom = Symbol.for("nodejs.util.promisify.custom");
  function argument(name, want, v) {
    var e = new TypeError("The \"" + name + "\" argument must be " + want + ". Received " + n.received(v));
    e.code = "ERR_INVALID_ARG_TYPE";
    throw e;
  }
  function promisify(original) {
    if (typeof original !== "function") { argument("original", "of type function", original); }
    if (original[custom]) { return Object.defineProperty(original[custom], custom, { value: original[custom], configurable: true }); }
    function fn(...args) {
      return new Promise((resolve, reject) => {
        original.call(this, ...args, function (err, v) { if (err) { reject(err); } else { resolve(v); } });
      });
    }
    Object.setPrototypeOf(fn, Object.getPrototypeOf(original));
    Object.defineProperty(fn, custom, { value: fn, configurable: true });
    Object.defineProperty(fn, "name", { value: original.name, configurable: true });
    Object.defineProperty(fn, "length", { value: original.length, configurable: true });
    return fn;
  }
  promisify.custom = custom;
  function callbackify(original) {
    if (typeof original !== "function") { argument("original", "of type function", original); }
    return function (...args) {
      var cb = args.pop();
      if (typeof cb !== "function") { argument("last argument", "of type function", cb); }
      original.apply(this, args).then(function (v) { cb(null, v); }, function (e) { cb(e || new Error("Promise was rejected with falsy value")); });
    };
  }
  function kind(name) { return function (v) { return n.kind(v) === name; }; }
  function tag(name) { return function (v) { return ArrayBuffer.isView(v) && v[Symbol.toStringTag] === name; }; }
  function boxed(type) { return function (v) { return n.kind(v) === "Boxed" && typeof v.valueOf() === type; }; }
  var types = {
    isDate: kind("Date"), isRegExp: kind("RegExp"), isMap: kind("Map"), isSet: kind("Set"), isPromise: kind("Promise"),
    isProxy: kind("Proxy"), isNativeError: kind("Error"), isDataView: kind("DataView"), isArrayBuffer: kind("ArrayBuffer"),
    isAnyArrayBuffer: kind("ArrayBuffer"), isSharedArrayBuffer: function () { return false; },
    isTypedArray: kind("TypedArray"), isArrayBufferView: function (v) { return ArrayBuffer.isView(v); },
    isBoxedPrimitive: kind("Boxed"), isNumberObject: boxed("number"), isStringObject: boxed("string"), isBooleanObject: boxed("boolean"),
    isBigIntObject: boxed("bigint"), isSymbolObject: boxed("symbol"),
    isAsyncFunction: function (v) { return typeof v === "function" && Object.prototype.toString.call(v) === "[object AsyncFunction]"; },
    isGeneratorFunction: function (v) { return typeof v === "function" && Object.prototype.toString.call(v) === "[object GeneratorFunction]"; },
    isGeneratorObject: function (v) { return Object.prototype.toString.call(v) === "[object Generator]"; },
    isMapIterator: function (v) { return Object.prototype.toString.call(v) === "[object Map Iterator]"; },
    isSetIterator: function (v) { return Object.prototype.toString.call(v) === "[object Set Iterator]"; },
    isWeakMap: function (v) { return v instanceof WeakMap; }, isWeakSet: function (v) { return v instanceof WeakSet; },
    isArgumentsObject: function (v) { return Object.prototype.toString.call(v) === "[object Arguments]"; },
    isModuleNamespaceObject: function () { return false; }, isExternal: function () { return false; },
    isKeyObject: function () { return false; }, isCryptoKey: function () { return false; }
  };
  for (let name of ["Uint8Array", "Uint8ClampedArray", "Uint16Array", "Uint32Array", "Int8Array", "Int16Array", "Int32Array", "Float32Array", "Float64Array", "BigInt64Array", "BigUint64Array"]) {
    types["is" + name] = tag(name);
  }
  function same(a, b, seen) {
    if (Object.is(a, b)) { return true; }
    if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) { return false; }
    if (Object.getPrototypeOf(a) !== Object.getPrototypeOf(b) || Array.isArray(a) !== Array.isArray(b)) { return false; }
    if (seen.has(a)) { return seen.get(a) === b; }
    seen.set(a, b);
    var k = n.kind(a);
    if (k !== n.kind(b)) { return false; }
    if (k === "Date" && a.getTime() !== b.getTime() && !(isNaN(a) && isNaN(b))) { return false; }
    if (k === "RegExp" && (String(a) !== String(b) || a.lastIndex !== b.lastIndex)) { return false; }
    if (k === "Error" && (a.message !== b.message || a.name !== b.name)) { return false; }
    if (k === "Boxed" && !Object.is(a.valueOf(), b.valueOf())) { return false; }
    if (k === "ArrayBuffer") { a = new Uint8Array(a); b = new Uint8Array(b); }
    if (k === "Map" || k === "Set") {
      if (a.size !== b.size) { return false; }
      var rest = [...b];
      for (var x of a) {
        var i = rest.findIndex(function (y) { return same(x, y, seen); });
        if (i < 0) { return false; }
        rest.splice(i, 1);
      }
    }
    var ka = Object.keys(a), kb = Object.keys(b);
    return ka.length === kb.length && a.length === b.length && ka.every(function (key) { return Object.hasOwn(b, key) && same(a[key], b[key], seen); });
  }
  function inspect(v, options, depth, colors) { return n.inspect(v, options, depth, colors); }
  inspect.custom = Symbol.for("nodejs.util.inspect.custom");
  inspect.defaultOptions = { showHidden: false, depth: 2, colors: false, customInspect: true, showProxy: false, maxArrayLength: 100, maxStringLength: 10000, breakLength: 128, compact: 3, sorted: false, getters: false, numericSeparator: false };
  class TextEncoder {
    get encoding() { return "utf-8"; }
    encode(s) { return new Uint8Array(n.encode(s === undefined ? "" : String(s))); }
    encodeInto(s, into) {
      var read = 0, written = 0;
      for (var c of String(s)) {
        var bytes = this.encode(c);
        if (written + bytes.length > into.length) { break; }
        into.set(bytes, written);
        read += c.length;
        written += bytes.length;
      }
      return { read: read, written: written };
    }
  }
  class TextDecoder {
    #name; #fatal; #keep;
    constructor(label, options) {
      label = label === undefined ? "utf-8" : String(label).trim().toLowerCase();
      this.#name = { utf8: "utf-8", "utf-8": "utf-8", "unicode-1-1-utf-8": "utf-8", "utf-16le": "utf-16le", "utf-16": "utf-16le", ucs2: "utf-16le", latin1: "windows-1252", "iso-8859-1": "windows-1252", ascii: "windows-1252", "us-ascii": "windows-1252", "windows-1252": "windows-1252" }[label];
      if (!this.#name) {
        var e = new RangeError("The \"" + label + "\" encoding is not supported");
        e.code = "ERR_ENCODING_NOT_SUPPORTED";
        throw e;
      }
      this.#fatal = !!(options && options.fatal);
      this.#keep = !!(options && options.ignoreBOM);
    }
    get encoding() { return this.#name; }
    get fatal() { return this.#fatal; }
    get ignoreBOM() { return this.#keep; }
    decode(bytes) {
      if (bytes === undefined) { return ""; }
      var s = n.decode(bytes, { "utf-8": "utf8", "utf-16le": "utf16le", "windows-1252": "latin1" }[this.#name]);
      if (this.#fatal && s.indexOf("\uFFFD") >= 0) {
        var e = new TypeError("The encoded data was not valid for encoding utf-8");
        e.code = "ERR_ENCODING_INVALID_ENCODED_DATA";
        throw e;
      }
      return !this.#keep && s[0] === "\uFEFF" ? s.slice(1) : s;
    }
  }
  var codes = { reset: [0, 0], bold: [1, 22], dim: [2, 22], italic: [3, 23], underline: [4, 24], inverse: [7, 27], black: [30, 39], red: [31, 39], green: [32, 39], yellow: [33, 39], blue: [34, 39], magenta: [35, 39], cyan: [36, 39], white: [37, 39], gray: [90, 39], grey: [90, 39] };
  inspect.colors = codes;
  inspect.styles = {};
  return {
    _extend: function _extend(a, b) { return Object.assign(a, b); },
    callbackify: callbackify,
    debug: function debug() { return Object.assign(function () {}, { enabled: false }); },
    debuglog: function debuglog() { return Object.assign(function () {}, { enabled: false }); },
    deprecate: function deprecate(fn) { return fn; },
    format: n.format,
    styleText: function styleText(style, s) { return [].concat(style).reduceRight(function (t, k) { return "\u001b[" + codes[k][0] + "m" + t + "\u001b[" + codes[k][1] + "m"; }, s); },
    formatWithOptions: function formatWithOptions(options, ...args) { return n.format(...args); },
    inherits: function inherits(ctor, base) {
      Object.defineProperty(ctor, "super_", { value: base, writable: true, configurable: true });
      Object.setPrototypeOf(ctor.prototype, base.prototype);
    },
    inspect: inspect,
    isArray: Array.isArray,
    isBoolean: function (v) { return typeof v === "boolean"; },
    isBuffer: Buffer.isBuffer,
    isDeepStrictEqual: function isDeepStrictEqual(a, b) { return same(a, b, new Map()); },
    isNull: function (v) { return v === null; },
    isNullOrUndefined: function (v) { return v == null; },
    isNumber: function (v) { return typeof v === "number"; },
    isString: function (v) { return typeof v === "string"; },
    isSymbol: function (v) { return typeof v === "symbol"; },
    isUndefined: function (v) { return v === undefined; },
    isRegExp: types.isRegExp,
    isObject: function (v) { return v !== null && typeof v === "object"; },
    isDate: types.isDate,
    isError: function (v) { return n.kind(v) === "Error" || v instanceof Error; },
    isFunction: function (v) { return typeof v === "function"; },
    isPrimitive: function (v) { return v === null || typeof v !== "object" && typeof v !== "function"; },
    log: function log(...args) { console.log(...args); },
    promisify: promisify,
    stripVTControlCharacters: function stripVTControlCharacters(s) { return s.replace(/\u001b\[[0-9;?]*[A-Za-z]|\u001b\][^\u0007]*\u0007/g, ""); },
    toUSVString: function toUSVString(s) { return String(s).toWellFormed(); },
    types: types,
    TextDecoder: TextDecoder,
    TextEncoder: TextEncoder
  };
})
