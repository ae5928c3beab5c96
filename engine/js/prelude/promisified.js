(function (setTimeout) {
  return function (after, value) {
    return new Promise(function (resolve) { setTimeout(function () { resolve(value); }, after); });
  };
})
