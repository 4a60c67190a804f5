// The steps of the tour: what world each shows, what is asked, and how the answer is read off the run.
// Nothing here knows an answer: options are marked by how near they come to what the run says, and
// where the run shows no strong effect (`is_strong`) the tour says that instead.

import { committed } from "./figures.js";
import { count, decimal, percent } from "./words.js";

const YEAR = 365.25 / 7;
const ratio = (part, whole) => (whole ? part / whole : 0);
const sum = (values) => values.reduce((all, one) => all + one, 0);
const last = (world, name) => world.at(name, world.weeks);
const share = (world, part, whole) => ratio(last(world, part), last(world, whole));
const plain = (n) => (n >= 10 ? count(n) : decimal(n, 2));

export const STEPS = [
  {
    key: "society", ask: { scheme: "none", weeks: 52 }, look: "speech", speed: 8, figure: "offences",
    options: [0.2, 2.5, 12, 50], format: plain,
    value: ({ world }) => YEAR * ratio(sum(committed(world)), world.total("adults")),
    said: ({ world }) => ({ n: count(sum(committed(world))), adults: count(last(world, "adults")) }),
  },
  {
    key: "watch", ask: { scheme: "total-2020", weeks: 52 }, look: "tier", speed: 8, figure: "records",
    options: [0.01, 0.1, 0.5, 0.95], format: percent,
    value: ({ world }) => ratio(world.total("records"), world.total("acted")),
    said: ({ world }) => ({ records: count(world.total("records")), deeds: count(world.total("acted")) }),
  },
  {
    key: "misidentification", ask: { scheme: "total-2020", weeks: 156 }, look: "tier", speed: 16, figure: "records",
    options: [0, 2, 10, 30], format: plain,
    value: ({ world }) => 100 * ratio(world.total("records_wrong"), world.total("records")),
    said: ({ world }) => ({ wrong: count(world.total("records_wrong")), records: count(world.total("records")) }),
  },
  {
    key: "score", ask: { scheme: "total-2020", weeks: 156 }, look: "tier", speed: 16, figure: "score",
    options: [60, 85, 100, 130], format: count,
    value: ({ world }) => last(world, "score_mean"),
    said: ({ world }) => ({ mean: decimal(last(world, "score_mean"), 3), low: count(last(world, "low")) }),
  },
  {
    key: "sanctions", ask: { scheme: "total-2020", weeks: 156 }, look: "shut_out", speed: 16, figure: "shut_out",
    options: [5, 100, 1000, 6000], format: count,
    value: ({ world }) => last(world, "excluded"),
    said: ({ world }) => ({ n: count(last(world, "excluded")), adults: count(last(world, "adults")), denied: count(world.total("denied")) }),
  },
  {
    key: "wrongly", ask: { scheme: "total-2020", weeks: 156 }, look: "shut_out", speed: 16, figure: "shut_out", life: true,
    options: [0, 0.05, 0.25, 0.75], format: percent,
    value: ({ world }) => share(world, "excluded_wrongly", "excluded"),
    said: ({ world }) => ({ wrongly: count(last(world, "excluded_wrongly")), n: count(last(world, "excluded")) }),
  },
  {
    key: "friends", pair: "without=friends", look: "shut_out", speed: 32, figure: "shut_out",
    ask: { scheme: "total-2020", weeks: 286, changes: { "scheme.friends.points": -3, "scheme.friends.threshold_ties": 1 } },
    options: [1, 2, 10, 60], format: plain, is_strong: (value) => value >= 5,
    value: ({ world, other }) => ratio(last(world, "excluded"), last(other, "excluded")),
    said: ({ world, other }) => ({ here: count(last(world, "excluded")), there: count(last(other, "excluded")) }),
  },
  {
    key: "speech", ask: { scheme: "total-2020", weeks: 156 }, pair: "without=speech", look: "speech", speed: 16, figure: "speech",
    options: [0.5, 1, 2, 10], format: plain, is_strong: (value) => value >= 1.2,
    value: ({ world, other }) => ratio(last(other, "critical"), last(world, "critical")),
    said: ({ world, other }) => ({
      here: count(last(world, "critical")), there: count(last(other, "critical")), opposed: count(last(world, "opposed")),
    }),
  },
  {
    key: "gatherings", ask: { scheme: "none", weeks: 30, spark: ["2014-05-01"] }, pair: "scheme=total-2020", look: "gathering", speed: 4, figure: "gathered",
    options: [0, 30, 300, 600], format: count, is_strong: (value, { world }) => value < world.total("gathered") / 2,
    value: ({ other }) => other.total("gathered"),
    said: ({ world, other }) => ({ here: count(world.total("gathered")), there: count(other.total("gathered")), opposed: count(last(world, "opposed")) }),
  },
  {
    key: "remedies", ask: { scheme: "court-list", weeks: 156 }, pair: "scheme=reform", look: "shut_out", speed: 16, figure: "shut_out",
    options: [1, 0.8, 0.5, 0.1], format: percent, is_strong: (value) => value < 0.9,
    value: ({ world, other }) => ratio(last(other, "excluded"), last(world, "excluded")),
    said: ({ world, other }) => ({
      here: count(last(world, "excluded")), there: count(last(other, "excluded")),
      wrong: count(last(world, "excluded_wrongly")), wrong_there: count(last(other, "excluded_wrongly")),
    }),
  },
];

/** The option that comes nearest to a value, in proportion where both are above zero. */
export function nearest(options, value) {
  const far = (one) => (one > 0 && value > 0 ? Math.abs(Math.log(one / value)) : Math.abs(one - value) + (one === value ? 0 : 9));
  return options.reduce((best, one) => (far(one) < far(best) ? one : best));
}
