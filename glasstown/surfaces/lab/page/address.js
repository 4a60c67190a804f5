// The address of the page: the ask (scheme, seed, changes), what is beside it, and the view. It
// stands in the fragment, so a link holds a whole world and no server sees it before it is asked.

const OWN = ["view", "pair", "week", "look", "step", "go"];
const NUMBERS = ["citizens", "weeks", "seed"];
const LISTS = ["without", "spark"];
const TABLES = ["groups", "rollout"];

/** Read the address: {view, ask, pair, week, look, step, go}; ask is null where it names no scheme. */
export function read(fragment = location.hash.slice(1)) {
  const parts = new URLSearchParams(fragment);
  const address = Object.fromEntries(OWN.map((name) => [name, parts.get(name)]));
  address.week = Number(address.week) || 0;
  address.ask = parts.has("scheme") ? asked(parts) : null;
  return address;
}

function asked(parts) {
  const ask = { scheme: parts.get("scheme"), changes: {} };
  for (const name of NUMBERS) if (parts.has(name)) ask[name] = exact(parts.get(name));
  if (parts.has("start")) ask.start = parts.get("start");
  for (const name of LISTS) ask[name] = (parts.get(name) || "").split(",").filter(Boolean);
  for (const name of TABLES) if (parts.has(name)) ask[name] = parsed(parts.get(name));
  for (const [key, value] of parts) if (key.includes(".")) ask.changes[key] = parsed(value);
  return ask;
}

/** A number; text where a number would lose digits, so that the server can say what is wrong. */
function exact(text) {
  const n = Number(text);
  return Number.isSafeInteger(n) || !Number.isInteger(n) ? (Number.isNaN(n) ? text : n) : text;
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** The ask as the query string that a link holds, in an order that depends on nothing else. */
export function link(ask) {
  const parts = new URLSearchParams();
  parts.set("scheme", ask.scheme);
  for (const name of NUMBERS) if (ask[name] !== undefined) parts.set(name, ask[name]);
  if (ask.start) parts.set("start", ask.start);
  for (const name of LISTS) if (ask[name]?.length) parts.set(name, ask[name].join(","));
  for (const name of TABLES) if (ask[name]?.length) parts.set(name, JSON.stringify(ask[name]));
  for (const key of Object.keys(ask.changes || {}).sort()) parts.set(key, JSON.stringify(ask.changes[key]));
  return parts.toString().replaceAll("%2C", ",").replaceAll("%5B", "[").replaceAll("%5D", "]");
}

/** Write the address without loading anything; a new view gets an entry in the history. */
export function write({ view, ask, pair, week, look, step }, { push = false } = {}) {
  const own = new URLSearchParams();
  for (const [name, value] of Object.entries({ view, step, pair, look, week })) if (value) own.set(name, value);
  const text = [ask ? link(ask) : "", own.toString()].filter(Boolean).join("&");
  if (location.hash.slice(1) === text) return;
  history[push ? "pushState" : "replaceState"](null, "", `#${text}`);
}

/** A copy of an ask with one change, as the parameter `pair` holds it: `without=friends`. */
export function changed(ask, pair) {
  const other = { ...ask, without: [...(ask.without || [])], changes: { ...ask.changes } };
  for (const [key, value] of new URLSearchParams(pair)) {
    if (key === "scheme") Object.assign(other, { scheme: value, changes: societyOnly(ask.changes) });
    else if (key === "without") other.without = toggled(other.without, value);
    else if (key.includes(".")) other.changes[key] = parsed(value);
  }
  return other;
}

/** What was changed in the society holds under another scheme too; what was changed in the scheme does not. */
function societyOnly(changes = {}) {
  return Object.fromEntries(Object.entries(changes).filter(([key]) => !key.startsWith("scheme.")));
}

function toggled(names, name) {
  return names.includes(name) ? names.filter((one) => one !== name) : [...names, name];
}
