// The transport: play, pause, step, speed, and the line along which the weeks can be wound.

import { el, put } from "./element.js";
import { month, t } from "./words.js";

const SPEEDS = [1, 2, 4, 8, 16, 32];
const SPREAD_MS = 420;

/** Plays the weeks of a session; `spread(round)` shows a gathering's rounds, `rounds()` counts them. */
export class Player {
  constructor(session, gathering) {
    this.session = session;
    this.gathering = gathering;
    this.speed = 4;
    this.playing = false;
    this.due = 0;
    this.node = this.built();
    session.on("week weeks frames state worlds", () => this.drawn());
  }

  built() {
    this.play = el("button", { type: "button", class: "play", onclick: () => this.toggle() });
    this.line = el("input", {
      type: "range", min: 0, max: 1, value: 0, step: 1, class: "line", "aria-label": t("player.line"),
      oninput: () => this.wind(Number(this.line.value)),
    });
    this.when = el("output", { class: "when", "aria-live": "off" });
    this.reach = el("div", { class: "reach", "aria-hidden": "true" });
    this.choice = el("select", { "aria-label": t("player.speed"), onchange: (event) => (this.speed = Number(event.target.value)) },
      SPEEDS.map((one) => el("option", { value: one, selected: one === this.speed }, t("player.speeds", { n: one }))));
    return el("div", { class: "player", role: "group", "aria-label": t("player.name") },
      el("div", { class: "keys" },
        this.button("first", () => this.wind(0)), this.button("back", () => this.wind(this.session.week - 1)),
        this.play, this.button("on", () => this.wind(this.session.week + 1)),
        this.button("last", () => this.wind(this.session.reached))),
      el("div", { class: "track" }, this.reach, this.line), el("div", { class: "told" }, this.when, this.choice));
  }

  button(name, act) {
    return el("button", { type: "button", class: `key ${name}`, "aria-label": t(`player.${name}`), title: t(`player.${name}`), onclick: act },
      icon(name));
  }

  /** Set how many weeks pass in a second. */
  setSpeed(speed) {
    this.speed = speed;
    this.choice.value = speed;
  }

  toggle() {
    if (this.playing) return this.pause();
    if (this.session.week >= this.session.weeks) this.session.goTo(0);
    this.start();
  }

  /** Let the weeks pass. */
  start(speed = this.speed) {
    this.setSpeed(speed);
    this.playing = true;
    this.before = 0;
    this.due = 0;
    if (!this.frame) this.frame = requestAnimationFrame((now) => this.tick(now));
    this.drawn();
  }

  pause() {
    this.playing = false;
    this.drawn();
  }

  wind(week) {
    this.pause();
    this.due = 0;
    this.round = 0;
    this.session.goTo(week);
  }

  tick(now) {
    this.frame = 0;
    if (!this.playing) return;
    this.due += this.before ? ((now - this.before) / 1000) * this.speed : 0;
    this.before = now;
    if (this.spreading(now)) this.due = 0;
    else if (this.due >= 1) this.advance();
    this.frame = requestAnimationFrame((next) => this.tick(next));
  }

  advance() {
    const { session } = this;
    const by = Math.floor(this.due);
    const next = Math.min(session.week + by, session.weeks);
    const spark = this.gathering.next(session.week, next);
    const to = spark ?? next;
    if (!session.has(to)) {
      this.due = Math.min(this.due, 1);
      return void session.worlds.forEach((one) => one.country && one.want(session.week));
    }
    this.due -= by;
    session.goTo(to);
    if (spark !== null && !this.gathering.isStill) this.round = 1;
    if (to >= session.weeks) this.pause();
  }

  /** Show a gathering round by round; the weeks wait. */
  spreading(now) {
    if (!this.round) return false;
    if (now - (this.roundAt || 0) < SPREAD_MS) return true;
    this.roundAt = now;
    const last = this.gathering.rounds();
    this.gathering.spread(this.round);
    this.round = this.round >= last + 2 ? 0 : this.round + 1;
    if (!this.round) this.gathering.spread(0);
    return this.round > 0;
  }

  drawn() {
    const { session } = this;
    const { week, weeks, reached } = session;
    put(this.play, icon(this.playing ? "pause" : "play"), el("span", {}, t(this.playing ? "player.pause" : "player.play")));
    this.line.max = Math.max(1, weeks);
    this.line.value = week;
    const date = session.world?.dateOf(week);
    const said = date ? t("player.week", { week, weeks, month: month(date) }) : "";
    this.line.setAttribute("aria-valuetext", said);
    if (this.when.textContent !== said) this.when.textContent = said;
    this.reach.style.setProperty("--reach", weeks ? reached / weeks : 0);
    this.node.classList.toggle("empty", !weeks);
    for (const one of this.node.querySelectorAll("button, input")) one.disabled = !weeks;
  }
}

const PATHS = {
  play: "M7 4.5v15l12.5-7.5z", pause: "M6.5 4.5h4v15h-4zM13.5 4.5h4v15h-4z", first: "M5 5h2.4v14H5zM19 5v14l-10-7z",
  last: "M16.600 5H19v14h-2.400zM5 5v14l10-7z", back: "M16.500 5v14l-11-7z", on: "M7.500 5v14l11-7z",
};

function icon(name) {
  const node = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  node.setAttribute("viewBox", "0 0 24 24");
  node.setAttribute("aria-hidden", "true");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", PATHS[name]);
  node.append(path);
  return node;
}
