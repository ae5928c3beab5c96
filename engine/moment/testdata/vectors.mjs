// Writes vectors.jsonl: what moment.js does. TZ=UTC node vectors.mjs <folder of node_modules> > vectors.jsonl
// Lines: ["format", zone, ms, layout, text] or ["call", zone, now, args, [[method, args…]…], result].
import { createRequire } from 'module';
const require = createRequire(process.argv[2] + '/');
const moment = require('moment-timezone');
const out = [];
const layouts = ['', 'YYYY-MM-DD', 'YYYY-MM-DDTHH:mm:ss.SSSZ', 'Do MMMM YYYY, h:mm:ss a', 'dddd D MMM YY', 'dd ddd dddd d do e E', 'w wo ww W Wo WW gg gggg ggggg GG GGGG GGGGG',
  'Q Qo DDD DDDo DDDD', 'H HH h hh k kk a A', 'hmm hmmss Hmm Hmmss', 'S SS SSS SSSS SSSSS SSSSSS SSSSSSS SSSSSSSS SSSSSSSSS', 'X x', 'Z ZZ', 'z zz', 'LT LTS L LL LLL LLLL l ll lll llll', '[at] HH [o\'clock]', '\\Y\\M YYYY', '[LT] LT',
  'Y YY YYYYY YYYYYY', 'y yy yyy yyyy yo', 'N NN NNN NNNN NNNNN', 'M Mo MM MMM MMMM', '[[YYYY]]', '[a]b[c]', 'YYYYMMDDHHmmss', 'wW|', 'abc fgh ijk', 'äöü YYYY', '[unclosed YYYY', 'YYYY\nMM', 'YYY ggg GGG', '[escaped] \\[YYYY\\]', 'DD.MM.YYYY HH:mm', 'ddd, DD MMM YYYY HH:mm:ss ZZ', '\\LT LL'];
