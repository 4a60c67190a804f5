// The levers: one for each parameter with a declared range, by mechanism, made from what the server
// says of the declarations. A mechanism has one switch; what differs from the preset is marked.

import { same } from "./asking.js";
import { el, put, settled } from "./element.js";
import { has, number, t, tn } from "./words.js";

const WAIT_MS = 250;
const ROOM = 5;

export class Levers {
  constructor(asking) {
    this.asking = asking;
    this.open = new Set();
    this.find = "";
    this.search = el("input", {
      type: "search", placeholder: t("levers.find"), "aria-label": t("levers.find"),
      oninput: settled(WAIT_MS, () => {
        this.find = this.search.value.trim().toLowerCase();
        this.draw();
      }),
    });
    this.only = el("input", { type: "checkbox", onchange: () => this.draw() });
    this.list = el("div", { class: "groups" });
    this.state = el("p", { class: "soft small", role: "status" });
    this.node = el("section", { class: "levers", "aria-label": t("levers.name") },
      el("header", {}, el("h2", {}, t("levers.name")), el("p", { class: "soft small" }, t("levers.intro")),
        this.search, el("label", { class: "only" }, this.only, ` ${t("levers.only")}`)),
      this.state, this.list);
    this.redraw = settled(30, () => this.marks());
    asking.on(() => (asking.ask.scheme === this.scheme ? this.redraw() : this.load()));
    this.load();
  }

  async load() {
    const { scheme } = this.asking.ask;
    this.scheme = scheme;
    try {
      const { groups } = await this.asking.leversOf(scheme);
      if (scheme !== this.asking.ask.scheme) return;
      this.groups = groups;
      this.draw();
    } catch (error) {
      this.state.textContent = error.message;
    }
  }

  matches(lever, group) {
    if (this.only.checked && !this.differs(lever)) return false;
    if (!this.find) return true;
    return [lever.key, lever.label, lever.meaning, group.mechanism ?? group.step].some((one) => String(one).toLowerCase().includes(this.find));
  }

  differs(lever) {
    return lever.key in this.asking.ask.changes;
  }

  draw() {
    if (!this.groups) return;
    this.rows = [];
    const kept = document.activeElement?.id;
    const shown = this.groups.map((group) => ({ group, levers: group.levers.filter((one) => this.matches(one, group)) }))
      .filter(({ group, levers }) => levers.length || (!this.find && !this.only.checked && group.mechanism)
        || (this.only.checked && this.asking.ask.without.includes(group.mechanism)));
    put(this.list, shown.map(({ group, levers }) => this.group(group, levers)));
    this.marks();
    if (kept) document.getElementById(kept)?.focus();
  }

  /** Say what differs, without drawing anew: what is being typed stays. */
  marks() {
    const { ask } = this.asking;
    const n = this.asking.differences;
    this.state.textContent = n ? tn("levers.changed", n) : t("levers.same");
    for (const row of this.rows || []) row();
    for (const one of this.list.querySelectorAll("details[data-group]")) {
      const off = ask.without.includes(one.dataset.group);
      one.classList.toggle("off", off);
    }
  }

  group(group, levers) {
    const id = group.mechanism ?? group.step ?? "other";
    const title = has(`mechanisms.${id}`) ? t(`mechanisms.${id}`) : id.replaceAll("_", " ");
    const badge = el("span", { class: "badge", hidden: true });
    const body = el("div", { class: "body" });
    const wanted = () => this.open.has(id) || this.find || this.only.checked;
    const node = el("details", { "data-group": id, open: Boolean(wanted()) },
      el("summary", {}, el("span", { class: "title" }, title), badge), body);
    const filled = () => body.children.length || put(body, el("p", { class: "soft small" }, group.meaning), levers.map((one) => this.lever(one, labelled(one, group))),
      group.origin && el("p", { class: "source small" }, t("levers.origin", { origin: group.origin })));
    node.addEventListener("toggle", () => {
      if (!this.find && !this.only.checked) this.open[node.open ? "add" : "delete"](id);
      if (node.open) filled();
      this.marks();
    });
    if (wanted()) filled();
    const row = el("div", { class: "group" }, node, group.mechanism && this.switchOf(group, title));
    this.rows.push(() => {
      const n = group.levers.filter((one) => this.differs(one)).length;
      badge.hidden = !n;
      badge.textContent = n ? tn("levers.badge", n) : "";
    });
    return row;
  }

