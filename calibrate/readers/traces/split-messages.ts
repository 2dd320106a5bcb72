/** Messages with their length in front (a varint), one after another, as protocol buffers are streamed: bytes go in piece by piece, whole messages come out with their number. */
import { readVarint } from "../protobuf.ts";

/** No node of a trace is as long as this: a larger length is damage. */
const longestMessage = 64 * 2 ** 20;

export function splitMessages(message: (bytes: Uint8Array, number: number) => void) {
  let open: Uint8Array = new Uint8Array(0);
  /** Bytes to wait for before anything is looked at again, so that a long message is not copied with every piece. */
  let waiting: Uint8Array[] = [];
  let waitingBytes = 0;
  let needed = 0;
  let number = 0;
  let damaged = false;

  function take(): void {
    open = join([open, ...waiting], open.length + waitingBytes);
    waiting = [];
    waitingBytes = 0;
    let at = 0;
    for (;;) {
      const length = readVarint(open, at);
      if (!length) {
        damaged = open.length - at >= 10;
        needed = open.length - at + 1;
        break;
      }
      if (length.value < 0 || length.value > longestMessage) {
        damaged = true;
        break;
      }
      if (length.end + length.value > open.length) {
        needed = length.end - at + length.value;
        break;
      }
      number++;
      message(open.subarray(length.end, length.end + length.value), number);
      at = length.end + length.value;
    }
    open = open.slice(at);
  }

  return {
    write(piece: Uint8Array): void {
      if (damaged) return;
      waiting.push(piece.slice());
      waitingBytes += piece.length;
      if (open.length + waitingBytes >= needed) take();
    },
    /** How many messages there were, and whether bytes are left that are none. */
    end: () => ({ count: number, damaged, rest: open.length + waitingBytes }),
  };
}

function join(parts: readonly Uint8Array[], length: number): Uint8Array {
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
