/** Small pieces that every screen uses. */

import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { t, type Word } from "../words/say.ts";

interface ButtonProps {
  id?: string;
  children: ComponentChildren;
  onClick?: () => unknown;
  plain?: boolean;
  danger?: boolean;
  wide?: boolean;
  disabled?: boolean;
  submit?: boolean;
}

/** A button that cannot be pressed twice while what it started goes on. */
export function Button({ id, children, onClick, plain, danger, wide, disabled, submit }: ButtonProps) {
  const [busy, setBusy] = useState(false);
  const alive = useRef(true);
  useEffect(() => () => void (alive.current = false), []);
  const press = async () => {
    if (!onClick || busy) return;
    setBusy(true);
    try {
      await onClick();
    } finally {
      if (alive.current) setBusy(false);
    }
  };
  const classes = ["button", plain && "plain", danger && "danger", wide && "wide"].filter(Boolean).join(" ");
  return (
    <button id={id} type={submit ? "submit" : "button"} class={classes} disabled={disabled || busy} onClick={press}>
      {children}
    </button>
  );
}

interface FieldProps {
  id: string;
  label: string;
  value: string;
  onInput: (value: string) => void;
  fault?: string | undefined;
  good?: string | undefined;
  help?: string;
  type?: "text" | "password" | "tel";
  inputMode?: "numeric";
  maxLength?: number;
  autoComplete?: string;
}

export function Field({ id, label, value, onInput, fault, good, help, type = "text", ...more }: FieldProps) {
  const described = [help && `${id}-help`, (fault || good) && `${id}-said`].filter(Boolean).join(" ");
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {help && <p class="help" id={`${id}-help`}>{help}</p>}
      <input
        id={id}
        type={type as "text"}
        value={value}
        onInput={(event) => onInput(event.currentTarget.value)}
        aria-invalid={fault ? "true" : undefined}
        aria-describedby={described || undefined}
        autoComplete="off"
        {...more}
      />
      {fault && <p class="fault" role="alert" id={`${id}-said`}>{fault}</p>}
      {!fault && good && <p class="good" id={`${id}-said`}>{good}</p>}
    </div>
  );
}

export function Notice({ kind, children, id }: { kind: "ok" | "warn" | "bad" | "plain"; children: ComponentChildren; id?: string }) {
  return <div class={`notice ${kind}`} id={id} role={kind === "bad" ? "alert" : "status"}>{children}</div>;
}

/** A sheet over the screen, closed by Escape and by its button; the focus goes into it and comes back. */
export function Sheet({ title, onClose, children }: { title: string; onClose: () => void; children: ComponentChildren }) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const before = document.activeElement as HTMLElement | null;
    box.current?.focus();
    const restore = closeOff(box.current!.parentElement!);
    const key = (event: KeyboardEvent) => {
      if (event.key === "Escape") onClose();
      if (event.key === "Tab") keepInside(event, box.current);
    };
    addEventListener("keydown", key);
    return () => {
      removeEventListener("keydown", key);
      restore();
      before?.focus?.();
    };
  }, []);
  return (
    <div class="veil">
      <div class="sheet" role="dialog" aria-modal="true" aria-label={title} tabIndex={-1} ref={box}>
        <div class="sheet-top">
          <h2>{title}</h2>
          <button type="button" class="button plain" id="sheet-close" onClick={onClose}>{t("close")}</button>
        </div>
        {children}
      </div>
    </div>
  );
}

/** Nothing behind the sheet can be reached; browsers before `inert` have `keepInside` alone. */
function closeOff(veil: HTMLElement): () => void {
  const closed: Element[] = [];
  for (let node = veil; node.parentElement && node.id !== "app"; node = node.parentElement) {
    for (const other of node.parentElement.children) {
      if (other === node || other.hasAttribute("inert") || other.classList.contains("toasts")) continue;
      other.setAttribute("inert", "");
      closed.push(other);
    }
  }
  return () => closed.forEach((one) => one.removeAttribute("inert"));
}

function keepInside(event: KeyboardEvent, box: HTMLElement | null): void {
  const stops = box?.querySelectorAll<HTMLElement>("button:not(:disabled), input, select, textarea, a[href]");
  if (!stops?.length) return;
  const [first, last] = [stops[0]!, stops[stops.length - 1]!];
  if (event.shiftKey && (document.activeElement === first || document.activeElement === box)) {
    event.preventDefault();
    last.focus();
  } else if (!event.shiftKey && document.activeElement === last) {
    event.preventDefault();
    first.focus();
  }
}

export function Title({ children, onBack }: { children: ComponentChildren; onBack?: () => void }) {
  return (
    <div class="title">
      {onBack && <button type="button" class="button plain back" id="back" onClick={onBack}>‹ {t("back")}</button>}
      <h1>{children}</h1>
    </div>
  );
}

export const Say = ({ word }: { word: Word }) => <p>{t(word)}</p>;

/** A moment as people of the reader's language write it. */
export function when(iso: string): string {
  return new Date(iso).toLocaleString(document.documentElement.lang || "zh", {
    month: "numeric",
    day: "numeric",
    hour: "2-digit",
    minute: "2-digit",
  });
}

export const runs = (found: [number, number][]): string =>
  found.map(([from, to]) => (from === to ? `${from}` : `${from}–${to}`)).join("、");
