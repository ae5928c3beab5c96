(function (f) { f(); })
