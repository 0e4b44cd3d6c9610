/** Takes a photo and makes it small. Drawing it anew drops what the camera wrote into it (place, model). */

import { useEffect, useState } from "preact/hooks";
import { sha256 } from "../pure/bytes.ts";
import { t } from "../words/say.ts";

export interface Photo {
  hash: string;
  data: ArrayBuffer;
}

const LONGEST = 1600;

async function load(file: Blob): Promise<HTMLImageElement> {
  const image = new Image();
  const url = URL.createObjectURL(file);
  try {
    image.src = url;
    await image.decode();
    return image;
  } finally {
    setTimeout(() => URL.revokeObjectURL(url), 10_000);
  }
}

export function encode(canvas: HTMLCanvasElement, type: string, quality?: number): Promise<Photo> {
  return new Promise((resolve, reject) => {
    canvas.toBlob(async (blob) => {
      if (!blob) return reject(new Error("canvas"));
      const data = await blob.arrayBuffer();
      resolve({ hash: await sha256(data), data });
    }, type, quality);
  });
}

/** A JPEG of at most 1600 px; throws when the file is no picture. */
export async function shrink(file: Blob): Promise<Photo> {
  const image = await load(file);
  const scale = Math.min(1, LONGEST / Math.max(image.naturalWidth, image.naturalHeight));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(image.naturalWidth * scale));
  canvas.height = Math.max(1, Math.round(image.naturalHeight * scale));
  canvas.getContext("2d")!.drawImage(image, 0, 0, canvas.width, canvas.height);
  return encode(canvas, "image/jpeg", 0.82);
}

interface Props {
  id: string;
  label: string;
  photo: Photo | null;
  onPhoto: (photo: Photo) => unknown;
}

export function PhotoField({ id, label, photo, onPhoto }: Props) {
  const [fault, setFault] = useState("");
  const [shown, setShown] = useState("");
  useEffect(() => {
    if (!photo) return;
    const url = URL.createObjectURL(new Blob([photo.data], { type: "image/jpeg" }));
    setShown(url);
    return () => URL.revokeObjectURL(url);
  }, [photo]);
  const choose = async (input: HTMLInputElement) => {
    const file = input.files?.[0];
    input.value = "";
    if (!file) return;
    setFault("");
    let found: Photo;
    try {
      found = await shrink(file);
    } catch {
      return setFault(t("photo_bad"));
    }
    await onPhoto(found);
  };
  return (
    <div class="field photo-field">
      <label class="button plain wide" for={id}>{photo ? t("photo_again") : label}</label>
      <input id={id} class="visually-hidden" type="file" accept="image/*" capture="environment" onChange={(event) => void choose(event.currentTarget)} />
      {photo && <p class="good" role="status">{t("photo_ready", { kb: Math.round(photo.data.byteLength / 1024) })}</p>}
      {photo && shown && <img class="preview" src={shown} alt="" />}
      {fault && <p class="fault" role="alert">{fault}</p>}
    </div>
  );
}
