/** Words that make one thing the cause of another. */
import { wordList, wordSet } from './words.ts';

/** As they begin or end; longer ones first. */
export const CAUSES = wordList(
  `because_of due_to owing_to thanks_to caused_by causes caused causing cause is_caused drives drove driven_by driving
   leads_to led_to leading_to responsible_for results_from resulted_from resulting_from resulted_in results_in as_a_result_of
   the_reason_is is_the_reason the_reason explains_why is_why which_is_why that's_why produced_by brought_about attributable_to
   on_account_of stems_from stemmed_from courtesy_of pushed pushes boosted_by boosts hurt_by hurts
   raised_by improved_by triggered triggers triggered_by owes owed enabled_by comes_down_to
   determines determined_by from_a_too from_too the_effect_of gave_it as_they_crashed as_they_failed as_it_crashed as_they_stopped as_it_used as_it_uses as_they_used as_a_consequence in_consequence the_culprit made_possible thanks_mainly_to what_made consequence_of did_it did_this did_that proves proved proven made_the_difference by_virtue_of to_thank
   down_to_its helped_by on_the_back_of comes_from_its`,
);

/** A clause behind them says why: of the findings' own numbers it is an argument, of anything else a cause. */
export const CONJUNCTIONS = wordSet('because since');

/** Behind "since" they tell a time. */
export const TIMES_SINCE = wordSet('then step epoch start beginning yesterday');

/** What arguments from findings speak of, besides numbers. */
export const ARGUED_WITH = wordSet(
  `value values step steps mean median average deviation sd spread interval tie ties tied share shares differ differs apart curve
   points status metrics figure figures rows tested test level count counts explain explains explained single`,
);

/** Words of arguments that claim nothing by themselves. */
export const PLAIN_WORDS = wordSet(
  `standard lies lie sits sit stands stand itself itselfs alone together itself half twice times largest smallest either already
   still just also quite far clearly barely hardly leading front place hold holds rest rests pulled dragged keep keeps kept continues reach reaches reached beats exceed exceeds`,
);

/** Beside them nothing is claimed to be a cause: why something was left out, or that nothing was shown. */
export const NO_CAUSE = wordSet(
  `not no never cannot can't doesn't isn't nor neither rather without association associated causation luck chance alone excluded
   nothing nobody needed would left omitted skipped ignored considered counted ranked may might could possibly perhaps unknown whether unclear unranked ineligible discarded set_aside`,
);

/** Reasons for which runs fail: said of none unless a finding does. */
export const FAILURE_REASONS = wordList(
  `memory oom timeout timed_out artifact traceback raised_an_exception threw_an_exception segfault disk_space disk_full network_error gpu_failure node_failure bad_data
   corrupt corrupted could_not_be_found not_be_found could_not_be_loaded failed_to_load bug preempted misconfigured out_of_disk`,
);
