// The glass: the stage of one world, or of two beside each other, with its looks, its legend, what
// the pointer is over, and the transport below.

import { el, put } from "./element.js";
import { citizenOf, whereIs } from "./country.js";
import { classified, DIFFERENCE, differing, LOOKS } from "./looks.js";
import { Player } from "./player.js";
import { Stage } from "./stage.js";
import { count, named, t, tn } from "./words.js";

const AGE_BANDS = 6;
const BESIDE_TWO_PX = 430;

export class Glass {
  /** `on.pick(citizen)` opens a life, `on.look(name)` hears of another look. */
  constructor(session, on = {}) {
    this.session = session;
    this.on = on;
    this.look = "shut_out";
    this.asDifference = true;
    this.dark = matchMedia("(prefers-color-scheme: dark)");
    this.player = new Player(session, {
      next: (from, to) => this.spark(from, to),
      rounds: () => this.rounds(),
      spread: (round) => this.spread(round),
    });
    this.panes = [this.pane("here"), this.pane("there")];
    this.node = this.built();
    this.dark.addEventListener("change", () => this.paint(false));
    session.on("worlds", () => this.replaced());
    session.on("stage frames", () => this.paint());
    session.on("week", () => this.paint());
    session.on("state weeks refused", () => this.status());
    this.replaced();
  }

  get scheme() {
    const chosen = document.documentElement.dataset.theme;
    return chosen || (this.dark.matches ? "dark" : "light");
  }

  pane(side) {
    const host = el("div", {
      class: "canvas", tabindex: 0, role: "application", "aria-roledescription": t("stage.role"),
      "aria-label": t("stage.label"), "aria-describedby": "stage-help",
    });
    const title = el("h3", { class: "side" });
    const legend = el("ul", { class: "legend", "aria-label": t("stage.legend") });
    const wait = el("div", { class: "wait", role: "status" });
    const node = el("section", { class: `pane ${side}` }, title, legend, el("div", { class: "frame" }, host, wait));
    const pane = { side, node, host, title, legend, wait };
    pane.stage = new Stage(host, {
      hover: (place, event) => this.hover(pane, place, event),
      pick: (place) => this.pick(pane, place),
      cursor: (place) => this.cursor(pane, place),
    });
    return pane;
  }

  built() {
    this.looks = el("div", { class: "looks", role: "radiogroup", "aria-label": t("looks.name") },
      Object.keys(LOOKS).map((name) => el("label", {},
        el("input", { type: "radio", name: "look", value: name, checked: name === this.look, onchange: () => this.setLook(name) }),
        el("span", {}, t(`looks.${name}.name`)))));
    this.tip = el("div", { class: "tip", hidden: true });
    this.aloud = el("p", { class: "unseen", "aria-live": "polite" });
    this.zooms = el("div", { class: "zooms" },
      el("button", { type: "button", "aria-label": t("stage.nearer"), onclick: () => this.zoomBy(1) }, "+"),
      el("button", { type: "button", "aria-label": t("stage.farther"), onclick: () => this.zoomBy(-1) }, "−"));
    this.differ = el("label", { class: "switch differ" },
      el("input", { type: "checkbox", role: "switch", checked: true, onchange: (event) => this.setDifference(event.target.checked) }),
      el("span", {}, t("pair.difference")));
    const help = el("p", { id: "stage-help", class: "help" }, t("stage.help"));
    this.top = el("div", { class: "top" }, this.looks, this.differ, this.zooms);
    return el("section", { class: "glass", "aria-label": t("stage.name") }, this.top,
      el("div", { class: "panes" }, this.panes.map((one) => one.node)), this.player.node, help, this.tip, this.aloud);
  }

  setLook(name) {
    if (!(name in LOOKS)) return;
    this.look = name;
    for (const one of this.looks.querySelectorAll("input")) one.checked = one.value === name;
    this.paint(false);
    this.on.look?.(name);
  }

  setDifference(is) {
    this.asDifference = is;
    this.differ.querySelector("input").checked = is;
    this.paint(false);
  }

