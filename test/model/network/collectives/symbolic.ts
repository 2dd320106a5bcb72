/**
 * Runs a plan on sets of contributions instead of data: which ranks' parts each rank holds of each block. Refuses to send what is not there, to add anything
 * twice, and messages whose size is not that of what they carry.
 */
import type { BlockPhase, BlockPlan } from "../../../../model/network/collectives/parts/block-plan.ts";
import type { CollectiveOperation } from "../../../../model/network/collectives/types.ts";

/** By rank and block: one bit for each rank whose part is in. */
type Holdings = bigint[][];

const bit = (rank: number): bigint => 1n << BigInt(rank);

const begins: Readonly<Record<CollectiveOperation, (rank: number, block: number, ranks: number) => boolean>> = {
  "all-reduce": () => true,
  "reduce-scatter": () => true,
  "parameter-server": () => true,
  "all-gather": (rank, block) => rank === block,
  broadcast: (rank) => rank === 0,
  "all-to-all": (rank, block, ranks) => Math.floor(block / ranks) === rank,
  "send-recv": (rank, block) => rank === block,
};

const everyone = (ranks: number): bigint => bit(ranks) - 1n;

/** What a rank must hold of a block in the end; undefined where it does not matter. */
const wanted: Readonly<Record<CollectiveOperation, (rank: number, block: number, ranks: number) => bigint | undefined>> = {
  "all-reduce": (_, __, ranks) => everyone(ranks),
  "parameter-server": (_, __, ranks) => everyone(ranks),
  "reduce-scatter": (rank, block, ranks) => (rank === block ? everyone(ranks) : undefined),
  "all-gather": (_, block) => bit(block),
  broadcast: () => bit(0),
  "all-to-all": (rank, block, ranks) => (block % ranks === rank ? bit(Math.floor(block / ranks)) : undefined),
  "send-recv": (rank, block, ranks) => ((block + 1) % ranks === rank ? bit(block) : undefined),
};

const blocksOf = (operation: CollectiveOperation, { parts, ranks }: BlockPlan): number =>
  operation === "all-to-all" ? ranks * ranks : operation === "send-recv" ? ranks : parts;

/** Ranks joined by flows of the phase, by rank: what a switch between them can add up. */
function groupsOf({ from, to }: BlockPhase, ranks: number): number[] {
  const group = Array.from({ length: ranks }, (_, rank) => rank);
  for (let changed = true; changed;) {
    changed = false;
    from.forEach((sender, flow) => {
      const receiver = to[flow] as number;
      const least = Math.min(group[sender] as number, group[receiver] as number);
      if (group[sender] !== least || group[receiver] !== least) changed = true;
      group[sender] = group[receiver] = least;
    });
  }
  return group;
}

function runStep(phase: BlockPhase, step: number, before: Holdings, after: Holdings): void {
  const { from, to, count, name } = phase;
  from.forEach((sender, flow) => {
    const receiver = to[flow] as number;
    const [given, taken] = [before[sender] as bigint[], after[receiver] as bigint[]];
    const blocks = phase.blocks(step, flow);
    const effect = phase.effect(flow);
    const at = `${name}, step ${step}, ${sender} to ${receiver}`;
    if (sender === receiver) throw new Error(`${at}: to itself`);
    if (new Set(blocks).size !== blocks.length) throw new Error(`${at}: a block twice`);
    if (effect === "in-network") {
      const group = groupsOf(phase, before.length);
      const members = [...new Set(from)].filter((rank) => group[rank] === group[sender]);
      for (const block of blocks) taken[block] = members.reduce((sum, rank) => sum | (before[rank]?.[block] ?? 0n), 0n);
      return;
    }
    if (blocks.length !== (typeof count === "number" ? count : count[flow])) throw new Error(`${at}: ${blocks.length} blocks, said to be ${String(count)}`);
    for (const block of blocks) {
      const part = given[block] ?? 0n;
      if (part === 0n) throw new Error(`${at}: sends block ${block} that it does not have`);
      if (effect === "add" && ((taken[block] as bigint) & part) !== 0n) throw new Error(`${at}: adds a part of block ${block} twice`);
      taken[block] = effect === "add" ? (taken[block] as bigint) | part : part;
    }
  });
}

/** Throws where the algorithm is wrong; gives "rank r lacks block b" for what is missing in the end. */
export function runSymbolically(operation: CollectiveOperation, plan: BlockPlan): string[] {
  const { ranks } = plan;
  const blocks = blocksOf(operation, plan);
  let holds: Holdings = Array.from({ length: ranks }, (_, rank) => Array.from({ length: blocks }, (_, block) => (begins[operation](rank, block, ranks) ? bit(rank) : 0n)));
  for (const phase of plan.phases) {
    for (let step = 0; step < (phase.from.length > 0 ? phase.repeat : 0); step++) {
      const after = holds.map((row) => row.slice());
      runStep(phase, step, holds, after);
      holds = after;
    }
  }
  return holds.flatMap((row, rank) =>
    row.flatMap((held, block) => {
      const want = wanted[operation](rank, block, ranks);
      return want === undefined || want === held ? [] : [`rank ${rank} has ${held.toString(2)} of block ${block}, not ${want.toString(2)}`];
    }),
  );
}
