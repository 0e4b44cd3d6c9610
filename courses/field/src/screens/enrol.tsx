/** Enrolment by the clerk's QR, and the PIN. */

import { useState } from "preact/hooks";
import { ask, errorOf, NoAnswer } from "../net/wire.ts";
import { publicKeyOf } from "../seal/keys.ts";
import { VERSION } from "../store/append.ts";
import { devicePair, dropReadable, keepDevice, pinLocked, setPin, signOut, tryPin, type Enrolled } from "../store/device.ts";
import { said, t } from "../words/say.ts";
import { reportLoss } from "./lost.tsx";
import { Button, Field, Notice, Title } from "./parts.tsx";
import { go } from "./route.ts";
import { refreshDevice, set, state, tellFault, toast, unlocked } from "./state.ts";

/** The bare ticket, also out of a pasted link. */
export const ticketOf = (typed: string): string => typed.trim().replace(/^.*#enrol=/, "");

function deviceName(): string {
  const model = /Android [\d.]+; ([^;)]+?)(?: Build|\))/.exec(navigator.userAgent)?.[1];
  return model ?? (/Android|iPhone|Windows|Mac|Linux/.exec(navigator.userAgent)?.[0] || "phone");
}

export function Enrol({ ticket }: { ticket: string }) {
  const [code, setCode] = useState(ticket);
  const [name, setName] = useState(deviceName());
  const [fault, setFault] = useState("");
  const [busy, setBusy] = useState(false);

  const send = async (event: Event) => {
    event.preventDefault();
    setFault("");
    setBusy(true);
    try {
      const public_key = await publicKeyOf(await devicePair());
      const body = JSON.stringify({ ticket: ticketOf(code), public_key, name, app: VERSION });
      const answer = await ask("enrol", { method: "POST", body });
      if (answer.status !== 200 && answer.status !== 201) return setFault(said(errorOf(answer)));
      const before = state().device;
      const row = await keepDevice(answer.data as Enrolled);
      if (before && before.trainer.name !== row.trainer.name) {
        await dropReadable(); // the list and the PIN of whoever had the phone before
        set({ key: null, index: null });
      }
      await refreshDevice();
      await reportLoss();
      toast(t("enrolled", { trainer: row.trainer.name, base: row.base.name }));
      go("");
    } catch (error) {
      if (error instanceof NoAnswer) setFault(t("enrol_no_answer"));
      else tellFault(error);
    } finally {
      setBusy(false);
    }
  };

  return (
    <form onSubmit={send} id="enrol">
      <Title>{t("enrol")}</Title>
      <p>{t("enrol_help")}</p>
      <Field id="ticket" label={t("ticket")} value={code} onInput={setCode} fault={fault || undefined} maxLength={300} />
      <Field id="device-name" label={t("device_name")} value={name} onInput={setName} maxLength={60} />
      <Button id="enrol-do" submit wide disabled={busy || !code.trim()}>
        {busy ? t("enrolling") : t("enrol")}
      </Button>
    </form>
  );
}

const EASY = /^(\d)\1{5}$|^(012345|123456|234567|345678|456789|654321|123123|112233)$/;

export function PinSet() {
  const [pin, setOne] = useState("");
  const [again, setTwo] = useState("");
  const [fault, setFault] = useState("");

  const save = async (event: Event) => {
    event.preventDefault();
    if (!/^\d{6}$/.test(pin)) return setFault(t("pin_form"));
    if (EASY.test(pin)) return setFault(t("pin_easy", { pin }));
    if (pin !== again) return setFault(t("pin_differs"));
    try {
      await unlocked(await setPin(pin));
      go("ready");
    } catch (error) {
      tellFault(error);
    }
  };

  return (
    <form onSubmit={save} id="pin-set">
      <Title>{t("pin_set")}</Title>
      <p>{t("pin_set_help")}</p>
      <Field id="pin" type="password" inputMode="numeric" label={t("pin")} value={pin} onInput={setOne} maxLength={6} fault={fault || undefined} />
      <Field id="pin-again" type="password" inputMode="numeric" label={t("pin_again")} value={again} onInput={setTwo} maxLength={6} />
      <Button id="pin-save" submit wide>{t("save")}</Button>
    </form>
  );
}

export function PinAsk() {
  const [pin, setOne] = useState("");
  const [fault, setFault] = useState("");
  const [forgot, setForgot] = useState(false);
  const [busy, setBusy] = useState(false);

  const attempt = async (event: Event) => {
    event.preventDefault();
    if (!/^\d{6}$/.test(pin)) return setFault(t("pin_form"));
    setBusy(true);
    try {
      const locked = await pinLocked();
      if (locked) return setFault(t("pin_wait", { n: locked }));
      const tried = await tryPin(pin);
      setOne("");
      if ("key" in tried) return await unlocked(tried.key);
      setFault(tried.wait ? t("pin_wait", { n: tried.wait }) : t("pin_wrong", { n: tried.wrong }));
    } catch (error) {
      tellFault(error);
    } finally {
      setBusy(false);
    }
  };
  const forget = async () => {
    await signOut();
    set({ key: null, index: null });
    await refreshDevice();
    go("");
  };

  return (
    <form onSubmit={attempt} id="pin-ask">
      <Title>{t("app")}</Title>
      <Field id="pin" type="password" inputMode="numeric" label={t("pin")} value={pin} onInput={setOne} maxLength={6} fault={fault || undefined} />
      <Button id="pin-open" submit wide disabled={busy}>{t("unlock")}</Button>
      <p><button type="button" class="linkish" id="pin-forgot" onClick={() => setForgot(!forgot)} aria-expanded={forgot}>{t("pin_forgot")}</button></p>
      {forgot && (
        <Notice kind="warn">
          <p>{t("pin_forgot_help")}</p>
          <Button id="pin-forget" danger onClick={forget}>{t("pin_forgot_do")}</Button>
        </Notice>
      )}
    </form>
  );
}
