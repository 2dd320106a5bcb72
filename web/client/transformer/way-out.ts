/** What to do where nothing valid was asked: the nearest that is, or back. */
import { count } from "../format.ts";
import { changeWords } from "../data/transformer-words.ts";
import type { Refusal } from "./protocol.ts";
import type { TransformerState } from "./state.ts";

interface Ways {
  set(change: Partial<TransformerState>): void;
  setPlan(sets: Readonly<Record<string, string | number | boolean>>): void;
  restart(): void;
}

/** `shown`: the state of the result that is still on the page. */
export function wayOutOf(refusal: Refusal | null, shown: TransformerState | null, { set, setPlan, restart }: Ways): { name: string; act: () => void } {
  const nearest = refusal?.nearest;
  const devices = refusal?.nearestDevices;
  if (devices) return { name: `Take ${count(devices)} GPUs, the nearest number that this layout divides`, act: () => set({ devices }) };
  if (nearest && Object.keys(nearest).length > 0) return { name: `Take the nearest that is valid: ${Object.entries(nearest).map(([key, value]) => changeWords(`plan.${key}`, value)).join(", ")}`, act: () => setPlan(nearest) };
  if (refusal !== null && shown !== null) return { name: "Back to the result shown", act: () => set(shown) };
  return { name: "Show GPT-3 on Selene", act: restart };
}
