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
