/** Messages in Chinese and English. Chinese first: also where the browser says nothing. */

import { table } from "./table.ts";

export type Lang = "zh" | "en";
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
  chooseLanguage(chosen === "zh" || chosen === "en" ? chosen : navigator.language.startsWith("en") ? "en" : "zh", false);
}

export function chooseLanguage(next: Lang, remember = true): void {
  lang = next;
  document.documentElement.lang = next === "zh" ? "zh-Hans" : "en";
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
  return fill(table[word][lang === "zh" ? 0 : 1], values);
}

/** What the server says in both languages. */
export const said = (error: { zh: string; en: string }): string => (lang === "zh" ? error.zh : error.en);
