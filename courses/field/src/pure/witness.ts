/** The code that the village liaison keeps: whoever has it can prove later that the log was not bent. */

import { base32, fromHex } from "./bytes.ts";

export const witnessCode = (seq: number, hash: string): string =>
  `${seq}-${base32(fromHex(hash)).slice(0, 10)}`;

export const witnessLink = (origin: string, device: string, seq: number, hash: string): string =>
  `${origin}/field/w#${device.slice(0, 8)}.${seq}.${hash}`;
