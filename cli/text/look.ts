/** How text is dressed: colour only on a terminal and never against NO_COLOR, and a width that does not depend on the terminal where there is none. */
export interface Look {
  colour: boolean;
  width: number;
}

export const plainLook: Look = { colour: false, width: 100 };

export interface Terminal {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
}

export function lookOf(terminal: Terminal, env: Readonly<Record<string, string | undefined>>): Look {
  const refused = (env["NO_COLOR"] ?? "") !== "" || env["TERM"] === "dumb";
  if (!terminal.isTTY) return plainLook;
  return { colour: !refused, width: Math.min(100, Math.max(60, terminal.columns ?? 100)) };
}

const style = (open: number, close: number) => (text: string, look: Look) => (look.colour && text !== "" ? `\u001b[${open}m${text}\u001b[${close}m` : text);

export const bold = style(1, 22);
export const dim = style(2, 22);
export const red = style(31, 39);
export const cyan = style(36, 39);

/** Breaks words into lines of at most the width; the first keeps its own indent, continuation lines begin with the one given. */
export function wrap(text: string, width: number, indent = ""): string {
  const lines: string[] = [];
  const words = text.split(/\s+/).filter(Boolean);
  let line = (/^ */.exec(text)?.[0] ?? "") + (words.shift() ?? "");
  for (const word of words) {
    if (line.length + 1 + word.length > width) {
      lines.push(line);
      line = indent + word;
    } else line = `${line} ${word}`;
  }
  return [...lines, line].join("\n");
}
