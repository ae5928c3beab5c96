// Writes cron.txt: for cron expressions the next five times that cronosjs (which
// Node-RED uses) gives, in two zones. Run with TZ set and a folder with cronosjs:
//   TZ=UTC node cron.mjs PATH/node_modules/cronosjs > cron.txt
//   TZ=Europe/Berlin node cron.mjs PATH/node_modules/cronosjs >> cron.txt
import { createRequire } from 'node:module'
const { CronosExpression } = createRequire(import.meta.url)(process.argv[2])
const zone = process.env.TZ
const starts = ['2026-01-31T10:20:30Z', '2026-03-28T23:30:00Z', '2026-10-24T23:30:00Z', '2027-12-31T23:59:59Z', '2028-02-28T12:00:00.500Z']
const exprs = ['* * * * *', '*/5 * * * *', '0 * * * *', '30 2 * * *', '0 3 * * *', '15 10 * * 1-5', '0 0 1 * *', '0 0 * * 0', '0 0 * * 7', '0 12 * * mon,wed',
  '*/15 9-17 * * 1-5', '0 22-2 * * *', '0 0 L * *', '0 0 LW * *', '0 0 15W * *', '0 0 1W * *', '0 0 * * 5L', '0 0 * * 1#2', '0 0 * * fri#5', '0 0 29 2 *',
  '0 0 31 * *', '0 0 1,15 * 3', '*/10 * * * * *', '5,35 * * * * *', '0 0 0 1 1 * 2030', '0 0 0 1 1 * 2026-2030/2', '@daily', '@hourly', '@weekly', '@monthly',
  '@yearly', '0 0 ? * 2', '0 0 1 jan,jul *', '7-59/7 * * * *', '0 0-23/6 * * *', '50-10/5 * * * *', '0 0 * * 6-1', '0 2 * * *', '59 23 31 12 *', '0 8/4 * * *',
  'x', '60 * * * *', '* * * *', '* * * * * * * *', '0 0 * * 8', '0 0 * * 1#6', '0 0 31-1 * *', '*/0 * * * *', '1-2-3 * * * *', '']
for (const e of exprs) {
  for (const s of starts) {
    let out = []
    try {
      const c = CronosExpression.parse(e)
      let t = new Date(s)
      for (let i = 0; i < 5 && t; i++) { t = c.nextDate(t); out.push(t ? t.toISOString() : 'none') }
    } catch (err) { out = ['error: ' + err.message] }
    console.log([zone, e, s, out.join(' ')].join('\t'))
  }
}
