// Node's module string_decoder.
(function () {
  function StringDecoder(encoding) {
    this.encoding = String(encoding || "utf8").toLowerCase().replace(/^utf-8$/, "utf8").replace(/^(ucs-?2|utf-16le)$/, "utf16le");
    if (!Buffer.isEncoding(this.encoding)) {
      var e = new TypeError("Unknown encoding: " + encoding);
      e.code = "ERR_UNKNOWN_ENCODING";
      throw e;
    }
    this.kept = Buffer.alloc(0);
  }
  // whole is how many of the bytes make complete characters.
  function whole(encoding, b) {
    if (encoding === "utf16le") {
      var n = b.length - b.length % 2;
      return n >= 2 && (b[n - 1] & 0xFC) === 0xD8 ? n - 2 : n;
    }
    if (encoding === "base64" || encoding === "base64url") { return b.length - b.length % 3; }
    if (encoding !== "utf8") { return b.length; }
    for (var back = 1; back <= 3 && back <= b.length; back++) {
      var c = b[b.length - back];
      if ((c & 0xC0) === 0x80) { continue; }
      var need = c >= 0xF0 && c < 0xF5 ? 4 : c >= 0xE0 && c < 0xF0 ? 3 : c >= 0xC2 && c < 0xE0 ? 2 : 1;
      return need > back ? b.length - back : b.length;
    }
    return b.length;
  }
  StringDecoder.prototype.write = function write(b) {
    if (typeof b === "string") { return b; }
    var all = Buffer.concat([this.kept, Buffer.from(b)]), n = whole(this.encoding, all);
    this.kept = all.subarray(n);
    return all.toString(this.encoding, 0, n);
  };
  StringDecoder.prototype.end = function end(b) {
    var out = b === undefined ? "" : this.write(b);
    out += this.kept.toString(this.encoding);
    this.kept = Buffer.alloc(0);
    return out;
  };
  return { StringDecoder: StringDecoder };
})
