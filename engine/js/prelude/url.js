// URL and URLSearchParams by the URL standard.
(function (utf8, fromUtf8) {
  var ports = { "http:": "80", "https:": "443", "ftp:": "21", "ws:": "80", "wss:": "443", "file:": "" };
  function special(p) { return Object.prototype.hasOwnProperty.call(ports, p); }
  function bytes(s) { return new Uint8Array(utf8(s)); }
  function hex(b) { return "%" + (b < 16 ? "0" : "") + b.toString(16).toUpperCase(); }
  function escaper(set) {
    return function (s) {
      var out = "";
      for (var c of s) {
        var k = c.codePointAt(0);
        if (k > 0x20 && k < 0x7f && set.indexOf(c) < 0) { out += c; } else { for (var b of bytes(c)) { out += hex(b); } }
      }
      return out;
    };
  }
  var inFragment = escaper("\"<>`"), inQuery = escaper("\"#<>"), inSpecialQuery = escaper("\"#<>'"), inPath = escaper("\"#<>?^`{}"), inUser = escaper("\"#<>?`{}/:;=@[\\]^|");
  function control(s) {
    var out = "";
    for (var c of s) { var k = c.codePointAt(0); if (k >= 0x20 && k < 0x7f) { out += c; } else { for (var b of bytes(c)) { out += hex(b); } } }
    return out;
  }
  function unescapeText(s) {
    if (s.indexOf("%") < 0) { return s; }
    var src = bytes(s), out = [];
    for (var i = 0; i < src.length; i++) {
      var h = src[i] === 37 && i + 2 < src.length + 0 ? String.fromCharCode(src[i + 1], src[i + 2]) : "";
      if (/^[0-9a-fA-F]{2}$/.test(h)) { out.push(parseInt(h, 16)); i += 2; } else { out.push(src[i]); }
    }
    return fromUtf8(new Uint8Array(out));
  }
  function punycode(label) {
    var points = Array.from(label, function (c) { return c.codePointAt(0); }), out = points.filter(function (c) { return c < 128; });
    var basic = out.length, done = basic, n = 128, delta = 0, bias = 72, text = String.fromCharCode.apply(null, out) + (basic ? "-" : "");
    function digit(d) { return String.fromCharCode(d + 22 + 75 * (d < 26)); }
    while (done < points.length) {
      var m = Math.min.apply(null, points.filter(function (c) { return c >= n; }));
      delta += (m - n) * (done + 1);
      n = m;
      for (var c of points) {
        if (c < n) { delta++; }
        if (c !== n) { continue; }
        var q = delta;
        for (var k = 36; ; k += 36) {
          var t = k <= bias ? 1 : k >= bias + 26 ? 26 : k - bias;
          if (q < t) { break; }
          text += digit(t + (q - t) % (36 - t));
          q = Math.floor((q - t) / (36 - t));
        }
        text += digit(q);
        var d = done === basic ? Math.floor(delta / 700) : delta >> 1;
        d += Math.floor(d / (done + 1));
        for (k = 0; d > 455; k += 36) { d = Math.floor(d / 35); }
        bias = k + Math.floor(36 * d / (d + 38));
        delta = 0;
        done++;
      }
      delta++;
      n++;
    }
    return "xn--" + text;
  }
  function ipv4(h) {
    var p = h.split(".");
    if (p[p.length - 1] === "" && p.length > 1) { p.pop(); }
    var last = p[p.length - 1];
    if (!/^(\d+|0[xX][0-9a-fA-F]*)$/.test(last)) { return h; }
    if (p.length > 4) { return null; }
    var nums = p.map(function (s) {
      if (s === "") { return NaN; }
      if (/^0[xX]/.test(s)) { return s.length === 2 ? 0 : /^0[xX][0-9a-fA-F]+$/.test(s) ? parseInt(s, 16) : NaN; }
      if (s.length > 1 && s[0] === "0") { return /^[0-7]+$/.test(s) ? parseInt(s, 8) : NaN; }
      return /^\d+$/.test(s) ? Number(s) : NaN;
    });
    if (nums.some(function (x) { return x !== x; })) { return null; }
    var tail = nums.pop();
    if (nums.some(function (x) { return x > 255; }) || tail >= Math.pow(256, 4 - nums.length)) { return null; }
    nums.forEach(function (x, i) { tail += x * Math.pow(256, 3 - i); });
    return [24, 16, 8, 0].map(function (s) { return Math.floor(tail / Math.pow(2, s)) % 256; }).join(".");
  }
  function ipv6(h) {
    var v4 = /^(.*:)(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(h);
    if (v4) { h = v4[1] + ((+v4[2] << 8) + +v4[3]).toString(16) + ":" + ((+v4[4] << 8) + +v4[5]).toString(16); }
    var half = h.split("::");
    if (half.length > 2) { return null; }
    var a = half[0] ? half[0].split(":") : [], b = half.length > 1 && half[1] ? half[1].split(":") : [];
    if (half.length === 1 ? a.length !== 8 : a.length + b.length > 7) { return null; }
    var all = a.concat(new Array(8 - a.length - b.length).fill("0"), b);
    if (!all.every(function (x) { return /^[0-9a-fA-F]{1,4}$/.test(x); })) { return null; }
    all = all.map(function (x) { return parseInt(x, 16); });
    var best = -1, len = 1;
    for (var i = 0; i < 8; i++) {
      for (var j = i; j < 8 && all[j] === 0; j++) { }
      if (j - i > len) { best = i; len = j - i; }
    }
    var text = all.map(function (x) { return x.toString(16); });
    return best < 0 ? text.join(":") : text.slice(0, best).join(":") + "::" + text.slice(best + len).join(":");
  }
  function host(h, isSpecial) {
    if (h[0] === "[") {
      var v6 = h[h.length - 1] === "]" ? ipv6(h.slice(1, -1)) : null;
      return v6 === null ? null : "[" + v6 + "]";
    }
    if (!isSpecial) { return /[\0\t\n\r #/<>?@[\\\]^|]/.test(h) ? null : control(h); }
    h = unescapeText(h).normalize("NFC").toLowerCase();
    h = h.split(/[.\u3002\uff0e\uff61]/).map(function (l) { return /[^\0-\x7f]/.test(l) ? punycode(l) : l; }).join(".");
    if (h === "" || /[\0-\x20"#%/:<>?@[\\\]^`{|}\x7f]/.test(h)) { return null; }
    return ipv4(h);
  }
  function segments(path, isSpecial, base) {
    var out = base || [], parts = path.split(isSpecial ? /[\/\\]/ : "/");
    parts.forEach(function (p, i) {
      var low = p.toLowerCase().replace(/%2e/g, "."), end = i === parts.length - 1;
      if (low === "..") { out.pop(); if (end) { out.push(""); } } else if (low === ".") { if (end) { out.push(""); } } else { out.push(inPath(p)); }
    });
    return out;
  }
  // parse gives the parts of a URL, null if it is none.
  function parse(s, base) {
    s = s.replace(/^[\0-\x20]+|[\0-\x20]+$/g, "").replace(/[\t\n\r]/g, "");
    var u = { protocol: "", username: "", password: "", hostname: null, port: "", path: [], opaque: null, query: null, hash: null };
    var i = s.indexOf("#");
    if (i >= 0) { u.hash = inFragment(s.slice(i + 1)); s = s.slice(0, i); }
    var m = /^([A-Za-z][A-Za-z0-9+.\-]*):/.exec(s), rest;
    if (m) {
      u.protocol = m[1].toLowerCase() + ":";
      rest = s.slice(m[0].length);
      if (special(u.protocol) && base && base.protocol === u.protocol && !/^[\/\\]/.test(rest)) { m = null; s = rest; }
    }
    var isSpecial, q;
    function query() {
      q = rest.indexOf("?");
      if (q >= 0) { u.query = (isSpecial ? inSpecialQuery : inQuery)(rest.slice(q + 1)); rest = rest.slice(0, q); }
    }
    if (!m) {
      if (!base) { return null; }
      if (base.opaque !== null) { if (s !== "") { return null; } return Object.assign({}, base, { hash: u.hash }); }
      u.protocol = base.protocol;
      isSpecial = special(u.protocol);
      rest = s;
      query();
      if (!(isSpecial ? /^[\/\\]{2}/ : /^\/\//).test(rest)) {
        u.username = base.username; u.password = base.password; u.hostname = base.hostname; u.port = base.port;
        if (rest === "") {
          u.path = base.path.slice();
          if (q < 0) { u.query = base.query; }
        } else if ((isSpecial ? /^[\/\\]/ : /^\//).test(rest)) { u.path = segments(rest.slice(1), isSpecial); } else {
          u.path = segments(rest, isSpecial, base.path.slice(0, -1));
        }
        return u;
      }
    } else {
      isSpecial = special(u.protocol);
      if (!isSpecial && rest[0] !== "/") {
        query();
        u.opaque = control(rest);
        return u;
      }
      query();
      if (!isSpecial && rest.slice(0, 2) !== "//") { u.path = segments(rest.slice(1), false); return u; }
    }
    rest = isSpecial && u.protocol !== "file:" ? rest.replace(/^[\/\\]*/, "") : rest.replace(isSpecial ? /^[\/\\]{0,2}/ : /^\/\//, "");
    var end = rest.search(isSpecial ? /[\/\\]/ : /\//), authority = end < 0 ? rest : rest.slice(0, end), path = end < 0 ? "" : rest.slice(end + 1);
    var at = authority.lastIndexOf("@");
    if (at >= 0) {
      var cred = authority.slice(0, at), c = cred.indexOf(":");
      u.username = inUser(c < 0 ? cred : cred.slice(0, c));
      u.password = c < 0 ? "" : inUser(cred.slice(c + 1));
      authority = authority.slice(at + 1);
    }
    var pm = /:(\d*)$/.exec(authority);
    if (pm) {
      authority = authority.slice(0, pm.index);
      if (Number(pm[1]) > 65535) { return null; }
      u.port = pm[1] === "" || String(Number(pm[1])) === ports[u.protocol] ? "" : String(Number(pm[1]));
    } else if (/:[^\]]*$/.test(authority) && authority[0] !== "[") { return null; }
    if (u.protocol === "file:") { u.hostname = authority === "" || authority === "localhost" ? "" : host(authority, true); } else {
      if (authority === "" && (isSpecial || at >= 0)) { return null; }
      u.hostname = authority === "" ? "" : host(authority, isSpecial);
    }
    if (u.hostname === null) { return null; }
    u.path = end < 0 ? (isSpecial ? [""] : []) : segments(path, isSpecial);
    if (isSpecial && u.path.length === 0) { u.path = [""]; }
    return u;
  }

  function coded(s) {
    var out = "";
    for (var c of s.toWellFormed()) { out += /[A-Za-z0-9*\-._]/.test(c) ? c : c === " " ? "+" : Array.from(bytes(c), hex).join(""); }
    return out;
  }
  function pairsOf(s) {
    return s.split("&").filter(Boolean).map(function (p) {
      var i = p.indexOf("="), k = i < 0 ? p : p.slice(0, i), v = i < 0 ? "" : p.slice(i + 1);
      return [unescapeText(k.replace(/\+/g, " ")), unescapeText(v.replace(/\+/g, " "))];
    });
  }
  var update = Symbol("update"), list = Symbol("list");
  function hiddenValue(o, k, v) { Object.defineProperty(o, k, { value: v, writable: true, enumerable: false, configurable: true }); }
  class URLSearchParams {
    constructor(init) {
      hiddenValue(this, list, []);
      hiddenValue(this, update, null);
      if (init === undefined || init === null) { return; }
      if (typeof init === "object" || typeof init === "function") {
        if (typeof init[Symbol.iterator] === "function") {
          for (var p of init) {
            p = Array.from(p);
            if (p.length !== 2) { var e = new TypeError("Each query pair must be an iterable [name, value] tuple"); e.code = "ERR_INVALID_TUPLE"; throw e; }
            this[list].push([String(p[0]), String(p[1])]);
          }
        } else { for (var k of Object.keys(init)) { this[list].push([k, String(init[k])]); } }
        return;
      }
      init = String(init);
      hiddenValue(this, list, pairsOf(init[0] === "?" ? init.slice(1) : init));
    }
    get size() { return this[list].length; }
    append(k, v) { this[list].push([String(k), String(v)]); this.#changed(); }
    delete(k, v) {
      hiddenValue(this, list, this[list].filter(function (p) { return !(p[0] === String(k) && (v === undefined || p[1] === String(v))); }));
      this.#changed();
    }
    get(k) { var p = this[list].find(function (p) { return p[0] === String(k); }); return p ? p[1] : null; }
    getAll(k) { return this[list].filter(function (p) { return p[0] === String(k); }).map(function (p) { return p[1]; }); }
    has(k, v) { return this[list].some(function (p) { return p[0] === String(k) && (v === undefined || p[1] === String(v)); }); }
    set(k, v) {
      var done = false;
      k = String(k);
      hiddenValue(this, list, this[list].filter(function (p) {
        if (p[0] !== k) { return true; }
        if (done) { return false; }
        p[1] = String(v);
        return done = true;
      }));
      if (!done) { this[list].push([k, String(v)]); }
      this.#changed();
    }
    sort() { this[list].sort(function (a, b) { return a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0; }); this.#changed(); }
    forEach(fn, that) { for (var p of this[list]) { fn.call(that, p[1], p[0], this); } }
    *entries() { for (var p of this[list]) { yield [p[0], p[1]]; } }
    *keys() { for (var p of this[list]) { yield p[0]; } }
    *values() { for (var p of this[list]) { yield p[1]; } }
    [Symbol.iterator]() { return this.entries(); }
    toString() { return this[list].map(function (p) { return coded(p[0]) + "=" + coded(p[1]); }).join("&"); }
    get [Symbol.toStringTag]() { return "URLSearchParams"; }
    #changed() { if (this[update]) { this[update](this.toString()); } }
  }
  class URL {
    #u; #params;
    constructor(s, base) {
      if (arguments.length === 0) {
        var missing = new TypeError("The \"url\" argument must be specified");
        missing.code = "ERR_MISSING_ARGS";
        throw missing;
      }
      s = String(s).toWellFormed();
      var b;
      if (base !== undefined) { b = parse(String(base)); }
      this.#u = base !== undefined && !b ? null : parse(s, b);
      if (!this.#u) {
        var e = new TypeError("Invalid URL");
        e.code = "ERR_INVALID_URL";
        e.input = s;
        if (base !== undefined) { e.base = String(base); }
        throw e;
      }
    }
    static canParse(s, base) {
      var b = base === undefined ? undefined : parse(String(base));
      return b !== null && parse(String(s), b) !== null;
    }
    static parse(s, base) { return URL.canParse(s, base) ? new URL(s, base) : null; }
    get href() {
      var u = this.#u, out = u.protocol;
      if (u.hostname !== null) {
        out += "//";
        if (u.username || u.password) { out += u.username + (u.password ? ":" + u.password : "") + "@"; }
        out += this.host;
      } else if (u.opaque === null && u.path.length > 1 && u.path[0] === "") { out += "/."; }
      return out + this.pathname + (u.query === null ? "" : "?" + u.query) + (u.hash === null ? "" : "#" + u.hash);
    }
    set href(v) { this.#u = new URL(v).#u; this.#sync(); }
    get origin() { return special(this.#u.protocol) && this.#u.protocol !== "file:" ? this.#u.protocol + "//" + this.host : "null"; }
    get protocol() { return this.#u.protocol; }
    set protocol(v) {
      var m = /^([A-Za-z][A-Za-z0-9+.\-]*):?/.exec(String(v)), p = m && m[1].toLowerCase() + ":";
      if (p && special(p) === special(this.#u.protocol)) { this.#u.protocol = p; if (this.#u.port === ports[p]) { this.#u.port = ""; } }
    }
    get username() { return this.#u.username; }
    set username(v) { if (this.#u.hostname) { this.#u.username = inUser(String(v)); } }
    get password() { return this.#u.password; }
    set password(v) { if (this.#u.hostname) { this.#u.password = inUser(String(v)); } }
    get host() { return (this.#u.hostname || "") + (this.#u.port ? ":" + this.#u.port : ""); }
    set host(v) {
      var m = /^(\[[^\]]*\]|[^:\/\\?#]*)(?::(\d+))?/.exec(String(v));
      if (this.#u.opaque !== null || !m[1]) { return; }
      var h = host(m[1], special(this.#u.protocol));
      if (h !== null) { this.#u.hostname = h; if (m[2] !== undefined) { this.port = m[2]; } }
    }
    get hostname() { return this.#u.hostname || ""; }
    set hostname(v) { if (!/:/.test(String(v).replace(/^\[.*\]/, ""))) { this.host = String(v); } }
    get port() { return this.#u.port; }
    set port(v) {
      v = String(v);
      if (!this.#u.hostname || this.#u.protocol === "file:") { return; }
      var m = /^\d+/.exec(v);
      if (v === "") { this.#u.port = ""; } else if (m && Number(m[0]) <= 65535) { this.#u.port = String(Number(m[0])) === ports[this.#u.protocol] ? "" : String(Number(m[0])); }
    }
    get pathname() { var u = this.#u; return u.opaque !== null ? u.opaque : u.path.map(function (p) { return "/" + p; }).join(""); }
    set pathname(v) {
      var u = this.#u, s = special(u.protocol);
      if (u.opaque === null) { u.path = segments(String(v).replace(s ? /^[\/\\]/ : /^\//, ""), s); }
    }
    get search() { return this.#u.query ? "?" + this.#u.query : ""; }
    set search(v) {
      v = String(v);
      this.#u.query = v === "" ? null : (special(this.#u.protocol) ? inSpecialQuery : inQuery)(v[0] === "?" ? v.slice(1) : v);
      this.#sync();
    }
    get searchParams() {
      if (!this.#params) {
        this.#params = new URLSearchParams(this.#u.query || "");
        this.#params[update] = (s) => { this.#u.query = s === "" ? null : s; };
      }
      return this.#params;
    }
    get hash() { return this.#u.hash ? "#" + this.#u.hash : ""; }
    set hash(v) { v = String(v); this.#u.hash = v === "" ? null : inFragment(v[0] === "#" ? v.slice(1) : v); }
    #sync() { if (this.#params) { hiddenValue(this.#params, list, pairsOf(this.#u.query || "")); } }
    toString() { return this.href; }
    toJSON() { return this.href; }
    get [Symbol.toStringTag]() { return "URL"; }
  }
  for (var name of ["href", "origin", "protocol", "username", "password", "host", "hostname", "port", "pathname", "search", "searchParams", "hash", "toString", "toJSON"]) {
    Object.defineProperty(URL.prototype, name, { enumerable: true });
  }
  return { URL: URL, URLSearchParams: URLSearchParams };
})
