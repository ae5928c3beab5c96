// Writes vectors.jsonl: what Node.js does with patterns and inputs.
// node vectors.mjs > vectors.jsonl. A line is [source, flags, input, want]: want is
// {"error"} or {"all": matches, "replace", "split"}; a match is [index, groups, names].
const texts = ['', 'a', 'abc', 'aaa bbb', 'foo.bar@example.com', 'The quick brown fox', '2024-01-31T12:34:56Z',
  'x=1;y=22;z=333', 'line1\nline2\r\nline3', 'aAbBcC', 'äöüÄÖÜß', 'naïve café', '日本語テキスト', '😀a😀', 'a\u2028b',
  '\ud83d', 'ſsKk\u212a', 'Σσς', 'İıIi', '((a)b)', 'abababab', '-1.5e+10', 'key: "va\\"lue"', '\t \u00a0\ufeff', 'aaaaaaaaaaaaaaaa!',
  '192.168.1.254', '<b>bold</b><i>x</i>', 'ǅǆǄ', 'ᾳᾼΐ', 'a-b_c.d', '1,234,567.89', 'http://x.org/a?b=c#d'];
const cases = [];
let turn = 0; // each pattern meets seven of the texts; run with "all" for all of them
const some = () => process.argv[2] === 'all' ? texts : Array.from({ length: 7 }, () => texts[(turn += 5) % texts.length]);
const add = (p, f = '', inputs = some()) => { for (const i of inputs) cases.push([p, f, i]); };
const plain = ['a', 'abc', 'a|b', 'a*', 'a+', 'a?', 'a*?', 'a+?', 'a??', '[abc]', '[^abc]', '[a-c]+', '.', '.*', '.+?', '^', '$', '^a', 'a$',
  '\\d+', '\\D+', '\\w+', '\\W+', '\\s', '\\S+', '\\b', '\\B', '\\bq', '(a)(b)?', '(a|ab)(c|bcd)?', '(?:a|b)+', '(a+)+b', '(a*)*', '(a*)+', '(?:a?)*?b',
  '(?=a)', '(?!a)', 'a(?=b)', 'a(?!b)', '(?<=a)b', '(?<!a)b', '(?<=(\\d+)(\\d+))', '(?<=\\1(a))b', '(?=(a+))a*b\\1', '(?!(a))\\1b', '(z)((a+)?(b+)?(c))*',
  '(\\w)\\1', '(?<y>\\d{4})-(?<m>\\d\\d)', '(?<q>["\']).*?\\k<q>', 'a{2}', 'a{2,}', 'a{1,2}', 'a{0}', 'a{2,3}?', '(?:ab){2,3}', '(?:ab){2,3}?', '(ab){0,2}', '(?:a{0,2}){3}',
  '(?:|a)+', '(a?b??)*', '([ab])*?c', '\\.', '\\u0061', '\\x61', '\\cJ', '\\0', '[\\b]', '[\\d-x]', '[a-]', '[-a]', '[^]', '[]', '[\\w-]+', '\\/', 'a{,2}', 'a{', '{', '}', ']', 'x{a}',
  '\\1', '\\8', '\\12', '\\18', '\\377', '\\c', '\\c1', '[\\c1]', '[\\c]', '\\k', '\\k<a>', '\\p{L}', '\\u{61}', '\\z', '\\-', '^(?:(\\d+)x)?\\s*$', '(?:(a)|b)*', '(?:(a)|(b)|(c))+',
  '[\\s\\S]', '[^\\s]', '(?=.*\\d)(?=.*[a-z]).{4,}', '^[\\w.]+@[\\w.]+\\.\\w+$', '^\\d{1,3}(\\.\\d{1,3}){3}$', '(\\w+)=(\\d+)', '<(\\w+)>.*?</\\1>', '(?:(?=(\\d+))\\1)x', '\\s+$', '^\\s+|\\s+$',
  'ä', 'ß', '日.', '😀', '[😀]', '.😀', '\\ud83d', '\\ude00', '[^a]', 'σ', 'k', 's', 'i', 'ı', 'ǆ', 'ᾳ', 'é', '[à-ý]+', 'a.b', 'a$|b$', '(^a|b$)', '.{3}', '.{2,4}?', '(.)(.)', '(?<a>.)(?<b>.)?',
  '(?:a|ab)(?:c|bcd)(?:d*)', '((?:a+)?)*b', '(a){2}', '(a){0,1}?', 'b(?<=ab)', '(?<=^|,)\\d', '(?<!\\d)\\d{3}(?!\\d)', '(?<=(?<a>a)|b)', '(?<=\\w{2})\\W', '(?<=a.*)b', '(?<=(?:a|b){2})a', '\\B(?=(\\d{3})+(?!\\d))', '(?=a)*', '(?=a)?a', '(?!a){2}', '(?:)', '()', '(|a)', '(a|)', '|', '(?:x|)+a'];
