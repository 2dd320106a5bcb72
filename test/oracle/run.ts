/** npm run oracle: compiles simgrid/oracle.cpp, asks it every pattern, writes the answers to golden/ and the table to docs/oracle.md. --table: only the table. */
import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { makeExchanges, type ExchangePattern } from "./exchanges.ts";
import { exchangesFile, flowsFile, pageFile, readText } from "./files.ts";
import { exchangeLine, flowLine, readExchangeGolden, readFlowGolden, writeGolden, type GoldenHead } from "./golden.ts";
import { makePatterns, type FlowPattern } from "./patterns.ts";
import { writeExchange, writeFlows } from "./protocol.ts";
import { replaceResults, writeResults } from "./table.ts";

const source = fileURLToPath(new URL("simgrid/oracle.cpp", import.meta.url));
const folder = fileURLToPath(new URL("../../.cache/oracle", import.meta.url));
const program = `${folder}/oracle`;
const settings = [...readText(new URL("simgrid/oracle.cpp", import.meta.url)).matchAll(/"(network\/[\w-]+:\w+)"/g)].map(([, setting = ""]) => setting);

function fail(message: string): never {
  console.error(message);
  process.exit(1);
}

function runProgram(command: string, words: readonly string[], input = ""): string {
  const { status, stdout, stderr, error } = spawnSync(command, words, { input, encoding: "utf8", maxBuffer: 1 << 28 });
  if (status !== 0) throw new Error(`${command} ended with ${status ?? error?.message}\n${stderr}`);
  return stdout;
}

function build(): void {
  const compiler = process.env.CXX ?? "g++";
  mkdirSync(folder, { recursive: true });
  if (spawnSync(compiler, ["--version"]).status !== 0) fail("There is no C++ compiler. Debian: apt-get install g++ libsimgrid-dev");
  if (spawnSync(compiler, ["-E", "-x", "c++", "-"], { input: "#if !__has_include(<simgrid/s4u.hpp>)\n#error none\n#endif\n" }).status !== 0) fail("SimGrid is not installed. Debian: apt-get install libsimgrid-dev");
  runProgram(compiler, ["-std=c++20", "-O2", "-Wall", "-Wextra", source, "-o", program, "-lsimgrid"]);
}

/** Twelve digits: SimGrid takes events within a nanosecond for one. */
function ask(words: string, expected: number): { version: string; end_s: number[] } {
  const [version = "", ...times] = runProgram(program, [], words).trim().split("\n");
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
if (!words.includes("--table")) {
  build();
  mkdirSync(new URL("golden", import.meta.url), { recursive: true });
  askAll<FlowPattern>(makePatterns(), writeFlows, ({ flows }) => flows.from.length, flowLine, flowsFile);
  askAll<ExchangePattern>(makeExchanges(), writeExchange, ({ exchange }) => exchange.ranks, exchangeLine, exchangesFile);
}
writePage();
