/** Horizontal bars of text in eighths of a character, longest bar = the given width. */
const eighths = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"] as const;

export function bar(value: number, largest: number, width: number): string {
  if (!(value > 0) || !(largest > 0)) return "";
  const steps = Math.max(1, Math.round((value / largest) * width * 8));
  return "█".repeat(Math.floor(steps / 8)) + (eighths[steps % 8] ?? "");
}
