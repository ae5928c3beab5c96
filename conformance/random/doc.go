// Package random makes random small flows and messages for the nodes that are
// pure, so that two runtimes can be compared on what nobody thought of. The same
// seed gives the same cases.
package random
