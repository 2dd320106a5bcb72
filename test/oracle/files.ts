/** Where the oracle's answers and its page lie. */
import { readFileSync } from "node:fs";

export const flowsFile = new URL("golden/flows.jsonl", import.meta.url);
export const exchangesFile = new URL("golden/exchanges.jsonl", import.meta.url);
export const pageFile = new URL("../../docs/oracle.md", import.meta.url);

export const readText = (file: URL): string => readFileSync(file, "utf8");
