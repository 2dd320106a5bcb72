/** Sizes as tools print and take them: "16 MiB", "47008 bytes", "4k", "128M". Bare letters are binary, as IOR and fio take them. */
const powers: Readonly<Record<string, number>> = { "": 0, k: 1, m: 2, g: 3, t: 4, p: 5 };
const pattern = /^\s*(\d+(?:\.\d+)?)\s*(?:([kmgtp]?)(i?)b?|bytes?)\s*$/i;

/** Bytes; undefined where the text is no size. `decimal`: a unit without i, such as MB, counts thousands. */
export function parseSize(text: string, { decimal = false } = {}): number | undefined {
  const match = pattern.exec(text);
  if (!match) return undefined;
  const power = powers[(match[2] ?? "").toLowerCase()] ?? 0;
  const bytes = Number(match[1]) * (decimal && !match[3] ? 1000 : 1024) ** power;
  return Number.isFinite(bytes) ? bytes : undefined;
}
