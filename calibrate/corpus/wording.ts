/**
 * Words of a catalogue as a document keeps them: addresses are addresses, and remarks on how a text came to be read (searches, copies) are dropped or shortened, since a reader
 * goes by the source itself; what nobody read is called recalled. Numbers and names stay as they are.
 */
const remarks: ReadonlyArray<readonly [RegExp, string]> = [
  [/\s*\((?:string search|stored file id)[^()]*\)/gi, ""],
  [/,?\s*\w+_string id \d+/g, ""],
  [/\bnot (?:found )?in (?:the )?stored (?:text|excerpt|source|corpora)\b/gi, "not in the text read"],
  [/\bstored from\b/gi, "read from"],
  [/\bnot stored\b/gi, "not read"],
  [/\bstored (?=\w)/gi, ""],
  [/\b(?:recalled )?from memory\b|\bunverified[ -]memory\b/gi, "recalled"],
];

export const cleanText = (text: string): string => remarks.reduce((clean, [pattern, instead]) => clean.replace(pattern, instead), text).trim();

/** Addresses among the words of one text. */
export const addressesIn = (text: string): string[] => text.split(/[\s,()]+/).filter((word) => /^https?:\/\/\S+$/.test(word));

/** A copy without what is not stated: null and empty text, at any depth. */
export function cleanValue(value: unknown): unknown {
  if (typeof value === "string") return cleanText(value);
  if (Array.isArray(value)) return value.map(cleanValue);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).flatMap(([key, one]) => (one === null || one === "" ? [] : [[key, cleanValue(one)]])));
}
