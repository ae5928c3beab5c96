(function (Intl, name, method, locale, options, v) { return new Intl[name](locale, options)[method](v); })
