/** Every kind of bad document is answered with all of its problems, each with its path, what was found, what was expected and what was meant. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { documentKinds, type DocumentKind } from "../../../model/schema/index.ts";
import { maximumDocumentBytes, parseDocument, parseJson } from "../../../model/schema/parse.ts";
import { library } from "../../support/library.ts";

type Tree = Record<string, unknown>;

const plan = library.documents.plan["climate-2018-summit-fp16"] as Tree;
const machine = library.documents.machine["summit"] as Tree;
const node = machine["node"] as Tree;
const run = library.documents.run["summit-deeplabv3plus-fp16-2018"] as Tree;
const workload = library.documents.workload["resnet50-imagenet"] as Tree;
const calibration = library.documents.calibration["tensorflow-2018-convolution-factor-fp32"] as Tree;
const points = run["points"] as Tree[];

const without = (tree: Tree, key: string): Tree => Object.fromEntries(Object.entries(tree).filter(([name]) => name !== key));
const problemsOf = (kind: DocumentKind, value: unknown) => parseDocument(kind, value, "x").problems;
const assumed = { source: "judgement", kind: "assumed" };

interface Row {
  readonly what: string;
  readonly kind: DocumentKind;
  readonly value: unknown;
  readonly code: string;
  readonly path: string;
  readonly got?: RegExp;
  readonly expected?: RegExp;
  readonly hint?: RegExp;
}

const rows: Row[] = [
  { what: "a misspelt key", kind: "plan", value: { ...plan, precison: "fp16" }, code: "unknown-key", path: "x: precison", got: /"precison"/, hint: /"precision"/ },
  { what: "a misspelt key inside", kind: "machine", value: { ...machine, node: { ...node, injectoin: "1 GB/s" } }, code: "unknown-key", path: "x: node.injectoin", expected: /hostMemory/, hint: /"injection"/ },
  { what: "a misspelt key of a fact", kind: "plan", value: { ...plan, fusion: { vaule: "1 MiB", value: "1 MiB", source: "judgement" } }, code: "unknown-key", path: "x: fusion.vaule", hint: /"value"/ },
  { what: "a misspelt option", kind: "workload", value: { ...workload, options: { chanels: 3 } }, code: "unknown-key", path: "x: options.chanels", hint: /"channels"/ },
  { what: "a wrong unit", kind: "plan", value: { ...plan, fusion: "64 MB/s" }, code: "wrong-unit", path: "x: fusion", got: /64 MB\/s/, expected: /an amount of data, such as/, hint: /is a bandwidth/ },
  { what: "an ambiguous unit", kind: "machine", value: { ...machine, node: { ...node, injection: { value: "100 Gbps", source: "judgement" } } }, code: "wrong-unit", path: "x: node.injection.value", hint: /write Gbit\/s/ },
  { what: "a unit left out", kind: "plan", value: { ...plan, fusion: "64" }, code: "wrong-unit", path: "x: fusion", hint: /unit is missing/ },
  { what: "a number where a unit is needed", kind: "plan", value: { ...plan, fusion: 64 }, code: "missing-unit", path: "x: fusion", hint: /write the unit/ },
  { what: "a negative quantity", kind: "plan", value: { ...plan, fusion: "-1 MiB" }, code: "out-of-range", path: "x: fusion", expected: /above zero/ },
  { what: "zero where it means nothing", kind: "plan", value: { ...plan, fusion: "0 MiB" }, code: "out-of-range", path: "x: fusion" },
  { what: "a fraction above its most", kind: "machine", value: { ...machine, fabric: { ...(machine["fabric"] as Tree), efficiency: { value: "120 %", source: "judgement" } } }, code: "out-of-range", path: "x: fabric.efficiency.value", expected: /at most 1/ },
  { what: "NaN", kind: "plan", value: { ...plan, samplesPerDevice: Number.NaN }, code: "wrong-value", path: "x: samplesPerDevice", got: /NaN/, expected: /a number/ },
  { what: "NaN as a count", kind: "machine", value: { ...machine, nodes: Number.NaN }, code: "wrong-unit", path: "x: nodes", got: /NaN/ },
  { what: "an infinite count", kind: "machine", value: { ...machine, nodes: Number.POSITIVE_INFINITY }, code: "wrong-unit", path: "x: nodes", got: /Infinity/ },
  { what: "a part of a device", kind: "machine", value: { ...machine, nodes: 2.5 }, code: "wrong-unit", path: "x: nodes", hint: /whole number/ },
  { what: "a part of a sample", kind: "plan", value: { ...plan, samplesPerDevice: 1.5 }, code: "wrong-value", path: "x: samplesPerDevice", expected: /a whole number/ },
  { what: "none where one is least", kind: "plan", value: { ...plan, samplesPerDevice: 0 }, code: "wrong-value", path: "x: samplesPerDevice", expected: /at least 1/ },
  { what: "too many", kind: "plan", value: { ...plan, samplesPerDevice: 1e6 }, code: "wrong-value", path: "x: samplesPerDevice", expected: /at most 65536/ },
  { what: "a missing key", kind: "plan", value: without(plan, "precision"), code: "wrong-value", path: "x: precision", got: /nothing/ },
  { what: "a missing text", kind: "plan", value: without(plan, "title"), code: "missing-key", path: "x: title", got: /nothing/, expected: /a text/ },
  { what: "a missing fact", kind: "machine", value: { ...machine, node: without(node, "injection") }, code: "wrong-value", path: "x: node.injection", got: /nothing/, expected: /a bandwidth/ },
  { what: "a fact without value", kind: "plan", value: { ...plan, fusion: { source: "judgement" } }, code: "missing-key", path: "x: fusion.value" },
  { what: "a word that is none of the choices", kind: "plan", value: { ...plan, precision: "fp23" }, code: "unknown-name", path: "x: precision", expected: /fp16/, hint: /"fp32"/ },
  { what: "a number that is none of the choices", kind: "plan", value: { ...plan, precision: 16 }, code: "wrong-value", path: "x: precision", expected: /one of fp64/ },
  { what: "an unknown family", kind: "workload", value: { ...workload, family: "resnet5" }, code: "unknown-name", path: "x: family", hint: /"resnet50"/ },
  { what: "a missing family", kind: "workload", value: without(workload, "family"), code: "missing-key", path: "x: family", expected: /one of deeplabv3plus/ },
  { what: "a text for a list", kind: "run", value: { ...run, scales: "1, 2" }, code: "wrong-value", path: "x: scales", expected: /a list/ },
  { what: "a list for an object", kind: "machine", value: { ...machine, node: [] }, code: "wrong-value", path: "x: node", expected: /an object/ },
  { what: "a list for a fact", kind: "plan", value: { ...plan, fusion: [1] }, code: "wrong-value", path: "x: fusion", got: /\[1\]/ },
  { what: "a boolean for a fact", kind: "plan", value: { ...plan, fusion: true }, code: "wrong-value", path: "x: fusion", got: /true/ },
  { what: "an empty list", kind: "run", value: { ...run, points: [] }, code: "wrong-value", path: "x: points", expected: /at least 1/ },
  { what: "an id with spaces", kind: "plan", value: { ...plan, id: "My Plan" }, code: "wrong-value", path: "x: id", got: /My Plan/, expected: /lower-case/ },
  { what: "an empty title", kind: "plan", value: { ...plan, title: "" }, code: "wrong-value", path: "x: title" },
  { what: "an assumed value without interval", kind: "plan", value: { ...plan, fusion: { value: "1 MiB", ...assumed } }, code: "missing-interval", path: "x: fusion", expected: /low and high/ },
  { what: "a value below its interval", kind: "plan", value: { ...plan, fusion: { value: "1 MiB", low: "2 MiB", high: "3 MiB", ...assumed } }, code: "wrong-interval", path: "x: fusion", expected: /low <= value <= high/ },
  { what: "an interval upside down", kind: "plan", value: { ...plan, fusion: { value: "1 MiB", low: "2 MiB", high: "0.5 MiB", ...assumed } }, code: "wrong-interval", path: "x: fusion" },
  { what: "an end in another unit", kind: "plan", value: { ...plan, fusion: { value: "1 MiB", low: "1 s", high: "3 MiB", source: "judgement" } }, code: "wrong-unit", path: "x: fusion.low", hint: /is a time/ },
  { what: "an unknown kind of fact", kind: "plan", value: { ...plan, fusion: { value: "1 MiB", source: "judgement", kind: "guessed" } }, code: "wrong-value", path: "x: fusion.kind", expected: /assumed/ },
  { what: "an empty source", kind: "plan", value: { ...plan, fusion: { value: "1 MiB", source: " " } }, code: "wrong-value", path: "x: fusion.source" },
  { what: "a bare string without the document's source", kind: "plan", value: { ...without(plan, "source"), fusion: "1 MiB" }, code: "missing-source", path: "x: fusion", got: /"1 MiB" without a source/ },
  { what: "a point's value in the wrong unit", kind: "run", value: { ...run, points: [{ ...points[0], value: "999 GB/s" }] }, code: "wrong-unit", path: "x: points[0].value", expected: /a compute rate/ },
  { what: "a point's value below zero", kind: "run", value: { ...run, points: [{ ...points[0], value: "-1 PF/s" }] }, code: "wrong-unit", path: "x: points[0].value", expected: /above zero/ },
  { what: "an unknown metric", kind: "run", value: { ...run, points: [{ ...points[0], metric: "sustained rate" }] }, code: "unknown-name", path: "x: points[0].metric", hint: /"sustained-rate"/ },
  { what: "an estimate below zero", kind: "calibration", value: { ...calibration, estimates: [{ ...(calibration["estimates"] as Tree[])[0], value: -1 }] }, code: "wrong-value", path: "x: estimates[0].value" },
  { what: "an unknown scope", kind: "calibration", value: { ...calibration, scope: { ...(calibration["scope"] as Tree), kind: "stak" } }, code: "unknown-name", path: "x: scope.kind", hint: /"stack"/ },
  { what: "a key of the prototype", kind: "plan", value: JSON.parse(JSON.stringify(plan).replace("{", `{"__proto__":{"id":"y"},`)), code: "unknown-key", path: "x: __proto__" },
  { what: "a plan without kind", kind: "plan", value: { ...plan, kind: undefined }, code: "missing-key", path: "x: kind", expected: /data-parallel, layout/ },
  { what: "a plan of an unknown kind", kind: "plan", value: { ...plan, kind: "layouts" }, code: "unknown-name", path: "x: kind", hint: /"layout"/ },
  { what: "a key of another kind of plan", kind: "plan", value: { ...plan, tensor: 2 }, code: "unknown-key", path: "x: tensor", expected: /samplesPerDevice/ },
  { what: "constructor as a key", kind: "plan", value: { ...plan, constructor: 1 }, code: "unknown-key", path: "x: constructor" },
  { what: "a source that is a number", kind: "sources", value: { toString: 5 }, code: "wrong-value", path: "x: toString", got: /5/ },
];

describe("a bad document", () => {
  it.each(rows)("$what", ({ kind, value, code, path, got, expected, hint }) => {
    const parsed = parseDocument(kind, value, "x");
    expect(parsed.document).toBeUndefined();
    const problem = parsed.problems.find((one) => one.path === path);
    // A value that is no number may also be told as outside its interval; nothing else is told beside the planted problem.
    expect(parsed.problems.map((one) => one.path)).toEqual(expect.arrayContaining([path]));
    expect(parsed.problems.length).toBeLessThanOrEqual(2);
    if (problem?.code !== "missing-key" || code !== "wrong-value") expect(problem?.code).toBe(code);
    for (const [pattern, text] of [[got, problem?.got], [expected, problem?.expected], [hint, problem?.hint]] as const) if (pattern) expect(text).toMatch(pattern);
  });

  it.each([null, undefined, 5, "text", true, [], [plan]].map((value) => [value]))("that is %j is refused as a whole", (value) => {
    expect(problemsOf("plan", value)).toEqual([expect.objectContaining({ code: "wrong-value", path: "x", expected: "an object, the plan document" })]);
  });

  it("tells all of its problems at once", () => {
    const bad = { ...plan, precision: "fp61", fusion: "64 MB/s", samplesPerDevice: -1, gradientLag: "one", staging: { mode: "nave", samplesPerNode: 1, extra: 1 }, optimiser: "lamb" };
    expect(problemsOf("plan", bad).map(({ path }) => path).toSorted()).toEqual(["fusion", "gradientLag", "optimiser", "precision", "samplesPerDevice", "staging.extra", "staging.mode"].map((path) => `x: ${path}`));
  });

  it("of any JSON gives problems or a document, never an exception", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(...documentKinds), (value, kind) => {
        const parsed = parseDocument(kind, value, "x");
        expect(parsed.document === undefined).toBe(parsed.problems.length > 0);
      }),
      { numRuns: 300 },
    );
  });

  it("made from a good one by any one change never throws, and its problems lie at or under the change", () => {
    const keys = Object.keys(machine).filter((key) => !key.startsWith("$") && key !== "source");
    fc.assert(
      fc.property(fc.constantFrom(...keys), fc.jsonValue({ maxDepth: 3 }), (key, value) => {
        for (const { path } of problemsOf("machine", { ...machine, [key]: value })) expect(path.startsWith(`x: ${key}`), path).toBe(true);
      }),
      { numRuns: 200 },
    );
  });
});

describe("a good document", () => {
  it("keeps what the file wrote and holds SI values", () => {
    const { document } = parseDocument("plan", { ...plan, fusion: { value: "64 MiB", low: "32 MiB", high: "64 MiB", ...assumed, note: "n" } }, "x");
    expect(document?.kind === "data-parallel" && document.fusion).toEqual({ value: 2 ** 26, low: 2 ** 25, high: 2 ** 26, dimension: "data", kind: "assumed", source: "judgement", text: "64 MiB", note: "n" });
  });

  it("gives its source to facts that are written as a bare string", () => {
    const { document } = parseDocument("plan", { ...plan, source: "climdeeplearn", fusion: "64 MiB" }, "x");
    expect(document?.kind === "data-parallel" && document.fusion).toMatchObject({ source: "climdeeplearn", kind: "published", text: "64 MiB" });
  });

  it("is not changed by being parsed", () => {
    const before = JSON.stringify(machine);
    parseDocument("machine", machine, "x");
    expect(JSON.stringify(machine)).toBe(before);
  });
});

describe("parseJson", () => {
  it.each([["", /empty/], ["  \n", /empty/], ["{", /JSON/], ["{'a': 1}", /JSON/], ["NaN", /JSON|token/]] as const)("refuses %j with the reason", (text, reason) => {
    const { value, problems } = parseJson(text, "x");
    expect(value).toBeUndefined();
    expect(problems).toEqual([expect.objectContaining({ code: "not-json", path: "x", hint: expect.stringMatching(reason) })]);
  });

  it("refuses 3 MB of text without reading it", () => {
    expect(parseJson(`{"a": "${"x".repeat(3e6)}"}`, "x").problems).toEqual([expect.objectContaining({ code: "wrong-value", got: expect.stringContaining("2.9 MiB"), expected: "a document of at most 2 MiB" })]);
    expect(parseJson(" ".repeat(maximumDocumentBytes - 2) + "{}", "x").problems).toEqual([]);
  });

  it("reads past a byte order mark", () => {
    expect(parseJson("\uFEFF{}", "x")).toEqual({ value: {}, problems: [] });
  });
});
