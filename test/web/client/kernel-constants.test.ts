/** Which machines can be predicted layer by layer: what the page says beforehand agrees with what the model refuses. */
import { expect, it } from "vitest";
import { predictSafely } from "../../../model/predict/predict-safely.ts";
import { missingKernels } from "../../../web/client/data/kernel-constants.ts";
import { library } from "../../support/library.ts";

const precisions = ["fp32", "fp16", "bf16"] as const;
const machines = Object.keys(library.documents.machine);

const refusalOf = (machine: string, precision: string) =>
  predictSafely(library, { machine, workload: "deeplabv3plus-climate-2018", plan: "climate-2018-summit-fp16", stack: "tensorflow-horovod-2018", changes: { "plan.precision": precision } }).problems?.find(({ code }) => code === "missing-calibration") ?? null;

it.each(machines)("%s", (machine) => {
  const lacking = missingKernels(library, machine);
  if (lacking === null) {
    expect(precisions.some((precision) => refusalOf(machine, precision) === null)).toBe(true);
    return;
  }
  for (const refusal of precisions.map((precision) => refusalOf(machine, precision))) {
    expect(refusal?.got).toContain(`no kernel calibration of ${lacking}`);
    expect(refusal?.hint).toContain(`devices/${lacking}: kernelsLike`);
  }
});

it("names the device of machines that lack constants, and none of those that have or borrow them", () => {
  expect(missingKernels(library, "frontier")).toBe("mi250x-gcd");
  expect(["summit", "selene", "piz-daint", "no-such-machine"].map((id) => missingKernels(library, id))).toEqual([null, null, null, null]);
});
