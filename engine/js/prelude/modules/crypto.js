// Node's module crypto: hashes, authentication codes, random data from the run's
// seed, key derivation and the AES ciphers.
(function (host) {
  var n = host.crypto;
  function bytes(v, encoding) {
    if (typeof v === "string") { return Buffer.from(v, encoding || "utf8"); }
    if (v instanceof ArrayBuffer) { return Buffer.from(v); }
    if (ArrayBuffer.isView(v)) { return Buffer.from(v.buffer, v.byteOffset, v.byteLength); }
    if (v && v.export && v.secret) { return v.secret; }
    var e = new TypeError("The \"data\" argument must be of type string or an instance of Buffer, TypedArray, or DataView. Received " + host.received(v));
    e.code = "ERR_INVALID_ARG_TYPE";
    throw e;
  }
  function given(b, encoding) { return encoding && encoding !== "buffer" ? b.toString(encoding) : b; }
  class Digest {
    constructor(kind, algorithm, key, parts) { this.kind = kind; this.algorithm = algorithm; this.key = key; this.parts = parts || []; this.ended = false; }
    update(data, encoding) {
      if (this.ended) { var e = new Error("Digest already called"); e.code = "ERR_CRYPTO_HASH_FINALIZED"; throw e; }
      this.parts.push(Buffer.from(bytes(data, encoding)));
      return this;
    }
    digest(encoding) {
      if (this.ended) { var e = new Error("Digest already called"); e.code = "ERR_CRYPTO_HASH_FINALIZED"; throw e; }
      this.ended = true;
      var all = Buffer.concat(this.parts);
      return given(this.kind === "hash" ? n.hash(this.algorithm, all) : n.hmac(this.algorithm, this.key, all), encoding);
    }
    copy() { return new Digest(this.kind, this.algorithm, this.key, this.parts.slice()); }
  }
  function known(algorithm) {
    if (n.hashes().indexOf(String(algorithm).toLowerCase()) < 0) { throw new Error("Digest method not supported"); }
    return String(algorithm).toLowerCase();
  }
  class Cipher {
    constructor(name, key, iv, decrypt, options) {
      this.name = String(name).toLowerCase(); this.key = bytes(key); this.iv = iv === null || iv === undefined ? Buffer.alloc(0) : bytes(iv);
      this.decrypt = decrypt; this.parts = []; this.aad = Buffer.alloc(0); this.padding = true; this.tagLength = options && options.authTagLength || 16;
      n.cipherCheck(this.name, this.key, this.iv);
    }
    setAutoPadding(on) { this.padding = on === undefined || !!on; return this; }
    setAAD(b) { this.aad = bytes(b); return this; }
    setAuthTag(b) { this.tag = bytes(b); return this; }
    getAuthTag() { return this.tag; }
    update(data, from, to) { this.parts.push(Buffer.from(bytes(data, from))); return given(Buffer.alloc(0), to); }
    final(to) {
      var r = n.cipher(this.name, this.key, this.iv, Buffer.concat(this.parts), this.decrypt, this.padding, this.aad, this.tag || Buffer.alloc(0), this.tagLength);
      if (!this.decrypt) { this.tag = r.tag; }
      return given(r.data, to);
    }
  }
  function randomBytes(size, cb) {
    var b = n.random(size);
    if (cb) { Promise.resolve().then(function () { cb(null, b); }); return undefined; }
    return b;
  }
  function later(f) {
    return function (...args) {
      var cb = args.pop(), v, e = null;
      try { v = f(...args); } catch (x) { e = x; }
      Promise.resolve().then(function () { cb(e, v); });
    };
  }
  function pbkdf2Sync(password, salt, iterations, length, digest) { return n.pbkdf2(bytes(password), bytes(salt), iterations, length, known(digest)); }
  function scryptSync(password, salt, length, o) {
    o = o || {};
    return n.scrypt(bytes(password), bytes(salt), o.N || o.cost || 16384, o.r || o.blockSize || 8, o.p || o.parallelization || 1, length);
  }
  function randomUUID() {
    var b = n.random(16), h;
    b[6] = b[6] & 15 | 64; b[8] = b[8] & 63 | 128; h = b.toString("hex");
    return h.slice(0, 8) + "-" + h.slice(8, 12) + "-" + h.slice(12, 16) + "-" + h.slice(16, 20) + "-" + h.slice(20);
  }
  function fill(b) { n.random(b.byteLength).copy(Buffer.from(b.buffer || b, b.byteOffset || 0, b.byteLength)); return b; }
  function randomInt(low, high, cb) {
    if (high === undefined || typeof high === "function") { cb = high; high = low; low = 0; }
    var v = low + Math.floor(n.uniform() * (high - low));
    if (cb) { Promise.resolve().then(function () { cb(null, v); }); return undefined; }
    return v;
  }
  function equal(a, b) {
    a = bytes(a); b = bytes(b);
    if (a.length !== b.length) { var e = new RangeError("Input buffers must have the same byte length"); e.code = "ERR_CRYPTO_TIMING_SAFE_EQUAL_LENGTH"; throw e; }
    return a.equals(b);
  }
  var web = { getRandomValues: fill, randomUUID: randomUUID };
  return {
    createHash: function createHash(a) { return new Digest("hash", known(a)); },
    createHmac: function createHmac(a, key) { return new Digest("hmac", known(a), bytes(key)); },
    hash: function hash(a, data, encoding) { return given(n.hash(known(a), bytes(data)), encoding || "hex"); },
    getHashes: function getHashes() { return n.hashes(); }, getCiphers: function getCiphers() { return n.ciphers(); },
    randomBytes: randomBytes, pseudoRandomBytes: randomBytes, randomFillSync: fill, randomFill: later(fill), randomUUID: randomUUID, randomInt: randomInt,
    timingSafeEqual: equal, pbkdf2Sync: pbkdf2Sync, pbkdf2: later(pbkdf2Sync), scryptSync: scryptSync,
    scrypt: later(scryptSync), createSecretKey: function createSecretKey(k, encoding) { var b = bytes(k, encoding); return { type: "secret", secret: b, symmetricKeySize: b.length, export: function () { return b; } }; },
    createCipheriv: function createCipheriv(a, key, iv, o) { return new Cipher(a, key, iv, false, o); },
    createDecipheriv: function createDecipheriv(a, key, iv, o) { return new Cipher(a, key, iv, true, o); },
    webcrypto: web, getRandomValues: fill, constants: {}
  };
})