  switchOf(group, title) {
    const box = el("input", {
      type: "checkbox", role: "switch", "aria-label": t("levers.switch", { mechanism: title }), title: t("levers.switch", { mechanism: title }),
      disabled: group.is_there === false, onchange: () => this.asking.setMechanism(group.mechanism, box.checked),
    });
    this.rows.push(() => (box.checked = group.is_there !== false && !this.asking.ask.without.includes(group.mechanism)));
    return el("span", { class: "toggle" }, box);
  }

  lever(lever, label) {
    const id = `lever-${lever.key.replaceAll(/[^\w]+/g, "-")}`;
    const mark = el("button", { type: "button", class: "undo", hidden: true, onclick: () => this.set(lever, lever.value, fields) });
    const fields = lever.is_there === false ? [el("output", { class: "soft" }, t("levers.absent"))] : control(lever, id, (value) => this.set(lever, value, fields));
    const wrong = el("p", { class: "refused small", role: "alert", hidden: true });
    const node = el("div", { class: "lever" },
      el("div", { class: "line" }, el("label", { for: id }, label), mark),
      el("div", { class: "fields" }, fields, lever.unit && el("span", { class: "unit" }, lever.unit)),
      el("p", { class: "soft small" }, lever.meaning, " ", bounds(lever)),
      lever.source && el("details", { class: "source small" }, el("summary", {}, t("levers.source", { confidence: t(`confidence.${lever.confidence}`) })), lever.source),
      wrong);
    this.rows.push(() => {
      const is = this.differs(lever);
      node.classList.toggle("changed", is);
      mark.hidden = !is;
      mark.textContent = is ? t("levers.preset", { value: shown(lever.value) }) : "";
      for (const one of fields) if (one !== document.activeElement) setField(one, is ? this.asking.ask.changes[lever.key] : lever.value);
    });
    return node;
  }

  set(lever, value, fields) {
    for (const one of fields) if (one !== document.activeElement) setField(one, value);
    this.asking.setLever(lever, value);
  }
}

/** What a lever is called within its group, whose name need not be said again. */
function labelled(lever, group) {
  const label = lever.label || lever.name;
  const before = `${(group.mechanism ?? "").replaceAll("_", " ")}: `;
  return label.startsWith(before) ? label.slice(before.length) : label;
}

/** The fields of a lever: a number with a slider, a choice, a switch or a date. */
function control(lever, id, act) {
  if (lever.kind === "boolean") return [el("input", { id, type: "checkbox", role: "switch", checked: lever.value, onchange: (event) => act(event.target.checked) })];
  if (lever.kind === "choice") {
    return [el("select", { id, onchange: (event) => act(event.target.value) }, lever.choices.map((one) => el("option", { value: one, selected: one === lever.value }, one)))];
  }
  if (lever.kind === "date") return [el("input", { id, type: "date", value: lever.value ?? "", min: lever.minimum, max: lever.maximum, onchange: (event) => act(event.target.value || null) })];
  const { low, high, step } = span(lever);
  const given = (event) => {
    const value = event.target.value === "" ? (lever.may_be_null ? null : lever.value) : Number(event.target.value);
    act(lever.kind === "integer" && value !== null ? Math.round(value) : value);
  };
  return [
    el("input", { id, type: "number", value: lever.value ?? "", min: lever.minimum, max: lever.maximum, step: "any", inputmode: "decimal", onchange: given }),
    el("input", { type: "range", min: low, max: high, step, value: lever.value ?? low, "aria-label": t("levers.slide", { label: lever.label || lever.name }), oninput: given }),
  ];
}

/** Where a slider ends: the declared range, or what is near the preset where that is far too wide. */
function span(lever) {
  const value = lever.value ?? lever.default ?? 0;
  let { minimum: low, maximum: high } = lever;
  const near = Math.max(Math.abs(value) * ROOM, (lever.step || 1) * 20);
  if (low === null || low === undefined || value - low > near * 2) low = value - near;
  if (high === null || high === undefined || high - value > near * 2) high = value + near;
  const step = lever.kind === "integer" ? 1 : Math.min(lever.step || Infinity, 10 ** Math.floor(Math.log10((high - low) / 50)));
  return { low: round(low, step), high: round(high, step), step };
}

const round = (value, step) => Number((Math.round(value / step) * step).toPrecision(10));

function setField(field, value) {
  if (field.type === "checkbox") field.checked = Boolean(value);
  else if (field.tagName !== "OUTPUT") field.value = value ?? (field.type === "range" ? field.min : "");
}

function bounds(lever) {
  const { minimum: low, maximum: high } = lever;
  if (typeof low !== "number" || typeof high !== "number") return "";
  return t("levers.range", { low: number(low), high: number(high) });
}

function shown(value) {
  if (value === null || value === undefined) return t("levers.none");
  return typeof value === "number" ? number(value) : String(value);
}

export { same, shown };
