/** iperf3's JSON: what each second of each stream moved, and the sums. The first second carries the ramp-up of TCP and is marked. */
import { given, linesOfKey, listOf, numberOf, objectOf, parseFirstObject, positive, textOf } from "../json.ts";
import { emptyHead, wholeTextReader } from "../text.ts";

export const iperf = wholeTextReader({
  id: "iperf3",
  title: "iperf3: one TCP or UDP connection, JSON",
  accepts: (text) => /^\s*\{/.test(text) && /"(?:test_start|connecting_to|accepted_connection)"\s*:/.test(text) && /"version"\s*:\s*"iperf/.test(text),
  read(text, _name, emit) {
    const parsed = parseFirstObject(text);
    if (parsed.problem) return { ...emptyHead, problems: [parsed.problem] };
    const root = objectOf(parsed.value);
    const start = objectOf(root["start"]);
    const test = objectOf(start["test_start"]);
    const setting = given<string | number>({ protocol: textOf(test["protocol"]), streams: positive(test["num_streams"]), blockBytes: positive(test["blksize"]) });
    const seconds = listOf(root["intervals"]);
    const lines = linesOfKey(text, "sum");
    seconds.forEach((value, index) => {
      const sum = objectOf(objectOf(value)["sum"]);
      const rate = positive(sum["bits_per_second"]);
      if (rate === undefined) return;
      const omitted = sum["omitted"] === true || index === 0;
      emit({ line: lines[index] ?? parsed.line, benchmark: "iperf-interval", case: { ...setting, ...given({ start_s: numberOf(sum["start"]) }) }, values: given({ rate_bytes_per_s: rate / 8, time_s: positive(sum["seconds"]) }), ...(omitted ? { marks: ["warm-up" as const] } : {}) });
    });
    const end = objectOf(root["end"]);
    for (const key of ["sum_sent", "sum_received"] as const) {
      const sum = objectOf(end[key]);
      const rate = positive(sum["bits_per_second"]);
      if (rate !== undefined) emit({ line: linesOfKey(text, key)[0] ?? parsed.line, benchmark: `iperf-${key === "sum_sent" ? "sent" : "received"}`, case: setting, values: given({ rate_bytes_per_s: rate / 8, time_s: positive(sum["seconds"]), moved_bytes: positive(sum["bytes"]) }) });
    }
    const error = textOf(root["error"]);
    return { ...emptyHead, facts: given({ version: textOf(start["version"]), system: textOf(start["system_info"]) }), problems: error === undefined ? [] : [{ line: parsed.line, got: error, expected: "a test that ended" }] };
  },
});
