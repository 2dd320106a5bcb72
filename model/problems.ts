/**
 * Every message a user can see about their input, as functions. A Problem says where, what was found, what was expected and the nearest valid name;
 * all problems of an input are reported together.
 */
export interface Problem {
  readonly code: string;
  /** Where: document id or file, then the path inside it, such as "machines/summit: node.devices". */
  readonly path: string;
  readonly got: string;
  readonly expected: string;
  readonly hint?: string;
}

/** Carries a list of problems through code that cannot return one. Hosts turn it into exit 1 or HTTP 422; it is never a fault of the program. */
export class InputError extends Error {
  readonly problems: readonly Problem[];
  constructor(problems: readonly Problem[]) {
    super(problems.map(showProblem).join("\n"));
    this.name = "InputError";
    this.problems = problems;
  }
}

export function showProblem(problem: Problem): string {
  return `${problem.path}: got ${problem.got}, expected ${problem.expected}${problem.hint ? ` (${problem.hint})` : ""}`;
}

/** A value as a reader would recognise it in a message: short, quoted where it is text. */
export function showValue(value: unknown): string {
  if (value === undefined) return "nothing";
  if (typeof value === "number") return String(value);
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

export const unknownKey = (path: string, key: string, known: readonly string[]): Problem => ({
  code: "unknown-key",
  path,
  got: `the unknown key "${key}"`,
  expected: known.length > 0 ? `one of ${listNames(known)}` : "no keys here",
  ...nearestHint(key, known),
});

export const unknownName = (path: string, kind: string, name: string, known: readonly string[]): Problem => ({
  code: "unknown-name",
  path,
  got: `"${name}"`,
  expected: known.length > 0 ? `the name of a ${kind}: ${listNames(known)}` : `the name of a ${kind} (there is none)`,
  ...nearestHint(name, known),
});

export const wrongValue = (path: string, value: unknown, expected: string, hint?: string): Problem => ({
  code: "wrong-value",
  path,
  got: showValue(value),
  expected,
  ...(hint ? { hint } : {}),
});

export const missingKey = (path: string, expected: string): Problem => ({ code: "missing-key", path, got: "nothing", expected });

export const notJson = (path: string, reason: string): Problem => ({ code: "not-json", path, got: "text that is not JSON", expected: "a JSON document", hint: reason });

export const unreadableFile = (path: string, reason: string): Problem => ({ code: "unreadable-file", path, got: reason, expected: "a readable JSON file" });

export const tooManyDevices = (path: string, wanted: number, available: number, machine: string): Problem => ({
  code: "too-many-devices",
  path,
  got: `${wanted} devices`,
  expected: `1 to ${available}, what ${machine} has`,
  hint: `at most ${available}`,
});

export const notFinite = (path: string, value: number, what: string): Problem => ({
  code: "not-finite",
  path,
  got: `${value} for ${what}`,
  expected: "a finite number",
  hint: "an input is outside the range in which the model is defined",
});

export const missingOperation = (layer: string, kind: string, pass: string, known: readonly string[]): Problem => ({
  code: "missing-operation",
  path: `workload: layer ${layer}`,
  got: `a ${pass} pass of ${kind}`,
  expected: "an operation that the device's table of measured operations holds",
  hint: `it holds ${known.slice(0, 12).join(", ")}${known.length > 12 ? " and more" : ""}`,
});

export const missingCalibration = (path: string, device: string, precision: string, known: readonly string[]): Problem => ({
  code: "missing-calibration",
  path,
  got: `no kernel calibration of ${device} for ${precision}`,
  expected: known.length > 0 ? `a device and precision with one: ${listNames(known)}` : "a calibration document in scenarios/calibrations",
});

function listNames(names: readonly string[]): string {
  return names.length <= 12 ? names.join(", ") : `${names.slice(0, 12).join(", ")} and ${names.length - 12} more`;
}

function nearestHint(name: string, known: readonly string[]): { hint?: string } {
  const best = nearest(name, known);
  return best === undefined ? {} : { hint: `did you mean "${best}"?` };
}

/** The closest of the known names within a third of the length (Damerau-Levenshtein, case ignored), or a name that begins alike. */
export function nearest(name: string, known: readonly string[]): string | undefined {
  let best: string | undefined;
  let bestDistance = Number.POSITIVE_INFINITY;
  const wanted = name.toLowerCase().slice(0, 80);
  for (const candidate of known) {
    const distance = editDistance(wanted, candidate.toLowerCase().slice(0, 80));
    if (distance < bestDistance) {
      bestDistance = distance;
      best = candidate;
    }
  }
  if (best !== undefined && bestDistance <= Math.max(2, Math.ceil(Math.max(wanted.length, best.length) / 3))) return best;
  return wanted.length >= 3 ? known.find((candidate) => candidate.toLowerCase().includes(wanted)) : undefined;
}

function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = a[i - 1] === b[j - 1] ? 0 : 1;
      let cost = Math.min((previous[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (previous[j - 1] ?? 0) + change);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) cost = Math.min(cost, (before[j - 2] ?? 0) + 1);
      row.push(cost);
    }
    before = previous;
    previous = row;
  }
  return previous[b.length] ?? 0;
}
