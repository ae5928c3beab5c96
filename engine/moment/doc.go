// Package moment formats and parses times as moment.js 2.30 does in its English
// locale, and holds the moment object that Node-RED's JSONata function $moment
// gives. Now and the local zone are arguments, never the machine's.
package moment
