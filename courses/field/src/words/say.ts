/** Messages in Chinese, Korean and English. Chinese first: also where the browser says nothing. */

import { korean } from "./korean.ts";
import { table } from "./table.ts";

export type Lang = "zh" | "ko" | "en";

/** Each language by its own name, in the order of the button. */
export const LANGUAGES: readonly (readonly [Lang, string, string])[] = [
  ["zh", "中文", "zh-Hans"],
  ["ko", "한국어", "ko"],
  ["en", "English", "en"],
];
export type Word = keyof typeof table;

const NAME = "trainbase-field-lang";
let lang: Lang = "zh";

export const language = (): Lang => lang;

export function startLanguage(): void {
  let chosen: string | null = null;
  try {
    chosen = localStorage.getItem(NAME);
  } catch {
    /* forbidden */
  }
  const known = (name: string | null): Lang | undefined => LANGUAGES.find(([code]) => name?.startsWith(code))?.[0];
  chooseLanguage(known(chosen) ?? known(navigator.language) ?? "zh", false);
}

export function chooseLanguage(next: Lang, remember = true): void {
  lang = next;
  document.documentElement.lang = LANGUAGES.find(([code]) => code === next)![2];
  try {
    if (remember) localStorage.setItem(NAME, next);
  } catch {
    /* forbidden */
  }
}

export function fill(message: string, values: Record<string, string | number>): string {
  return message.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

export const isWord = (name: string): name is Word => name in table;

export function t(word: Word, values: Record<string, string | number> = {}): string {
  return fill(lang === "ko" ? korean[word] : table[word][lang === "zh" ? 0 : 1], values);
}

/** What the server says, in Chinese and English; a reader of Korean here reads Chinese too. */
export const said = (error: { zh: string; en: string }): string => (lang === "en" ? error.en : error.zh);
