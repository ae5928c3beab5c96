// Intl: English, and the number and date forms of some other locales.
(function (n) {
  var M = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];
  var W = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
  var deM = ["Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November", "Dezember"];
  var deW = ["Sonntag", "Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag"];
  // group, decimal, date (d M y; doubled: two digits), time, between date and time
  var nb = "\u00a0", nn = "\u202f";
  var forms = {
    "en-US": [",", ".", "M/d/y", "h:mm:ss", ", "], "en-GB": [",", ".", "dd/MM/y", "HH:mm:ss", ", "],
    "en-CA": [",", ".", "y-MM-dd", "h:mm:ss", ", "], "en-AU": [",", ".", "dd/MM/y", "h:mm:ss", ", "],
    "en-IN": [",", ".", "d/M/y", "h:mm:ss", ", "], "en-NZ": [",", ".", "dd/MM/y", "h:mm:ss", ", "], "en-IE": [",", ".", "d/M/y", "HH:mm:ss", ", "],
    de: [".", ",", "d.M.y", "HH:mm:ss", ", "], "de-CH": ["’", ".", "d.M.y", "HH:mm:ss", ", "], "de-AT": [nb, ",", "d.M.y", "HH:mm:ss", ", "],
    fr: [nn, ",", "dd/MM/y", "HH:mm:ss", " "], nl: [".", ",", "d-M-y", "HH:mm:ss", ", "], sv: [nb, ",", "y-MM-dd", "HH:mm:ss", " "],
    es: [".", ",", "d/M/y", "H:mm:ss", ", "], it: [".", ",", "dd/MM/y", "HH:mm:ss", ", "], pt: [".", ",", "dd/MM/y", "HH:mm:ss", ", "],
    pl: [nb, ",", "d.MM.y", "HH:mm:ss", ", "], ru: [nb, ",", "dd.MM.y", "HH:mm:ss", ", "], da: [".", ",", "d.M.y", "HH.mm.ss", " "],
    nb: [nb, ",", "d.M.y", "HH:mm:ss", ", "], fi: [nb, ",", "d.M.y", "H.mm.ss", " "], cs: [nb, ",", "d. M. y", "H:mm:ss", " "],
    ja: [",", ".", "y/M/d", "H:mm:ss", " "], zh: [",", ".", "y/M/d", "HH:mm:ss", " "], tr: [".", ",", "dd.MM.y", "HH:mm:ss", " "]
  };
  forms.no = forms.nb;
  function resolve(locale) {
    if (Array.isArray(locale)) { locale = locale[0]; }
    if (locale === undefined) { return "en-US"; }
    if (typeof locale !== "string" && typeof locale !== "object") { throw new TypeError("Incorrect locale information provided"); }
    locale = String(locale);
    if (!/^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*$/.test(locale)) { throw new RangeError("Incorrect locale information provided"); }
    var p = locale.split("-");
    return p[0].toLowerCase() + (p[1] ? "-" + (p[1].length === 2 ? p[1].toUpperCase() : p[1]) : "");
  }
  function form(locale) { return forms[locale] || forms[locale.split("-")[0]] || forms["en-US"]; }
  function option(o, k, list, otherwise) {
    var v = o[k];
    if (v === undefined) { return otherwise; }
    v = String(v);
    if (list && list.indexOf(v) < 0) { throw new RangeError("Value " + v + " out of range for Intl.NumberFormat options property " + k); }
    return v;
  }
  function digits(o, k, least, most, otherwise) {
    var v = o[k];
    if (v === undefined) { return otherwise; }
    v = Number(v);
    if (!(v >= least && v <= most)) { throw new RangeError(k + " value is out of range."); }
    return Math.floor(v);
  }
  var currencies = { USD: "$", EUR: "€", GBP: "£", JPY: "¥", INR: "₹", CNY: "CN¥", KRW: "₩", BRL: "R$", CAD: "CA$", AUD: "A$", MXN: "MX$", NZD: "NZ$", ILS: "₪", VND: "₫" };
  var names = { USD: "US dollars", EUR: "euros", GBP: "British pounds", JPY: "Japanese yen" };
  var units = { celsius: "°C", fahrenheit: "°F", percent: "%", kilometer: " km", meter: " m", centimeter: " cm", millimeter: " mm", mile: " mi", foot: " ft", inch: " in", kilogram: " kg", gram: " g", pound: " lb", ounce: " oz", liter: " L", milliliter: " mL", second: " sec", minute: " min", hour: " hr", day: " day", week: " wk", month: " mth", year: " yr", byte: " byte", kilobyte: " kB", megabyte: " MB", gigabyte: " GB", bit: " bit", degree: " deg", "kilometer-per-hour": " km/h", "mile-per-hour": " mph", "meter-per-second": " m/s" };

  class NumberFormat {
    #o;
    constructor(locale, options) {
      var o = options === undefined ? {} : Object(options), s = this.#o = { locale: resolve(locale) };
      s.style = option(o, "style", ["decimal", "percent", "currency", "unit"], "decimal");
      s.currency = option(o, "currency");
      if (s.style === "currency" && !s.currency) { throw new TypeError("Currency code is required with currency style."); }
      if (s.currency) { s.currency = s.currency.toUpperCase(); }
      if (s.currency && !/^[A-Z]{3}$/.test(s.currency)) { throw new RangeError("Invalid currency code : " + o.currency); }
      s.display = option(o, "currencyDisplay", ["code", "symbol", "narrowSymbol", "name"], "symbol");
      s.unit = option(o, "unit");
      if (s.style === "unit" && !s.unit) { throw new TypeError("Unit is required with unit style."); }
      s.unitDisplay = option(o, "unitDisplay", ["short", "narrow", "long"], "short");
      s.notation = option(o, "notation", ["standard", "scientific", "engineering", "compact"], "standard");
      s.compactDisplay = option(o, "compactDisplay", ["short", "long"], "short");
      s.sign = option(o, "signDisplay", ["auto", "never", "always", "exceptZero", "negative"], "auto");
      s.group = o.useGrouping === undefined ? true : o.useGrouping !== false && o.useGrouping !== "false";
      s.minInt = digits(o, "minimumIntegerDigits", 1, 21, 1);
      if (o.minimumSignificantDigits !== undefined || o.maximumSignificantDigits !== undefined) {
        s.minSig = digits(o, "minimumSignificantDigits", 1, 21, 1);
        s.maxSig = digits(o, "maximumSignificantDigits", s.minSig, 21, 21);
      }
      var cents = s.currency === "JPY" || s.currency === "KRW" || s.currency === "VND" ? 0 : 2;
      var least = s.style === "currency" && s.notation === "standard" ? cents : 0, most = s.style === "currency" ? cents : s.style === "percent" ? 0 : 3;
      if (s.notation === "compact") { most = 0; s.compactAuto = o.maximumFractionDigits === undefined && o.minimumFractionDigits === undefined && !s.maxSig; }
      var lo = digits(o, "minimumFractionDigits", 0, 100), hi = digits(o, "maximumFractionDigits", 0, 100);
      if (lo === undefined) { lo = hi === undefined ? least : Math.min(least, hi); }
      if (hi === undefined) { hi = Math.max(most, lo); }
      if (lo > hi) { throw new RangeError("maximumFractionDigits value is out of range."); }
      s.minFrac = lo;
      s.maxFrac = hi;
    }
    resolvedOptions() {
      var s = this.#o, out = { locale: s.locale, numberingSystem: "latn", style: s.style };
      if (s.currency) { out.currency = s.currency; out.currencyDisplay = s.display; out.currencySign = "standard"; }
      out.minimumIntegerDigits = s.minInt;
      if (s.maxSig) { out.minimumSignificantDigits = s.minSig; out.maximumSignificantDigits = s.maxSig; } else { out.minimumFractionDigits = s.minFrac; out.maximumFractionDigits = s.maxFrac; }
      return Object.assign(out, { useGrouping: s.group ? "auto" : false, notation: s.notation, signDisplay: s.sign, roundingIncrement: 1, roundingMode: "halfExpand", roundingPriority: "auto", trailingZeroDisplay: "auto" });
    }
    static supportedLocalesOf(l) { return [].concat(l); }
    #number(x, parts) {
      var s = this.#o, f = form(s.locale), text;
      if (x !== x) { parts.push(["nan", "NaN"]); return; }
      if (x === Infinity) { parts.push(["infinity", "∞"]); return; }
      if (s.maxSig) { text = n.significant(x, s.minSig, s.maxSig); } else if (s.compactAuto) {
        text = x < 100 && x !== 0 ? n.significant(x, 1, 2) : n.fraction(x, 0, 0);
      } else { text = n.fraction(x, s.minFrac, s.maxFrac); }
      var p = text.split("."), whole = p[0].padStart(s.minInt, "0"), groups = [];
      var minGroup = /^(es|pl|pt-PT|it)/.test(s.locale) ? 5 : 4;
      if (s.group && whole.length >= minGroup && !(s.notation === "compact" && whole.length < 5)) {
        var size = 3;
        while (whole.length > size) {
          groups.unshift(whole.slice(-size));
          whole = whole.slice(0, -size);
          if (s.locale === "en-IN") { size = 2; }
        }
      }
      groups.unshift(whole);
      groups.forEach(function (g, i) { if (i) { parts.push(["group", f[0]]); } parts.push(["integer", g]); });
      if (p[1]) { parts.push(["decimal", f[1]], ["fraction", p[1]]); }
    }
    #parts(v) {
      var s = this.#o, x = typeof v === "bigint" ? Number(v) : Number(v), parts = [], f = form(s.locale);
      var negative = x < 0 || Object.is(x, -0), abs = Math.abs(x), exponent, suffix = "";
      if (s.style === "percent") { abs = Number((abs + "e2").indexOf("ee") < 0 && String(abs).indexOf("e") < 0 ? abs + "e2" : abs * 100); }
      if (s.notation === "scientific" || s.notation === "engineering") {
        exponent = abs === 0 ? 0 : Math.floor(Math.log10(abs));
        if (s.notation === "engineering") { exponent = Math.floor(exponent / 3) * 3; }
        abs = Number(abs + "e" + -exponent);
      } else if (s.notation === "compact") {
        var steps = [[1e12, "T", "trillion"], [1e9, "B", "billion"], [1e6, "M", "million"], [1e3, "K", "thousand"]];
        for (var st of steps) {
          if (abs >= st[0] * 0.9995) { abs = abs / st[0]; suffix = s.compactDisplay === "long" ? " " + st[2] : st[1]; break; }
        }
      }
      this.#number(abs, parts);
      if (exponent !== undefined) {
        parts.push(["exponentSeparator", "E"]);
        if (exponent < 0) { parts.push(["exponentMinusSign", "-"]); }
        parts.push(["exponentInteger", String(Math.abs(exponent))]);
      }
      if (suffix) { parts.push(["compact", suffix]); }
      var zero = parts.every(function (p) { return !/[1-9∞]/.test(p[1]); });
      var english = f[1] === "." , after = !english || /^(de|fr|nl|sv|es|it|pl|ru|da|nb|fi|cs)/.test(s.locale) && !/^(nl|de-CH|de-AT)/.test(s.locale);
      if (s.style === "percent") { if (after && !/^(nl|it|pt|tr)/.test(s.locale)) { parts.push(["literal", nb]); } parts.push(["percentSign", "%"]); }
      if (s.style === "currency") {
        var symbol = s.display === "code" ? s.currency : s.display === "narrowSymbol" && /\$$/.test(currencies[s.currency] || "") ? "$" : currencies[s.currency] || s.currency;
        if (s.display === "name") { parts.push(["literal", " "], ["currency", names[s.currency] || s.currency]); } else if (after && !/^(nl|tr|pt)/.test(s.locale)) {
          parts.push(["literal", nb], ["currency", symbol]);
        } else {
          if (/[A-Z]$/.test(symbol) || /^(nl|pt)/.test(s.locale)) { parts.unshift(["literal", nb]); }
          parts.unshift(["currency", symbol]);
        }
      }
      if (s.style === "unit") {
        var one = parts.length === 1 && parts[0][1] === "1";
        if (s.unitDisplay === "long") { parts.push(["literal", " "], ["unit", s.unit.replace(/-per-.*/, "") + (one ? "" : "s") + s.unit.replace(/^[a-z]+/, "").replace("-per-", " per ")]); } else {
          var u = units[s.unit] || " " + s.unit;
          if (/^ (day|wk|mth|yr)$/.test(u) && !one) { u += "s"; }
          if (u[0] === " " && s.unitDisplay !== "narrow") { parts.push(["literal", " "]); }
          parts.push(["unit", u.trim()]);
        }
      }
      var sign = s.sign === "never" ? "" : negative && !(zero && s.sign === "negative") ? "-" : s.sign === "always" || s.sign === "exceptZero" && !zero ? "+" : "";
      if (zero && s.sign === "exceptZero") { sign = ""; }
      if (x !== x) { sign = s.sign === "always" ? "+" : ""; }
      if (sign) { parts.unshift([sign === "-" ? "minusSign" : "plusSign", sign]); }
      return parts;
    }
    get format() { return (v) => this.#parts(v).map(function (p) { return p[1]; }).join(""); }
    formatToParts(v) { return this.#parts(v).map(function (p) { return { type: p[0], value: p[1] }; }); }
    get [Symbol.toStringTag]() { return "Intl.NumberFormat"; }
  }

  function two(x) { return (x < 10 ? "0" : "") + x; }
  class DateTimeFormat {
    #o; #f;
    constructor(locale, options) {
      var o = Object.assign({}, options);
      this.#o = o;
      o.locale = resolve(locale);
      this.#f = form(o.locale);
      if (o.timeZone !== undefined && n.fields(0, o.timeZone) === null) { throw new RangeError("Invalid time zone specified: " + o.timeZone); }
      var any = ["weekday", "year", "month", "day", "hour", "minute", "second", "dayPeriod", "fractionalSecondDigits"].some(function (k) { return o[k] !== undefined; });
      if (o.dateStyle !== undefined || o.timeStyle !== undefined) {
        if (any) { throw new TypeError("Can't set option " + ["weekday", "year", "month", "day", "hour", "minute", "second"].find(function (k) { return o[k] !== undefined; }) + " when " + (o.dateStyle !== undefined ? "dateStyle" : "timeStyle") + " is used"); }
        if (o.dateStyle === "short") { o.year = "2-digit"; o.month = o.day = "numeric"; } else if (o.dateStyle) {
          o.year = o.day = "numeric";
          o.month = o.dateStyle === "medium" ? "short" : "long";
          if (o.dateStyle === "full") { o.weekday = "long"; }
        }
        if (o.timeStyle) {
          o.hour = "numeric";
          o.minute = "2-digit";
          if (o.timeStyle !== "short") { o.second = "2-digit"; }
          if (o.timeStyle === "long") { o.timeZoneName = "short"; }
          if (o.timeStyle === "full") { o.timeZoneName = "long"; }
        }
      } else if (!any) { o.year = o.month = o.day = "numeric"; }
    }
    resolvedOptions() {
      return { locale: this.#o.locale, calendar: "gregory", numberingSystem: "latn", timeZone: this.#o.timeZone === undefined ? n.zone() : this.#o.timeZone };
    }
    static supportedLocalesOf(l) { return [].concat(l); }
    #date(t, parts) {
      var o = this.#o, f = this.#f, de = /^de/.test(o.locale), months = de ? deM : M, days = de ? deW : W;
      var y = o.year === undefined ? undefined : o.year === "2-digit" ? two(t[0] % 100) : String(t[0]);
      var wd = o.weekday === undefined ? undefined : o.weekday === "long" ? days[t[7]] : o.weekday === "narrow" ? days[t[7]][0] : days[t[7]].slice(0, de ? 2 : 3);
      var d = o.day === undefined ? undefined : o.day === "2-digit" ? two(t[2]) : String(t[2]);
      var name = o.month === "long" || o.month === "short" || o.month === "narrow";
      if (name) {
        var m = o.month === "long" ? months[t[1]] : o.month === "narrow" ? months[t[1]][0] : de ? ["Jan.", "Feb.", "März", "Apr.", "Mai", "Juni", "Juli", "Aug.", "Sept.", "Okt.", "Nov.", "Dez."][t[1]] : M[t[1]].slice(0, /^en-(GB|AU)/.test(o.locale) && t[1] === 8 ? 4 : 3);
        var us = /^en-(US|CA)$/.test(o.locale) || !/^en-/.test(o.locale) && !de, list = [];
        if (us) {
          if (wd) { list.push(["weekday", wd], ["literal", ", "]); }
          list.push(["month", m]);
          if (d) { list.push(["literal", " "], ["day", d]); }
          if (y) { list.push(["literal", d ? ", " : " "], ["year", y]); }
        } else {
          if (wd) { list.push(["weekday", wd], ["literal", de ? ", " : o.year && o.weekday === "long" ? " " : ", "]); }
          if (d) { list.push(["day", d], ["literal", de ? ". " : " "]); }
          list.push(["month", m]);
          if (y) { list.push(["literal", " "], ["year", y]); }
        }
        parts.push(...list);
        return;
      }
      var mm = o.month === undefined ? undefined : o.month === "2-digit" ? two(t[1] + 1) : String(t[1] + 1);
      var pattern = f[2], both = d !== undefined && mm !== undefined, first = parts.length;
      if (wd) { parts.push(["weekday", wd]); if (d || mm || y) { parts.push(["literal", ", "]); } }
      var start = parts.length;
      var last = "";
      pattern.replace(/d+|M+|y|[^dMy]+/g, function (p) {
        var v = p[0] === "d" ? d : p[0] === "M" ? mm : p === "y" ? y : null;
        if (v === null) { last = p; return ""; }
        if (v === undefined) { return ""; }
        if (p.length === 2 && both && v.length < 2) { v = "0" + v; }
        if (parts.length > start) { parts.push(["literal", last]); }
        parts.push([p[0] === "d" ? "day" : p[0] === "M" ? "month" : "year", v]);
        return "";
      });
      return first;
    }
    #time(t, parts) {
      var o = this.#o, f = this.#f, twelve = f[3][0] === "h", list = [];
      if (o.hourCycle) { twelve = o.hourCycle === "h12" || o.hourCycle === "h11"; }
      if (o.hour12 !== undefined) { twelve = !!o.hour12; }
      var sep = f[3].indexOf(".") > 0 ? "." : ":";
      var h = t[3], alone = o.minute === undefined && o.second === undefined;
      if (o.hour !== undefined) {
        var hh = twelve ? h % 12 || 12 : h;
        var pad = o.hour === "2-digit" || !twelve && (f[3].slice(0, 2) === "HH" || f[3][0] === "h");
        list.push(["hour", pad ? two(hh) : String(hh)]);
      }
      if (o.minute !== undefined) { if (list.length) { list.push(["literal", sep]); } list.push(["minute", o.hour !== undefined || o.second !== undefined ? two(t[4]) : String(t[4])]); }
      if (o.second !== undefined) { if (list.length) { list.push(["literal", sep]); } list.push(["second", o.minute !== undefined || o.second === "2-digit" && false ? two(t[5]) : String(t[5])]); }
      if (o.fractionalSecondDigits) {
        if (list.length) { list.push(["literal", "."]); }
        list.push(["fractionalSecond", String(t[6]).padStart(3, "0").slice(0, o.fractionalSecondDigits)]);
      }
      if (twelve && o.hour !== undefined) {
        var low = /^en-(GB|AU|IN|NZ)/.test(o.locale), dots = o.locale === "en-CA";
        list.push(["literal", low || dots ? nn : " "], ["dayPeriod", dots ? h < 12 ? "a.m." : "p.m." : low ? h < 12 ? "am" : "pm" : h < 12 ? "AM" : "PM"]);
      } else if (alone && o.hour !== undefined && /^de/.test(o.locale)) { list.push(["literal", " "], ["literal", "Uhr"]); }
      if (o.timeZoneName) {
        var off = t[8], g = "GMT" + (off ? (off < 0 ? "-" : "+") + Math.floor(Math.abs(off) / 60) + (off % 60 ? ":" + two(Math.abs(off) % 60) : "") : "");
        var short = t[9] === "UTC" ? "UTC" : /^(E|C|M|P|AK|H)[SD]T$/.test(t[9]) && /^en-US/.test(o.locale) ? t[9] : g;
        list.push(["literal", " "], ["timeZoneName", o.timeZoneName === "long" ? t[10] : short]);
      }
      parts.push(...list);
    }
    #parts(v) {
      var ms = v === undefined ? n.now() : Number(v);
      if (!(Math.abs(ms) <= 8.64e15)) { throw new RangeError("Invalid time value"); }
      var t = n.fields(ms, this.#o.timeZone), o = this.#o, parts = [];
      if (o.weekday !== undefined || o.year !== undefined || o.month !== undefined || o.day !== undefined) { this.#date(t, parts); }
      if (o.hour !== undefined || o.minute !== undefined || o.second !== undefined || o.fractionalSecondDigits) {
        if (parts.length) { parts.push(["literal", o.dateStyle === "full" || o.dateStyle === "long" || (o.month === "long" && !o.dateStyle && o.weekday) ? " at " : this.#f[4]]); }
        this.#time(t, parts);
      } else if (o.timeZoneName) {
        parts.push(["literal", ", "]);
        this.#time(t, parts);
      }
      return parts;
    }
    get format() { return (v) => this.#parts(v).map(function (p) { return p[1]; }).join(""); }
    formatToParts(v) { return this.#parts(v).map(function (p) { return { type: p[0], value: p[1] }; }); }
    formatRange(a, b) { return this.format(a) + " – " + this.format(b); }
    get [Symbol.toStringTag]() { return "Intl.DateTimeFormat"; }
  }
  class Collator {
    #l; #o;
    constructor(locale, options) { this.#l = resolve(locale); this.#o = Object.assign({ sensitivity: "variant", numeric: false }, options); }
    get compare() { return (a, b) => String(a).localeCompare(String(b), this.#l, this.#o); }
    resolvedOptions() { return Object.assign({ locale: this.#l, usage: "sort" }, this.#o); }
    static supportedLocalesOf(l) { return [].concat(l); }
  }
  class PluralRules {
    #l; #o;
    constructor(locale, options) { this.#l = resolve(locale); this.#o = Object.assign({ type: "cardinal" }, options); }
    select(x) {
      if (this.#o.type === "ordinal") {
        var a = x % 10, b = x % 100;
        return a === 1 && b !== 11 ? "one" : a === 2 && b !== 12 ? "two" : a === 3 && b !== 13 ? "few" : "other";
      }
      return x === 1 ? "one" : "other";
    }
    resolvedOptions() { return { locale: this.#l, type: this.#o.type }; }
  }
  class ListFormat {
    #o;
    constructor(locale, options) { this.#o = Object.assign({ type: "conjunction" }, options); }
    format(list) {
      list = Array.from(list);
      var w = { conjunction: "and", disjunction: "or" }[this.#o.type];
      if (list.length < 2) { return list.join(""); }
      if (!w) { return list.join(", "); }
      return list.length === 2 ? list.join(" " + w + " ") : list.slice(0, -1).join(", ") + ", " + w + " " + list[list.length - 1];
    }
  }
  class RelativeTimeFormat {
    #o; #n;
    constructor(locale, options) { this.#o = Object.assign({ numeric: "always" }, options); this.#n = new NumberFormat(locale); }
    format(v, unit) {
      unit = String(unit).replace(/s$/, "");
      if (this.#o.numeric === "auto" && unit === "day" && Math.abs(v) <= 1) { return ["yesterday", "today", "tomorrow"][v + 1]; }
      var x = this.#n.format(Math.abs(v)), u = unit + (Math.abs(v) === 1 ? "" : "s");
      return v < 0 || Object.is(v, -0) ? x + " " + u + " ago" : "in " + x + " " + u;
    }
  }
  var Intl = {};
  for (let C of [NumberFormat, DateTimeFormat, Collator, PluralRules, ListFormat, RelativeTimeFormat]) {
    // The formatters may be called without new.
    var F = function (locale, options) { return Reflect.construct(C, [locale, options], new.target || C); };
    Object.defineProperty(F, "name", { value: C.name });
    F.prototype = C.prototype;
    F.supportedLocalesOf = C.supportedLocalesOf;
    Object.defineProperty(C.prototype, "constructor", { value: F, writable: true, configurable: true });
    Object.defineProperty(Intl, C.name, { value: F, writable: true, configurable: true });
  }
  Object.defineProperty(Intl, "getCanonicalLocales", { value: function (l) { return [].concat(l).map(resolve); }, writable: true, configurable: true });
  Object.defineProperty(Intl, Symbol.toStringTag, { value: "Intl", configurable: true });
  return Intl;
})
