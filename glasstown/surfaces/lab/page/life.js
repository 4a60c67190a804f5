// A life: who a citizen is, what became of it, week by week, and whom it knows.

import { el, put } from "./element.js";
import { placeOf } from "./country.js";
import { json } from "./server.js";
import { count, month, named, percent, t, tn } from "./words.js";

const MEASURES = ["honesty", "boldness", "income", "online"];

export class Life {
  constructor(session, glass, on = {}) {
    Object.assign(this, { session, glass, on });
    this.node = el("aside", { class: "life", hidden: true, "aria-label": t("life.name"), onkeydown: (event) => event.key === "Escape" && this.close() });
    session.on("week", () => this.mark());
    session.on("worlds", () => this.close(false));
  }

  /** Open the life of a citizen in a world. */
  async open(citizen, side = 0) {
    this.side = side;
    this.citizen = citizen;
    const world = this.session.worlds[side];
    const turn = (this.turn = (this.turn || 0) + 1);
    try {
      const life = await json(`runs/${world.run.id}/citizens/${citizen}`);
      if (turn !== this.turn) return;
      this.show(world, life);
    } catch (error) {
      put(this.node, this.head(t("citizen.number", { n: count(citizen) })), el("p", { class: "refused" }, error.message));
      this.node.hidden = false;
    }
  }

  head(title) {
    this.title = el("h2", { tabindex: -1 }, title);
    return el("header", {}, this.title,
      el("button", { type: "button", class: "close", "aria-label": t("life.close"), onclick: () => this.close() }, "×"));
  }

  show(world, life) {
    const { person } = life;
    this.life = life;
    const ties = el("button", { type: "button", class: "quiet", "aria-pressed": "false", onclick: () => this.ties(ties) }, t("life.ties"));
    this.tied = el("p", { class: "soft small", "aria-live": "polite" });
    const where = { region: person.region, settlement: named("settlements", person.settlement) };
    put(this.node, this.head(t("citizen.number", { n: count(life.citizen) })),
      el("p", { class: "who" }, t("life.who", {
        ...where, age: named("age_bands", person.age_band), occupation: named("occupations", person.occupation),
        household: tn("life.household", person.household_size),
      })),
      el("p", { class: "soft small" }, t("life.synthetic")),
      el("dl", { class: "traits" }, MEASURES.filter((name) => name in person).map((name) => trait(name, person[name])), opinion(person.opinion)),
      strip(world, life, (this.cursor = el("div", { class: "here" }))),
      el("div", { class: "row" }, ties), this.tied,
      el("h3", {}, t("life.timeline")), this.timeline(world, life), this.traced(world, life));
    this.node.hidden = false;
    this.on.open?.();
    this.mark();
    this.title.focus({ preventScroll: matchMedia("(min-width: 1100px)").matches });
  }

  timeline(world, life) {
    const rows = [];
    let before = null;
    for (const week of life.weeks) {
      const said = before ? changes(before, week) : start(week);
      if (said.length) rows.push(el("li", { "data-week": week.week }, this.stamp(world, week.week), el("div", {}, said.map((one) => el("p", { class: one.tone }, one.text)))));
      before = week;
    }
    if (rows.length < 2) rows.push(el("li", {}, el("div", {}, el("p", { class: "soft" }, t("life.quiet")))));
    return el("ol", { class: "timeline" }, rows);
  }

  /** Every point with its rule, where the lab can trace a life: the run is lived again for it. */
  traced(world, life) {
    if (life.note) return el("p", { class: "soft small" }, life.note);
    if (!life.can_trace) return null;
    const told = el("div", { "aria-live": "polite" });
    const button = el("button", { type: "button", class: "quiet trace", onclick: () => this.trace(world, button, told) }, t("life.trace"));
    return el("div", {}, el("div", { class: "row" }, button), told);
  }

  async trace(world, button, told) {
    button.disabled = true;
    put(told, el("p", { class: "soft small" }, t("life.tracing")));
    try {
      const { events } = await json(`runs/${world.run.id}/citizens/${this.citizen}/trace`);
      put(told, el("h3", {}, tn("life.events", events.length)), el("ol", { class: "timeline" }, events.map((one) => this.event(world, one))));
      this.mark();
    } catch (error) {
      put(told, el("p", { class: "refused" }, error.message));
      button.disabled = false;
    }
  }

  event(world, one) {
    return el("li", { "data-week": one.week }, this.stamp(world, one.week), el("div", {}, el("p", {}, one.sentence),
      one.rule && el("p", { class: "soft small" }, one.rule.replaceAll("_", " ")),
      one.source && el("details", { class: "soft small" }, el("summary", {}, t("life.source")), one.source)));
  }

  stamp(world, week) {
    return el("button", { type: "button", class: "stamp", title: t("life.go", { week }), onclick: () => this.on.go?.(week) },
      month(world.dateOf(week)), el("span", { class: "soft" }, ` ${t("life.week", { week })}`));
  }