for (const p of plain) for (const f of ['g', 'gi', 'gm', 'gs', 'gu', 'giu', 'gv', 'y']) add(p, f);
const uni = ['\\p{L}+', '\\p{Lu}', '\\P{L}', '[\\p{L}\\d]+', '[^\\p{L}]', '\\p{Script=Greek}', '\\p{sc=Han}+', '\\p{scx=Hira}', '\\p{Emoji}', '\\p{Extended_Pictographic}', '\\p{Any}',
  '\\p{gc=Ll}', '\\p{White_Space}', '\\p{Alphabetic}+', '\\p{Uppercase}', '\\P{Lu}', '[\\P{Lu}]', '[^\\P{Lu}]', '\\u{1F600}', '[\\u{1F600}-\\u{1F64F}]', '\\ud83d\\ude00', '\\w', '\\W', '[\\W]', '[^\\w]', '\\b', '[^x]', '(?<=😀)a', '.(?<=😀)', '\\ud83d', '(?<=\\ud83d).', '😀{2}', '(😀)a\\1', '\\p{Nope}', '\\p{gc=Nope}', '\\p{sc=Nope}', '\\p{L', '\\p', 'ǆ', 'ᾳ', 'ΐ', 'ß', '\\u212a', '[a-z]+', '[\\u{0}-\\u{10FFFF}]'];
for (const p of uni) for (const f of ['gu', 'giu', 'gv', 'giv', 'gsu']) add(p, f);
const sets = ['[[a-z]--[aeiou]]+', '[\\w--\\d]+', '[\\w&&\\d]+', '[[a-c][x-z]]', '[^[a-c]]', '[\\q{abc|b|}]', '[\\q{abc|b}--b]', '[\\p{L}--\\p{ASCII}]', '[a&&b&&c]', '[a--b--c]', '[a&&b--c]', '[(]', '[a&&&b]', '[!!]', '[a-z&&b]', '[a-\\d]', '[\\-]', '[\\&]', '[^\\q{ab}]', '[a', '[]', '[^]', '[[]]', '[a-]', '[-a]', '[\\q{a', '[--a]', '[a--]', '[&&a]', '[a&&]', '[a-z--b]'];
for (const p of sets) add(p, 'gv'); // with i, V8 12 departs from the standard in set operations
const bad = ['(', ')', '(?', '(?<', '(?<a', '(?<a>', '(?<1>a)', '(?<a>x)(?<a>y)', '(?<a>x)|(?<a>y)', '(?i:a)', '(?a)', '*', '+a', '?', 'a**', 'a{2}{3}', '{1}', '{1,}', '{,1}', 'a{2,1}', '[', '[a', '[b-a]', '\\', 'a\\', '[\\',
  '\\k<a>(?<b>x)', '\\k<b>(?<b>x)', '(?<b>x)\\k', '(?<b>x)\\k<', '(?<b>x)\\k<b', '(?<=a)*', '(?<!a)+', '(?<=a){2}', '^*', '$+', '\\b*', '\\B{2}', '(?=a)*', 'a{', 'a{1', ']', '}', '\\u{110000}', '\\u{', '\\u{}', '\\u12', '\\x1', '\\xz', '\\c', '\\c!', '\\1', '\\01', '\\00', '\\08', '\\8', '[\\d-a]', '[a-\\d]', '[\\d-\\w]', '\\-', '[\\-]', '[\\B]', '[\\c!]', '[\\1]', '[\\0]', '[\\01]', '[\\k]', '\\a', '\\_', '(?<𝒜>.)', '(?<\\u0061>.)', '(?<\\u{61}>.)', '(?<\\u{1d49c}>.)', '(?<a b>.)', '(?<$a>.)', '(?<a$1>.)', '(?<>a)', 'a{99999999999}', 'a{9999999999,1}', 'a{1,99999999999}', '((a)', '(a))', '(?:', '(?=', '(?<=', '(?<!', '(?!', '[z-a]', '[\\u{62}-\\u{61}]', '[\\b-a]', '[\\x61-b]', '\\k<a>', '\\p{Lu', 'x{2,1}{', '(?:a)**', 'a|*', '(|*)', 'a???', 'a+*', '\\ud83d{2}'];
