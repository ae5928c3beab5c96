// Reads an iterable in a loop whose turns are counted.
(function* (items) { for (var x of items) { yield x; } })
