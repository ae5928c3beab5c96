package js

func (r *Runtime) v8Text(s string, frames []frame) (string, string) { return s, "" }

func formatEnglish(n float64, least, most int, group bool) string { return "" }
