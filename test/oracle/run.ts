/** npm run oracle: compiles simgrid/oracle.cpp, asks it every pattern, writes the answers to golden/ and the table to docs/oracle.md. --table: only the table. */
import { mkdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { makeExchanges, type ExchangePattern } from "./exchanges.ts";
import { exchangesFile, flowsFile, pageFile, readText } from "./files.ts";
import { exchangeLine, flowLine, readExchangeGolden, readFlowGolden, writeGolden, type GoldenHead } from "./golden.ts";
import { makePatterns, type FlowPattern } from "./patterns.ts";
import { buildProgram, runProgram } from "./program.ts";
import { writeExchange, writeFlows } from "./protocol.ts";
import { replaceResults, writeResults } from "./table.ts";

const settings = [...readText(new URL("simgrid/oracle.cpp", import.meta.url)).matchAll(/"(network\/[\w-]+:\w+)"/g)].map(([, setting = ""]) => setting);

function fail(message: string): never {
  console.error(message);
  process.exit(1);
}

/** Twelve digits: SimGrid takes events within a nanosecond for one. */
function ask(words: string, expected: number): { version: string; end_s: number[] } {
  const [version = "", ...times] = runProgram(program, words).trim().split("\n");
  const end_s = times.map((time) => Number(Number(time).toPrecision(12)));
  if (end_s.length !== expected || end_s.some((time) => !(time >= 0))) throw new Error(`SimGrid gave ${end_s.length} times for ${expected}, or a flow never ended`);
  return { version, end_s };
}

function askAll<Pattern>(patterns: readonly Pattern[], write: (pattern: Pattern) => string, count: (pattern: Pattern) => number, line: (pattern: Pattern, end_s: number[]) => string, file: URL): void {
  const lines: string[] = [];
  const versions = new Set<string>();
  for (const pattern of patterns) {
    const { version, end_s } = ask(write(pattern), count(pattern));
    versions.add(version);
    lines.push(line(pattern, end_s));
  }
  const head: GoldenHead = { simgrid: [...versions].join(), command: "npm run oracle", settings };
  writeFileSync(file, writeGolden(head, lines));
  console.log(`${patterns.length} patterns: ${fileURLToPath(file)}`);
}

function writePage(): void {
  const results = writeResults(readFlowGolden(readText(flowsFile)), readExchangeGolden(readText(exchangesFile)));
  writeFileSync(pageFile, replaceResults(readText(pageFile), results));
  console.log(`the table: ${fileURLToPath(pageFile)}`);
}

const words = process.argv.slice(2);
const unknown = words.find((word) => word !== "--table");
if (unknown !== undefined) fail(`npm run oracle knows --table, not ${unknown}`);
let program = "";
if (!words.includes("--table")) {
  const built = buildProgram();
  if ("missing" in built) fail(built.missing);
  program = built.program;
  mkdirSync(new URL("golden", import.meta.url), { recursive: true });
  askAll<FlowPattern>(makePatterns(), writeFlows, ({ flows }) => flows.from.length, flowLine, flowsFile);
  askAll<ExchangePattern>(makeExchanges(), writeExchange, ({ exchange }) => exchange.ranks, exchangeLine, exchangesFile);
}
writePage();
