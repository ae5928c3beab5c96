// Package userdir reads and writes the directory of a Node-RED user (~/.node-red):
// its settings.js, the flow file, the credentials and the context on disk, all where
// Node-RED puts them, so that either can go on with what the other left.
//
// It touches files when Open or one of the Save methods is called, and at no other
// time.
package userdir
