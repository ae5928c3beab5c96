// Writes sort.txt: for lists made from a seed, a hash over the comparisons that
// Array.prototype.sort makes. Run: node sort.mjs > sort.txt
for (const n of [2, 3, 10, 31, 32, 33, 63, 64, 65, 100, 128, 500, 1000, 3000]) {
  for (const mod of [5, 1000, 1000003]) {
    for (const twist of [3, 7, 1000000007]) {
      let seed = n >>> 0
      const list = Array.from({ length: n }, () => {
        seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0
        return (seed >>> 8) % mod
      })
      let h = 0x811c9dc5
      list.sort((x, y) => {
        for (const c of `${x},${y};`) { h = Math.imul(h ^ c.charCodeAt(0), 0x01000193) >>> 0 }
        if (x === y) return 0
        if ((x + y) % twist === 0) return 1
        return x - y
      })
      console.log(n, mod, twist, h)
    }
  }
}
