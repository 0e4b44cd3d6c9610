/** Reads QR codes: the browser's own reader, else ZXing in WebAssembly, loaded only then. */

/** The content of the first QR code in the picture, or "". */
export type Reader = (source: HTMLVideoElement | Blob) => Promise<string>;

interface Detector {
  detect(source: CanvasImageSource | Blob): Promise<{ rawValue: string }[]>;
}
interface Detectors {
  new (options: { formats: string[] }): Detector;
  getSupportedFormats(): Promise<string[]>;
}

async function native(): Promise<Reader | null> {
  const Detectors = (self as unknown as { BarcodeDetector?: Detectors }).BarcodeDetector;
  if (!Detectors || !(await Detectors.getSupportedFormats().catch((): string[] => [])).includes("qr_code")) return null;
  const detector = new Detectors({ formats: ["qr_code"] });
  return async (source) => {
    const found = await detector.detect(source instanceof Blob ? await createImageBitmap(source) : source);
    return found[0]?.rawValue ?? "";
  };
}

function frame(video: HTMLVideoElement): ImageData {
  const scale = Math.min(1, 960 / video.videoWidth);
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(video.videoWidth * scale);
  canvas.height = Math.round(video.videoHeight * scale);
  const context = canvas.getContext("2d")!;
  context.drawImage(video, 0, 0, canvas.width, canvas.height);
  return context.getImageData(0, 0, canvas.width, canvas.height);
}

async function zxing(): Promise<Reader> {
  const { readQr } = await import("./zxing.ts");
  return (source) => readQr(source instanceof Blob ? source : frame(source));
}

export async function makeReader(): Promise<Reader> {
  return (await native()) ?? zxing();
}
