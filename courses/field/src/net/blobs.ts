/** Sends a file in pieces, from where the server has it. */

import { PIECE } from "../pure/protocol.ts";
import { ask, errorOf, NoAnswer } from "./wire.ts";

/** "" when it is whole at the server, "later" when it is not to be had now, else why it was refused. */
export async function sendBlob(hash: string, data: ArrayBuffer, token: string): Promise<string> {
  const path = `blobs/${hash}`;
  const head = await ask(path, { method: "HEAD", token });
  if (head.status === 200) return "";
  let offset = Number(head.headers.get("Upload-Offset") ?? 0) || 0;
  let mismatches = 0;
  for (let tries = Math.ceil(data.byteLength / PIECE) * 2 + 4; tries > 0; tries--) {
    if (offset < 0 || offset > data.byteLength) offset = 0;
    const end = Math.min(offset + PIECE, data.byteLength);
    const whole = offset === 0 && end === data.byteLength;
    const range = `bytes ${offset}-${end - 1}/${data.byteLength}`;
    const answer = await ask(path, {
      method: "PUT",
      body: data.slice(offset, end),
      token,
      headers: { "Content-Type": "application/octet-stream", ...(whole ? {} : { "Content-Range": range }) },
    });
    if (answer.status === 200) return "";
    if (answer.status === 202 || answer.status === 409) {
      const at = Number(answer.data?.offset ?? answer.headers.get("Upload-Offset"));
      if (!Number.isInteger(at)) throw new NoAnswer("refused", answer.status);
      offset = at;
    } else if (answer.status === 422 && mismatches++ === 0) {
      offset = 0;
    } else if (answer.status === 401) {
      token = "";
    } else {
      const { code } = errorOf(answer);
      return code === "blob_not_named" ? "later" : code;
    }
  }
  throw new NoAnswer("refused");
}
