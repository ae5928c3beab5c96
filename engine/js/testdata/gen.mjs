// Writes the expected texts of the expressions in expr/*.txt, one per line, to
// expr/*.want, as this Node gives them in a context like that of a function node.
// Run with Node 22: node gen.mjs (a zone in the file name, dates.Europe-Berlin.txt, is used).
import fs from "node:fs";
import vm from "node:vm";
import util from "node:util";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import path from "node:path";
const dir = path.dirname(fileURLToPath(import.meta.url));
const showText = fs.readFileSync(path.join(dir, "show.js"), "utf8");
for (const file of fs.readdirSync(path.join(dir, "expr"))) {
  const m = /^([\w-]+)(?:\.([\w-]+))?\.txt$/.exec(file);
  if (!m) continue;
  process.env.TZ = (m[2] || "UTC").replace("-", "/");
  const out = [];
  for (const line of fs.readFileSync(path.join(dir, "expr", file), "utf8").split("\n")) {
    if (!line || line.startsWith("//")) { out.push(""); continue; }
    const c = vm.createContext({ Buffer, util, URL, URLSearchParams, console, Date, ...(m[1] === "modules" ? { require: createRequire(import.meta.url) } : {}) });
    const show = vm.runInContext(showText, c);
    let text;
    try {
      text = show(vm.runInContext("(function () { return (\n" + line + "\n); })()", c, { filename: "expr" }));
    } catch (e) {
      text = e !== null && typeof e === "object" && "message" in e ? "throws " + e.name + ": " + e.message + (e.code ? " [" + e.code + "]" : "") : "throws " + show(e);
    }
    out.push(text.replace(/\n/g, "\\n"));
  }
  fs.writeFileSync(path.join(dir, "expr", file.replace(/\.txt$/, ".want")), out.join("\n"));
}
