/** Checks that the specs of all topologies need. Paths are those of the spec, with a prefix from the caller, so that they fit the document it was read from. */
import { InputError, showValue, wrongValue, type Problem } from "../../problems.ts";
import type { Link, Routing, Trunk } from "./link.ts";

/** More links than these would not fit beside the flows that use them. */
export const mostLinks = 50_000_000;

export const join = (path: string, key: string): string => (path === "" ? key : `${path}.${key}`);

export function checkWhole(problems: Problem[], path: string, value: number, least = 1, most = 1e8): void {
  if (!Number.isInteger(value) || value < least || value > most) problems.push(wrongValue(path, value, `a whole number from ${least} to ${most}`));
}

export function checkLink(problems: Problem[], path: string, { capacity_bytes_per_s, latency_s }: Link): void {
  if (!(capacity_bytes_per_s > 0) || !Number.isFinite(capacity_bytes_per_s)) problems.push(wrongValue(join(path, "bandwidth"), capacity_bytes_per_s, "a bandwidth above zero"));
  if (!(latency_s >= 0) || !Number.isFinite(latency_s)) problems.push(wrongValue(join(path, "latency"), latency_s, "a time, zero or more"));
}

/** `joins`: what the trunk is needed for; undefined where nothing hangs on it, so that it may have no cables. */
export function checkTrunk(problems: Problem[], path: string, trunk: Trunk, joins: string | undefined): void {
  checkLink(problems, path, trunk);
  checkWhole(problems, join(path, "cables"), trunk.cables, 0, 65_536);
  if (trunk.cables === 0 && joins !== undefined) problems.push(notConnected(join(path, "cables"), "no cables", `cables between ${joins}`));
}

export function checkRouting(problems: Problem[], path: string, routing: Routing | undefined): void {
  if (routing?.kind === "ecmp") checkWhole(problems, join(path, "routing.seed"), routing.seed, 0, 2 ** 32 - 1);
}

export function checkLinkCount(problems: Problem[], path: string, links: number): void {
  if (problems.length === 0 && links > mostLinks) problems.push({ code: "too-large", path, got: `a network of ${links} links`, expected: `at most ${mostLinks}`, hint: "model a part of the machine" });
}

export const notConnected = (path: string, got: string, expected: string): Problem => ({ code: "not-connected", path, got, expected, hint: "parts of the machine could not reach each other" });

export const tooSmall = (path: string, ports: number, needed: number, what: string): Problem => ({
  code: "too-small",
  path,
  got: `a fabric of ${ports} ports`,
  expected: `at least ${needed}: ${what}`,
  hint: "more switches, levels or groups, or fewer nodes",
});

export const doesNotDivide = (path: string, whole: number, part: number, what: string): Problem => ({
  code: "does-not-divide",
  path,
  got: showValue(part),
  expected: `a number that divides ${whole}, ${what}`,
});

export function refuse(problems: readonly Problem[]): void {
  if (problems.length > 0) throw new InputError(problems);
}
