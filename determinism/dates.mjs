// Writes what Node.js knows of random dates in many zones: zone, milliseconds, its local text
// and offset. node dates.mjs COUNT
const count = +process.argv[2] || 40
const zones = 'UTC Europe/Berlin Europe/London Europe/Dublin Europe/Lisbon Europe/Moscow Europe/Istanbul America/New_York America/Chicago America/Denver America/Phoenix America/Los_Angeles America/Anchorage America/Halifax America/St_Johns America/Sao_Paulo America/Santiago America/Caracas Africa/Cairo Africa/Casablanca Africa/Lagos Asia/Tokyo Asia/Kolkata Asia/Kathmandu Asia/Tehran Asia/Shanghai Asia/Dubai Australia/Sydney Australia/Lord_Howe Pacific/Auckland Pacific/Chatham Pacific/Apia'.split(' ')
let s = 12345
const rnd = () => { s = (s * 1103515245 + 12345) & 0x7fffffff; return s / 0x7fffffff }
for (const zone of zones) {
  process.env.TZ = zone
  for (let i = 0; i < count; i++) {
    const ms = Math.floor(rnd() * 4e12 - 0.2e12), d = new Date(ms)
    console.log([zone, ms, d.getTimezoneOffset(), [d.getFullYear(), d.getMonth(), d.getDate(), d.getHours(), d.getMinutes(), d.getSeconds()].join(), d.toString()].join('\t'))
  }
}
