/** Looks through the camera until it sees a QR code. */

import { useEffect, useRef, useState } from "preact/hooks";
import { makeReader, type Reader } from "../../../../courses/field/src/shared/codes.ts";
import type { Pair } from "../words.ts";
import { Both, Notice } from "./parts.tsx";

let reader: Promise<Reader> | null = null;

/** The next picture tries again. */
function failed(error: unknown): never {
  reader = null;
  throw error;
}

export const readerOf = (): Promise<Reader> => (reader ??= makeReader().catch(failed));

const NO_CAMERA: Pair = ["打不开相机。请允许使用相机，或改用“从照片识别”。", "The camera cannot be opened. Allow it, or use “From a photo”."];
export const NO_READER: Pair = ["这个浏览器读不了二维码。请用手机自带相机扫描，或更新浏览器。", "This browser cannot read QR codes. Scan with the phone’s own camera app, or update the browser."];

export function Camera({ onFound, onClose }: { onFound: (content: string) => void; onClose: () => void }) {
  const video = useRef<HTMLVideoElement>(null);
  const [fault, setFault] = useState<Pair | null>(null);
  useEffect(() => {
    let stop = false;
    let stream: MediaStream | null = null;
    const end = () => stream?.getTracks().forEach((track) => track.stop());
    const watch = async () => {
      try {
        stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment", width: { ideal: 1280 } } });
      } catch {
        return setFault(NO_CAMERA);
      }
      const element = video.current;
      if (stop || !element) return end();
      element.srcObject = stream;
      await element.play().catch(() => undefined);
      const read = await readerOf();
      while (!stop) {
        const content = element.readyState >= 2 ? await read(element).catch(() => "") : "";
        if (content && !stop) {
          navigator.vibrate?.(80);
          return onFound(content);
        }
        await new Promise((resolve) => setTimeout(resolve, 200));
      }
    };
    watch().catch(() => setFault(NO_READER));
    return () => {
      stop = true;
      end();
    };
  }, []);
  return (
    <div id="camera">
      {fault ? <Notice kind="warn" id="camera-fault"><p><Both say={fault} /></p></Notice> : (
        <>
          <video ref={video} class="camera" playsInline muted aria-label="相机画面 Camera" />
          <p><Both say={["对准证书上的二维码。", "Point at the QR code on the certificate."]} /></p>
        </>
      )}
      <button type="button" class="button plain wide" id="camera-close" onClick={onClose}><Both say={["关闭相机", "Close the camera"]} /></button>
    </div>
  );
}
