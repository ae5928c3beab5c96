// Package live is the clock and the ports of a running engine: a Source of what
// happens outside and a Sink that carries effects out. It is the only home of wall
// time, goroutines, sockets and files.
//
// A Live is both ends at once:
//
//	l := live.New(live.Options{})
//	go l.Stop() // from anywhere, when it is time
//	err := engine.Run(ctx, e, l, l)
//
// Each kind of effect is carried out by a Performer: those for files and the HTTP
// server are here, those that need more libraries in folders of their own, so that
// nobody links what they do not import. Performers never touch the engine: they
// answer through events, so a slow peer holds up nothing.
package live
