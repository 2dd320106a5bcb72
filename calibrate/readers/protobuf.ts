/**
 * Protocol buffers on the wire (protobuf.dev, "Encoding"): fields of a message one by one, without a schema. Numbers above 2^53 lose their last digits, which no size or time here has. Truncated or
 * impossible bytes end the message with `broken`.
 */
export interface Field {
  readonly number: number;
  /** 0 varint, 1 eight bytes, 2 bytes with a length, 5 four bytes. */
  readonly type: number;
  /** Value of a varint; 0 otherwise. */
  readonly value: number;
  /** Bytes of types 1, 2 and 5. */
  readonly bytes: Uint8Array;
}

const none = new Uint8Array(0);

export function readFields(message: Uint8Array): { fields: Field[]; broken: boolean } {
  const fields: Field[] = [];
  let at = 0;
  while (at < message.length) {
    const tag = readVarint(message, at);
    if (!tag || tag.value < 8 || tag.value > 2 ** 32) return { fields, broken: true };
    at = tag.end;
    const [number, type] = [Math.floor(tag.value / 8), tag.value % 8];
    if (type === 0) {
      const varint = readVarint(message, at);
      if (!varint) return { fields, broken: true };
      fields.push({ number, type, value: varint.value, bytes: none });
      at = varint.end;
      continue;
    }
    const length = type === 1 ? { value: 8, end: at } : type === 5 ? { value: 4, end: at } : type === 2 ? readVarint(message, at) : undefined;
    if (!length || length.value < 0 || length.end + length.value > message.length) return { fields, broken: true };
    fields.push({ number, type, value: 0, bytes: message.subarray(length.end, length.end + length.value) });
    at = length.end + length.value;
  }
  return { fields, broken: false };
}

/** A number of 64 bits, two's complement: one above 2^63 is negative. */
export function readVarint(bytes: Uint8Array, from: number): { value: number; end: number } | undefined {
  let value = 0;
  let complement = 0;
  let scale = 1;
  for (let at = from; at < bytes.length && at < from + 10; at++) {
    const byte = bytes[at] as number;
    const last = at === from + 9;
    value += (byte & 0x7f) * scale;
    // The tenth byte has one bit that counts.
    complement += (~byte & (last ? 1 : 0x7f)) * scale;
    if (byte < 0x80) return { value: last ? -(complement + 1) : value, end: at + 1 };
    scale *= 128;
  }
  return undefined;
}

/** UTF-8 text; bytes that are none become replacement characters. */
export function textOfBytes(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; ) {
    const first = bytes[at] as number;
    const length = first < 0x80 ? 1 : first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc0 ? 2 : 0;
    let code = length === 1 ? first : first & (0xff >> (length + 1));
    let valid = length > 0 && at + length <= bytes.length;
    for (let next = 1; valid && next < length; next++) {
      const byte = bytes[at + next] as number;
      if ((byte & 0xc0) !== 0x80) valid = false;
      code = code * 64 + (byte & 0x3f);
    }
    text += String.fromCodePoint(valid && code <= 0x10ffff ? code : 0xfffd);
    at += valid ? length : 1;
  }
  return text;
}

export const doubleOfBytes = (bytes: Uint8Array): number => (bytes.length === 8 ? new DataView(bytes.buffer, bytes.byteOffset, 8).getFloat64(0, true) : Number.NaN);
export const floatOfBytes = (bytes: Uint8Array): number => (bytes.length === 4 ? new DataView(bytes.buffer, bytes.byteOffset, 4).getFloat32(0, true) : Number.NaN);

/** Varints one after another, as packed lists of whole numbers are written. */
export function packedVarints(bytes: Uint8Array): number[] {
  const values: number[] = [];
  for (let at = 0; at < bytes.length; ) {
    const varint = readVarint(bytes, at);
    if (!varint) return values;
    values.push(varint.value);
    at = varint.end;
  }
  return values;
}