  zoomBy(step) {
    for (const one of this.panes) one.stage.zoomTo(one.stage.zoom + step, one.stage.centre);
  }

  replaced() {
    const { worlds } = this.session;
    this.panes[1].node.hidden = worlds.length < 2;
    this.differ.hidden = worlds.length < 2;
    this.node.classList.toggle("two", worlds.length > 1);
    this.panes.forEach((pane, i) => {
      pane.stage.beside = worlds.length > 1 ? BESIDE_TWO_PX : undefined;
      pane.country = null;
      pane.stage.lookAt(-1);
      put(pane.legend);
      pane.title.hidden = worlds.length < 2;
      pane.title.textContent = worlds[i] ? this.on.titled?.(worlds[i], i) ?? worlds[i].run.title : "";
    });
    this.round = 0;
    this.shown = false;
    this.status();
    this.paint(false);
  }

  /** Say why there is nothing to see yet. */
  status() {
    this.panes.forEach((pane, i) => {
      const world = this.session.worlds[i];
      const said = waiting(world, this.session.has(this.session.week), this.session.isWarming);
      if (pane.wait.textContent !== said) pane.wait.textContent = said;
      pane.wait.hidden = !said;
    });
  }

  paint(flare = true) {
    const { session } = this;
    this.status();
    if (!session.worlds.length || !session.has(session.week)) return;
    session.worlds.forEach((world, i) => this.paintPane(this.panes[i], world, flare));
    if (!this.shown) {
      this.shown = true;
      performance.mark("first-week");
    }
  }

  paintPane(pane, world, flare) {
    if (pane.country !== world.country) {
      pane.country = world.country;
      pane.stage.setCountry(world.country);
    }
    const { week, worlds } = this.session;
    const planes = world.frame(week);
    const isDifference = worlds.length > 1 && this.asDifference && pane.side === "there";
    const tiers = tiersOf(world);
    const made = isDifference
      ? differing(worlds[0].frame(week), planes, world.people)
      : classified(this.look, this.round ? this.masked(world, planes) : planes, world.people, tiers);
    const kinds = isDifference ? DIFFERENCE : LOOKS[this.look].classes(tiers);
    pane.stage.show(made.classes, kinds, this.scheme, { flare });
    this.drawLegend(pane, kinds, made.counts, isDifference ? "difference" : this.look, tiers);
  }

  /** The planes with only those who joined the gathering up to the round that is shown. */
  masked(world, planes) {
    const n = world.country.citizens;
    const copy = planes.slice();
    for (let i = 0; i < n; i++) {
      const joined = planes[3 * n + i] & 15;
      if (joined > this.round) copy[n + i] &= ~64;
    }
    return copy;
  }

  drawLegend(pane, kinds, counts, look, tiers) {
    const names = LOOKS[look]?.named?.(tiers);
    const key = look + kinds.length + (names || []).join();
    if (pane.legendKey !== key || !pane.legend.children.length) {
      pane.legendKey = key;
      put(pane.legend, kinds.map(([name, colour], i) => el("li", {},
        el("span", { class: "dot", style: { background: colour[this.scheme] } }), el("b"), " ",
        names?.[i] ? named("tiers", names[i]) : t(`looks.${look}.${name}`))));
    }
    kinds.forEach(([, colour], i) => {
      const row = pane.legend.children[i];
      row.querySelector("b").textContent = count(counts[i]);
      row.firstChild.style.background = colour[this.scheme];
      row.classList.toggle("nobody", !counts[i]);
    });
    pane.host.setAttribute("aria-label", t("stage.told", {
      week: this.session.week,
      what: kinds.map(([name], i) => [counts[i], names?.[i] ?? t(`looks.${look}.${name}`)]).filter(([n]) => n)
        .map(([n, what]) => `${count(n)} ${what}`).join(", "),
    }));
  }

  /** The first week after `from` and up to `to` in which anybody joined a gathering, or null. */
  spark(from, to) {
    for (let week = from + 1; week <= to; week++) {
      if (this.session.worlds.some((one) => one.at("gathered", week) > 0)) return week;
    }
    return null;
  }

