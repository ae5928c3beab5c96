// Writes zones.txt: the English names that V8 shows for time zones in
// Date.prototype.toString. Run: node zones.mjs <file with a zone name per line> > zones.txt
// Line: name of standard time|name of daylight time, a tab, the zones.
import fs from 'node:fs';
const known = new Set(Intl.supportedValuesOf('timeZone'));
const groups = new Map();
for (const zone of fs.readFileSync(process.argv[2], 'utf8').split('\n').filter(Boolean)) {
  try { new Intl.DateTimeFormat('en-US', { timeZone: zone }); } catch { continue; }
  process.env.TZ = zone;
  const found = new Map();
  for (let y = 2008; y <= 2037; y++) for (let d = 0; d < 365; d += 10) {
    const s = new Date(Date.UTC(y, 0, d)).toString();
    const name = /\((.*)\)/.exec(s)[1];
    if (!found.has(name)) found.set(name, s.slice(25, 33));
  }
  let names = [...found.keys()];
  const isDST = n => /Daylight|Summer|Irish Standard/.test(n);
  let std = names.filter(n => !isDST(n)), dst = names.filter(isDST);
  std.sort((a, b) => found.get(a).slice(3) - found.get(b).slice(3)); // a zone with two such: the later one is its daylight time
  if (std.length !== 1 || dst.length > 1) console.error(zone, [...found]);
  if (std[0] === 'China Standard Time') dst = ['China Daylight Time']; // from 1986 to 1991
  const key = std[0] + '|' + (dst[0] ?? std[std.length - 1]);
  if (!groups.has(key)) groups.set(key, []);
  groups.get(key).push(zone);
}
for (const [key, zones] of [...groups].sort((a, b) => a[1][0] < b[1][0] ? -1 : 1)) console.log(key + '\t' + zones.join(' '));
