// Writes jsonparse.jsonl: what JSON.parse of real Node does with malformed and odd
// inputs. Run: node jsonparse.mjs > jsonparse.jsonl
const inputs = new Set();
const add = (...xs) => xs.forEach(x => inputs.add(x));
add('', ' ', '\n', 'undefined', 'NaN', 'Infinity', '-Infinity', '-NaN', '[object Object]', 'null', 'nul', 'nulL', 'nullx', 'true', 'tru',
  'trux', 'false', 'fals', 'falsy', 'n', 't', 'f', 'x', 'undefine', 'undefinedx', ' undefined', 'object', '[object Array]', '[object Map]');
add('{', '}', '[', ']', ',', ':', '"', "'", '{}', '[]', '{]', '[}', '{,', '[,', '{:', '[:', '{"', '["', '{"a', '{"a"', '{"a":', '{"a":1', '{"a":1,',
  '{"a":1,}', '{"a":1,,}', '{"a":1 "b":2}', '{"a" 1}', '{"a"}', '{"a",', '{a:1}', '{a', "{'a':1}", '{1:2}', '{"a":1}}', '{"a":1}{', '{"a":1} x',
  '{true:1}', '{null', '{[', '{{', '{-', '{"a"::1}', '{"a":,}', '{"a":}', '{"a":]', '{"a":1]', '{"a":1:', '{"a":1"', '{"a":1 1', '{"a":1true', '{"a":1, 1}',
  '{"a":1, true}', '{"a":1,]', '{"a":1,[', '{"a":1,"b"}', '{"a":1,b}', '{"a":x}', '{"a":tru}', '{"a":nul', '{"a":undefined}', '{"a":NaN}', '{"a":\'x\'}');
add('[1', '[1,', '[1,]', '[1,,2]', '[1 2]', '[1 "a"]', '[1 true]', '[1 x]', '[1:2]', '[1}', '[1]]', '[1] 2', '[1] "a"', '[1] x', '[1] ,', '[,1]', '["a"', '["a",', '["a" "b"]',
  '["a"x', '[tru', '[nulx]', '[x]', '[undefined]', '[NaN]', '[-]', '[+1]', '[.5]', '[1.]', '[1.e1]', '[1e]', '[1e+]', '[01]', '[-01]', '[00]', '[0x1]', '[1a]', '[1.5.5]', '[--1]', '[1e1.5]');
add('-', '+', '.', '0', '-0', '00', '01', '-01', '0x10', '1.', '1.x', '.1', '1e', '1e+', '1e-', '1ex', '1e+x', '-x', '--1', '-1', '1e400', '-1e400', '1e-400', '123456789012345678901234567890',
  '1.7976931348623157e308', '5e-324', '2e-324', '3e-324', '0.1', '1E5', '1e5', '1E+5', '0e0', '0.0', '-0.0', '-0e5', '1 2', '1 x', '1,', '1]', '1}', '1"', '1:', '1n', '1_000', '9007199254740993', '0.30000000000000004');
add('"a', '"a\n"', '"a\tb"', '"\\x"', '"\\', '"\\"', '"\\u', '"\\u1', '"\\u12', '"\\u123', '"\\u1234', '"\\u12G4"', '"\\uG"', '"\\ud800"', '"\\udc00"', '"\\ud83d\\ude00"', '"\\ude00\\ud83d"', '"\\ud83d"x',
  '"a"b', '"a" "b"', '"a":', '"a",', '"a"]', '"\u0000"', '"\u001f"', '"\u007f"', '"\u2028"', '"\\/\\b\\f\\n\\r\\t\\"\\\\"', '"\\a"', '"\\u0041"', '"\\U0041"', '"\r"', '"\\\n"', "'a'", '`a`', '"a\'');
