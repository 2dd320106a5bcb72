/**
 * The device document that a name printed by a tool means: "NVIDIA A100-SXM4-40GB" is a100-sxm4-40gb. Names agree where they share the model (letters and digits,
 * such as a100 or mi300x); capacity and form then choose among its variants. Left out: names of marketing that hold no model.
 */
export interface NamedDevice {
  readonly id: string;
  readonly title: string;
  readonly capacity_bytes: number;
}

const wordsOf = (name: string): string[] => name.toLowerCase().split(/[^a-z0-9]+/).filter(Boolean);
/** Letters, then digits, perhaps letters: a model, not a form of the board or a kind of memory. */
const isModel = (word: string): boolean => /^(?!sxm|hbm|pcie|nvl|oam|rev)[a-z]{1,4}\d{1,4}[a-z]{0,2}$/.test(word);
const forms: readonly (readonly [RegExp, string])[] = [[/sxm|hbm3|hgx|dgx/i, "sxm"], [/pci-?e|nvl\b/i, "pcie"]];
const formOf = (name: string): string | undefined => forms.find(([pattern]) => pattern.test(name))?.[1];

/** Capacity that a name states, in GB; makers write a binary number of them as GB. */
function capacityOf(name: string): number | undefined {
  const [, gigabytes] = /(\d+)\s*-?G[i]?B\b/i.exec(name) ?? [];
  return gigabytes === undefined ? undefined : Number(gigabytes);
}

/** Ids of the devices that the name can mean: one where it is clear, none where no model agrees. */
export function matchDevice(name: string, devices: readonly NamedDevice[]): string[] {
  const models = wordsOf(name).filter(isModel);
  const ofModel = devices.filter(({ id, title }) => [...wordsOf(id), ...wordsOf(title)].some((word) => isModel(word) && models.includes(word)));
  const form = formOf(name);
  const ofForm = ofModel.filter(({ id, title }) => form === undefined || formOf(`${id} ${title}`) === undefined || formOf(`${id} ${title}`) === form);
  const capacity = capacityOf(name);
  const ofCapacity = ofForm.filter(({ capacity_bytes }) => capacity === undefined || Math.abs(capacity_bytes / 1e9 / capacity - 1) < 0.08);
  return (ofCapacity.length > 0 ? ofCapacity : ofForm).map(({ id }) => id);
}
