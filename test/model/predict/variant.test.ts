/** A variant, which reuses what its input cannot change, gives what the changed scenario gives when it is prepared from the start. */
import { describe, expect, it } from "vitest";
import { outputsAt } from "../../../model/predict/outputs.ts";
import { pathOfParameter, prepare, variant, type Prepared } from "../../../model/predict/prepare.ts";
import { listInputs, valueOf } from "../../../model/uncertainty/inputs.ts";
import { predictRun, scenarioOf } from "../../support/library.ts";

const outputs = (prepared: Prepared) => [1, 96].map((devices) => outputsAt(prepared, devices));

describe.each(["summit-deeplabv3plus-fp16-2018", "perlmutter-deepcam-2021"])("variants of %s", (run) => {
  const scenario = scenarioOf(run);
  const base = prepare(scenario, "cold");
  const inputs = listInputs(scenario, base.parameters, pathOfParameter(base), base.collectives);
  const isCount = (path: string) => inputs.some((input) => input.path === path && input.kind === "fact" && input.fact.dimension === "count");
  const moved = (path: string, value: number) => (isCount(path) ? value + 1 : value * (path.endsWith(".pue") ? 1.1 : 0.9));
  const symbols = { energy: "J", mass: "kg", "carbon-intensity": "kg/kWh", money: "USD", "hourly-price": "USD/h", "energy-price": "USD/kWh", time: "s", data: "B", bandwidth: "B/s", work: "flop", rate: "flop/s", power: "W", frequency: "Hz", samples: "samples/s", operations: "op/s", count: "", fraction: "" } as const;

  it("of every input", () => {
    expect(inputs.length).toBeGreaterThan(50);
    for (const input of inputs) {
      const value = moved(input.path, valueOf(input));
      const symbol = input.kind === "fact" ? symbols[input.fact.dimension] : "";
      const fresh = outputs(prepare(scenarioOf(run, { [input.path]: `${value} ${symbol}`.trim() }), "cold"));
      const quick = outputs(variant(base, input, value));
      const close = (made: unknown): unknown => JSON.parse(JSON.stringify(made), (_key, leaf: unknown) => (typeof leaf === "number" ? Number(leaf.toPrecision(9)) : leaf));
      expect(close(quick), input.path).toEqual(close(fresh));
    }
  });

  it("show which inputs a prediction uses: those, and no others, that move it", () => {
    const before = JSON.stringify(outputs(base));
    const used = new Map(predictRun(run, {}, { devices: [1, 96], protocol: "cold" }).inputs.map((input) => [input.path, input.used]));
    const table = inputs.filter(({ path }) => path.startsWith("stack.traffic."));
    expect(table).toHaveLength(22);
    for (const input of table) expect(JSON.stringify(outputs(variant(base, input, valueOf(input) * 1.1))) !== before, input.path).toBe(used.get(input.path));
  });
});
