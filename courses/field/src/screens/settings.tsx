/** Language, readiness, signing out. Nothing here throws away what has not arrived. */

import { useState } from "preact/hooks";
import { isClear, type Standing } from "../store/outbox.ts";
import { signOut } from "../store/device.ts";
import { VERSION } from "../store/append.ts";
import { t } from "../words/say.ts";
import { exportAll } from "./file.ts";
import { Button, Notice, Title } from "./parts.tsx";
import { back, go } from "./route.ts";
import { refreshDevice, refreshStanding, set, toast, useApp } from "./state.ts";

function SignOut({ left }: { left: Standing[] }) {
  const [asked, setAsked] = useState(false);
  const unsent = left.reduce((sum, one) => sum + one.unsent + one.quarantined.length, 0);
  const blobs = left.reduce((sum, one) => sum + one.blobsHere + one.blobsRefused.length, 0);
  const ask = async () => {
    await refreshStanding(); // not what was true a moment ago
    setAsked(true);
  };
  const out = async () => {
    await signOut();
    set({ key: null, index: null });
    await refreshDevice();
    toast(t("signed_out"));
    go("");
  };
  const exportFirst = async () => {
    if (await exportAll()) await out();
  };
  if (!asked) return <Button id="sign-out" plain wide onClick={ask}>{t("sign_out")}</Button>;
  if (unsent || blobs) {
    return (
      <Notice kind="bad" id="sign-out-refused">
        <p>{t("sign_out_refused", { n: unsent, blobs })}</p>
        <a class="button wide" href="#/sync">{t("sync")}</a>
        <Button id="sign-out-export" plain wide onClick={exportFirst}>{t("sign_out_export")}</Button>
      </Notice>
    );
  }
  return (
    <Notice kind="warn" id="sign-out-sure">
      <p>{t("sign_out_sure")}</p>
      <Button id="sign-out-do" danger wide onClick={out}>{t("sign_out_do")}</Button>
    </Notice>
  );
}

export function Settings() {
  const { device, standing, older } = useApp();
  const left = [standing, ...older].filter((one): one is Standing => one !== null && !isClear(one));
  return (
    <div id="settings">
      <Title onBack={back}>{t("settings")}</Title>
      <p><a class="button plain wide" href="#/ready">{t("ready")}</a></p>
      <p><a class="button plain wide" id="to-sync" href="#/sync">{t("sync")}</a></p>
      <p><a class="button plain wide" id="to-handin" href="#/handin">{t("handin")}</a></p>
      <p><a class="button plain wide" id="to-enrol" href="#/enrol">{device ? t("enrol_again") : t("enrol")}</a></p>
      {device && (
        <>
          <h2>{t("sign_out")}</h2>
          <p>{t("sign_out_help")}</p>
          <SignOut left={left} />
        </>
      )}
      <p class="soft">{t("about", { version: VERSION, device: device?.device.slice(0, 8) ?? "–" })}</p>
    </div>
  );
}
