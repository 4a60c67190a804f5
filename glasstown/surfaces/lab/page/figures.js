// The figures beside the stage: what the weeks so far add up to, growing as they pass.

import { Chart } from "./chart.js";
import { el, put } from "./element.js";
import { count, decimal, percent, t } from "./words.js";

const YEAR = 365.25 / 7;
const SMOOTH = 8;

/** Each figure: its series from a world, its form, and the sentence that says where it stands. */
const KINDS = [
  {
    key: "shut_out", form: "areas", format: percent,
    series: (world) => {
      const wrongly = world.share("excluded_wrongly");
      const own = world.share("excluded").map((one, i) => one - wrongly[i]);
      return [["wrongly", "--wrong", wrongly], ["own", "--own", own]];
    },
    pair: (world) => world.share("excluded"),
    said: (world, week) => ({
      n: count(world.at("excluded", week)), adults: count(world.at("adults", week)),
      share: percent(ratio(world.at("excluded", week), world.at("adults", week))), wrongly: count(world.at("excluded_wrongly", week)),
    }),
  },
  {
    key: "speech", form: "lines", format: percent,
    series: (world) => [
      ["opposed", "--deep", world.share("opposed"), "dashed"], ["critical", "--orange", world.share("critical")],
      ["falsifying", "--purple", world.share("falsifying")],
    ],
    pair: (world) => world.share("critical"),
    said: (world, week) => ({
      opposed: percent(ratio(world.at("opposed", week), world.at("adults", week))),
      critical: percent(ratio(world.at("critical", week), world.at("adults", week))),
    }),
  },
  {
    key: "score", form: "lines", format: (n) => decimal(n, 4),
    series: (world) => [["mean", "--own", world.columns.score_mean || []]],
    pair: (world) => world.columns.score_mean || [],
    said: (world, week) => ({ mean: decimal(world.at("score_mean", week), 4), low: count(world.at("low", week)) }),
    is: (world) => (world.columns.score_mean || []).some((one) => one),
  },
  {
    key: "records", form: "lines", format: percent,
    series: (world) => [["wrong", "--wrong", smooth(world.columns.records_wrong, world.columns.records)]],
    pair: (world) => smooth(world.columns.records_wrong, world.columns.records),
    said: (world, week) => ({
      n: count(world.total("records", week)), wrong: count(world.total("records_wrong", week)),
      share: percent(ratio(world.total("records_wrong", week), world.total("records", week))),
    }),
    is: (world) => world.total("records") > 0,
  },
  {
    key: "denied", form: "lines", format: count,
    series: (world) => [["denied", "--wrong", summed(world.columns.denied)]],
    pair: (world) => summed(world.columns.denied),
    said: (world, week) => ({ n: count(world.total("denied", week)) }),
    is: (world) => world.total("denied") > 0,
  },
  {
    key: "offences", form: "lines", format: (n) => decimal(n, 3),
    series: (world) => [["offences", "--soft", yearly(world)]],
    pair: yearly,
    said: (world, week) => ({ rate: decimal(yearly(world)[week - 1] ?? 0, 3) }),
  },
  {
    key: "caution", form: "lines", format: percent,
    series: (world) => [["cautious", "--deep", world.share("cautious")], ["paying_cash", "--orange", world.share("paying_cash")]],
    pair: (world) => world.share("cautious"),
    said: (world, week) => ({
      cautious: percent(ratio(world.at("cautious", week), world.at("adults", week))),
      cash: percent(ratio(world.at("paying_cash", week), world.at("adults", week))),
    }),
    is: (world) => world.total("cautious") + world.total("paying_cash") > 0,
  },
  {
    key: "gathered", form: "lines", format: count,
    series: (world) => [["gathered", "--wrong", world.columns.gathered || []]],
    pair: (world) => world.columns.gathered || [],
    said: (world, week) => ({ n: count(world.total("gathered", week)) }),
    is: (world) => world.total("gathered") > 0,
  },
];

