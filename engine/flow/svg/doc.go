// Package svg draws flows as the Node-RED editor shows them, for people who read
// them in a README or a report.
package svg
