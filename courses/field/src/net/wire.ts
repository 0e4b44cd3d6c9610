/**
 * Asks the base's server. Whatever does not carry `X-Trainbase: field/1` is not the server: a captive
 * portal, a proxy, half an answer. It counts as no answer, whatever its status says.
 */

import { heardFrom, mono } from "../store/clock.ts";

export const API = "/api/field/v1/";
export const LIMIT = 45_000;

export type Why = "offline" | "timeout" | "not_ours" | "half" | "server" | "busy" | "refused";

export class NoAnswer extends Error {
  why: Why;
  status: number;
  /** Seconds that the server asks to wait; 0 when it does not say. */
  wait: number;

  constructor(why: Why, status = 0, wait = 0) {
    super(`${why} ${status}`);
    this.why = why;
    this.status = status;
    this.wait = wait;
  }
}

export interface Answer {
  status: number;
  data: any;
  headers: Headers;
}

export interface Question {
  method?: string;
  body?: string | ArrayBuffer;
  headers?: Record<string, string>;
  token?: string;
  limit?: number;
  /** Bytes read so far, and of how many (0 when unknown). */
  progress?: (read: number, total: number) => void;
}

async function bodyOf(answer: Response, progress?: Question["progress"]): Promise<string> {
  const total = answer.headers.get("Content-Encoding") ? 0 : Number(answer.headers.get("Content-Length") ?? 0);
  if (!progress || !answer.body) return answer.text();
  const reader = answer.body.getReader();
  const decoder = new TextDecoder();
  let content = "";
  let read = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return content + decoder.decode();
    content += decoder.decode(value, { stream: true });
    read += value.length;
    progress(read, total);
  }
}

async function exchange(path: string, question: Question, signal: AbortSignal): Promise<Answer> {
  const { method = "GET", body, token, progress } = question;
  const headers: Record<string, string> = { ...question.headers };
  if (token) headers["Authorization"] = `Bearer ${token}`;
  if (typeof body === "string") headers["Content-Type"] = "application/json";
  const init: RequestInit = { method, headers, signal, cache: "no-store", credentials: "omit" };
  if (body !== undefined) init.body = body;
  let answer: Response;
  try {
    answer = await fetch(API + path, init);
  } catch {
    throw new NoAnswer(signal.aborted ? "timeout" : "offline");
  }
  const { status } = answer;
  // A base that is being moved, or its proxy without it, says so by the status alone.
  if (answer.headers.get("X-Trainbase") !== "field/1") {
    throw new NoAnswer(status >= 502 && status <= 504 ? "busy" : "not_ours", status);
  }
  let content: string;
  try {
    content = await bodyOf(answer, progress);
  } catch {
    throw new NoAnswer(signal.aborted ? "timeout" : "half", status);
  }
  if (method === "HEAD" || status === 304 || !content) return { status, data: null, headers: answer.headers };
  try {
    return { status, data: JSON.parse(content), headers: answer.headers };
  } catch {
    throw new NoAnswer("half", status);
  }
}

/** The server's answer, of any status below 500; throws NoAnswer for everything else. */
export async function ask(path: string, question: Question = {}): Promise<Answer> {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), question.limit ?? LIMIT);
  const asked = mono();
  try {
    const answer = await exchange(path, question, stop.signal);
    const wait = Number(answer.headers.get("Retry-After") ?? 0) || 0;
    if (answer.status === 429 || answer.status === 503) throw new NoAnswer("busy", answer.status, wait);
    if (answer.status >= 500) throw new NoAnswer("server", answer.status);
    const time: unknown = answer.data?.server_time;
    if (typeof time === "string") await heardFrom(time, asked);
    return answer;
  } finally {
    clearTimeout(timer);
  }
}

export interface ServerError {
  code: string;
  zh: string;
  en: string;
}

export const errorOf = (answer: Answer): ServerError =>
  answer.data?.error ?? { code: `http_${answer.status}`, zh: `服务器回答 ${answer.status}`, en: `the server answers ${answer.status}` };
