// Node's module events.
(function (host) {
  function check(f) {
    if (typeof f === "function") { return f; }
    var e = new TypeError("The \"listener\" argument must be of type function. Received " + host.received(f));
    e.code = "ERR_INVALID_ARG_TYPE";
    throw e;
  }
  function EventEmitter() { EventEmitter.init.call(this); }
  EventEmitter.init = function () {
    if (!Object.prototype.hasOwnProperty.call(this, "_events")) { this._events = Object.create(null); this._eventsCount = 0; }
    this._maxListeners = this._maxListeners || undefined;
  };
  EventEmitter.defaultMaxListeners = 10;
  function list(self, name) {
    if (!self._events) { EventEmitter.init.call(self); }
    return self._events[name] || [];
  }
  function add(self, name, f, front) {
    check(f);
    var had = list(self, name);
    if (self._events.newListener) { self.emit("newListener", name, f.listener || f); }
    had = list(self, name);
    if (had.length === 0) { self._eventsCount++; }
    self._events[name] = front ? [f].concat(had) : had.concat([f]);
    return self;
  }
  function once(self, name, f) {
    check(f);
    function one(...args) { self.removeListener(name, one); return f.apply(self, args); }
    one.listener = f;
    return one;
  }
  Object.assign(EventEmitter.prototype, {
    on: function on(name, f) { return add(this, name, f, false); },
    addListener: function addListener(name, f) { return add(this, name, f, false); },
    prependListener: function prependListener(name, f) { return add(this, name, f, true); },
    once: function (name, f) { return add(this, name, once(this, name, f), false); },
    prependOnceListener: function prependOnceListener(name, f) { return add(this, name, once(this, name, f), true); },
    removeListener: function removeListener(name, f) {
      check(f);
      var had = list(this, name), at = -1;
      for (var i = had.length - 1; i >= 0 && at < 0; i--) { if (had[i] === f || had[i].listener === f) { at = i; } }
      if (at < 0) { return this; }
      var left = had.filter(function (_, i) { return i !== at; });
      if (left.length) { this._events[name] = left; } else { delete this._events[name]; this._eventsCount--; }
      if (this._events.removeListener) { this.emit("removeListener", name, f); }
      return this;
    },
    removeAllListeners: function removeAllListeners(name) {
      if (name === undefined) { this._events = Object.create(null); this._eventsCount = 0; } else if (list(this, name).length) { delete this._events[name]; this._eventsCount--; }
      return this;
    },
    emit: function emit(name, ...args) {
      var all = list(this, name);
      if (all.length === 0) {
        if (name !== "error") { return false; }
        if (args[0] instanceof Error) { throw args[0]; }
        var e = new Error("Unhandled error. (" + host.inspect(args[0]) + ")");
        e.code = "ERR_UNHANDLED_ERROR"; e.context = args[0];
        throw e;
      }
      for (var f of all) { f.apply(this, args); }
      return true;
    },
    listeners: function listeners(name) { return list(this, name).map(function (f) { return f.listener || f; }); },
    rawListeners: function rawListeners(name) { return list(this, name).slice(); },
    listenerCount: function listenerCount(name) { return list(this, name).length; },
    eventNames: function eventNames() { return this._events ? Reflect.ownKeys(this._events) : []; },
    setMaxListeners: function setMaxListeners(n) { this._maxListeners = n; return this; },
    getMaxListeners: function getMaxListeners() { return this._maxListeners === undefined ? EventEmitter.defaultMaxListeners : this._maxListeners; }
  });
  EventEmitter.prototype.off = EventEmitter.prototype.removeListener;
  EventEmitter.EventEmitter = EventEmitter;
  EventEmitter.once = function (emitter, name) {
    return new Promise(function (resolve, reject) {
      function ok(...args) { emitter.removeListener("error", bad); resolve(args); }
      function bad(e) { emitter.removeListener(name, ok); reject(e); }
      emitter.once(name, ok);
      if (name !== "error") { emitter.once("error", bad); }
    });
  };
  return EventEmitter;
})
