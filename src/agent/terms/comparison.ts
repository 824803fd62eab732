/** Words of comparison: which of two is more, which of all is most, which way a curve went. */
import { wordMap, wordSet } from './words.ts';

/** `up`: the larger value; `better`: whatever the metric's direction says. */
export type ComparisonSide = 'up' | 'down' | 'better' | 'worse';

export const COMPARATIVES = wordMap<ComparisonSide>({
  up: `higher greater larger bigger above exceeds exceed exceeded exceeding surpasses surpassed more longer slower later
       newer stronger heavier over after outnumber outnumbers outnumbered`,
  down: `lower smaller below less fewer shorter faster quicker earlier older weaker under lighter before`,
  better: `better beats beat beating outperforms outperformed outperform outperforming ahead tops topped outscores outscored
       outranks outranked outdoes superior leads edges edged betters bests`,
  worse: 'worse trails trailed trailing behind inferior lags lagged lagging underperforms underperformed loses lost',
});

/** Of the comparatives those that compare times or spans whatever measure is spoken of. */
export const SPAN_WORDS = wordSet('longer shorter slower faster quicker');
export const TIME_WORDS = wordSet('later newer earlier older before after');

/** They leave no room for a tie. */
export const ALONE = wordSet(
  'alone outright sole solely undisputed uniquely unique clear single-handedly everyone everybody',
);

/** Words that tell a place on a curve and not a time of day. */
export const STEP_WORDS = wordSet(
  'step steps epoch epochs peak peaks peaked peaking best optimum minimum bottomed overfit overfitting overfitted',
);

export const SUPERLATIVES = wordMap<ComparisonSide>({
  up: `highest largest biggest greatest most maximum max longest slowest newest latest strongest peak heaviest busiest
       commonest`,
  down: `lowest smallest least fewest minimum min shortest fastest quickest oldest earliest weakest lightest`,
  better: `best top winner wins won champion leader leads leading first-place first-ranked top-ranked top-scoring
       best-performing best-scoring strongest-performing no.1 front-runner frontrunner unbeaten`,
  worse: 'worst poorest last-place weakest-performing bottom-ranked worst-performing',
});

export const LONGEST = wordSet('longest shortest slowest fastest quickest');
export const NEWEST = wordSet('newest latest oldest earliest');

export const TRENDS = wordMap<'up' | 'down'>({
  up: `rises rise rose rising risen increases increase increased increasing climbs climb climbed climbing grows grew growing
       grown goes_up went_up going_up gains gained upward upwards`,
  down: `falls fall fell falling fallen drops drop dropped dropping decreases decrease decreased decreasing declines declined
       declining shrinks shrank shrunk sinks sank goes_down went_down going_down descends descended downward downwards`,
});

/** Of values that move together: which way each of them goes. */
export const TENDENCIES = wordMap<'up' | 'down'>({
  up: `high higher more large larger greater up upward good better rise rises rising increase increases increasing grow grows
       growing climb climbs climbing gain gains`,
  down: `low lower less small smaller down downward poor worse fall falls falling decrease decreases decreasing drop drops
         dropping decline declines declining shrink shrinks sink sinks fewer`,
});

/** Places told by a word. */
export const PLACES: ReadonlyMap<string, number> = new Map([
  ['runner-up', 2],
  ['second-best', 2],
  ['second-placed', 2],
  ['second', 2],
  ['third', 3],
  ['fourth', 4],
  ['fifth', 5],
  ['sixth', 6],
  ['seventh', 7],
  ['2nd', 2],
  ['3rd', 3],
  ['4th', 4],
  ['5th', 5],
  ['6th', 6],
]);

/** Says that something goes on from each to the next. Tried on words, with M for a measure. */
export const STEADY =
  /(?:^| )(?:steadily|consistently|continuously|monoton\w+|without (?:a break|exception)|every (?:single )?(?:week|day|step|time)|with (?:each|every)|each (?:week|day|step)|week (?:by|after) week|step by step|goes on|as (?:the )?M (?:grows?|rises?|increases?|goes up|gets larger))(?: |$)/;
