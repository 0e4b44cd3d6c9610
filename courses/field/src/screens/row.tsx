/** A person in the roll call: one tap is one mark. */

import { memo } from "./memo.ts";
import { MARKS, isPartial } from "../pure/minutes.ts";
import type { Mark } from "../pure/protocol.ts";
import type { StandingMark } from "../pure/reading.ts";
import { t } from "../words/say.ts";
import type { Entry } from "./usesession.ts";

interface Props {
  entry: Entry;
  standing: StandingMark | undefined;
  known: Mark | undefined;
  signed: boolean;
  onMark: (entry: Entry, mark: Mark) => void;
  onOpen: (entry: Entry) => void;
}

function Said({ standing, known }: Pick<Props, "standing" | "known">) {
  if (standing) {
    const minutes = isPartial(standing.mark) ? ` ${t("minutes_n", { n: standing.minutes })}` : "";
    return <span class={`badge ${standing.mark}`}>{t(standing.mark) + minutes}</span>;
  }
  if (known) return <span class="badge">{t("from_server", { mark: t(known) })}</span>;
  return <span class="badge none">{t("unmarked")}</span>;
}

export const Row = memo(function Row({ entry, standing, known, signed, onMark, onOpen }: Props) {
  return (
    <li class="person" data-person={entry.key} data-mark={standing?.mark ?? ""} data-minutes={standing?.minutes ?? ""}>
      <button type="button" class="who" onClick={() => onOpen(entry)}>
        {entry.photo ? <img src={entry.photo} alt="" width="48" height="48" /> : <span class="face" aria-hidden="true">{entry.name.slice(0, 1)}</span>}
        <span class="who-name">{entry.name} <small>{entry.id.slice(-4)}{signed ? ` ${t("signed")}` : ""}</small></span>
        <Said standing={standing} known={known} />
      </button>
      <div class="marks" role="group" aria-label={entry.name}>
        {MARKS.map((mark) => (
          <button type="button" key={mark} data-do={mark} class={`mark ${mark}`} aria-pressed={standing?.mark === mark} aria-label={`${entry.name} ${t(mark)}`} onClick={() => onMark(entry, mark)}>
            {t(`short_${mark}`)}
          </button>
        ))}
      </div>
    </li>
  );
});
