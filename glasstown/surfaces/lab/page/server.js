// Calls to the lab's server. What it refuses becomes a Refusal that carries the server's own words.

import { t } from "./words.js";

const TOKEN = "glasstown-token";

/** What the server refused, in its words. */
export class Refusal extends Error {
  constructor(status, error) {
    super(error.message || `${status}`);
    this.status = status;
    this.kind = error.kind || "unknown";
    this.problems = error.problems || [];
  }
}

/** Take a token out of the page's address and keep it for this tab. */
export function takeToken() {
  const parts = new URLSearchParams(location.hash.slice(1));
  if (!parts.has("token")) return;
  sessionStorage.setItem(TOKEN, parts.get("token"));
  parts.delete("token");
  history.replaceState(null, "", `${location.pathname}#${parts}`);
}

/** Call the server and return its answer, whatever it holds. */
export async function call(path, { method = "GET", body, signal } = {}) {
  const headers = {};
  const token = sessionStorage.getItem(TOKEN);
  if (token) headers.Authorization = `Bearer ${token}`;
  if (body !== undefined) headers["Content-Type"] = "application/json";
  const sent = { method, headers, signal, body: body === undefined ? undefined : JSON.stringify(body) };
  const answer = await fetch(`api/${path}`, sent).catch((error) => {
    if (error.name === "AbortError") throw error;
    throw new Refusal(0, { kind: "away", message: t("page.away") });
  });
  if (answer.ok) return answer;
  const said = await answer.json().catch(() => ({}));
  throw new Refusal(answer.status, said.error || {});
}

export const json = async (path, options) => (await call(path, options)).json();
export const text = async (path, options) => (await call(path, options)).text();
export const bytes = async (path, options) => (await call(path, options)).arrayBuffer();

/** Read a stream of events, one after another: {event, data}. */
export async function* events(path, signal) {
  const answer = await call(path, { signal });
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    rest += value.replaceAll("\r\n", "\n");
    const whole = rest.split("\n\n");
    rest = whole.pop();
    for (const one of whole) {
      const event = parsed(one);
      if (event) yield event;
    }
  }
}

function parsed(block) {
  let event = "message";
  const data = [];
  for (const line of block.split("\n")) {
    if (line.startsWith("event:")) event = line.slice(6).trim();
    else if (line.startsWith("data:")) data.push(line.slice(5).trimStart());
  }
  return data.length ? { event, data: JSON.parse(data.join("\n")) } : null;
}

/** Save text as a file on the visitor's machine. */
export function save(name, content, kind = "text/yaml") {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([content], { type: kind }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
