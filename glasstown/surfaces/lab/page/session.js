// What is on the stage now: one world, or two beside each other, and the week that is shown.
//
// Run ids stay in this tab; the address holds the ask, so a reload finds the run and a link makes
// the same one again.

import { link } from "./address.js";
import { found, started } from "./world.js";

const KEPT = "glasstown-runs";
const MOST_KEPT = 60;
const AGAIN_MS = 700;

export class Session extends EventTarget {
  constructor() {
    super();
    this.worlds = [];
    this.week = 0;
    this.turn = 0;
  }

  get world() {
    return this.worlds[0];
  }

  get other() {
    return this.worlds[1];
  }

  tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }

  /** Listen to one or several kinds of news. */
  on(names, act) {
    for (const name of names.split(" ")) this.addEventListener(name, (event) => act(event.detail));
    return this;
  }

  /** Put the worlds of some asks on the stage; those that are there already stay. */
  async show(asks, { week = 0 } = {}) {
    const turn = ++this.turn;
    const keys = asks.map(link);
    const staying = keys.map((key) => this.worlds.find((one) => one.key === key && one.run.state !== "cancelled"));
    for (const one of this.worlds) if (!staying.includes(one)) this.drop(one);
    const worlds = [];
    for (let i = 0; i < asks.length; i++) worlds.push(staying[i] || (await this.begun(asks[i], keys[i])));
    if (turn !== this.turn) return void worlds.forEach((one) => staying.includes(one) || this.drop(one));
    this.worlds = worlds;
    this.week = Math.min(week, ...worlds.map((one) => one.run.weeks));
    this.tell("worlds");
    for (const one of worlds) {
      if (!one.following) one.following = one.follow();
      if (one.country && one.frame(0)) this.heard("stage", one);
    }
    if (worlds.every((one) => one.country)) this.tell("stage", this.world);
  }

  drop(world) {
    if (!world.ended) forget(world.key);
    world.leave();
  }

  async begun(ask, key) {
    const kept = remembered()[key];
    const change = (what, world) => this.heard(what, world);
    let world = kept ? await found(kept, change) : null;
    if (world && ["cancelled", "failed"].includes(world.run.state)) world = null;
    world ||= await started(ask, change);
    world.key = key;
    world.ask = ask;
    remember(key, world.run.id);
    return world;
  }

  heard(what, world) {
    if (!this.worlds.includes(world)) return;
    if (what === "lost") return void this.found(world);
    if (what === "weeks" && !world.country && !world.settling) this.settle(world);
    if (what === "weeks" || what === "frames" || what === "stage") world.country && world.want(this.week);
    this.tell(what, world);
  }

  /** Ask who is where until the server says it. */
  async settle(world) {
    world.settling = true;
    while (!world.country && !world.stop.signal.aborted) {
      try {
        await world.settle();
      } catch {
        await new Promise((go) => setTimeout(go, AGAIN_MS));
      }
    }
  }

  /** The server forgot a run: it is made again, the same to the byte. */
  found(world) {
    forget(world.key);
    const asks = this.worlds.map((one) => one.ask);
    this.worlds = this.worlds.filter((one) => one !== world);
    this.show(asks, { week: this.week }).catch((error) => this.tell("refused", error));
  }

  /** The last week of which every world's frame is here or on its way. */
  get reached() {
    return this.worlds.length ? Math.min(...this.worlds.map((one) => one.weeks)) : 0;
  }

  get weeks() {
    return this.world?.run.weeks ?? 0;
  }

  /** Whether a week can be shown now. */
  has(week) {
    return this.worlds.length > 0 && this.worlds.every((one) => one.country && one.frame(week));
  }

  /** Go to a week; it is shown as soon as it is here. */
  goTo(week) {
    this.week = Math.max(0, Math.min(week, this.reached));
    for (const one of this.worlds) if (one.country) one.want(this.week);
    this.tell("week", this.week);
  }
}

function remembered() {
  try {
    return JSON.parse(sessionStorage.getItem(KEPT)) || {};
  } catch {
    return {};
  }
}

function remember(key, id) {
  const kept = Object.entries(remembered()).filter(([one]) => one !== key).slice(1 - MOST_KEPT);
  sessionStorage.setItem(KEPT, JSON.stringify(Object.fromEntries([...kept, [key, id]])));
}

function forget(key) {
  const kept = remembered();
  delete kept[key];
  sessionStorage.setItem(KEPT, JSON.stringify(kept));
}
