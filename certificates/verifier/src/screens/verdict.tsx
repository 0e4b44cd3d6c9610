import { useEffect, useRef } from "preact/hooks";
import type { Tone, Verdict } from "../pure/judge.ts";
import type { Token } from "../pure/token.ts";
import { CLAIMS, HEADS, KEPT, moment, SAID, TONES, type Pair } from "../words.ts";
import type { Result } from "./check.ts";
import { Both, Notice, Shape } from "./parts.tsx";

const toneOf = (result: Result): Tone => {
  if (result.kind === "judged") return result.verdict.tone;
  return ["bare", "no_code", "no_lists", "not_ours"].includes(result.why) ? "unsure" : "bad";
};

function Status({ verdict }: { verdict: Verdict }) {
  const { at, asked } = verdict;
  return (
    <>
      {at !== undefined && <p id="as-of" class="as-of"><Both say={["状态截至", "Status as of"]} /> <b>{moment(at)}</b></p>}
      {asked?.gone && <p id="gone-on"><Both say={["日期", "On"]} /> {asked.gone} {asked.reason && <><br /><Both say={["原因", "Reason"]} /> {asked.reason}</>}</p>}
      {asked?.next && <p><Both say={["新版本编号", "Number of the new version"]} /> {asked.next}</p>}
      {asked && asked.fault.length === 2 && verdict.tone !== "good" && <p><Both say={asked.fault as unknown as Pair} /></p>}
    </>
  );
}

function Claims({ token, verdict }: { token: Token; verdict: Verdict }) {
  const proven = !["unknown_key", "unknown_key_old", "signature"].includes(verdict.why);
  return (
    <section class="card" id="claims" data-proven={proven}>
      <h2><Both say={proven ? ["签名的内容", "What was signed"] : ["二维码自称的内容（未经证实）", "What the code claims (not proven)"]} /></h2>
      {proven && verdict.tone !== "bad" && (
        <p class="compare" id="compare">
          <Both say={["请与手中的证书逐项核对；任何一项不符，即为涂改。", "Compare every line with the paper: if one differs, the paper has been altered."]} />
        </p>
      )}
      <dl>
        {CLAIMS.map(([name, zh, en]) => (
          <div key={name}>
            <dt><Both say={[zh, en]} /></dt>
            <dd data-claim={name}>{token[name]}</dd>
          </div>
        ))}
        {proven && verdict.key && (
          <div>
            <dt><Both say={["签名的基地", "Signed by"]} /></dt>
            <dd data-claim="issuer">{verdict.key.name}</dd>
          </div>
        )}
      </dl>
      <p class="soft">
        <Both say={["培训合格证书由培训基地颁发，证明完成培训并考核合格，不是国家职业资格或技能等级证书。", "A certificate of completion issued by a training base; it is no state vocational qualification."]} />
      </p>
    </section>
  );
}

export function VerdictCard({ result, online, onTrustAnew }: { result: Result; online: boolean; onTrustAnew: () => void }) {
  const head = useRef<HTMLHeadingElement>(null);
  const judged = result.kind === "judged" ? result : null;
  const why = judged ? judged.verdict.why : (result as Extract<Result, { kind: "refused" }>).why;
  const tone = toneOf(result);
  useEffect(() => head.current?.focus(), [result]);
  return (
    <>
      <section class={`verdict ${tone}`} id="verdict" data-tone={tone} data-why={why}>
        <Shape tone={tone} />
        <div>
          <h2 ref={head} tabIndex={-1} class="head"><Both say={HEADS[why] ?? TONES[tone]} /></h2>
          {judged && tone === "old" && <Status verdict={judged.verdict} />}
          {SAID[why].map((pair) => <p key={pair[0]}><Both say={pair} /></p>)}
          {result.kind === "refused" && result.host && <p id="foreign">{result.host}</p>}
          {judged && tone !== "old" && <Status verdict={judged.verdict} />}
        </div>
      </section>
      {judged && judged.outcome in KEPT && <Kept outcome={judged.outcome as keyof typeof KEPT} onTrustAnew={onTrustAnew} />}
      {judged && <Claims token={judged.token} verdict={judged.verdict} />}
      {online && result.page && (
        <p><a class="button plain wide" id="online" href={result.page}><Both say={["打开网上核验页（全部内容）", "Open the online page (every line)"]} /></a></p>
      )}
    </>
  );
}

export function Kept({ outcome, onTrustAnew }: { outcome: keyof typeof KEPT; onTrustAnew: () => void }) {
  return (
    <Notice kind="warn" id="kept">
      <p><Both say={KEPT[outcome]} /></p>
      {outcome === "stranger" && (
        <button type="button" class="button plain" id="trust-anew" onClick={onTrustAnew}>
          <Both say={["已电话确认，重新建立信任", "Confirmed by telephone: trust anew"]} />
        </button>
      )}
    </Notice>
  );
}
