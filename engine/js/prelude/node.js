// The object called node in a function node's programs: what differs per message
// is its own, the rest is shared.
(function (api, send, done) {
  return function (msg, id, kind) {
    return {
      __proto__: api,
      send: function (msgs, clone) { send(msg, id, kind, msgs, clone); },
      done: function (err) { done(msg, err); }
    };
  };
})
