#!/usr/bin/env bash
# Makes the folder nodered/: a user directory as a real Node-RED 5.0.7 leaves it.
# Usage: NODE=…/node NODE_RED_HOME=…/node-red ./make.sh
set -euo pipefail
cd "$(dirname "$0")"
rm -rf nodered && mkdir nodered
cat > nodered/settings.js <<'S'
module.exports = {
    flowFile: 'flows.json',
    uiHost: "127.0.0.1",
    functionGlobalContext: { os: require('os'), answer: 42, twice: function (n) { return 2 * n; } },
    contextStorage: {
        default: { module: "localfilesystem", config: { flushInterval: 1 } },
        fast: { module: "memory" }
    },
    logging: { console: { level: "warn" } }
};
S
"${NODE:-node}" "$NODE_RED_HOME/red.js" -u "$PWD/nodered" -p 18999 >/dev/null &
pid=$!
until curl -sf http://127.0.0.1:18999/settings >/dev/null; do sleep 0.2; done
curl -sf -X POST -H 'Content-Type: application/json' http://127.0.0.1:18999/flows --data @- <<'F' >/dev/null
[{"id":"tab1","type":"tab","label":"One"},
 {"id":"br1","type":"mqtt-broker","name":"b","broker":"localhost","port":"1","autoConnect":false,"credentials":{"user":"ann","password":"s3cret pä$$"}},
 {"id":"in1","type":"inject","z":"tab1","x":1,"y":1,"props":[{"p":"payload"}],"once":true,"onceDelay":0.1,"payload":"","payloadType":"date","wires":[["fn1"]]},
 {"id":"fn1","type":"function","z":"tab1","x":2,"y":1,"func":"context.set('n',{a:[1,{b:'ü'}]});flow.set('f',Buffer.from('x'));global.set('g.h',1.5);const c={x:1};c.self=c;flow.set('c',c);flow.set('m','fast only','fast');return msg","outputs":1,"wires":[[]]}]
F
sleep 2.5
kill $pid; wait $pid || true
rm -rf nodered/node_modules nodered/.config.nodes.json* nodered/.config.users.json* nodered/.sessions.json nodered/lib nodered/package.json nodered/*.backup nodered/.*.backup
