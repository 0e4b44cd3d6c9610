import { prepareZXingModule, readBarcodes } from "zxing-wasm/reader";
import wasm from "../../node_modules/zxing-wasm/dist/reader/zxing_reader.wasm";

// Chrome 93 brought it; the library calls it.
const object = Object as { hasOwn?: (owner: object, name: PropertyKey) => boolean };
object.hasOwn ??= (owner, name) => Object.prototype.hasOwnProperty.call(owner, name);

prepareZXingModule({ overrides: { locateFile: () => wasm } });

export async function readQr(source: Blob | ImageData): Promise<string> {
  const found = await readBarcodes(source, { formats: ["QRCode"], tryHarder: true, maxNumberOfSymbols: 1 });
  return found[0]?.text ?? "";
}
