import { render } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { refreshAll, refreshTrust, type Outcome } from "./net/refresh.ts";
import { forget, keptTrust } from "./store/shelf.ts";
import { Camera, NO_READER, readerOf } from "./screens/camera.tsx";
import { check, type Result } from "./screens/check.ts";
import { Both, Notice } from "./screens/parts.tsx";
import { Ready } from "./screens/ready.tsx";
import { NOTHING, standingNow } from "./screens/standing.ts";
import { Kept, VerdictCard } from "./screens/verdict.tsx";
import { startWorker } from "./screens/worker.ts";
import { KEPT, type Pair } from "./words.ts";

interface InstallEvent extends Event {
  prompt(): Promise<unknown>;
}

const ELSEWHERE: Pair = [
  "这个页面不在服务中心的网站上，可能是仿冒。请到证书上印的网址去核验。",
  "This page is not on the centre’s site and may be a clone. Check at the address that the centre gives you.",
];

/** The lists: fetched at the start, when the network comes back, and on demand. */
function useLists() {
  const [standing, setStanding] = useState(NOTHING);
  const [busy, setBusy] = useState(false);
  const [outcome, setOutcome] = useState<Outcome>("offline");
  const look = async () => setStanding(await standingNow());
  const refresh = async () => {
    setBusy(true);
    const found = await refreshTrust();
    setOutcome(found);
    const trust = await keptTrust();
    if (trust && found === "current") await refreshAll(trust);
    await look();
    setBusy(false);
  };
  return { standing, busy, outcome, look, refresh };
}

function useOnline(): boolean {
  const [online, setOnline] = useState(navigator.onLine);
  useEffect(() => {
    const look = () => setOnline(navigator.onLine);
    addEventListener("online", look);
    addEventListener("offline", look);
  }, []);
  return online;
}

function Install() {
  const [event, setEvent] = useState<InstallEvent | null>(null);
  useEffect(() => {
    addEventListener("beforeinstallprompt", (found) => {
      found.preventDefault();
      setEvent(found as InstallEvent);
    });
  }, []);
  if (!event) return <p class="soft"><Both say={["可用浏览器菜单“添加到主屏幕”安装。", "Install it with “Add to home screen” in the browser’s menu."]} /></p>;
  return <button type="button" class="button plain wide" id="install" onClick={() => void event.prompt()}><Both say={["安装到手机", "Install on this phone"]} /></button>;
}

function Paste({ onText }: { onText: (content: string) => void }) {
  const box = useRef<HTMLTextAreaElement>(null);
  return (
    <details>
      <summary><Both say={["粘贴二维码的内容", "Paste what the QR code holds"]} /></summary>
      <label for="paste"><Both say={["以 https:// 开头的整行", "The whole line that begins with https://"]} /></label>
      <textarea id="paste" ref={box} rows={4} autoComplete="off" spellcheck={false} />
      <button type="button" class="button" id="paste-do" onClick={() => box.current!.value.trim() && onText(box.current!.value)}><Both say={["核验", "Check"]} /></button>
    </details>
  );
}

function App() {
  const { standing, busy, outcome, look, refresh } = useLists();
  const online = useOnline();
  const [camera, setCamera] = useState(false);
  const [working, setWorking] = useState(false);
  const [result, setResult] = useState<Result | null>(null);
  const [fault, setFault] = useState<Pair | null>(null);
  const last = useRef("");
  const turn = useRef(0);

  /** Takes the last answer away, so that nobody takes it for the next one. */
  const begin = () => {
    last.current = "";
    setCamera(false);
    setFault(null);
    setResult(null);
    setWorking(true);
    return ++turn.current;
  };
  const end = (found: Result | null) => {
    setResult(found);
    setWorking(false);
  };
  const judge = async (content: string) => {
    const mine = begin();
    last.current = content;
    const found = await check(content);
    if (mine !== turn.current) return;
    end(found);
    await look();
  };
  const again = async () => {
    await refresh();
    if (last.current) await judge(last.current);
  };
  const fromPhoto = async (input: HTMLInputElement) => {
    const file = input.files?.[0];
    input.value = "";
    if (!file) return;
    const mine = begin();
    const content = await readerOf().then((read) => read(file).catch(() => "")).catch(() => null);
    if (mine !== turn.current) return;
    if (content) return judge(content);
    end(content === null ? null : { kind: "refused", why: "no_code" });
    if (content === null) setFault(NO_READER);
  };
  const trustAnew = async () => {
    await forget();
    await again();
  };
  useEffect(() => {
    void refresh();
    void startWorker().then(look);
    const back = () => void again();
    addEventListener("online", back);
    return () => removeEventListener("online", back);
  }, []);

  const host = standing.trust?.host;
  const elsewhere = host !== undefined && host !== location.host;
  return (
    <>
      <header class="top"><a class="name" href="/"><Both say={["证书核验", "Certificate check"]} /></a></header>
      <main class="wrap" id="main">
        <h1><Both say={["离线核验", "Offline check"]} /></h1>
        {elsewhere && <Notice kind="bad" id="elsewhere"><p><Both say={ELSEWHERE} /></p></Notice>}
        {!elsewhere && (
          <>
            <div role="status" aria-live="polite">
              {working && <p id="working"><Both say={["正在核对……", "Checking ..."]} /></p>}
              {result && <VerdictCard result={result} online={online} onTrustAnew={() => void trustAnew()} />}
            </div>
            {fault && <Notice kind="warn" id="fault"><p><Both say={fault} /></p></Notice>}
            {camera ? <Camera onFound={(content) => void judge(content)} onClose={() => setCamera(false)} /> : (
              <button type="button" class="button wide big" id="scan" onClick={() => setCamera(true)}><Both say={["扫描证书二维码", "Scan the QR code"]} /></button>
            )}
            <input id="photo" class="visually-hidden" type="file" accept="image/*" onChange={(event) => void fromPhoto(event.currentTarget)} />
            <label class="button plain wide" for="photo"><Both say={["从照片识别", "From a photo"]} /></label>
            <Paste onText={(content) => void judge(content)} />
          </>
        )}
        <Ready standing={standing} busy={busy} onRefresh={() => void again()} />
        {!result && outcome in KEPT && <Kept outcome={outcome as keyof typeof KEPT} onTrustAnew={() => void trustAnew()} />}
        <Install />
      </main>
      <footer class="foot">
        {host && <p><Both say={["只认这个网址的二维码：", "Only QR codes of this address are ours:"]} /> <b>{host}</b></p>}
        {standing.trust?.phone && <p><Both say={["服务中心电话", "The centre’s telephone"]} /> {standing.trust.phone}</p>}
        <p><a href="/check/"><Both say={["有网络时按编号或核验码查", "With a network: by number or code"]} /></a></p>
      </footer>
    </>
  );
}

const root = document.getElementById("app")!;
root.textContent = "";
render(<App />, root);
