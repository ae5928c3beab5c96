package engine

// Semantics is the version of the engine's behaviour. It changes with every
// change that can alter an effect; journals and votes carry it.
const Semantics = 1
