// Node's module assert.
(function (host) {
  var same = host.util.isDeepStrictEqual;
  class AssertionError extends Error {
    constructor(o) {
      super(o.message);
      this.name = "AssertionError"; this.code = "ERR_ASSERTION"; this.generatedMessage = !!o.generated;
      this.actual = o.actual; this.expected = o.expected; this.operator = o.operator;
    }
  }
  function fail(message, made, actual, expected, operator) {
    if (message instanceof Error) { throw message; }
    throw new AssertionError({ message: message === undefined ? made : message, generated: message === undefined, actual: actual, expected: expected, operator: operator });
  }
  function show(v) { return host.inspect(v); }
  function assert(v, message) {
    if (!v) { fail(message, arguments.length === 0 ? "No value argument passed to `assert.ok()`" : "The expression evaluated to a falsy value", v, true, "=="); }
  }
  function loose(a, b) {
    if (a == b || a !== a && b !== b) { return true; }
    if (typeof a !== "object" || typeof b !== "object" || !a || !b) { return false; }
    var ka = Object.keys(a), kb = Object.keys(b);
    return Array.isArray(a) === Array.isArray(b) && ka.length === kb.length && ka.every(function (k) { return k in b && loose(a[k], b[k]); });
  }
  function matches(e, want, message) {
    if (want === undefined) { return; }
    if (want instanceof RegExp) { if (want.test(String(e))) { return; } fail(message, "The input did not match the regular expression " + want + ". Input:\n\n" + show(String(e)) + "\n", e, want, "throws"); }
    if (typeof want === "function") {
      if (want.prototype !== undefined && e instanceof want || !Error.isPrototypeOf(want) && want !== Error && want.call({}, e) === true) { return; }
      throw e;
    }
    for (var k of Object.keys(want)) {
      if (want[k] instanceof RegExp && typeof e[k] === "string" ? want[k].test(e[k]) : same(e[k], want[k])) { continue; }
      fail(message, "Expected values to be strictly deep-equal", e, want, "throws");
    }
  }
  function caught(f) { try { f(); } catch (e) { return { e: e }; } return null; }
  Object.assign(assert, {
    ok: assert, AssertionError: AssertionError, fail: function (m) { fail(m, "Failed", undefined, undefined, "fail"); },
    equal: function equal(a, b, m) { if (!(a == b || a !== a && b !== b)) { fail(m, show(a) + " == " + show(b), a, b, "=="); } },
    notEqual: function notEqual(a, b, m) { if (a == b || a !== a && b !== b) { fail(m, show(a) + " != " + show(b), a, b, "!="); } },
    strictEqual: function strictEqual(a, b, m) { if (!Object.is(a, b)) { fail(m, "Expected values to be strictly equal:\n\n" + show(a) + " !== " + show(b) + "\n", a, b, "strictEqual"); } },
    notStrictEqual: function notStrictEqual(a, b, m) { if (Object.is(a, b)) { fail(m, "Expected \"actual\" to be strictly unequal to: " + show(b), a, b, "notStrictEqual"); } },
    deepEqual: function deepEqual(a, b, m) { if (!loose(a, b)) { fail(m, "Expected values to be loosely deep-equal:\n\n" + show(a) + "\n\nshould loosely deep-equal\n\n" + show(b), a, b, "deepEqual"); } },
    notDeepEqual: function notDeepEqual(a, b, m) { if (loose(a, b)) { fail(m, "Expected \"actual\" not to be loosely deep-equal to: " + show(b), a, b, "notDeepEqual"); } },
    deepStrictEqual: function deepStrictEqual(a, b, m) { if (!same(a, b)) { fail(m, "Expected values to be strictly deep-equal:\n" + show(a) + "\n\nshould equal\n\n" + show(b), a, b, "deepStrictEqual"); } },
    notDeepStrictEqual: function notDeepStrictEqual(a, b, m) { if (same(a, b)) { fail(m, "Expected \"actual\" not to be strictly deep-equal to: " + show(b), a, b, "notDeepStrictEqual"); } },
    throws: function throws(f, want, m) {
      var c = caught(f);
      if (typeof want === "string") { m = want; want = undefined; }
      if (!c) { fail(m, "Missing expected exception.", undefined, want, "throws"); }
      matches(c.e, want, m);
    },
    doesNotThrow: function doesNotThrow(f, m) { var c = caught(f); if (c) { fail(typeof m === "string" ? m : undefined, "Got unwanted exception.\nActual message: \"" + (c.e && c.e.message) + "\"", c.e, undefined, "doesNotThrow"); } },
    rejects: async function rejects(p, want, m) {
      try { await (typeof p === "function" ? p() : p); } catch (e) { return matches(e, want, m); }
      fail(m, "Missing expected rejection.", undefined, want, "rejects");
    },
    ifError: function ifError(v) { if (v !== null && v !== undefined) { fail(undefined, "ifError got unwanted exception: " + (v.message || show(v)), v, null, "ifError"); } },
    match: function match(s, re, m) { if (typeof s !== "string" || !re.test(s)) { fail(m, "The input did not match the regular expression " + show(re) + ". Input:\n\n" + show(s) + "\n", s, re, "match"); } },
    doesNotMatch: function doesNotMatch(s, re, m) { if (typeof s === "string" && re.test(s)) { fail(m, "The input was expected to not match the regular expression " + show(re) + ". Input:\n\n" + show(s) + "\n", s, re, "doesNotMatch"); } }
  });
  assert.strict = Object.assign(function strict(v, m) { return assert(v, m); }, assert, { equal: assert.strictEqual, deepEqual: assert.deepStrictEqual, notEqual: assert.notStrictEqual, notDeepEqual: assert.notDeepStrictEqual });
  assert.strict.strict = assert.strict;
  return assert;
})
