// What setTimeout and setInterval give.
(function () {
  class Timeout {
    constructor(id, repeat, clear) {
      Object.defineProperty(this, "_clear", { value: clear });
      Object.defineProperty(this, "_timerId", { value: id });
      Object.defineProperty(this, "_repeat", { value: repeat });
    }
    ref() { return this; }
    unref() { return this; }
    hasRef() { return true; }
    refresh() { return this; }
    close() { this._clear(this); return this; }
    [Symbol.toPrimitive]() { return this._timerId; }
  }
  return function (id, repeat, clear) { return new Timeout(id, repeat, clear); };
})()