  async ties(button) {
    const is = button.getAttribute("aria-pressed") !== "true";
    button.setAttribute("aria-pressed", String(is));
    const world = this.session.worlds[this.side];
    const place = placeOf(world.country, this.citizen);
    if (!is) {
      this.tied.textContent = "";
      return void this.glass.lookAt(place);
    }
    const { ties } = await json(`runs/${world.run.id}/citizens/${this.citizen}/ties`);
    const seen = ties.map((one) => ({ place: placeOf(world.country, one.citizen), kind: one.kind })).filter((one) => one.place >= 0);
    this.glass.lookAt(place, seen);
    const kinds = {};
    for (const one of ties) kinds[one.kind] = (kinds[one.kind] || 0) + 1;
    this.tied.textContent = ties.length
      ? t("life.tied", { what: Object.entries(kinds).map(([kind, n]) => tn(`ties.${kind}`, n)).join(", ") })
      : t("life.untied");
  }

  mark() {
    if (this.node.hidden || !this.cursor) return;
    this.cursor.style.left = `${(100 * this.session.week) / Math.max(1, this.session.weeks)}%`;
    for (const row of this.node.querySelectorAll("li[data-week]")) {
      row.classList.toggle("later", Number(row.dataset.week) > this.session.week);
    }
  }

  close(focus = true) {
    if (this.node.hidden) return;
    this.node.hidden = true;
    this.turn = (this.turn || 0) + 1;
    this.glass.lookAt(-1);
    this.on.close?.();
    if (focus) this.glass.panes[this.side || 0].host.focus();
  }
}

function trait(name, value) {
  return [el("dt", {}, t(`traits.${name}`)), el("dd", {}, el("meter", { min: 0, max: 1, value, "aria-label": t(`traits.${name}`) }), el("span", {}, percent(value)))];
}

function opinion(value) {
  const words = value < 0.25 ? "against" : value < 0.5 ? "rather_against" : value < 0.75 ? "rather_for" : "for";
  return [el("dt", {}, t("traits.opinion")), el("dd", {}, el("span", { class: "wide" }, t(`opinions.${words}`)))];
}

/** The life as bands over the weeks: tier, list, shut out, what was said. */
function strip(world, life, cursor) {
  const rows = [
    ["tier", (w) => w.tier, (w) => `tier-${tierPlace(world, w.tier)}`],
    ["list", (w) => w.list || (w.is_noticed && "notice"), (w) => (w.list === "red" || isRed(world, w.list) ? "red" : w.list ? "black" : "notice")],
    ["shut_out", (w) => w.shut_out_for, (w) => (WRONGLY.has(w.shut_out_for) ? "wrong" : "own")],
    ["stance", (w) => w.stance !== "silence" && w.stance, (w) => w.stance],
    ["shamed", (w) => w.is_shamed, () => "shamed"],
  ];
  const last = Math.max(1, world.run.weeks);
  const bands = rows.filter(([, is]) => life.weeks.some(is)).map(([name, is, kind]) => el("div", { class: "band" },
    el("span", { class: "band-name" }, t(`life.bands.${name}`)),
    el("div", { class: "bar" }, life.weeks.map((week, i) => {
      if (!is(week)) return null;
      const to = life.weeks[i + 1]?.week ?? world.weeks;
      return el("i", { class: `piece ${kind(week)}`, style: { left: `${(100 * week.week) / last}%`, width: `${(100 * Math.max(0.6, to - week.week)) / last}%` } });
    }))));
  return bands.length ? el("div", { class: "strip", role: "img", "aria-label": t("life.strip") }, bands, el("div", { class: "over" }, cursor)) : null;
}

const WRONGLY = new Set(["inability", "misidentification", "household", "association", "several"]);

function tierPlace(world, name) {
  for (const tiers of world.stage?.tiers || []) {
    const place = tiers.findIndex((one) => one.name === name);
    if (place >= 0) return { 1: [2], 2: [2, 4], 3: [0, 2, 4], 4: [0, 2, 3, 4] }[tiers.length]?.[place] ?? place;
  }
  return 2;
}

function isRed(world, name) {
  return (world.stage?.lists || []).flat().some((one) => one.name === name && one.colour === "red");
}

function start(week) {
  const said = [{ text: t("life.start"), tone: "soft" }];
  if (week.tier) said.push({ text: t("life.tier_first", { tier: named("tiers", week.tier) }), tone: "" });
  return said;
}

/** What differs between two weeks of a life, in sentences. */
function changes(a, b) {
  const said = [];
  const say = (key, values, tone = "") => said.push({ text: t(`life.${key}`, values), tone });
  if (a.takes_part !== b.takes_part) say(b.takes_part ? "joins" : "leaves");
  if (a.tier !== b.tier && b.tier) say("tier", { tier: named("tiers", b.tier) });
  if (!a.is_noticed && b.is_noticed) say("noticed", {}, "bad");
  if (a.list !== b.list) {
    if (b.list) say(b.listed_for ? "listed_for" : "listed", { list: named("lists", b.list), cause: named("causes", b.listed_for || "") }, "bad");
    else say("delisted", { list: named("lists", a.list) }, "good");
  }
  if (a.shut_out_for !== b.shut_out_for) {
    if (b.shut_out_for) say("shut_out", { cause: named("causes", b.shut_out_for) }, "bad");
    else say("let_in", {}, "good");
  }
  if (!a.is_shamed && b.is_shamed) say("shamed", {}, "bad");
  if (a.stance !== b.stance) say(`stance_${b.stance}`);
  if (!a.has_joined && b.has_joined) say("joined");
  if (!a.pays_cash && b.pays_cash) say("cash");
  if (b.caution > a.caution) say("more_cautious");
  if (b.caution < a.caution && b.caution === 0) say("calm");
  return said;
}
