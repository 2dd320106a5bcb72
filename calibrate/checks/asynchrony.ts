/** Training that does not wait, and training to a target, beside what closed forms and laws say. */
import { groupsAt, type Asynchrony } from "../../model/asynchrony/scheme.ts";
import { waitAt } from "../../model/asynchrony/waiting.ts";
import { amountAt, fitBatchLaw } from "../../model/convergence/law.ts";
import type { Convergence } from "../../model/schema/convergence.ts";
import { parseDocument } from "../../model/schema/parse.ts";
import { equalDevices } from "../../model/variability/spread.ts";
import { against, figure, type Check, type CheckInput, type CheckRoom } from "./types.ts";

const synchronous: Asynchrony = { scheme: "synchronous", groups: 1, period: 1, exchange: "none", servers: 1, server_bytes_per_s: null, overlap: false, lag: 0, compression: { method: "none", share: 1, passes: 0 } };

/** Each workload's law without one point: the largest batch, and the middle one, each predicted from all others. */
function collectTargets({ library }: CheckInput): Check[] {
  return Object.keys(library.documents.convergence).toSorted().flatMap((id) => {
    const { document, problems } = parseDocument("convergence", library.documents.convergence[id], `convergence/${id}`);
    if (document === undefined) throw new Error(JSON.stringify(problems));
    const { points, title, unit, source = "" } = document as Convergence;
    const used = points.filter(({ excluded }) => excluded === undefined).toSorted((a, b) => a.batch - b.batch);
    if (used.length < 4) return [];
    return [used.length - 1, Math.floor(used.length / 2)].flatMap((at, index): Check[] => {
      const left = used[at];
      if (left === undefined || (index > 0 && at === used.length - 1)) return [];
      const law = fitBatchLaw(used.filter((one) => one !== left));
      const predicted = amountAt(law, left.batch);
      const reach = Math.exp(1.96 * law.errorAt(left.batch));
      const kind = index === 0 ? `outside the ${law.points} points that it is predicted from, up to a batch of ${law.largestBatch.toLocaleString("en")}` : `between the ${law.points} points that it is predicted from`;
      return [{ id: `${id}-${left.batch}`, what: `${title}, global batch ${left.batch.toLocaleString("en")}: ${unit} to the quality target`, source, measured: left.value, unit, predicted, low95: predicted / reach, high95: predicted * reach, error: predicted / left.value - 1, sample: "out", note: kind }];
    });
  });
}

/** Two numbers from some points of the run, an exchange and what servers need for all, predict the others. */
function collectServers({ facts }: CheckInput): Check[] {
  const throughput = (devices: number) => figure(facts, `bugliarello-servers-${devices}`).value;
  const single = throughput(1);
  const exchange = (2 * single) / throughput(2) - 1;
  const perClient = single / throughput(128);
  return [4, 8, 16, 32, 64].map((devices) => {
    const step = Math.max(1 + exchange, devices * perClient);
    return against(facts, `bugliarello-servers-${devices}`, { value: (single * devices) / step }, "in", `step = max(1 + exchange, clients x service) of one GPU's step: exchange ${exchange.toFixed(3)} from 2 GPUs, service ${perClient.toFixed(4)} from 128, of the same run; which scheme and how many servers it had is not told`);
  });
}

function collectGroups({ facts }: CheckInput): Check[] {
  const node = figure(facts, "dl15pf-node").value;
  const nodes = 9600;
  const spread = { ...equalDevices, sigma: 0.0141, tail: 1.56 };
  const rate = (groups: number) => (node * nodes) / 1000 / waitAt({ ...synchronous, scheme: "parameter-server", exchange: "server", groups: groupsAt({ groups }, nodes).groups }, spread, nodes);
  return (["low", "high"] as const).map((end) =>
    against(facts, `dl15pf-sustained-${end}`, { value: rate(8) }, "out", `2 TF/s a node and the wait of 8 groups for their slowest, ${rate(1).toFixed(1)} PF/s as one group: what smaller local batches and the exchange cost is not in it, as neither they nor the groups are in the text that could be read; the difference is theirs`),
  );
}

function collectPeriods({ facts }: CheckInput): Check[] {
  const period = 500;
  // Synchronous training sends one gradient a step, averaging one set of weights a period.
  return [against(facts, "diloco-comm", { value: 1 / (1 / period) }, "arithmetic", "bytes of a step of synchronous training over those of weights that are averaged every 500 steps")];
}

export const asynchronyChecks: CheckRoom = {
  title: "Batch, delay and servers",
  about: "Epochs, samples or tokens to the quality target against the global batch: E = a + b B through the other reference points of the workload, for every workload with four or more. Measured penalties of delay were found in no text that could be read: what predictions say of them are bounds by theory.",
  collect: (input) => [...collectTargets(input), ...collectServers(input), ...collectGroups(input), ...collectPeriods(input)],
};
