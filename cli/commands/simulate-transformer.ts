/** exatwin simulate, of a transformer: every pass of every micro-batch on fleets of devices drawn with a seed, beside the closed form. */
import { simulateTransformerFleets } from "../../model/index.ts";
import { chooseTransformerLayouts } from "../../model/predict/transformer/predict.ts";
import { prepareTransformer } from "../../model/predict/transformer/prepare.ts";
import { InputError, wrongValue, type Problem } from "../../model/problems.ts";
import { showQuantity } from "../../model/units.ts";
import type { Answer, Call } from "../command.ts";
import { sheetOf } from "../host/sheet.ts";
import { bold, wrap } from "../text/look.ts";
import { predictTransformerFor, type Choice } from "./predict.ts";

/** What only the network link by link or a step rank by rank can answer. */
const ofLayersOnly = ["slow-node", "placement", "background", "jitter", "trace"] as const;

export function simulateTransformerFor(call: Call, choice: Choice, { seed, draws }: { readonly seed: number | undefined; readonly draws: number | undefined }): Answer {
  const given = [...ofLayersOnly.filter((name) => call.value(name) !== undefined), ...(["slow-link", "failed-link"] as const).filter((name) => call.values(name).length > 0)];
  const problems: Problem[] = given.map((name) => wrongValue(`--${name}`, "a transformer", "a network that is a list of layers", name === "slow-node" ? "--set machine.slowNodes.count=1 --set machine.slowNodes.slowdown=1.2 slows a node" : undefined));
  if (draws !== undefined && !(Number.isInteger(draws) && draws >= 1 && draws <= 1000)) problems.push(wrongValue("--draws", draws, "a whole number from 1 to 1000"));
  if (problems.length > 0) throw new InputError(problems);
  const { scenario, prediction, notes } = predictTransformerFor(choice);
  const prepared = prepareTransformer(scenario, "in-sample");
  const devices = prediction.points.at(-1)?.devices;
  const layout = chooseTransformerLayouts(prepared, devices === undefined ? undefined : [devices])[0]!.layout;
  const steps = simulateTransformerFleets(prepared, layout, { ...(seed === undefined ? {} : { seed }), ...(draws === undefined ? {} : { draws }) });
  const { machine } = scenario;
  const drawn = machine.slowDevices || machine.slowNodes || machine.otherDevices;
  const told = [...notes, ...(drawn ? [] : ["Devices are equal here but for the stack's fitted jitter: slowDevices, slowNodes and otherDevices of the machine, or --slow-gpus, make some slower."])];
  const [least, most] = [Math.min(...steps.draws_s), Math.max(...steps.draws_s)];
  return {
    json: { devices: layout.devices, ...steps, notes: told },
    csv: () => sheetOf(["draw", "step_s"], steps.draws_s.map((step_s, index) => ({ draw: index + 1, step_s }))),
    text: (look) =>
      [
        bold(`${prediction.scenario.workload.title} on ${prediction.scenario.machine.title}, ${layout.devices.toLocaleString("en")} GPUs`, look),
        `  by events, ${steps.draws_s.length} fleets: ${showQuantity(steps.step_s, "time")} on average, ${showQuantity(least, "time")} to ${showQuantity(most, "time")}`,
        `  in closed form: ${showQuantity(steps.analytic_s, "time")}, ${showQuantity(steps.step_s / steps.analytic_s - 1, "fraction", 2)} from it`,
        wrap("  Every pass of every micro-batch, each stage at the pace of its slowest rank; the sum of gradients waits for the slowest replica. Order of passes, uneven stages and the loss head make the rest of the difference.", look.width, "  "),
      ].join("\n"),
    notes: told,
  };
}
