// One run as the page holds it: its weeks of measures as they arrive, and the frames of its stage.

import { settled } from "./country.js";
import { bytes, events, json, Refusal } from "./server.js";

export const PLANES = 4;
const AT_ONCE = 32;
const HEADER = 16;
const PAUSE_MS = 700;

/** A run that lives on the server; tells `change` what happened: state, weeks, frames, lost. */
export class World {
  constructor(run, change = () => {}) {
    this.run = run;
    this.change = change;
    this.columns = {};
    this.weeks = 0;
    this.frames = [];
    this.country = null;
    this.people = null;
    this.stop = new AbortController();
    this.asking = null;
  }

  get ended() {
    return ["finished", "cancelled", "failed"].includes(this.run.state);
  }

  /** Follow the run until it ends, through breaks of the connection. */
  async follow() {
    while (!this.stop.signal.aborted) {
      try {
        for await (const one of events(`runs/${this.run.id}/events?after=${this.weeks}`, this.stop.signal)) this.heard(one);
        if (this.ended) return;
      } catch (error) {
        if (this.stop.signal.aborted) return;
        if (error instanceof Refusal && error.status === 404) return void this.change("lost", this);
      }
      await new Promise((go) => setTimeout(go, PAUSE_MS));
    }
  }

  heard({ event, data }) {
    if (event === "weeks") this.add(data);
    if (event === "state" || event === "end") {
      this.run = data;
      this.change("state", this);
    }
  }

  add({ first, last, columns }) {
    if (last <= this.weeks) return;
    const skip = Math.max(0, this.weeks + 1 - first);
    for (const [name, values] of Object.entries(columns)) {
      (this.columns[name] ||= []).push(...values.slice(skip));
    }
    this.weeks = last;
    this.run.weeks_done = last;
    this.change("weeks", this);
  }

  /** Who is where, and what never changes about them. */
  async settle() {
    const { id } = this.run;
    const [stage, people] = await Promise.all([json(`runs/${id}/stage`), bytes(`runs/${id}/people`)]);
    this.stage = stage;
    this.people = new Uint8Array(people);
    this.country = settled(stage);
    this.change("stage", this);
  }

  /** The planes of a week, if they are here. */
  frame(week) {
    return this.frames[week];
  }

  /** See that the frames from a week on are here, as far as the run has come. */
  async want(week) {
    if (this.asking || this.stop.signal.aborted) return;
    const first = this.missing(week);
    if (first < 0) return;
    this.asking = bytes(`runs/${this.run.id}/frames?first=${first}&last=${Math.min(first + AT_ONCE - 1, this.weeks)}`, { signal: this.stop.signal });
    try {
      this.keep(await this.asking);
    } catch (error) {
      if (!(error instanceof Refusal) || error.kind !== "not_yet") await new Promise((go) => setTimeout(go, PAUSE_MS));
    }
    this.asking = null;
    this.change("frames", this);
  }

  missing(week) {
    const last = Math.min(this.weeks, week + 2 * AT_ONCE);
    for (let one = Math.max(0, week); one <= last; one++) if (!this.frames[one]) return one;
    return -1;
  }

  keep(buffer) {
    const head = new DataView(buffer);
    const size = head.getUint32(4, true) * PLANES;
    const first = head.getUint32(8, true);
    const many = head.getUint32(12, true);
    let before = null;
    for (let i = 0; i < many; i++) {
      const frame = new Uint8Array(buffer.slice(HEADER + i * size, HEADER + (i + 1) * size));
      if (before) for (let j = 0; j < size; j++) frame[j] ^= before[j];
      this.frames[first + i] = frame;
      before = frame;
    }
  }

  /** A column of national measures as shares of the adults. */
  share(name) {
    const { adults = [] } = this.columns;
    return (this.columns[name] || []).map((one, i) => (adults[i] ? one / adults[i] : 0));
  }

  /** A measure in a week, 0 before the first. */
  at(name, week) {
    return this.columns[name]?.[week - 1] ?? 0;
  }

  /** The sum of a flow over the weeks up to one. */
  total(name, week = this.weeks) {
    let sum = 0;
    for (let i = 0; i < week; i++) sum += this.columns[name]?.[i] ?? 0;
    return sum;
  }

  /** The date of the end of a week, as ISO text. */
  dateOf(week) {
    const at = new Date(`${this.run.start}T00:00:00Z`);
    at.setUTCDate(at.getUTCDate() + 7 * week - (week ? 1 : 0));
    return at.toISOString().slice(0, 10);
  }

  /** Look no more; a run that nobody sees to its end is stopped, so that others need not wait. */
  leave() {
    this.stop.abort();
    if (!this.ended) json(`runs/${this.run.id}`, { method: "DELETE" }).catch(() => null);
  }
}

/** Start a run of an ask. */
export async function started(ask, change) {
  return new World(await json("runs", { method: "POST", body: ask }), change);
}

/** Find a run again by its id; null if the server doesn't know it any more. */
export async function found(id, change) {
  try {
    return new World(await json(`runs/${encodeURIComponent(id)}`), change);
  } catch (error) {
    if (error instanceof Refusal && error.status === 404) return null;
    throw error;
  }
}
