// All words of the page, read from one file, and how numbers and dates are written.

let words = {};
let language = "en";

/** Read the words of a language; call before anything else. */
export async function loadWords(of = "en") {
  language = of;
  const answer = await fetch(`static/words.${of}.json`);
  if (!answer.ok) throw new Error(`no words for ${of}`);
  words = await answer.json();
  document.documentElement.lang = of;
}

/** What stands at a dotted key: text, a list or a table. */
export function words_at(key) {
  return key.split(".").reduce((here, part) => here?.[part], words);
}

/** Whether there are words at a key. */
export const has = (key) => words_at(key) !== undefined;

/** The words at a key, with {names} replaced; a missing key shows itself. */
export function t(key, values = {}) {
  const text = words_at(key);
  if (typeof text !== "string") return key;
  return text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}

/** The words at key.one or key.other, by a number that also stands in them as {n}. */
export function tn(key, n, values = {}) {
  const form = new Intl.PluralRules(language).select(n);
  return t(has(`${key}.${form}`) ? `${key}.${form}` : `${key}.other`, { n: count(n), ...values });
}

/** The words of a name that the simulation uses, or the name itself with spaces. */
export function named(kind, name) {
  return has(`${kind}.${name}`) ? t(`${kind}.${name}`) : String(name).replaceAll("_", " ");
}

/** Fill in the words of the markup: data-t for text, data-t-label for aria-label. */
export function fillIn(root = document) {
  for (const node of root.querySelectorAll("[data-t]")) node.textContent = t(node.dataset.t);
  for (const node of root.querySelectorAll("[data-t-label]")) {
    node.setAttribute("aria-label", t(node.dataset.tLabel));
  }
}

export const count = (n) => new Intl.NumberFormat(language).format(Math.round(n));

export function decimal(n, digits = 2) {
  return new Intl.NumberFormat(language, { maximumSignificantDigits: digits }).format(n);
}

export function number(n) {
  return new Intl.NumberFormat(language, { maximumFractionDigits: 6 }).format(n);
}

/** A share as a percentage, with as many digits as tell something. */
export function percent(share) {
  const value = share * 100;
  if (value === 0) return "0%";
  if (Math.abs(value) < 0.01) return "<0.01%";
  const digits = Math.abs(value) < 1 ? 2 : Math.abs(value) < 10 ? 1 : 0;
  return `${new Intl.NumberFormat(language, { maximumFractionDigits: digits }).format(value)}%`;
}

export function day(iso) {
  const at = new Date(`${iso}T00:00:00Z`);
  return new Intl.DateTimeFormat(language, { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" }).format(at);
}

export function month(iso) {
  const at = new Date(`${iso}T00:00:00Z`);
  return new Intl.DateTimeFormat(language, { month: "short", year: "numeric", timeZone: "UTC" }).format(at);
}
