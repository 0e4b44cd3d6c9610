/** Somebody who is not on the list: written down, with the ID number checked on the spot. */

import { useEffect, useState } from "preact/hooks";
import { uuid } from "../pure/bytes.ts";
import { idFault, tidyId } from "../pure/idnumber.ts";
import type { Pack } from "../pure/protocol.ts";
import { openVillages } from "../store/pack.ts";
import { t } from "../words/say.ts";
import { Button, Field, Sheet } from "./parts.tsx";
import { state } from "./state.ts";
import type { Session } from "./usesession.ts";

export function WalkInSheet({ session, onClose }: { session: Session; onClose: () => void }) {
  const [name, setName] = useState("");
  const [id, setId] = useState("");
  const [phone, setPhone] = useState("");
  const [village, setVillage] = useState(session.one.village);
  const [villages, setVillages] = useState<Pack["villages"]>([]);
  const [tried, setTried] = useState(false);
  useEffect(() => {
    const { key } = state();
    if (key) void openVillages(key).then((found) => setVillages(found ?? []));
  }, []);

  const wrong = idFault(id, new Date());
  const wrongPhone = phone !== "" && !/^1\d{10}$/.test(phone.trim());
  const said = (tried || tidyId(id).length >= 18 || wrong === "id_15") && wrong ? t(wrong) : undefined;
  const save = async () => {
    setTried(true);
    if (!name.trim() || wrong || wrongPhone) return;
    const walk_in = uuid();
    const one = session.session;
    const done = await session.write(
      { payload: () => ({ kind: "walk_in", session: one.id, walk_in, name: name.trim(), id_number: tidyId(id), phone: phone.trim(), village }) },
      { payload: () => ({ kind: "mark", session: one.id, person: { walk_in }, mark: "present", minutes: one.minutes, how: "tap", reason: "" }) },
    );
    if (done) onClose();
  };
  return (
    <Sheet title={t("walk_in_title")} onClose={onClose}>
      <div id="walk-in">
        <p>{t("walk_in_help")}</p>
        <Field id="walk-in-name" label={t("name")} value={name} onInput={setName} maxLength={50} fault={tried && !name.trim() ? t("name_needed") : undefined} />
        <Field id="walk-in-id" label={t("id_number")} help={t("id_help")} value={id} onInput={setId} maxLength={24} fault={said} good={!wrong ? t("id_good") : undefined} />
        <Field id="walk-in-phone" label={t("phone")} type="tel" inputMode="numeric" value={phone} onInput={setPhone} maxLength={11} fault={tried && wrongPhone ? t("phone_bad") : undefined} />
        <div class="field">
          <label for="walk-in-village">{t("village_of")}</label>
          <select id="walk-in-village" value={village} onChange={(event) => setVillage(event.currentTarget.value)}>
            <option value="">–</option>
            {villages.map(({ code, name, township }) => <option key={code} value={code}>{township} {name}</option>)}
          </select>
        </div>
        <Button id="walk-in-save" wide onClick={save}>{t("save")}</Button>
      </div>
    </Sheet>
  );
}
