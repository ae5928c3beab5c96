// Package indexer reads a chain with the worker pallet of Energy Web X block by block,
// keeps what it finds in memory, and answers GraphQL queries about it in the shape that
// the nodes of Energy Web flows ask in: at /votes/graphql, /core/graphql and /graphql,
// all from the same tables.
//
// The entities are in schema.graphql. For each there are three queries: a list with where,
// orderBy, limit and offset; one by its id (votingRoundById); and a connection with
// totalCount, edges and pageInfo (votingRoundsConnection). Filters are named as OpenReader
// of Subsquid names them: field_eq, _not_eq, _gt, _gte, _lt, _lte, _in, _not_in, _contains,
// _startsWith, _endsWith (texts; with not_, and with Insensitive for contains), _isNull,
// _containsAny, _containsAll, _containsNone (lists), an object for a field that refers to
// one, and _some, _every, _none for one that refers to many. AND and OR take lists; an OR
// stands against all conditions beside it: {a, OR: [{b}]} is a or b. A comparison with a
// value that is null is false, _not_eq too.
//
// Bounds: a query has at most 32 KiB, 1,000 tokens and 12 levels, a list 1,000 rows (without
// a limit one that has more is an error), and all work on a query is counted. There is no
// introspection.
//
// It starts at the first block, or at the oldest whose state the chain still has: then
// rounds and votes before it are those that the state has, with that block's number and
// time. Nothing is stored: it reads again when it starts again.
//
// https://docs.sqd.dev/sdk/reference/openreader-server/api/, https://spec.graphql.org/October2021/
package indexer
