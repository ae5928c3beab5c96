// Package audit says what in flows can make two machines differ that run them on
// their own: input from outside, time, randomness, locale, order of arrival, timers
// that race, error stacks. What lockstep makes the same everywhere by itself, or what a
// journal records, is listed too, and said to be harmless.
package audit
