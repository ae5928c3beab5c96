// Map.groupBy
(function groupBy(items, fn) {
  var out = new Map(), i = 0;
  for (var x of items) {
    var k = fn(x, i++);
    if (out.has(k)) { out.get(k).push(x); } else { out.set(k, [x]); }
  }
  return out;
})