/** How far an axis reaches at least, by what stands on it. */
const LEAST = new Map([[percent, 0.001], [count, 4]]);

const ratio = (part, whole) => (whole ? part / whole : 0);

/** A share over some weeks up to each week. */
function smooth(parts = [], wholes = []) {
  return parts.map((_, i) => ratio(over(parts, i), over(wholes, i)));
}

function over(values, i) {
  let sum = 0;
  for (let j = Math.max(0, i - SMOOTH + 1); j <= i; j++) sum += values[j];
  return sum;
}

/** Sums up to each week. */
function summed(values = []) {
  let sum = 0;
  return values.map((one) => (sum += one));
}

/** Offences of citizens by week, those of firms left out. */
export function committed(world) {
  const { offences = [], firm_offences: firms = [] } = world.columns;
  return offences.map((one, i) => one - (firms[i] ?? 0));
}

/** Offences for an adult and a year, over some weeks up to each. */
function yearly(world) {
  const offences = committed(world);
  const { adults = [] } = world.columns;
  return offences.map((_, i) => YEAR * ratio(over(offences, i), over(adults, i)));
}

/** The figures of a session, in an element. */
export class Figures {
  constructor(session, prefix = "") {
    this.session = session;
    this.prefix = prefix;
    this.kinds = KINDS;
    this.charts = new Map();
    this.node = el("div", { class: "figures" });
    session.on("worlds", () => this.clear());
    session.on("weeks stage worlds", () => this.later());
    session.on("week", () => this.mark());
  }

  /** Show only some figures, by key. */
  only(keys) {
    this.kinds = KINDS.filter((one) => keys.includes(one.key));
    this.clear();
    this.later();
  }

  clear() {
    this.charts.clear();
    put(this.node);
  }

  later() {
    this.timer ||= setTimeout(() => {
      this.timer = 0;
      this.draw();
    }, 120);
  }

  draw() {
    const { world, other } = this.session;
    if (!world?.weeks) return;
    for (const kind of this.kinds) {
      if (kind.is && ![world, other].some((one) => one?.weeks && kind.is(one))) continue;
      this.chart(kind).show(this.series(kind), world.run.weeks, world, this.said(kind));
    }
    this.mark();
  }

  chart(kind) {
    if (!this.charts.has(kind.key)) {
      const made = new Chart({ key: this.prefix + kind.key, title: t(`figures.${kind.key}.title`), form: this.session.other ? "lines" : kind.form, format: kind.format, least: LEAST.get(kind.format) ?? 1 });
      this.charts.set(kind.key, made);
      put(this.node, this.kinds.map((one) => this.charts.get(one.key)?.node));
    }
    return this.charts.get(kind.key);
  }

  series(kind) {
    const { world, other } = this.session;
    if (other) {
      return [
        { name: t("pair.here"), colour: "var(--own)", values: kind.pair(world) },
        { name: t("pair.there"), colour: "var(--wrong)", values: kind.pair(other) },
      ];
    }
    return kind.series(world).map(([name, colour, values, dashed]) => ({
      name: t(`figures.${kind.key}.${name}`), colour: `var(${colour})`, values, dashed: Boolean(dashed),
    }));
  }

  said(kind) {
    const { world, other, week } = this.session;
    const at = Math.max(1, Math.min(week || world.weeks, world.weeks));
    const one = t(`figures.${kind.key}.said`, kind.said(world, at));
    if (!other?.weeks) return one;
    const there = Math.max(1, Math.min(at, other.weeks));
    return t("pair.said", { here: one, there: t(`figures.${kind.key}.said`, kind.said(other, there)) });
  }

  mark() {
    const { world, week } = this.session;
    if (!world?.weeks) return;
    for (const kind of this.kinds) {
      const chart = this.charts.get(kind.key);
      if (!chart) continue;
      chart.mark(week);
      chart.said.textContent = this.said(kind);
    }
  }
}
