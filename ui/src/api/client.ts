// One way to talk to the server. Every answer is typed from the OpenAPI file; every failure becomes an
// ApiFault that says what happened, what was kept and what to do.
import type { components } from "./schema";

export interface ApiFault {
  status: number;
  message: string;
  fix: string;
}

let csrfToken = "";
export function rememberCsrfToken(token: string): void {
  csrfToken = token;
}

let whenSignedOut: () => void = () => undefined;
export function onSignedOut(action: () => void): void {
  whenSignedOut = action;
}

const words: Record<number, [string, string]> = {
  0: ["The server could not be reached.", "Check that it is running, then try again. Nothing was changed."],
  401: ["Your session has ended.", "Sign in again."],
  403: ["Your role may not see this.", "Choose another role, or ask whoever manages access."],
  404: ["This page's data was not found.", "It may belong to an earlier snapshot: go back to Start."],
  413: ["What was sent is too large.", "Send less at once."],
  429: ["Too many tries in a short time.", "Wait a minute, then try again."],
  503: ["The server is busy.", "Try again in a few seconds."],
};

/** The server's advice as a sentence: commands print the same words after a colon. */
function sentence(text: string | null | undefined): string {
  if (!text) return "";
  return text.charAt(0).toUpperCase() + text.slice(1) + (/[.!?]$/.test(text) ? "" : ".");
}

function faultFor(status: number, body: unknown): ApiFault {
  const told = (body ?? {}) as Partial<components["schemas"]["Problem"]>;
  const [message, fix] = words[status] ?? ["Something went wrong on the server.", "Try again; if it stays, report it with the time."];
  return { status, message: told.title ?? message, fix: [told.detail, told.fix].map(sentence).filter(Boolean).join(" ") || fix };
}

export async function request<T>(method: "GET" | "POST" | "PUT" | "DELETE", path: string, body?: unknown, signal?: AbortSignal): Promise<T> {
  const headers: Record<string, string> = { Accept: "application/json" };
  if (method !== "GET") {
    headers["Content-Type"] = "application/json";
    headers["X-Catchment-Token"] = csrfToken;
  }
  let response: Response;
  try {
    response = await fetch(`/api/v1${path}`, {
      method,
      headers,
      credentials: "same-origin",
      body: method === "GET" ? null : JSON.stringify(body ?? {}),
      signal: signal ?? null,
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw faultFor(0, null);
  }
  const text = await response.text();
  let parsed: unknown = null;
  try {
    parsed = text === "" ? null : JSON.parse(text);
  } catch {
    throw faultFor(response.ok ? 500 : response.status, null);
  }
  if (!response.ok) {
    if (response.status === 401 && path !== "/session") whenSignedOut();
    throw faultFor(response.status, parsed);
  }
  return parsed as T;
}
