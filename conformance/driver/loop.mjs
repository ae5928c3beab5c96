// Knowing when the event loop has nothing more to do at once.

const realSetImmediate = globalThis.setImmediate;
const realClearImmediate = globalThis.clearImmediate;
const pending = new Set();

// watch counts the callbacks that code of the runtime has queued with setImmediate, which is how
// Node-RED delivers messages. Order and timing of the callbacks stay what they are.
export const watch = () => {
  const wrapped = (fn, ...args) => {
    const handle = realSetImmediate((...a) => { pending.delete(handle); fn(...a); }, ...args);
    pending.add(handle);
    return handle;
  };
  for (const s of Object.getOwnPropertySymbols(realSetImmediate)) wrapped[s] = realSetImmediate[s];
  globalThis.setImmediate = wrapped;
  globalThis.clearImmediate = (h) => { pending.delete(h); realClearImmediate(h); };
};

export const turn = () => new Promise((resolve) => { realSetImmediate(resolve); });

export const sleep = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });

// drain waits until no delivery is queued any more, for at most ms milliseconds (flows may loop
// for ever). It waits for no timer and no outside I/O.
export const drain = async (ms = 2000) => {
  const end = Date.now() + ms;
  for (let quiet = 0; quiet < 4 && Date.now() < end;) {
    await turn();
    quiet = pending.size === 0 ? quiet + 1 : 0;
  }
};
