/** Words of "every run has a depth of 4": who is meant, and what is said of each. */
import { wordSet } from './words.ts';

/** Between a quantifier and what is said: they name the whole of a population, and no part of it. */
export const POPULATION_WORDS = wordSet(
  `of the these those them it its their his one single listed shown displayed ranked tested given here hit hits matched matching in from
   experiment list table ranking`,
);

/** Nouns for whatever stands in the rows. */
export const ANY_ROW = wordSet('one ones row rows entry entries candidate candidates');

/** They say nothing but that a member has what stands behind them. */
export const HAVING = wordSet(
  `is are was were be been being has have had having with a an the at on of to in for by as its their it them do does did use uses
   used using get gets got land lands landed sit sits sat stand stands stood come comes came out up turn turns turned end ends
   ended finish finishes finished log logs logged record records recorded report reports reported carry carries carried show
   shows showed given set value values score scores result results mark both also still all exactly instead too here just
   and or either but at_all any some that which well over again there judged found called deemed considered rated
   effect effects association link verdict parameter parameters run runs either place there write writes wrote ranking size sizes setting settings
   metric metrics tag tags classed rated marked listed counted throughout still going`,
);

export const ALIKE = wordSet('same identical share shares shared tie ties tied tying level equal equals alike');
export const GIVEN = wordSet(
  'has have had having with set log logs logged record records recorded report reports reported carry carries carried write writes wrote',
);
export const LACKING = wordSet('lacks lack lacked lacking without missing');
export const UNLIKE = wordSet('unique different distinct differ differs');
/** Of one alone they say no more than that it has the value. */
export const REACHING = wordSet('reach reaches reached reaching hit hits');
