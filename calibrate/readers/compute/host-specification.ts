/** The specification of a host that DeepBench publishes beside its results: one name and one value a line. It says what was measured on; it gives facts and no rows. */
import { splitCsv } from "../csv.ts";
import { emptyHead, cleanText, wholeTextReader } from "../text.ts";

/** Names that rows of other readers have too. */
const plain: Readonly<Record<string, string>> = { "cpu model": "processor", "gpu model": "device", motherboard: "board" };

export const hostSpecification = wholeTextReader({
  id: "host-specification",
  title: "DeepBench: specification of a host",
  accepts: (text) => /^"?CPU Model"?,/i.test(text),
  read(text) {
    const facts: Record<string, string> = {};
    const problems: Array<{ line: number; got: string; expected: string }> = [];
    splitCsv(cleanText(text)).forEach(([name = "", value = "", ...more], index) => {
      const key = plain[name.trim().toLowerCase()] ?? name.trim();
      if (more.some((cell) => cell.trim() !== "")) problems.push({ line: index + 1, got: [name, value, ...more].join(",").slice(0, 120), expected: "a name and a value" });
      else if (key !== "" && value.trim() !== "" && value.trim() !== "-") facts[key] = value.trim();
    });
    return { ...emptyHead, facts, documents: [{ kind: "host", document: facts }], problems };
  },
});
