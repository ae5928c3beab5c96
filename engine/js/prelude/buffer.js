// Node's Buffer. What touches bytes is done by the functions in b, written in Go.
(function (b, received, inspect) {
  var names = {
    utf8: "utf8", "utf-8": "utf8", hex: "hex", base64: "base64", base64url: "base64url", latin1: "latin1",
    binary: "latin1", ascii: "ascii", ucs2: "utf16le", "ucs-2": "utf16le", utf16le: "utf16le", "utf-16le": "utf16le"
  };
  function fail(Class, code, text) {
    var e = new Class(text);
    e.code = code;
    throw e;
  }
  function argument(name, want, v) {
    fail(TypeError, "ERR_INVALID_ARG_TYPE", "The " + name + " must be " + want + ". Received " + received(v));
  }
  function range(name, want, v) {
    fail(RangeError, "ERR_OUT_OF_RANGE", "The value of \"" + name + "\" is out of range. It must be " + want + ". Received " + String(v));
  }
  function known(encoding) { return names[String(encoding).toLowerCase()]; }
  function encodingOf(encoding) {
    if (encoding === undefined || encoding === null || encoding === "") { return "utf8"; }
    var e = known(encoding);
    if (!e) { fail(TypeError, "ERR_UNKNOWN_ENCODING", "Unknown encoding: " + encoding); }
    return e;
  }
  function isBytes(v) { return v instanceof Uint8Array; }
  function needBytes(name, v) { if (!isBytes(v)) { argument(name, "an instance of Buffer or Uint8Array", v); } }
  function sizeOf(n) {
    if (typeof n !== "number") { argument("\"size\" argument", "of type number", n); }
    if (!(n >= 0 && n <= 9007199254740991)) { range("size", ">= 0 && <= 9007199254740991", n); }
    return n;
  }
  function int(v, otherwise) {
    v = +v;
    return v !== v ? otherwise : Math.trunc(v);
  }

  class FastBuffer extends Uint8Array {}

  function Buffer(v, encodingOrOffset, length) {
    if (typeof v === "number") {
      if (typeof encodingOrOffset === "string") { argument("\"string\" argument", "of type string", v); }
      return Buffer.alloc(v);
    }
    return Buffer.from(v, encodingOrOffset, length);
  }
  var proto = FastBuffer.prototype;
  Object.setPrototypeOf(Buffer, Uint8Array);
  Buffer.prototype = proto;
  Object.defineProperty(Buffer, "prototype", { enumerable: false, writable: true });
  Object.defineProperty(proto, "constructor", { value: Buffer, writable: true, configurable: true, enumerable: false });
  Object.defineProperty(Buffer, Symbol.species, { configurable: true, get: function () { return FastBuffer; } });
  Object.defineProperty(FastBuffer, Symbol.species, { configurable: true, get: function () { return FastBuffer; } });

  function hide(o, table) {
    for (var name of Object.getOwnPropertyNames(table)) { Object.defineProperty(o, name, Object.getOwnPropertyDescriptor(table, name)); }
  }
  function fromArray(a) {
    var n = a.length > 0 ? Math.trunc(a.length) : 0, out = new FastBuffer(n);
    for (var i = 0; i < n; i++) { out[i] = a[i]; }
    return out;
  }
  function fromString(s, encoding) { return new FastBuffer(b.encode(s, encodingOf(encoding))); }

  hide(Buffer, {
    poolSize: 8192,
    from: function from(v, encodingOrOffset, length) {
      if (typeof v === "string") { return fromString(v, typeof encodingOrOffset === "string" ? encodingOrOffset : undefined); }
      if (typeof v === "object" && v !== null) {
        if (v instanceof ArrayBuffer) {
          var at = encodingOrOffset === undefined ? 0 : int(encodingOrOffset, 0), most = v.byteLength - at;
          if (most < 0) { fail(RangeError, "ERR_BUFFER_OUT_OF_BOUNDS", "\"offset\" is outside of buffer bounds"); }
          if (length === undefined) { length = most; } else {
            length = +length;
            if (length > 0) {
              if (length > most) { fail(RangeError, "ERR_BUFFER_OUT_OF_BOUNDS", "\"length\" is outside of buffer bounds"); }
            } else { length = 0; }
          }
          return new FastBuffer(v, at, length);
        }
        var inner = v.valueOf && v.valueOf();
        if (inner != null && inner !== v && (typeof inner === "string" || typeof inner === "object")) {
          return from(inner, encodingOrOffset, length);
        }
        if (ArrayBuffer.isView(v) && !isBytes(v)) { return fromArray(v); }
        if (isBytes(v)) { return new FastBuffer(v); }
        if (v.length !== undefined) { return typeof v.length === "number" ? fromArray(v) : new FastBuffer(); }
        if (v.type === "Buffer" && Array.isArray(v.data)) { return fromArray(v.data); }
        if (typeof v[Symbol.toPrimitive] === "function") {
          var p = v[Symbol.toPrimitive]("string");
          if (typeof p === "string") { return fromString(p, encodingOrOffset); }
        }
      }
      argument("first argument", "of type string or an instance of Buffer, ArrayBuffer, or Array or an Array-like Object", v);
    },
    copyBytesFrom: function copyBytesFrom(view, offset, length) {
      if (!ArrayBuffer.isView(view) || view instanceof DataView) { argument("\"view\" argument", "an instance of TypedArray", view); }
      var part = view.subarray(offset === undefined ? 0 : offset, length === undefined ? undefined : (offset || 0) + length);
      return new FastBuffer(new Uint8Array(part.buffer, part.byteOffset, part.byteLength));
    },
    of: function of(...items) { return fromArray(items); },
    alloc: function alloc(size, fill, encoding) {
      var out = new FastBuffer(sizeOf(size));
      if (fill !== undefined && fill !== 0 && size > 0) { return proto.fill.call(out, fill, typeof encoding === "string" ? encoding : undefined); }
      return out;
    },
    allocUnsafe: function allocUnsafe(size) { return new FastBuffer(sizeOf(size)); },
    allocUnsafeSlow: function allocUnsafeSlow(size) { return new FastBuffer(sizeOf(size)); },
    isBuffer: function isBuffer(v) { return v instanceof Buffer; },
    compare: function compare(x, y) {
      needBytes("\"buf1\" argument", x);
      needBytes("\"buf2\" argument", y);
      return b.compare(x, y);
    },
    isEncoding: function isEncoding(e) { return typeof e === "string" && e.length !== 0 && known(e) !== undefined; },
    concat: function concat(list, length) {
      if (!Array.isArray(list)) { argument("\"list\" argument", "an instance of Array", list); }
      if (list.length === 0) { return new FastBuffer(); }
      if (length === undefined) {
        length = 0;
        for (var x of list) { if (x && x.length) { length += x.length; } }
      } else if (!(length >= 0)) { range("length", ">= 0 && <= 9007199254740991", length); }
      var out = Buffer.alloc(length), at = 0;
      for (var i = 0; i < list.length; i++) {
        needBytes("\"list[" + i + "]\" argument", list[i]);
        if (at < length) { at += b.copy(out, list[i], at, 0, list[i].length); }
      }
      return out;
    },
    byteLength: function byteLength(s, encoding) {
      if (typeof s !== "string") {
        if (ArrayBuffer.isView(s) || s instanceof ArrayBuffer) { return s.byteLength; }
        argument("\"string\" argument", "of type string or an instance of Buffer or ArrayBuffer", s);
      }
      var e = known(encoding) || "utf8";
      if (e === "base64" || e === "base64url") {
        var n = s.length;
        if (s[n - 1] === "=") { n--; }
        if (n > 1 && s[n - 1] === "=") { n--; }
        return (n * 3) >>> 2;
      }
      return e === "hex" ? s.length >>> 1 : b.byteLength(s, e);
    }
  });

  function slicer(encoding) {
    return function (start, end) {
      start = start === undefined ? 0 : start;
      end = end === undefined ? this.length : end;
      if (start < 0 || start > this.length) { fail(RangeError, "ERR_OUT_OF_RANGE", "Index out of range"); }
      return end <= start ? "" : b.decode(this, encoding, start, Math.min(end, this.length));
    };
  }
  function writer(encoding) {
    return function (s, offset, length) {
      offset = offset === undefined ? 0 : offset;
      if (offset < 0 || offset > this.length) { fail(RangeError, "ERR_BUFFER_OUT_OF_BOUNDS", "\"offset\" is outside of buffer bounds"); }
      return put(this, s, offset, length === undefined ? this.length - offset : length, encoding);
    };
  }
  function put(buf, s, offset, length, encoding) {
    var bytes = new Uint8Array(b.encode(s, encoding)), n = Math.min(length, bytes.length, buf.length - offset);
    if (n < bytes.length) {
      if (encoding === "utf16le") { n -= n % 2; }
      if (encoding === "utf8") { while (n > 0 && (bytes[n] & 0xC0) === 0x80) { n--; } }
    }
    return b.copy(buf, bytes, offset, 0, n);
  }
  function search(buf, v, offset, encoding, forward) {
    if (typeof offset === "string") { encoding = offset; offset = undefined; }
    offset = +offset;
    if (offset !== offset) { offset = forward ? 0 : buf.length; }
    offset = Math.max(-0x80000000, Math.min(0x7fffffff, Math.trunc(offset)));
    var step = 1;
    if (typeof v === "number") { v = new Uint8Array([v]); } else if (typeof v === "string") {
      var e = encodingOf(encoding);
      if (e === "utf16le") { step = 2; }
      v = new Uint8Array(b.encode(v, e));
    } else if (!isBytes(v)) {
      argument("\"value\" argument", "one of type number or string or an instance of Buffer or Uint8Array", v);
    }
    if (offset < 0) {
      offset += buf.length;
      if (offset < 0) { if (!forward) { return -1; } offset = 0; }
    }
    if (v.length === 0) { return Math.min(offset, buf.length); }
    if (offset >= buf.length) { if (forward) { return -1; } offset = buf.length - 1; }
    return b.index(buf, v, offset, forward, step);
  }
  function swapper(bits) {
    return function () {
      if (this.length % (bits / 8)) { fail(RangeError, "ERR_INVALID_BUFFER_SIZE", "Buffer size must be a multiple of " + bits + "-bits"); }
      b.swap(this, bits / 8);
      return this;
    };
  }

  var methods = {
    get parent() { return this instanceof Buffer ? this.buffer : undefined; },
    get offset() { return this instanceof Buffer ? this.byteOffset : undefined; },
    copy: function copy(target, at, from, to) {
      if (!isBytes(target)) { argument("\"target\" argument", "an instance of Buffer or Uint8Array", target); }
      at = at === undefined ? 0 : int(at, 0);
      if (at < 0) { range("targetStart", ">= 0", at); }
      from = from === undefined ? 0 : int(from, 0);
      if (from < 0 || from > this.length) { range("sourceStart", ">= 0 && <= " + this.length, from); }
      to = to === undefined ? this.length : int(to, 0);
      if (to < 0) { range("sourceEnd", ">= 0", to); }
      if (at >= target.length || from >= to) { return 0; }
      return b.copy(target, this, at, from, Math.min(to, this.length));
    },
    toString: function toString(encoding, start, end) {
      if (arguments.length === 0) { return b.decode(this, "utf8", 0, this.length); }
      var n = this.length;
      start = start === undefined || start <= 0 ? 0 : int(start, 0);
      if (start >= n) { return ""; }
      end = end === undefined || end > n ? n : int(end, 0);
      return end <= start ? "" : b.decode(this, encodingOf(encoding === null ? "null" : encoding), start, end);
    },
    equals: function equals(other) {
      needBytes("\"otherBuffer\" argument", other);
      return this === other || this.length === other.length && b.compare(this, other) === 0;
    },
    inspect: function () { return inspect(this); },
    compare: function compare(target, start, end, from, to) {
      needBytes("\"target\" argument", target);
      if (arguments.length === 1) { return b.compare(this, target); }
      function limit(name, v, otherwise, most) {
        if (v === undefined) { return otherwise; }
        if (typeof v !== "number") { argument("\"" + name + "\" argument", "of type number", v); }
        if (!(v >= 0 && v <= most)) { range(name, ">= 0 && <= " + most, v); }
        return v;
      }
      start = limit("targetStart", start, 0, 9007199254740991);
      end = limit("targetEnd", end, target.length, target.length);
      from = limit("sourceStart", from, 0, 9007199254740991);
      to = limit("sourceEnd", to, this.length, this.length);
      if (from >= to) { return start >= end ? 0 : -1; }
      return start >= end ? 1 : b.compare(this.subarray(from, to), target.subarray(start, end));
    },
    indexOf: function indexOf(v, offset, encoding) { return search(this, v, offset, encoding, true); },
    lastIndexOf: function lastIndexOf(v, offset, encoding) { return search(this, v, offset, encoding, false); },
    includes: function includes(v, offset, encoding) { return search(this, v, offset, encoding, true) !== -1; },
    fill: function fill(v, offset, end, encoding) {
      if (typeof offset === "string") { encoding = offset; offset = undefined; } else if (typeof end === "string") { encoding = end; end = undefined; }
      if (offset === undefined) { offset = 0; end = this.length; } else {
        if (typeof offset !== "number") { argument("\"offset\" argument", "of type number", offset); }
        if (!(offset >= 0 && offset <= 9007199254740991)) { range("offset", ">= 0 && <= 9007199254740991", offset); }
        if (end === undefined) { end = this.length; } else {
          if (typeof end !== "number") { argument("\"end\" argument", "of type number", end); }
          if (!(end >= 0 && end <= this.length)) { range("end", ">= 0 && <= " + this.length, end); }
        }
      }
      if (offset >= end) { return this; }
      var bytes;
      if (typeof v === "string") {
        if (encoding !== undefined && typeof encoding !== "string") { argument("\"encoding\" argument", "of type string", encoding); }
        bytes = v === "" ? new Uint8Array(1) : new Uint8Array(b.encode(v, encodingOf(encoding)));
      } else if (isBytes(v)) { bytes = v; } else {
        bytes = new Uint8Array([typeof v === "boolean" ? +v : v & 255]);
      }
      if (bytes.length === 0) { fail(TypeError, "ERR_INVALID_ARG_VALUE", "The argument 'value' is invalid. Received " + inspect(v)); }
      b.fill(this, bytes, offset, end);
      return this;
    },
    write: function write(s, offset, length, encoding) {
      if (typeof s !== "string") { fail(TypeError, "ERR_INVALID_ARG_TYPE", "argument must be a string"); }
      if (offset === undefined) { return put(this, s, 0, this.length, "utf8"); }
      if (length === undefined && typeof offset === "string") { return put(this, s, 0, this.length, encodingOf(offset)); }
      if (typeof offset !== "number") { argument("\"offset\" argument", "of type number", offset); }
      if (!(offset >= 0 && offset <= this.length)) { range("offset", ">= 0 && <= " + this.length, offset); }
      var rest = this.length - offset;
      if (typeof length === "string") { encoding = length; length = rest; } else if (length === undefined) { length = rest; } else {
        if (typeof length !== "number") { argument("\"length\" argument", "of type number", length); }
        if (!(length >= 0 && length <= this.length)) { range("length", ">= 0 && <= " + this.length, length); }
        length = Math.min(length, rest);
      }
      return put(this, s, offset, length, encodingOf(encoding));
    },
    toJSON: function toJSON() { return { type: "Buffer", data: Array.from(this) }; },
    subarray: function subarray(start, end) {
      var n = this.length;
      function at(v, otherwise) {
        v = v === undefined ? otherwise : int(v, 0);
        return v < 0 ? Math.max(0, v + n) : Math.min(v, n);
      }
      var from = at(start, 0), to = at(end, n);
      return new FastBuffer(this.buffer, this.byteOffset + from, Math.max(0, to - from));
    },
    slice: function slice(start, end) { return this.subarray(start, end); },
    swap16: swapper(16), swap32: swapper(32), swap64: swapper(64)
  };
  methods.toLocaleString = methods.toString;
  for (var pair of [["ascii", "ascii"], ["base64", "base64"], ["base64url", "base64url"], ["latin1", "latin1"], ["hex", "hex"], ["ucs2", "utf16le"], ["utf8", "utf8"]]) {
    methods[pair[0] + "Slice"] = slicer(pair[1]);
    methods[pair[0] + "Write"] = writer(pair[1]);
  }
  Object.keys(b).forEach(function (name) {
    if (!/^(read|write)[A-Z]/.test(name)) { return; }
    var fn = b[name];
    var method = name[0] === "r" ? { f(offset, width) { return fn(this, offset, width); } }.f : { f(v, offset, width) { return fn(this, v, offset, width); } }.f;
    for (var alias of [name, name.replace("UInt", "Uint")]) {
      if (methods[alias]) { continue; }
      methods[alias] = method;
      Object.defineProperty(method, "name", { value: name, configurable: true });
    }
  });
  hide(proto, methods);
  for (var name of Object.keys(proto)) { Object.defineProperty(proto, name, { enumerable: false }); }
  Buffer.__make = function (buffer) { return new FastBuffer(buffer); };
  return Buffer;
})
