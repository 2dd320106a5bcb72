/** One import in a process of its own: `node --import tsx test/bench/import-once.ts FILE` tells rate and most memory held; `--write FILE MB` writes the trace of the benchmark instead. */
import { statSync } from "node:fs";
import { importFiles } from "../../cli/import/import-files.ts";
import { writeTrace, type Measured } from "./imports.ts";

const [first = "", path = "", megabytes = ""] = process.argv.slice(2);
if (first === "--write") writeTrace(path, Number(megabytes) * 1e6);
else {
  const began = performance.now();
  const { files } = await importFiles([first], { cwd: process.cwd(), store: null, skipUnknown: false, now: "" });
  const time_s = (performance.now() - began) / 1000;
  if (!files[0] || files[0].rows === 0 || files[0].problems.length > 0) throw new Error(JSON.stringify(files[0]?.problems));
  const measured: Measured = { megabytes: statSync(first).size / 1e6, time_s, most_mebibytes: process.resourceUsage().maxRSS / 1024 };
  console.log(JSON.stringify(measured));
}
