(function (Intl, name, locale, options, ms) {
  options = Object.assign({}, options);
  var date = ["weekday", "year", "month", "day", "dateStyle"], time = ["hour", "minute", "second", "dayPeriod", "fractionalSecondDigits", "timeStyle"];
  function any(list) { return list.some(function (k) { return options[k] !== undefined; }); }
  var wantDate = name !== "toLocaleTimeString", wantTime = name !== "toLocaleDateString";
  if (!(wantDate && any(date)) && !(wantTime && any(time))) {
    if (wantDate) { options.year = options.month = options.day = "numeric"; }
    if (wantTime) { options.hour = options.minute = options.second = "numeric"; }
  }
  return new Intl.DateTimeFormat(locale, options).format(ms);
})
