/** What explain says of a transformer: terms with formula and numbers, operations, parameters with prior, fitted value and the series that told it, memory by part. */
import { explainTransformer } from "../../model/index.ts";
import { transformerTerms } from "../../model/engine/pipeline/terms.ts";
import { explainEnergy } from "../../model/explain/energy.ts";
import { InputError, unknownName, wrongValue } from "../../model/problems.ts";
import type { Answer, Call } from "../command.ts";
import { sheetOf } from "../host/sheet.ts";
import { writeTransformerExplanation } from "../text/transformer-explanation.ts";
import { matching } from "./matching.ts";
import { predictTransformerFor, type Choice } from "./predict.ts";

const termColumns = ["term", "label", "group", "time_s", "low95_s", "high95_s", "share", "binds", "equation"] as const;
const operationColumns = ["block", "operation", "pass", "sizes", "narrow", "times", "once_s", "step_s", "flop", "bytes", "rate_flop_per_s", "rate_bytes_per_s"] as const;

export function explainTransformerFor(call: Call, choice: Choice): Answer {
  const wanted = call.value("term");
  if (wanted !== undefined && !(transformerTerms as readonly string[]).includes(wanted)) throw new InputError([unknownName("--term", "term", wanted, transformerTerms)]);
  const { prediction, scenario, notes } = predictTransformerFor(choice);
  const point = prediction.points.at(-1);
  if (point === undefined) throw new InputError([wrongValue("--gpus", "no scale", "a number of devices")]);
  const { operations: all, terms: equations } = explainTransformer(scenario, { devices: point.devices });
  const pattern = call.value("op");
  const operations = matching(all, pattern, ({ block, operation, pass, sizes }) => `${block} ${operation} ${pass} ${sizes}`, ({ operation, block }) => `${block} ${operation}`);
  const terms = point.terms.filter(({ id }) => wanted === undefined || id === wanted).map(({ id, ...rest }) => {
    const told = equations.find(({ term }) => term === id);
    return { term: id, ...rest, share: rest.time_s / point.stepTime_s.value, means: told?.means ?? "", equation: told?.equation ?? "", source: told?.source ?? "" };
  });
  const energyExplained = explainEnergy(point.energy, point.money, { devices: point.devices, nodes: point.nodes, step_s: point.stepTime_s.value, per: "token" });
  const { layout, memory, remedies, unused } = point;
  const explanation = { scenario: prediction.scenario, devices: point.devices, layout, stepTime_s: point.stepTime_s, energy: point.energy, money: point.money, energyExplained, terms, operations, parameters: prediction.parameters, memory, remedies, unused, calibration: prediction.calibration, notes: [...point.notes, ...prediction.notes] };
  return {
    json: explanation,
    csv: () => (pattern === undefined ? sheetOf(termColumns, terms) : sheetOf(operationColumns, operations.map((operation) => ({ ...operation })))),
    text: (look) => writeTransformerExplanation(prediction, point, explanation, { oneTerm: wanted !== undefined, operations: pattern === undefined ? 12 : 60 }, look),
    notes,
  };
}
