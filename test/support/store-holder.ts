/** Commits one file to a store, begins another, says so, and waits to be killed. */
import { openStore, saveFile } from "../../cli/store/index.ts";

const store = await openStore(process.argv[2] ?? "");
const head = { facts: {}, asks: [], documents: [], excluded: [], problems: [] };
const file = (name: string) => ({ sha256: name.repeat(64), name, bytes: 1, reader: "x", imported: "2026-01-02T03:04:05" });
const row = (line: number) => ({ line, benchmark: "x", case: {}, values: { time_s: line } });
await saveFile(store, file("a"), async (emit) => {
  for (let line = 1; line <= 2000; line++) emit(row(line));
  return head;
});
await saveFile(store, file("b"), async (emit) => {
  for (let line = 1; line <= 2000; line++) emit(row(line));
  process.stdout.write("committed\n");
  await new Promise((resolve) => setTimeout(resolve, 60_000));
  return head;
});