add('\\p{ASCII}', 'giu');
for (const p of bad) for (const f of ['', 'u', 'v']) add(p, f, ['aab', 'x', '😀']);
for (const f of ['gg', 'z', 'uv', 'dgimsuy', 'dgimsvy', 'yy', 'G', 'i ', '']) add('a', f, ['a']);
// Random patterns: node vectors.mjs some|all [count] [seed].
let state = Number(process.argv[4] ?? 1);
const rnd = (n) => {
  state = (state + 0x6D2B79F5) | 0;
  let t = Math.imul(state ^ (state >>> 15), 1 | state);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) % n;
};
const pick = (list) => list[rnd(list.length)];
function random(d) {
  const e = () => random(d - 1);
  if (d <= 0) return pick(['a', 'b', 'c', 'A', '.', '\\d', '\\w', '\\s', '[ab]', '[^a]', '[a-c]', '\\b', '^', '$', '\\1', '\\2', '\\W', 'é', '😀', '[é-ü]', ' ', '\\B', '1']);
  return pick([e, () => e() + e(), () => e() + e() + e(), () => `(${e()})`, () => `(?:${e()})`, () => `${e()}|${e()}`, () => `(${e()}|${e()})`, () => `(${e()})${pick(['*', '+', '?', '*?', '+?', '??', '{2}', '{1,2}', '{0,2}?', '{2,}'])}`,
    () => `(?:${e()})${pick(['*', '+', '?', '*?', '{1,3}', '{2,}?'])}`, () => `${pick(['a', 'b', '.', '\\w', '[ab]', '[^b]', '\\d'])}${pick(['*', '+', '?', '*?', '+?', '{2}', '{1,2}', '{2,}?'])}`, () => `(?=${e()})`, () => `(?!${e()})`, () => `(?<=${e()})`, () => `(?<!${e()})`, () => `(?<n${rnd(9)}>${e()})`])();
}
const letters = ['a', 'b', 'c', 'A', 'B', '1', ' ', 'é', '😀', 'aa', 'ab', 'aab', 'ba', '\n'];
for (let i = 0; i < Number(process.argv[3] ?? 800); i++) {
  const p = random(1 + rnd(4));
  let text = '';
  for (let k = rnd(9); k >= 0; k--) text += pick(letters);
  add(p, pick(['g', 'g', 'gi', 'gm', 'gs', 'gu', 'giu']), [text, pick(texts)]);
}
const subst = ['[$&]', '$1$2', '$$', '$`|$\'', '$10', '$01', '$0', '$<y>/$<m>', '$<nope', '$<q>', '$', 'x$', '$3', '$99', '$00'];
let n = 0;
for (const [p, f, i] of cases) {
  let want;
  try {
    const re = new RegExp(p, f);
    const g = new RegExp(p, f.includes('g') || f.includes('y') ? f : f + 'g');
    const all = [];
    for (const m of f.includes('y') ? [re.exec(i)].filter(Boolean) : i.matchAll(g)) all.push([m.index, [...m].map((x) => x === undefined ? null : x), m.groups ? { ...m.groups } : null]);
    const by = subst[n++ % subst.length];
    re.lastIndex = 0;
    want = { all, by, replace: i.replace(re, by), split: i.split(re).map((x) => x === undefined ? null : x), src: re.source, flags: re.flags };
  } catch (e) { want = { error: `${e.name}: ${e.message}` }; }
  console.log(JSON.stringify([p, f, i, want]));
}
