/** A signature on the screen, kept as a PNG. */

import SignaturePad from "signature_pad";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { t } from "../words/say.ts";
import { Button } from "./parts.tsx";
import { encode } from "./photo.tsx";
import type { Entry, Session } from "./usesession.ts";

export function SignPad({ session, entry, onDone }: { session: Session; entry: Entry; onDone: () => void }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const pad = useRef<SignaturePad | null>(null);
  const [fault, setFault] = useState(false);

  useLayoutEffect(() => {
    const element = canvas.current!;
    const { width, height } = element.getBoundingClientRect();
    const ratio = Math.min(2, Math.max(1, devicePixelRatio));
    element.width = Math.round(width * ratio);
    element.height = Math.round(height * ratio);
    element.getContext("2d")!.scale(ratio, ratio);
    pad.current = new SignaturePad(element, { backgroundColor: "#ffffff", penColor: "#102a6b" });
    return () => pad.current?.off();
  }, []);

  const save = async () => {
    if (pad.current!.isEmpty()) return setFault(true);
    const image = await encode(canvas.current!, "image/png");
    const payload = { kind: "signature" as const, session: session.session.id, person: entry.person, image: image.hash };
    if (await session.say(payload, [image])) onDone();
  };
  return (
    <div id="sign">
      <p id="sign-help">{t("sign_here", { name: entry.name })}</p>
      <canvas ref={canvas} class="pad" id="pad" role="img" aria-describedby="sign-help" aria-label={t("sign")} />
      {fault && <p class="fault" role="alert">{t("sign_empty")}</p>}
      <Button id="sign-save" wide onClick={save}>{t("save")}</Button>
      <Button plain wide onClick={() => pad.current?.clear()}>{t("sign_clear")}</Button>
    </div>
  );
}
