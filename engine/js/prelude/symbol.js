(function (name) { return Symbol.for(name); })
