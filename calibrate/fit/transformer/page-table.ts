/** Figures and tables of the page. */
export const percent = (value: number, digits = 1): string => (100 * value).toFixed(digits);
export const signed = (value: number): string => `${value >= 0 ? "+" : ""}${percent(value)}`;
export const table = (head: readonly string[], rows: readonly (readonly string[])[]): string => [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
export const count = (number: number, one: string, more = `${one}s`): string => `${number} ${number === 1 ? one : more}`;