  /** The rounds of the gathering in the week that is shown. */
  rounds() {
    let last = 0;
    for (const world of this.session.worlds) {
      const n = world.country.citizens;
      const planes = world.frame(this.session.week);
      for (let i = 3 * n; i < 4 * n; i++) last = Math.max(last, planes[i] & 15);
    }
    return last;
  }

  /** Show who had joined by a round; 0 ends the slow motion. */
  spread(round) {
    if (round === 1) {
      this.before = this.look;
      this.setLook("gathering");
      this.wasDifference = this.asDifference;
      this.asDifference = false;
    }
    this.round = round;
    if (!round && this.before) {
      this.asDifference = this.wasDifference;
      if (this.before !== "gathering") this.setLook(this.before);
      this.before = null;
    }
    if (round) this.aloud.textContent = t("stage.round", { round });
    this.paint();
  }

  cursor(pane, place) {
    this.aloud.textContent = this.describe(pane, place).join(", ");
    for (const one of this.panes) if (one !== pane && one.country) one.stage.lookAt(place);
  }

  hover(pane, place, event) {
    this.tip.hidden = place < 0;
    pane.host.classList.toggle("over", place >= 0);
    if (place < 0) return;
    const [who, ...rest] = this.describe(pane, place);
    put(this.tip, el("b", {}, who), rest.map((one) => el("span", {}, one)));
    const box = this.node.getBoundingClientRect();
    const left = Math.min(event.clientX - box.left + 14, box.width - this.tip.offsetWidth - 8);
    this.tip.style.left = `${Math.max(8, left)}px`;
    this.tip.style.top = `${event.clientY - box.top + 16}px`;
  }

  /** A citizen in a few words: who, where, and what is the case this week. */
  describe(pane, place) {
    const world = this.session.worlds[this.panes.indexOf(pane)];
    const { country, people, stage } = world;
    const n = country.citizens;
    const planes = world.frame(this.session.week);
    const at = whereIs(country, place);
    const lines = [
      t("citizen.number", { n: count(citizenOf(country, place)) }),
      t("citizen.where", { region: at.region.name, settlement: t(`settlements.${at.settlement}`) }),
      t(`ages.${Math.min(people[place] & 7, AGE_BANDS - 1)}`),
    ];
    const [p0, p1, p2] = [planes[place], planes[n + place], planes[2 * n + place]];
    if (!((people[place] >> 3) & 1)) return lines;
    const tier = tiersOf(world)[p0 & 7];
    if (tier) lines.push(t("citizen.tier", { tier: named("tiers", tier.name) }));
    const list = (p0 >> 3) & 3;
    if (list) lines.push(t(`citizen.list_${list}`));
    if (p2 & 15) lines.push(t("citizen.shut_out", { cause: named("causes", stage.causes[(p2 & 15) - 1]) }));
    lines.push(t(`citizen.stance_${p1 & 3}`));
    return lines;
  }

  pick(pane, place) {
    this.lookAt(place);
    this.on.pick?.(citizenOf(pane.country, place), pane);
  }

  /** Ring a citizen on both stages, with ties to places. */
  lookAt(place, ties = []) {
    for (const one of this.panes) if (one.country) one.stage.lookAt(place, ties);
  }
}

/** The tiers on the stage; where several schemes have tiers of their own, by their places only. */
export function tiersOf(world) {
  const all = (world.stage?.tiers || []).filter((one) => one.length);
  const names = new Set(all.map((one) => one.map((tier) => tier.name).join()));
  if (names.size < 2) return all[0] || [];
  const most = Math.max(...all.map((one) => one.length));
  return Array.from({ length: most }, (_, i) => ({ name: t("citizen.tier_place", { n: i + 1 }) }));
}

function waiting(world, isThere, isWarming) {
  if (!world) return t("stage.nobody");
  const { run } = world;
  if (run.state === "failed") return run.error?.message || t("stage.failed");
  if (run.state === "cancelled" && !isThere) return t("stage.cancelled");
  if (isThere) return "";
  if (isWarming) return t("stage.warming");
  if (run.state === "queued" && run.place) return tn("stage.queued", run.place);
  return t("stage.coming");
}
