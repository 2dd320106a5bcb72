/** The machine that imported files make, as text: what was measured, what was not and from where it is, what to do next. */
import { showProblem } from "../../model/problems.ts";
import type { MachineAnswer } from "../commands/import-machine.ts";
import { bold, dim, wrap, type Look } from "./look.ts";
import { writeTable } from "./table.ts";

export function writeMachine({ id, cluster, problems, files, written, next }: MachineAnswer, look: Look): string {
  if (cluster === undefined) return ["", bold(`No machine ${id} yet`, look), ...problems.map((problem) => wrap(`  ${showProblem(problem)}`, look.width, "    "))].join("\n");
  const { measured, assumed, deviceChecks, leftOut, device, like } = cluster;
  return [
    "",
    `${bold(`Machine ${id}`, look)}: device ${device}, from ${files} ${files === 1 ? "file" : "files"}`,
    "",
    writeTable([
      { head: "measured", align: "left", cells: measured.map(({ path }) => path) },
      { head: "value", cells: measured.map(({ value }) => String(value)) },
      { head: "from", align: "left", gives: true, cells: measured.map(({ note }) => note) },
    ], look),
    "",
    writeTable([
      { head: `not measured, as on ${like}`, align: "left", cells: assumed.map(({ path }) => path) },
      { head: "value", cells: assumed.map(({ value }) => String(value)) },
      { head: "interval", align: "left", cells: assumed.map(({ low, high }) => `${low} to ${high}`) },
      { head: "source", align: "left", gives: true, cells: assumed.map(({ source }) => source) },
    ], look),
    ...(deviceChecks.length > 0 ? ["", dim("the device itself; its document stays as it is, --set takes the measured value", look), ...deviceChecks.map(({ path, measured: value, document, note }) => wrap(`  ${path}: measured ${value.toPrecision(3)}, document ${document.toPrecision(3)} (${note})`, look.width, "    "))] : []),
    ...leftOut.map(({ file, reason }) => wrap(`  ${file}: ${reason}`, look.width, "    ")),
    ...(written.length > 0 ? ["", ...written.map((path) => `wrote ${path}`)] : []),
    ...(next === undefined ? [] : [`next: ${next}`]),
  ].join("\n");
}
