// This file is empty: it allows functions without a body in this package (evalcode.go).
