/**
 * Objects of one array inside a JSON document that is too large to hold: text goes in piece by piece, each element's text comes out, the fields around the array come out at the end. Only brackets
 * and strings are looked at, so the cost per character is small; each element is parsed by itself. A document that is the array itself is split as well. Line numbers are those of the element's
 * first character.
 */
export interface SplitHandlers {
  /** Text of one element of the array, and the line it begins in. */
  element(text: string, line: number): void;
}

const [quote, backslash, newline, openBrace, closeBrace, openBracket, closeBracket] = [34, 92, 10, 123, 125, 91, 93] as const;
/** 1 for the characters that the structure of a document is made of. */
const matters = Uint8Array.from({ length: 128 }, (_, code) => ([quote, newline, openBrace, closeBrace, openBracket, closeBracket] as number[]).includes(code) ? 1 : 0);
/** An element longer than this is not kept. */
const longestElement = 16 * 2 ** 20;
/** Text around the array beyond this is not kept. */
const longestRest = 4 * 2 ** 20;

export function splitObjects(key: string, { element }: SplitHandlers) {
  const marker = `"${key}"`;
  /** Text outside the array, for the fields beside it. */
  let rest = "";
  let linesBefore = 0;
  let inArray = false;
  let found = false;
  let depth = 0;
  let inString = false;
  /** The piece before ended within an escape. */
  let escaped = false;
  let open = "";
  let line = 1;
  let begunLine = 1;
  let finished = false;

  /** Looks for the beginning of the array in what stands before it; a document may name its key anywhere. */
  function seek(text: string): string {
    rest += text;
    const bare = /^[\s\uFEFF]*\[/.exec(rest);
    const at = bare ? 0 : rest.indexOf(marker);
    const bracket = bare ? bare[0].length - 1 : at < 0 ? -1 : rest.indexOf("[", at + marker.length);
    if (bracket < 0) {
      if (rest.length > longestRest) {
        const kept = rest.slice(-marker.length - 64);
        linesBefore += countNewlines(rest) - countNewlines(kept);
        rest = kept;
      }
      return "";
    }
    const after = rest.slice(bracket + 1);
    line = linesBefore + countNewlines(rest.slice(0, bracket + 1)) + 1;
    rest = `${rest.slice(0, bracket)}[]`;
    [inArray, found] = [true, true];
    return after;
  }

  function scan(text: string): void {
    let from = depth > 0 ? 0 : -1;
    // Copies of what the loop changes: names of the function around it are slower.
    let [level, lines] = [depth, line];
    const { length } = text;
    let at = inString ? endOfString(text, 0) + 1 : 0;
    if (inString && at > 0) inString = false;
    while (!inString && at < length) {
      const code = text.charCodeAt(at++);
      if (code > closeBrace || matters[code] === 0) continue;
      if (code === quote) {
        const end = endOfString(text, at);
        if (end < 0) inString = true;
        else at = end + 1;
      } else if (code === newline) lines++;
      else if (code === openBrace || code === openBracket) {
        if (level === 0) {
          from = at - 1;
          open = "";
          begunLine = lines;
        }
        level++;
      } else if (level === 0) {
        // The end of the array; the document goes on behind it.
        inArray = false;
        finished = true;
        [depth, line] = [level, lines];
        keep(text.slice(at));
        return;
      } else if (--level === 0 && from >= 0) {
        element(open === "" ? text.slice(from, at) : open + text.slice(from, at), begunLine);
        open = "";
        from = -1;
      }
    }
    [depth, line] = [level, lines];
    if (from >= 0 && open.length < longestElement) open += text.slice(from);
  }

  /** Place of the quote that ends the string which `from` stands in; -1 where it goes on in the next piece. */
  function endOfString(text: string, from: number): number {
    let at = from;
    if (escaped) {
      escaped = false;
      at++;
    }
    for (;;) {
      const end = text.indexOf('"', at);
      let back = end < 0 ? text.length : end;
      while (back > at && text.charCodeAt(back - 1) === backslash) back--;
      const odd = ((end < 0 ? text.length : end) - back) % 2 === 1;
      if (end < 0) {
        escaped = odd;
        return -1;
      }
      if (!odd) return end;
      at = end + 1;
    }
  }

  function keep(text: string): void {
    if (rest.length < longestRest) rest += text;
  }

  return {
    write(piece: string): void {
      if (finished) return keep(piece);
      if (inArray) return scan(piece);
      const after = seek(piece);
      if (inArray) scan(after);
    },
    /** Whether the array was found and closed, an element that was cut off, and the document with the array emptied. */
    end: () => ({ found, finished, cutOff: depth > 0 ? { line: begunLine, text: open.slice(0, 80) } : undefined, rest }),
  };
}

function countNewlines(text: string): number {
  let count = 0;
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) count++;
  return count;
}
