/** Plain words of the language: unquoted they are never taken for a name of the store. */
import { CAUSES } from './causes.ts';
import { COMPARATIVES, SUPERLATIVES, TRENDS } from './comparison.ts';
import { COUNTED, PARTS_OF_COVERAGE, QUANTIFIERS } from './counting.ts';
import { STATISTICS } from './statistics.ts';
import { VERDICTS } from './status.ts';
import { wordList } from './words.ts';

const FUNCTION_WORDS = `a an the of in on at by for to from with without and or but nor so than then that this these those it its they them
their there here is are was were be been being has have had do does did not only also both which who what when where while whereas as
if because since after before during between within under over above below about around near up down out off again very more most much
many few less least some any other another same such own each every all none no one two three first second third next last best worst
new old now ago today yesterday yes true false default test train time step run runs name id status model data value values score rate
size type mode key tag user source start end good bad better worse high low higher lower top bottom mean average clean strong weak noise
growth platform`;

/** Words without a meaning of their own, and those that stand in any finding. */
export const FUNCTIONAL: ReadonlySet<string> = new Set(wordList(FUNCTION_WORDS));

export const LANGUAGE: ReadonlySet<string> = new Set([
  ...FUNCTIONAL,
  ...[COMPARATIVES, SUPERLATIVES, TRENDS, COUNTED, PARTS_OF_COVERAGE, QUANTIFIERS, STATISTICS, VERDICTS].flatMap(
    (map) => [...map.keys()],
  ),
  ...CAUSES,
]);
