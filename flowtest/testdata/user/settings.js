module.exports = {
    flowFile: "flows.json",
    functionGlobalContext: { rates: { eur: 1.5 }, twice: (n) => n * 2 },
    contextStorage: { default: { module: "memory" } },
};
