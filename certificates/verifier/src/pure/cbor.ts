/** Reads the CBOR (RFC 8949) that a token is made of and no other: whole numbers, byte strings, texts and arrays,
 * of definite length and in their shortest form, with nothing after. Throws an Error for everything else. */

import { utf8, type Bytes } from "./bytes.ts";

export type Item = number | string | Bytes | Item[];

const DEEPEST = 2;
const MOST = 32; // items of an array

class Reader {
  private at = 0;
  private readonly bytes: Bytes;

  constructor(bytes: Bytes) {
    this.bytes = bytes;
  }

  whole(): Item {
    const item = this.item(0);
    if (this.at !== this.bytes.length) throw new Error("something follows");
    return item;
  }

  private item(depth: number): Item {
    const first = this.take(1)[0]!;
    const value = this.length(first & 31);
    switch (first >> 5) {
      case 0:
        return value;
      case 2:
        return this.take(value);
      case 3:
        return utf8(this.take(value));
      case 4:
        if (depth >= DEEPEST || value > MOST) throw new Error("too much in it");
        return Array.from({ length: value }, () => this.item(depth + 1));
      default:
        throw new Error("nothing that a token has");
    }
  }

  private length(info: number): number {
    if (info < 24) return info;
    if (info > 26) throw new Error("too long, or of indefinite length");
    const size = 1 << (info - 24);
    const value = this.take(size).reduce((sum, byte) => sum * 256 + byte, 0);
    if (value < (size === 1 ? 24 : 2 ** (4 * size))) throw new Error("not the shortest form");
    return value;
  }

  private take(count: number): Bytes {
    if (count > this.bytes.length - this.at) throw new Error("cut off");
    this.at += count;
    return this.bytes.slice(this.at - count, this.at);
  }
}

export const decode = (bytes: Bytes): Item => new Reader(bytes).whole();