add('\u00a0', '\ufeff{}', '\ufeff', '\v1', '\f1', '1\v', '\u20281', '{"a":1}\u00a0', ' \t\r\n1 \t\r\n', 'é', '{"é":é}', '[1,é]', '😀', '["😀" 😀]', '{"😀":😀}', '[😀', '"😀', '\ud83d', '["a",\ud83d]', '\u2028', '<!DOCTYPE html>', '<html><body>Error</body></html>', '<');
add('{"__proto__":1}', '{"__proto__":{"a":1}}', '{"b":1,"a":2,"b":3}', '{"2":1,"1":2,"a":3,"01":4,"4294967295":5,"4294967294":6}', '{"":1}', '{"a":{"b":{"c":[1,2,{"d":null}]}}}', '{"a":1,"\\u0061":2}', '[[[[[[]]]]]]',
  '{"toString":1,"constructor":2,"hasOwnProperty":3}', '[1,"a",true,false,null,{},[]]', '{"1e3":1,"-1":2,"1.5":3,"0":4}');
add('{"a":1, // c\n"b":2}', '/* c */ {}', '{"a":1}// c', '#', '{"name":"John","age":30,"city":"New York"', '{"name":"John","age":30,"city":New York}', '{"name":"John" "age":30,"city":"New York"}',
  '{name:"John","age":30,"city":"New York"}', '{"name":"John","age":30,"city":"New York",}', '{"name":"John","age":030,"city":"New York"}', "{'name':'John','age':30,'city':'New York'}", '{"name":"John","age":30,"city":"New\nYork"}',
  'The quick brown fox jumps over the lazy dog', 'Hello World', 'hello', '{"temp": 21.5, "unit": "C", "ok": True}', '{"temp": nan, "unit": "C", "ok": true}', '{"a":[1,2,3,{"b":"c"}],"d":[1,2,}', '{\n  "a": 1,\n  "b": x\n}', '{\r\n  "a": 1,\r\n  "b" 2\r\n}', '{\r  "a": 1,\r  "b" 2\r}', '{\n\n\n"a"', '[\n1,\n2\n3]', '{\n"a":"b\nc"}', '{"a":1,\u2028"b":x}',
  'temperature=21.5&humidity=40', '12:30:45', '2020-01-01', '1,2,3', '192.168.0.1', 'OK', '-5 C', 'abc', 'abcdefghijklmnopqrst', 'abcdefghijklmnopqrstu', 'abcdefghijklmnopqrstuv', '(1)', '$a', '@', '\\', '\\"a\\"', '{\\"a\\":1}', '%', '&', '=', '"a"=1');
// every prefix, every deletion and many single replacements of a few texts
const all = process.argv[2] === 'all' ? 1 : 7; let n = 0;
for (const t of ['{"a":[1,-2.5e+3,"x\\u0041\\n"],"b":{"c":true,"d":null}}', '[{"k":"v"},false,0.5]', '{"temperature":21.5,"name":"kitchen sensor","on":true,"list":[1,2,3]}']) {
  for (let i = 0; i <= t.length; i++) {
    add(t.slice(0, i), t.slice(0, i) + t.slice(i + 1));
    for (const c of ['x', '"', '}', ']', ',', ':', '1', '-', '\\', '\n', '\u0001', 'é', 't', '{', '[', '.', 'e', ' ']) if (n++ % all === 0) add(t.slice(0, i) + c + t.slice(i + 1), t.slice(0, i) + c + t.slice(i));
  }
}
const tricky = v => JSON.stringify(v, (k, x) => typeof x === 'number' && !Number.isFinite(x) || Object.is(x, -0) ? '#' + (Object.is(x, -0) ? '-0' : x) : x);
const out = [];
for (const s of inputs) {
  try { out.push(JSON.stringify([s, 1, tricky(JSON.parse(s))])); }
  catch (e) { if (e.name !== 'SyntaxError') throw e; out.push(JSON.stringify([s, 0, e.message])); }
}
process.stdout.write(out.join('\n') + '\n');
