/** The readiness check: red or green, and how to mend what is red. */

import { useEffect, useState } from "preact/hooks";
import { ask } from "../net/wire.ts";
import { t, type Word } from "../words/say.ts";
import { runChecks, startWrite, tryCamera, type Check } from "./checks.ts";
import { PackButton } from "./packbutton.tsx";
import { Button, Notice, Title } from "./parts.tsx";
import { back } from "./route.ts";
import { state, useApp } from "./state.ts";

const label = ({ name, light, n }: Check): string => {
  if (name === "space") return t("check_space", { mb: n });
  if (name === "clock") return light === "unknown" ? t("check_clock_unknown") : t("check_clock", { n });
  return t(`check_${name}` as Word);
};

function Row({ check, again }: { check: Check; again: () => Promise<void> }) {
  const said: Word = check.light === "green" ? "ok_word" : check.light === "red" ? "bad_word" : "unknown_word";
  const persist = async () => {
    await navigator.storage?.persist?.();
    await again();
  };
  const camera = async () => {
    await tryCamera();
    await again();
  };
  return (
    <li class={`check ${check.light}`} data-check={check.name} data-light={check.light}>
      <p class="check-line"><span class="light">{t(said)}</span> {label(check)}</p>
      {check.light !== "green" && (
        <div class="mend">
          <p>{t(`mend_${check.name}` as Word)}</p>
          {check.name === "persist" && <Button id="ask-persist" plain onClick={persist}>{t("ask_persist")}</Button>}
          {check.name === "camera" && <Button id="try-camera" plain onClick={camera}>{t("try_camera")}</Button>}
          {check.name === "write" && <Button id="try-write" plain onClick={startWrite}>{t("try_write")}</Button>}
        </div>
      )}
    </li>
  );
}

export function Ready() {
  const [checks, setChecks] = useState<Check[]>([]);
  const { label: pack } = useApp();
  const again = async () => setChecks(await runChecks());
  const ask_again = async () => {
    const token = state().device?.token;
    await ask("status", token ? { token } : {}).catch(() => undefined);
    await again();
  };
  useEffect(() => void again().then(ask_again), [pack?.fetched_at]);
  const bad = checks.filter(({ light }) => light !== "green").length;
  return (
    <div id="ready">
      <Title onBack={back}>{t("ready")}</Title>
      {checks.length > 0 && (
        <Notice kind={bad ? "warn" : "ok"} id="ready-said"><p>{bad ? t("ready_not", { n: bad }) : t("ready_all")}</p></Notice>
      )}
      <ul class="checks">{checks.map((check) => <Row key={check.name} check={check} again={again} />)}</ul>
      <PackButton />
      <Button id="check-again" plain wide onClick={ask_again}>{t("check_again")}</Button>
    </div>
  );
}