const times = [0, 1704067199999, 1709164800000, 1711846800000, 1729990800123, 1735689599000, 1700000000456, -62135596800000, -62167219200001, 253402300800000, 8.64e15, NaN, 1230768000000, 1293753600000, 946684800000, 951782400000];
for (const zone of ['UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Kolkata', 'Australia/Lord_Howe']) {
  process.env.TZ = zone;
  // Eras are left to UTC: moment fixes their limits in the zone in which it first uses them.
  for (const ms of times) for (const l of layouts) if (zone === 'UTC' || !/^[yN] /.test(l)) out.push(['format', zone, Number.isNaN(ms) ? null : ms, l, moment(ms).format(l)]);
}
const now = 1718454896789;
moment.now = () => now;
const plain = (v) => moment.isMoment(v) ? { moment: v.format('YYYY-MM-DDTHH:mm:ss.SSSZ') } : v instanceof Date ? { date: v.getTime() } : typeof v === 'number' && !Number.isFinite(v) ? { number: String(v) } : v === undefined ? { undefined: true } : v;
const call = (args, ...chain) => {
  for (const zone of ['UTC', 'Europe/Berlin', 'America/New_York']) {
    process.env.TZ = zone;
    let v = moment(...args);
    try { for (const [m, ...a] of chain) v = v[m](...a); out.push(['call', zone, now, args, chain, plain(v)]); } catch (e) { out.push(['call', zone, now, args, chain, { error: `${e.name}: ${e.message}` }]); }
  }
};
const iso = ['2024-02-29', '2024-02-29T12:34:56', '2024-02-29T12:34:56.789Z', '2024-02-29 12:34', '2024-02-29T12:34+05:30', '20240229T123456', '2024-W09-4', '2024-060', '2024-02', '2024', '2024-13-01', '2024-02-30', '+002024-02-29', '20240229', '2024W094', '2024-02-29T24:00', '2024-02-29T25:00', 'Thu, 29 Feb 2024 12:34:56 GMT', '29 Feb 2024 12:34 -0500', 'Fri, 29 Feb 2024 12:34:56 GMT', '/Date(1709164800000)/', 'not a date', '2024-02-29T12', '2024-02-29T12:34:56,5', ' 2024-02-29', '2024-02-29T12:34:56-08', '2024-366', '2023-366', 'Feb 29 2024', '2024/02/29'];
for (const s of iso) { call([s]); call([s], ['toISOString']); call([s], ['isValid']); }
for (const a of [[0], [1709164800000], [[2024, 1, 29]], [[2024]], [[2024, 12, 1]], [[2024, 1, 29, 23, 59, 59, 999]], [{ year: 2024, month: 1, day: 29 }], [{ y: 2024, hours: 5 }], [null], [''], [{}], [[]], [], [true], [NaN]]) { call(a); call(a, ['isValid']); }
const formats = [['29/02/2024', 'DD/MM/YYYY'], ['2/9/24', 'M/D/YY'], ['12:34', 'HH:mm'], ['5 pm', 'h a'], ['12 am', 'h A'], ['13 pm', 'h A'], ['Feb 29th 2024', 'MMM Do YYYY'], ['february 3', 'MMMM D'], ['1709164800', 'X'], ['1709164800123', 'x'], ['1709164800.123', 'X'], ['2024-02-29 +0200', 'YYYY-MM-DD ZZ'], ['2024 60', 'YYYY DDD'], ['2024-W10-2', 'GGGG-[W]WW-E'], ['10 2024', 'w gggg'], ['Monday', 'dddd'], ['Thu 2024-02-29', 'ddd YYYY-MM-DD'], ['Fri 2024-02-29', 'ddd YYYY-MM-DD'], ['xyz', 'YYYY'], ['2024', 'MM'], ['2024-02-29 12:34:56.123456', 'YYYY-MM-DD HH:mm:ss.SSSSSS'], ['1234', 'Hmm'], ['123456', 'hmmss'], ['24', 'kk'], ['Q2 2024', '[Q]Q YYYY'], ['day 5 of 2024', '[day] D [of] YYYY'], ['2024 junk', 'YYYY'], ['31.04.2024', 'DD.MM.YYYY'], ['99', 'YY'], ['68', 'YY'], ['69', 'YY'], ['12024', 'YYYYY'], ['', 'YYYY'], ['2024-02-29', ['DD.MM.YYYY', 'YYYY-MM-DD']], ['29.02.2024', ['DD.MM.YYYY', 'YYYY-MM-DD']], ['nope', ['DD', 'MM']], ['3:04:05 PM', 'LTS'], ['02/29/2024', 'L'], ['Sat', 'ddd'], ['2024-02-29T12:34:56Z', 'YYYY-MM-DD[T]HH:mm:ss[Z]']];
for (const [s, f] of formats) { call([s, f]); call([s, f, true]); call([s, f], ['isValid']); }
const bases = ['2024-01-31T10:20:30.456', '2024-03-30T02:30:00', '2024-10-27T00:30:00', '2023-12-31T23:59:59.999'];
for (const b of bases) {
  for (const u of ['year', 'quarter', 'month', 'week', 'isoWeek', 'day', 'date', 'hour', 'minute', 'second', 'ms', 'y', 'Q', 'M', 'w', 'W', 'd', 'D', 'h', 'm', 's', 'Years', 'foo']) {
    call([b], ['startOf', u]); call([b], ['endOf', u]); call([b], ['add', 1, u]); call([b], ['subtract', 13, u]); call([b], ['add', 1.5, u]); call([b], ['get', u]);
    call([b], ['diff', '2022-11-15T08:00:00', u]); call([b], ['diff', '2024-05-02T08:00:00', u, true]); call([b], ['isSame', '2024-01-30T08:00:00', u]); call([b], ['isBefore', '2024-10-27T12:00:00', u]); call([b], ['isAfter', '2024-01-31T00:00:00', u]); call([b], ['isSameOrBefore', '2024-01-31T00:00:00', u]); call([b], ['isSameOrAfter', '2024-03-31', u]);
  }
  for (const m of ['year', 'month', 'date', 'hour', 'minute', 'second', 'millisecond', 'day', 'weekday', 'isoWeekday', 'week', 'isoWeek', 'weekYear', 'isoWeekYear', 'dayOfYear', 'quarter', 'hours', 'minutes', 'seconds', 'milliseconds', 'weeks', 'quarters', 'days']) { call([b], [m]); call([b], [m, 3]); call([b], [m, 40]); }
  for (const m of ['valueOf', 'unix', 'toISOString', 'toJSON', 'toString', 'toDate', 'toArray', 'toObject', 'daysInMonth', 'isLeapYear', 'weeksInYear', 'isoWeeksInYear', 'utcOffset', 'isDST', 'isUTC', 'isLocal', 'fromNow', 'toNow', 'calendar', 'clone', 'locale', 'zoneAbbr', 'inspect']) call([b], [m]);
  call([b], ['toISOString', true]); call([b], ['utc'], ['format']); call([b], ['utc'], ['hour']); call([b], ['utc', true]); call([b], ['utc'], ['local']); call([b], ['utcOffset', 120]); call([b], ['utcOffset', '+05:30']); call([b], ['utcOffset', -8]); call([b], ['utcOffset', 60, true]); call([b], ['utc'], ['add', 1, 'day'], ['startOf', 'day'], ['inspect']);
  call([b], ['tz', 'Asia/Tokyo'], ['format']); call([b], ['tz', 'America/New_York'], ['format', 'LLLL z']); call([b], ['tz', 'Europe/Berlin'], ['startOf', 'month'], ['format']);
  call([b], ['add', { days: 7, months: 1 }]); call([b], ['add', 'P1M2DT3H']); call([b], ['add', '1.02:03:04']); call([b], ['add', '7', 'days']); call([b], ['add', 'days', 7]); call([b], ['add', 5]); call([b], ['add']); call([b], ['add', null, 'days']);
  call([b], ['set', 'month', 1]); call([b], ['set', { year: 2020, date: 29, month: 1 }]); call([b], ['month', 'Feb']); call([b], ['day', 'Friday']); call([b], ['isBetween', '2024-01-01', '2024-12-31']); call([b], ['isBetween', b, '2024-12-31', 'day', '[)']); call([b], ['isBetween', b, b, undefined, '[]']);
  call([b], ['from', '2024-01-01']); call([b], ['to', '2024-01-01']); call([b], ['from', '2024-01-01', true]); call([b], ['calendar', '2024-02-01']); call([b], ['max', '2024-02-01']); call([b], ['min', '2024-02-01']);
}
for (const s of [1, 30, 44, 45, 89, 90, 60 * 44, 60 * 45, 3600 * 1.4, 3600 * 21, 3600 * 22, 86400 * 1.4, 86400 * 25, 86400 * 26, 86400 * 44, 86400 * 45, 86400 * 319, 86400 * 320, 86400 * 547, 86400 * 548, 86400 * 4000]) { call([now - s * 1000], ['fromNow']); call([now + s * 1000], ['fromNow', true]); call([now + s * 1000], ['fromNow']); }
for (const d of [-8, -7, -6, -2, -1, 0, 1, 2, 6, 7]) call([now + d * 86400000], ['calendar']);
for (const m of ['format', 'valueOf', 'toISOString', 'year', 'add', 'startOf', 'isBefore', 'diff', 'fromNow', 'toString', 'toArray', 'utcOffset', 'unix']) call(['nope', 'YYYY'], [m, 1]);
for (const line of out) console.log(JSON.stringify(line));
