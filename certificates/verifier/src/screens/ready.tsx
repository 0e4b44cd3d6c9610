/** Whether the page can do without a network, and how old its lists are. */

import { moment, type Pair } from "../words.ts";
import { Both, Notice } from "./parts.tsx";
import type { Standing } from "./standing.ts";

const NONE: Pair = ["还不能离线使用：请在有网络时打开一次。", "Not ready without a network yet: open once with a network."];
const HALF: Pair = ["名单已存好，状态表还不全：请联网后更新。", "The list is kept, but not all lists of statuses: update with a network."];
const READY: Pair = ["没有网络也能用。", "Works without a network."];

export function Ready({ standing, busy, onRefresh }: { standing: Standing; busy: boolean; onRefresh: () => void }) {
  const { state, trust, issuers, oldest } = standing;
  const say = { none: NONE, half: HALF, ready: READY, old: READY }[state];
  return (
    <Notice kind={state === "ready" ? "ok" : "warn"} id="ready">
      <div data-state={state} data-worker={standing.worker}>
        <p class="strong"><Both say={say} /></p>
        {trust && (
          <p>
            {trust.centre}：<Both say={[`${issuers} 家发证基地，状态截至 `, `${issuers} issuers, statuses as of`]} /> <b id="lists-at">{moment(oldest)}</b>
          </p>
        )}
        {state === "old" && <p><Both say={["已超过 24 小时，请联网更新。", "More than 24 hours old: update with a network."]} /></p>}
        <button type="button" class="button plain" id="refresh" disabled={busy} onClick={onRefresh}>
          <Both say={busy ? ["正在更新……", "Updating ..."] : ["更新名单", "Update the lists"]} />
        </button>
      </div>
    </Notice>
  );
}
