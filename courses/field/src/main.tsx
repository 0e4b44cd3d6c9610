import { render } from "preact";
import { useEffect } from "preact/hooks";
import { startSync } from "./net/sync.ts";
import { finishWrite, inWechat } from "./screens/checks.ts";
import { Enrol, PinAsk, PinSet } from "./screens/enrol.tsx";
import { HandIn } from "./screens/handin.tsx";
import { ClassScreen, Home } from "./screens/home.tsx";
import { Lost, reportLoss } from "./screens/lost.tsx";
import { Notice, Title } from "./screens/parts.tsx";
import { Ready } from "./screens/ready.tsx";
import { takeTicket, useRoute } from "./screens/route.ts";
import { SessionScreen } from "./screens/session.tsx";
import { Settings } from "./screens/settings.tsx";
import { set, start, state, useApp } from "./screens/state.ts";
import { Pill, SyncScreen } from "./screens/sync.tsx";
import { startWorker } from "./screens/worker.ts";
import { loadContact } from "./store/clock.ts";
import { setting } from "./store/shelf.ts";
import { chooseLanguage, language, LANGUAGES, startLanguage, t, type Lang } from "./words/say.ts";

let ticket = takeTicket();

function Screen() {
  const { device, pin, key, missing, ready } = useApp();
  const [where = "", id = "", step = ""] = useRoute();
  if (!ready) return <Title>{t("loading")}</Title>;
  if (where === "handin") return <HandIn />;
  if (where === "sync") return <SyncScreen />;
  if (where === "settings") return <Settings />;
  if (where === "enrol") return <Enrol ticket={ticket} />;
  if (missing.length) return <Lost missing={missing} />;
  if (!device) return <Enrol ticket={ticket} />;
  if (!pin) return <PinSet />;
  if (!key) return <PinAsk />;
  if (where === "ready") return <Ready />;
  if (where === "class") return <ClassScreen id={Number(id)} />;
  if (where === "session") return <SessionScreen key={id} id={Number(id)} step={step} />;
  return <Home />;
}

function Top() {
  const { device } = useApp();
  const name = (language() === "en" && device?.base.name_en) || device?.base.name || t("app");
  return (
    <header class="top">
      <a class="name" href="#/" id="home-link">{name}</a>
      <Pill />
      <a class="linkish" id="to-settings" href="#/settings">{t("settings")}</a>
    </header>
  );
}

function Foot() {
  const choose = (code: Lang) => {
    chooseLanguage(code);
    set({ lang: state().lang + 1 });
  };
  return (
    <footer class="foot" id="language">
      {LANGUAGES.filter(([code]) => code !== language()).map(([code, name, tag]) => (
        <button type="button" class="linkish" key={code} lang={tag} onClick={() => choose(code)}>{name}</button>
      ))}
    </footer>
  );
}

function App() {
  const { toast, update, lang } = useApp();
  useEffect(() => {
    document.title = t("app");
  }, [lang]);
  return (
    <>
      <Top />
      <main class="wrap" id="main" key={lang}>
        {inWechat() && <Notice kind="bad" id="wechat"><p>{t("wechat")}</p></Notice>}
        {update && (
          <Notice kind="plain" id="new-version">
            <p>{t("new_version")}</p>
            <button type="button" class="button plain" onClick={update}>{t("update")}</button>
          </Notice>
        )}
        <Screen />
      </main>
      <Foot />
      <div class="toasts" role="status" aria-live="polite">
        {toast && <p class={`toast ${toast.bad ? "bad" : ""}`} id="toast">{toast.text}</p>}
      </div>
    </>
  );
}

async function begin(): Promise<void> {
  startLanguage();
  const root = document.getElementById("app")!;
  root.textContent = "";
  addEventListener("hashchange", () => {
    const next = takeTicket();
    if (next) {
      ticket = next;
      dispatchEvent(new Event("hashchange"));
    }
  });
  render(<App />, root);
  try {
    await finishWrite();
    await loadContact();
    await start();
  } catch (error) {
    console.error(error);
    render(<main class="wrap"><Notice kind="bad" id="no-storage"><p>{t("no_storage")}</p></Notice></main>, root);
    return;
  }
  if (state().device) void navigator.storage?.persist?.();
  if (state().device && (await setting("lost"))) await reportLoss();
  startSync();
  await startWorker();
}

void begin();
