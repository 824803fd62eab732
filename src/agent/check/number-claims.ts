/** Numbers, durations and times of a sentence, each held against what the findings say of it. */
import type { Finding } from '../../finding/finding.ts';
import { BOUNDS, COUNTED } from '../terms/counting.ts';
import { STATUS_WORDS } from '../terms/status.ts';
import {
  isCountOf,
  isDifferenceOf,
  isGapWithin,
  isRatioOf,
  isShareOf,
  pairsOf,
  partsFor,
  qualifiersOf,
} from './amounts.ts';
import { type Assignment, assign } from './assignment.ts';
import type { Claim } from './claim.ts';
import { isOpenToDoubt } from './doubt.ts';
import { type Evidence, isContentWord, type TextFact } from './evidence.ts';
import type { CellFact, Owner } from './facts.ts';
import { foldName } from './fold.ts';
import { clauseOf, nounAfter, type Sentence, segmentOf, shapesAfter, shapesBefore, statisticsIn } from './sentence.ts';
import { TimeSet } from './times.ts';
import { fitsAround, isInText, isOtherStatistic, isValueOf, type Written, writtenNumber } from './values.ts';

export function* numberClaims(sentence: Sentence, evidence: Evidence): Generator<Claim> {
  for (const [at, token] of sentence.tokens.entries()) {
    const { type, start, end } = token;
    if (type === 'number') {
      const reader = new Reader(sentence, at, evidence);
      const ok = reader.isSupported();
      if (ok !== undefined && (ok || !isOpenToDoubt(sentence, at, reader.written, evidence)))
        yield {
          start,
          end: ok ? end : reader.end(),
          supported: ok,
          handles: reader.finding === undefined ? [] : [reader.finding.handle],
        };
    } else if (type === 'duration') yield { start, end, supported: isDuration(sentence, at, evidence) };
    else if (type === 'moment') yield { start, end, supported: isMoment(sentence, at, evidence) };
    else if (type === 'unread')
      yield {
        start,
        end,
        supported: evidence.words.has(foldName(token.text)) || evidence.names.find(token.text) !== undefined,
      };
  }
}

const ROUGHLY =
  /(?:^| )(?:near|about|around|roughly|approximately|nearly|almost|close to|just (?:over|under|above|below)|some|a good|~|≈|circa|ca|well (?:over|under)|slightly (?:over|under|above|below|more than|less than)|a little (?:over|under|above|below|more than|less than)|a bit (?:over|under|above|below|more than|less than))(?: a)?$/;
const MORE =
  /(?:^| )(?:clears?|cleared|passe[sd]|crosse[sd]|tops|above|over|more than|greater than|higher than|exceed\w*|at least|beyond|better than|>|≥|> =|well over|no (?:fewer|less) than|or more|longer than|upwards of)(?: a| an)?(?: M(?: of)?| mean(?: of)?)?$/;
const LESS =
  /(?:^| )(?:below|under|less than|fewer than|lower than|smaller than|at most|within|<|≤|< =|well under|no more than|not even|shorter than)(?: a| an)?(?: M(?: of)?| mean(?: of)?)?$/;
const COMES_AS_GAP =
  /(?:^| )(?:by|gap|difference|differences|margin|lead|edge|advantage|delta|distance|spread|loses|lost|gains?|gained|drops?|dropped|change|changed|drop|gain|increase|decrease|shift|range|improvement|costs?|apart|another|swing|cushion|minus|−|diff|higher|lower|ahead|behind|within|amounting|amounts|separated?|separates|differ|differs|up|down|r)(?: [^N ]\S*)* ?$/;
const GAP_ANYWHERE = /(?:^| )(?:gap|difference|margin|lead|exceeds|exceeded|over the|apart)(?: |$)/;
const GAP_AFTER =
  /^(?:\( ?)?(?:M )?(?:absolute |relative |percentage )?(?:points?|pp|higher|lower|above|below|ahead|behind|better|worse|gap|difference|margin|lead|more|less|apart|short|larger|smaller|greater|faster|slower|longer|shorter|away|off|up|down|drop|rise|increase|decrease|reduction|improvement|edge|off the|in front|later|earlier|under|over|between|wide|difference|the forest|in favou?r)(?: |$)/;
const STEP_BEFORE =
  /(?:^| )(?:steps?|epochs?)(?: (?:number|no|from|between|#|\(|is|was|of|at|:|to|,))*(?: N (?:to|and|–))?$/;

class Reader {
  /** What it is found in. */
  finding: Finding | undefined;
  readonly #sentence: Sentence;
  readonly #at: number;
  readonly #evidence: Evidence;
  readonly #before: string;
  readonly #after: string;
  readonly #written: Written;
  readonly #said: Assignment;

  get written(): Written {
    return this.#written;
  }

  constructor(sentence: Sentence, at: number, evidence: Evidence) {
    this.#sentence = sentence;
    this.#at = at;
    this.#evidence = evidence;
    this.#before = shapesBefore(sentence, at, 5);
    this.#after = shapesAfter(sentence, at, 6);
    const numeral = sentence.tokens[at]!.numeral!;
    const isRough = ROUGHLY.test(this.#before);
    this.#written = writtenNumber(
      numeral,
      isRough ? (Number.isInteger(numeral.value) && numeral.value >= 10 ? 0.06 : 0.02) : 0,
    );
    this.#said = assign(sentence, at);
  }

  get #numeral() {
    return this.#sentence.tokens[this.#at]!.numeral!;
  }

  /** Where the claim ends: behind what the number is said to be, where a verb says so after it. */
  end(): number {
    const { tokens, shapes, context } = this.#sentence;
    const { end } = tokens[this.#at]!;
    if (context.isCell || this.#numeral.spelled !== undefined || nounAfter(this.#sentence, this.#at) !== undefined)
      return end;
    const [, to] = segmentOf(this.#sentence, this.#at);
    const isListed = shapes.includes('respectively');
    const verb = shapes.findIndex(
      (shape, index) =>
        index > this.#at && index < to && /^(?:is|was|were|are|belongs?|represents?|refers?)$/.test(shape),
    );
    if (verb < 0 && !isListed) return end;
    const [, clauseTo] = clauseOf(this.#sentence, this.#at);
    const predicates = [
      ...this.#sentence.things,
      ...this.#sentence.measures,
      ...statisticsIn(this.#sentence, this.#at + 1, clauseTo),
    ]
      .map(({ at }) => at)
      .filter((at) => at > Math.max(verb, this.#at) && at < (isListed ? clauseTo : to));
    const last = isListed ? Math.max(...predicates) : Math.min(...predicates);
    if (!Number.isFinite(last)) return end;
    const id = tokens[last + 1]?.text === '(' && shapes[last + 2] === 'T' ? 3 : 0;
    return (tokens[last + id] ?? tokens[last]!).end;
  }

  /** Undefined: it claims nothing. */
  isSupported(): boolean | undefined {
    const { spelled, unit, value } = this.#numeral;
    if (spelled === 'ordinal' || unit === 'ordinal') return spelled === 'ordinal' ? undefined : this.#isRank();
    if (this.#claimsNothing()) return undefined;
    if (
      spelled === 'multiple' ||
      /(?:^| )ratio(?: (?:of|is|was|being|approximately|about|roughly|only|=|:))*$/.test(this.#before) ||
      MULTIPLE_AFTER.test(this.#after) ||
      /\d\s?[x×]$/.test(this.#numeral.text)
    )
      return this.#isMultiple();
    if (spelled === 'fraction') return this.#isPart();
    if (this.#isNumberOfRank()) return this.#isRank() || this.#isCount(false);
    if (Number.isInteger(value) && STEP_BEFORE.test(this.#before)) return this.#isStep();
    const noun = this.#sentence.context.unit ?? nounAfter(this.#sentence, this.#at)?.unit;
    const isWhole = Number.isInteger(value) && unit === 'plain';
    if (isWhole && /(?:^| )n(?: (?:=|is|was|:))+$/.test(this.#before)) return this.#isSample();
    if (isWhole && noun !== undefined) return this.#isCountHere(noun);
    if (isWhole && STATUS_WORDS.has(this.#after.split(' ')[0] ?? '')) return this.#isBareCount();
    if (unit === 'percent')
      return (
        this.#isValueHere() ||
        this.#isShare() ||
        ((this.#isGapHere() || this.#names() >= 2) && this.#isGap()) ||
        this.#isBound(false) ||
        this.#inText()
      );
    if (this.#isGapHere()) {
      return (
        this.#isGap() ||
        (isWhole && this.#isCount(false)) ||
        this.#isValueHere() ||
        this.#inText() ||
        this.#isBound(isWhole)
      );
    }
    return (
      this.#isValueHere() ||
      this.#isBound(isWhole) ||
      this.#inText() ||
      (isWhole && this.#isBareCount()) ||
      ((this.#numeral.signed || this.#names() >= 2 || GAP_ANYWHERE.test(this.#sentence.shapes.join(' '))) &&
        this.#isGap())
    );
  }

  /** `n = 153`: how many the numbers come from. */
  #isSample(): boolean {
    const { value } = this.#numeral;
    return (
      this.#evidence.counts.some(
        (count) => count.value === value && (count.tags.has('used') || count.owner !== undefined),
      ) || this.#evidence.facts.near(value, 0).some(({ measure }) => measure === 'n')
    );
  }

  #claimsNothing(): boolean {
    const { text, spelled, value } = this.#numeral;
    // The half above the median is half of them.
    if (
      spelled === 'fraction' &&
      (/^of a percent/.test(this.#after) ||
        (value === 0.5 &&
          this.#evidence.facts.all.some(({ statistic }) => statistic === 'median') &&
          this.#sentence.tokens.some(({ numeral }) => numeral !== undefined && !Number.isInteger(numeral.value))))
    )
      return true;
    const isMarker = this.#at === 0 && /^[.)]/.test(this.#after) && this.#sentence.context.isCell === false;
    if (isMarker && Number.isInteger(value))
      return value === 1 || value === (this.#sentence.context.marker ?? value - 1) + 1;
    if (spelled !== 'cardinal') return false;
    const next = this.#after.split(' ')[0] ?? '';
    if (/^one$/i.test(text)) {
      const { statuses, part } = qualifiersOf(this.#sentence, this.#at);
      if (statuses.length === 0 && part === undefined && !/(?:^| )(?:only|just|exactly)$/.test(this.#before))
        return true;
    }
    if (/^one$/i.test(text))
      return (
        nounAfter(this.#sentence, this.#at) === undefined ||
        /(?:^| )(?:at least|at most|the|this|that|best|only|no|last|first|other|each|every|which|any|not|as)$/.test(
          this.#before,
        )
      );
    if (/^zero$/i.test(text))
      return nounAfter(this.#sentence, this.#at) === undefined && !/(?:^| )(?:is|was|of)$/.test(this.#before);
    // "the two", "these three": those just named.
    const noun = nounAfter(this.#sentence, this.#at);
    if (
      value <= 4 &&
      (noun === undefined || (noun.at > this.#at + 1 && noun.unit !== 'run' && noun.unit !== 'experiment')) &&
      /(?:^| )(?:the|these|those|other|all|both)$/.test(this.#before) &&
      !/^(?:of|with|failed|finished|killed|running)/.test(this.#after)
    )
      return true;
    return /^(?:way|fold|hand)$/.test(next);
  }

  /** Any reading by which the value stands in a cell of what is named. */
  #isValueHere(): boolean {
    const fact = isValueOf(this.#written, this.#said, this.#evidence);
    if (fact === undefined) return false;
    this.finding = fact.column.finding;
    return !(
      fact.kind === 'count' &&
      this.#said.measures.length === 0 &&
      this.#said.owners.length === 0 &&
      !Number.isInteger(this.#written.value)
    );
  }

  #inText(fits?: (one: TextFact) => boolean): boolean {
    if (isOtherStatistic(this.#written, this.#said, this.#evidence)) return false;
    // What the text before was about need not be what a count is of.
    const { things, measures } = this.#sentence;
    const isWhole = Number.isInteger(this.#numeral.value);
    const isCount =
      nounAfter(this.#sentence, this.#at) !== undefined || STATUS_WORDS.has(this.#after.split(' ')[0] ?? '');
    const said = isWhole
      ? {
          ...this.#said,
          owners: !isCount && things.length > 0 ? this.#said.owners : [],
          measures: !isCount && measures.length > 0 ? this.#said.measures : [],
        }
      : this.#said;
    const found = isInText(this.#written, said, this.#words(), this.#evidence, fits);
    this.finding ??= found?.finding;
    return found !== undefined;
  }

  #words(): ReadonlySet<string> {
    const [from, to] = clauseOf(this.#sentence, this.#at);
    return new Set(
      this.#sentence.tokens
        .slice(from, to)
        .map(({ lower }) => lower)
        .filter(isContentWord),
    );
  }

  #isRank(): boolean {
    return (
      this.#numeral.value >= 1 &&
      this.#evidence.counts.some(({ tags, value }) => tags.has('listed') && this.#numeral.value <= value)
    );
  }

  #isCountHere(noun: string): boolean {
    if (this.#isCount(true) || this.#isBound(true) || this.#isEcho() || this.#isSum()) return true;
    const { statuses, part } = qualifiersOf(this.#sentence, this.#at);
    const inText = this.#inText((one) =>
      statuses.length === 0
        ? one.noun === noun
        : statuses.every(({ status, negated }) => !negated && one.status === status),
    );
    if (statuses.length > 0 || part !== undefined) return inText;
    return (
      inText ||
      this.#isRest() ||
      (this.#ownedCount(noun) !== false && (this.#isCounted(noun) || (this.#isGapHere() && this.#isGap())))
    );
  }

  /** A cell of a measure that counts the noun, or that is named beside the number. */
  #isCounted(noun: string): boolean {
    const fact = isValueOf(this.#written, this.#said, this.#evidence);
    return (
      fact !== undefined &&
      (COUNTED.get(fact.measure) === noun ||
        (this.#said.measures.length > 0 && !this.#said.isLoose && fact.measure !== 'step'))
    );
  }

  #isNumberOfRank(): boolean {
    return (
      /(?:^| )(?:top|first|last|best|worst|latest|newest|oldest|rank|place|no|#)(?: (?:-|of|\.))*$/.test(
        this.#before,
      ) &&
      Number.isInteger(this.#numeral.value) &&
      !MORE.test(this.#before)
    );
  }

  #isStep(): boolean {
    const isStep = (measure: string) => measure.includes('step');
    const owners = this.#said.owners;
    const near = this.#evidence.facts
      .near(this.#written.value, this.#written.slack)
      .filter(({ measure }) => isStep(measure));
    const owned = near.filter(
      ({ owner }) =>
        owners.length === 0 ||
        owners.some((things) => things.some((thing) => owner !== undefined && thing.owners.has(owner))),
    );
    if (owned.length > 0) return true;
    return this.#evidence.texts.some(
      ({ value, around }) =>
        value === this.#written.value &&
        (around.words.has('step') || around.words.has('steps')) &&
        (owners.length === 0 ||
          owners.some((things) => things.some((thing) => [...thing.owners].some((owner) => around.owners.has(owner))))),
    );
  }

  #isCount(strict: boolean): boolean {
    const unit = this.#sentence.context.unit ?? nounAfter(this.#sentence, this.#at)?.unit;
    const said = qualifiersOf(this.#sentence, this.#at);
    if (this.#sentence.context.isCell && this.#ownedCount(unit) !== undefined) return this.#ownedCount(unit) === true;
    if (this.#sentence.context.isCell)
      return (
        isCountOf(
          this.#written,
          unit,
          { statuses: [], part: undefined, values: [], owners: ownersOf(this.#said) },
          this.#evidence,
        ) !== undefined
      );
    const owned = this.#ownedCount(unit);
    if (owned !== undefined) return owned;
    const count = isCountOf(this.#written, unit, said, this.#evidence);
    this.finding ??= count?.finding;
    if (count !== undefined || this.#isListed()) return true;
    return !strict && this.#isRest();
  }

  /** A count that is said of one group must be that group's. */
  #ownedCount(unit: string | undefined): boolean | undefined {
    const [owners = []] = this.#said.owners;
    if (owners.length !== 1 || /(?:^| )(?:of|among|across|out of|all|total|of the)$/.test(this.#before))
      return undefined;
    const own = this.#evidence.counts.filter(
      (count) =>
        count.owner !== undefined && owners[0]!.owners.has(count.owner) && (unit === undefined || count.unit === unit),
    );
    if (own.length === 0) return undefined;
    const isIt = (count: { readonly value: number }) =>
      Math.abs(count.value - this.#written.value) <= this.#written.slack;
    if (own.some(isIt)) return true;
    if (this.#sentence.context.isCell) return false;
    return this.#evidence.counts.some(
      (count) => count.owner !== undefined && (unit === undefined || count.unit === unit) && isIt(count),
    ) || !this.#evidence.counts.some(isIt)
      ? false
      : undefined;
  }

  /** A whole number without a noun: `the remaining 8`, `all three`, `5 failed`. */
  #isBareCount(): boolean {
    const { measures } = this.#said;
    const said = qualifiersOf(this.#sentence, this.#at);
    const isCountLike =
      said.statuses.length > 0 ||
      said.part !== undefined ||
      BARE_COUNT.test(`${this.#before} N ${this.#after}`) ||
      this.#sentence.context.measures.size === 0;
    const isMeasured =
      measures.length > 0 &&
      /(?:^| )M(?: (?:of|is|was|at|=|:|to|from|an?|about|only|just|with|has|had|got|stands|stood))*$/.test(
        this.#before,
      );
    const { things } = this.#sentence;
    const isOfAll = /(?:^| )(?:of|among|between)(?: the| these| those| all)?$/.test(this.#before);
    if (
      !isOfAll &&
      this.#sentence.measures.length > 0 &&
      things.length > 0 &&
      said.statuses.length === 0 &&
      said.part === undefined &&
      said.values.length === 0
    )
      return false;
    if (!isCountLike || (isMeasured && said.statuses.length === 0 && said.part === undefined)) return false;
    if (
      said.statuses.length > 0 &&
      this.#inText((one) => said.statuses.every(({ status, negated }) => !negated && one.status === status))
    )
      return true;
    if (this.#isComplement()) return true;
    const owned = said.statuses.length > 0 || said.part !== undefined ? undefined : this.#ownedCount(undefined);
    if (owned !== undefined) return owned;
    if (this.#isSum()) return true;
    return (
      isCountOf(this.#written, undefined, said, this.#evidence) !== undefined ||
      this.#isListed() ||
      this.#isEcho() ||
      this.#isRest()
    );
  }

  /** As many as the sentence itself names. */
  #isListed(): boolean {
    const { things, measures, tokens } = this.#sentence;
    const quoted = tokens.filter(({ type, quoted: isQuoted }) => type === 'name' && isQuoted).length;
    const { value } = this.#numeral;
    return (
      [things.length, measures.length, quoted].includes(value) || this.#sentence.context.listed?.has(value) === true
    );
  }

  /** `the other two`, `the next seven`, `the three weakest`: a part of what is listed. */
  /** `together 376`: what two of the counts come to. */
  #isSum(): boolean {
    const counted = nounAfter(this.#sentence, this.#at)?.unit ?? 'run';
    if (
      counted !== 'run' ||
      !/(?:^| )(?:together|combined|sum|altogether|jointly|account|between them|come to|add up|adding|total)(?: |$)/.test(
        this.#sentence.shapes.join(' '),
      )
    )
      return false;
    const own = this.#evidence.counts.filter(({ owner, unit }) => owner !== undefined && unit === 'run').slice(0, 60);
    return own.some((a, index) =>
      own.slice(index + 1).some((b) => a.finding === b.finding && a.value + b.value === this.#written.value),
    );
  }

  /** What is left of a whole when a number before is taken from it: `4 of 7 differ; 3 are equal`. */
  #isComplement(): boolean {
    if (
      qualifiersOf(this.#sentence, this.#at).statuses.length > 0 ||
      !/(?:^| )(?:other|others|rest|remaining|equal|identical|same|left|n't|not|further|unchanged|agree)(?: |$)/.test(
        this.#sentence.shapes.slice(this.#at - 2 < 0 ? 0 : this.#at - 2).join(' '),
      )
    )
      return false;
    const { value } = this.#numeral;
    const before = this.#sentence.tokens
      .slice(0, this.#at)
      .flatMap(({ numeral }) => (numeral !== undefined && Number.isInteger(numeral.value) ? [numeral.value] : []));
    const wholes = [
      ...before,
      ...this.#evidence.counts
        .filter(({ tags }) => tags.has('used') || tags.has('matched'))
        .map((count) => count.value),
    ];
    return before.some((part) => wholes.some((whole) => whole > part && whole - part === value));
  }

  #isRest(): boolean {
    const { value } = this.#numeral;
    const unit = nounAfter(this.#sentence, this.#at);
    if (
      /(?:^| )(?:of|between|among) (?:the|these|those)$/.test(this.#before) &&
      unit !== undefined &&
      unit.at > this.#at + 1 &&
      this.#evidence.counts.some((count) => count.unit === unit.unit && count.value >= value)
    )
      return true;
    if (
      /(?:^| )the$/.test(this.#before) &&
      this.#evidence.counts.some(
        (count) => count.tags.has('shown') && count.unit === unit?.unit && count.value - value === 1,
      )
    )
      return true;
    if (/^(?:more|further)(?: |$)/.test(this.#after)) return this.#isLeftOver();
    if (
      !/(?:^| )(?:other|next|remaining|rest|others|further|another|more)(?: of)?$/.test(this.#before) &&
      !/^(?:others?|more|further|remaining|weakest|strongest|best|worst|lowest|highest|newest|oldest|latest|earliest|slowest|fastest|largest|smallest|top|most|least)(?: |$)/.test(
        this.#after,
      )
    )
      return false;
    return this.#evidence.counts.some(
      (count) =>
        count.value > value && (count.value - value <= 5 || !/(?:^| )(?:other|remaining|rest)$/.test(this.#before)),
    );
  }

  /** `+148 more`: what is left of a list behind its first rows; or the rows behind the first. */
  #isLeftOver(): boolean {
    const { value } = this.#numeral;
    if (this.#inText((one) => one.around.words.has('more'))) return true;
    return this.#evidence.findings.some(({ data }) =>
      data.tables.some(({ total, rows }) => (value <= total && value >= total - rows.length) || value < rows.length),
    );
  }

  #isEcho(): boolean {
    const next = this.#after.split(' ')[0] ?? '';
    return (
      this.#evidence.echoes.has(`${this.#numeral.text.toLowerCase()} ${next}`) &&
      /(?:^| )(?:the|these|those|all|both|last|first|top|your)$/.test(this.#before)
    );
  }

  /** What stands between the number before, or the start of the clause, and this one. */
  #sinceNumber(): string {
    const [from] = clauseOf(this.#sentence, this.#at);
    const shapes = this.#sentence.shapes.slice(Math.max(from, this.#at - 14), this.#at);
    const last = shapes.findLastIndex((shape) => shape === 'N' || shape === 'D');
    return shapes
      .slice(last + 1)
      .filter((shape) => shape !== '')
      .join(' ');
  }

  #isGapHere(): boolean {
    if (Number.isInteger(this.#numeral.value) && GAP_ANYWHERE.test(this.#sentence.shapes.join(' '))) return true;
    return COMES_AS_GAP.test(this.#sinceNumber()) || GAP_AFTER.test(this.#after);
  }

  #names(): number {
    return this.#sentence.things.filter(({ isExperiment }) => !isExperiment).length;
  }

  #isGap(): boolean {
    const bound = MORE.test(this.#before) ? 'more' : LESS.test(this.#before) ? 'less' : undefined;
    const pairs = this.#pairs();
    return (
      isDifferenceOf(this.#written, pairs) || (bound !== undefined && isGapWithin(this.#written.value, pairs, bound))
    );
  }

  /** Of the things named here and before; where one or none is, of any two. */
  #pairs(withLeaders = true) {
    const { things, context, measures } = this.#sentence;
    const named = things.flatMap(({ owners }) => [...owners]);
    const owners = [
      ...new Set([
        ...named,
        ...(named.length < 2 ? [...context.topic.flatMap((thing) => [...thing.owners]), ...context.named] : []),
      ]),
    ];
    const keys = measures.length > 0 ? measures.map((one) => one.keys) : this.#said.measures;
    const labels = measures.flatMap(({ at }) => [...(this.#sentence.tokens[at]!.meaning?.owners ?? [])]);
    const all: Owner[] = [...new Set([...owners, ...labels])];
    const others = named.length === 0 || this.#said.isOpen ? this.#leaders() : neighboursOf(named, this.#evidence);
    const enough = all.length >= 2 || !withLeaders ? all : [...new Set([...all, ...others])];
    // Where neither whom nor what is named, only what the lists are about can be meant.
    const onlyMain = all.length === 0 && keys.length === 0;
    return [...pairsOf(enough, labels.length > 1 ? [] : keys, this.#evidence, onlyMain)];
  }

  #leaders(): Owner[] {
    return leaders(
      this.#evidence,
      this.#said.isOpen || /(?:^| )(?:range|spread|span|within)(?: |$)/.test(this.#sinceNumber()) ? 8 : 3,
    );
  }

  /** `three times its best`: what is multiplied is the statistic named behind. */
  #pairsOfRatio() {
    const [, to] = clauseOf(this.#sentence, this.#at);
    const behind = statisticsIn(this.#sentence, this.#at + 1, to)[0]?.statistic;
    const pairs = this.#pairs(this.#said.isOpen);
    if (behind === undefined) return pairs;
    const fits = ({ statistic }: CellFact) =>
      statistic === undefined ||
      statistic === behind ||
      (behind === 'best' && (statistic === 'min' || statistic === 'max'));
    return pairs.filter(([, whole]) => fits(whole));
  }

  #isMultiple(): boolean {
    const { value, spelled } = this.#numeral;
    const rough = ROUGHLY.test(this.#before) ? 0.15 : spelled === 'multiple' ? 0.08 : 0.05;
    const bound = MORE.test(this.#before) ? 'more' : LESS.test(this.#before) ? 'less' : undefined;
    const slack = Math.max(value * rough, this.#numeral.tolerance);
    const pairs = this.#pairsOfRatio();
    if (isRatioOf(value, slack, pairs, bound)) return true;
    return this.#inText() || this.#countRatio(value, slack);
  }

  #countRatio(value: number, slack: number): boolean {
    const statuses = qualifiersOf(this.#sentence, this.#at);
    if (this.#said.statistic !== undefined || this.#sentence.measures.length > 0) return false;
    if (statuses.values.length + statuses.statuses.length === 0) return false;
    const own = this.#evidence.counts.filter(
      ({ tags, owner }) =>
        owner !== undefined &&
        [...statuses.values, ...statuses.statuses.map(({ status }) => status)].some((tag) => tags.has(tag)),
    );
    return own.some((a) =>
      this.#evidence.counts.some(
        (b) =>
          b.owner !== undefined && b.unit === a.unit && b.value > 0 && Math.abs(a.value / b.value - value) <= slack,
      ),
    );
  }

  /** `half of the runs`, `a third`: of a count, else of a value. */
  #isPart(): boolean {
    const { value } = this.#numeral;
    const slack = ROUGHLY.test(this.#before) || MORE.test(this.#before) || LESS.test(this.#before) ? 0.06 : 0.025;
    const isOfValue =
      /^(?:of )?(?:(?:the|its|that|T|M|that of|what|a|start\w*|mean|median|best|value|score|of|in|week|run) ?)*(?:T|M|start\w*|best|value|score|level|'s|’s)/.test(
        this.#after,
      ) ||
      (this.#sentence.measures.length > 0 && nounAfter(this.#sentence, this.#at) === undefined);
    if (
      GAP_AFTER.test(this.#after) &&
      isRatioOf(
        1 + (/^(?:lower|less|smaller|below|behind|worse|fewer|shorter)/.test(this.#after) ? -value : value),
        0.03,
        this.#pairsOfRatio(),
        undefined,
      )
    )
      return true;
    if (isOfValue && isRatioOf(value, Math.max(slack, value * 0.12), this.#pairsOfRatio(), undefined)) return true;
    return (
      this.#isShareOfCounts(value, slack) ||
      (this.#sentence.measures.length + (nounAfter(this.#sentence, this.#at) === undefined ? 1 : 0) > 0 &&
        this.#isBound(false)) ||
      this.#countRatio(value, slack)
    );
  }

  /** Whether all of some list have one status. */
  #isWhole(): boolean {
    return this.#evidence.counts.some(
      ({ tags, value, finding }) =>
        value === finding.coverage.matched && [...tags].some((tag) => STATUS_NAMES.has(tag)),
    );
  }

  #isShare(): boolean {
    const share = this.#written.value / 100;
    const slack = this.#written.slack / 100 + 1e-9;
    if (share === 1 && this.#isWhole()) return true;
    return (
      isRatioOf(share, slack, this.#pairs(false), undefined) ||
      this.#isPartOfBefore() ||
      this.#isShareOfCounts(this.#written.value / 100, this.#written.slack / 100 + 1e-9)
    );
  }

  /** `159 (95.8%)` and `123 of 200 points (61.5%)`: of numbers that are held against the findings themselves. */
  #isPartOfBefore(): boolean {
    const share = this.#written.value / 100;
    const slack = this.#written.slack / 100 + 1e-9;
    const wholes = this.#sentence.tokens
      .slice(0, this.#at)
      .flatMap(({ numeral }) =>
        numeral !== undefined && Number.isInteger(numeral.value) && numeral.unit === 'plain' ? [numeral.value] : [],
      );
    const totals = [
      ...wholes,
      ...this.#evidence.counts
        .filter(({ tags }) => tags.has('matched') || tags.has('used') || tags.has('shown'))
        .map(({ value }) => value),
    ];
    return wholes
      .slice(-3)
      .some((part) => totals.some((whole) => whole >= part && whole > 0 && Math.abs(part / whole - share) <= slack));
  }

  #isShareOfCounts(share: number, slack: number): boolean {
    const noun = nounAfter(this.#sentence, this.#at)?.unit;
    const said = qualifiersOf(this.#sentence, this.#at);
    if (
      this.#said.measures.length > 0 &&
      noun === undefined &&
      said.statuses.length === 0 &&
      said.part === undefined &&
      said.values.length === 0
    )
      return false;
    const wholes = this.#evidence.counts.filter(
      ({ tags, owner }) =>
        owner === undefined &&
        (tags.has('matched') || tags.has('used') || tags.has('sum') || tags.has('shown')) &&
        tags.size <= 4,
    );
    const [owners = []] = this.#said.owners;
    const own = this.#evidence.counts.filter(
      ({ owner }) => owner !== undefined && owners.some((thing) => thing.owners.has(owner)),
    );
    const isSaid = said.statuses.length > 0 || said.part !== undefined || said.values.length > 0;
    const parts = own.length > 0 ? own : isSaid ? partsFor(noun, said, this.#evidence) : [];
    return isShareOf(share, slack, parts, wholes) || this.#isShareInText(share, slack);
  }

  /** `between 0.71 and 0.74`: what lies in a range lies close to its ends. */
  #isEndOfRange(): boolean {
    const { owners, measures, isLoose } = this.#said;
    const { value } = this.#numeral;
    const scale = this.#numeral.unit === 'percent' ? 100 : 1;
    const near = Math.max(this.#written.slack * 2, Math.abs(value) * 0.02);
    if (
      this.#evidence.texts.some(
        (one) =>
          one.isPercent === (scale === 100) &&
          Math.abs(one.value - value) <= near &&
          fitsAround(one.around, this.#said, this.#words()),
      )
    )
      return true;
    return this.#evidence.facts
      .near(value / scale, near / scale)
      .some(
        (fact) =>
          fact.kind !== 'time' &&
          fact.kind !== 'duration' &&
          (isLoose || measures.length === 0 || measures.some((keys) => keys.has(fact.measure))) &&
          (owners.length === 0 ||
            this.#said.isOpen ||
            owners.some((things) => things.some((thing) => fact.owner !== undefined && thing.owners.has(fact.owner)))),
      );
  }

  /** `6 of 27 runs overfitted` makes a fifth of them. */
  #isShareInText(share: number, slack: number): boolean {
    const words = this.#words();
    const { shares } = this.#evidence;
    return shares.some(
      (one) =>
        Math.abs(one.share - share) <= slack &&
        (this.#numeral.unit === 'percent' || [...words].some((word) => one.around.words.has(word))),
    );
  }

  /** `above 0.75`: the bound of a filter, or one that the values named keep. */
  #isBound(isCount: boolean): boolean {
    const bound = MORE.test(this.#before)
      ? 'more'
      : LESS.test(this.#before)
        ? 'less'
        : AFTER_MORE.test(this.#after)
          ? 'more'
          : AFTER_LESS.test(this.#after)
            ? 'less'
            : undefined;
    if (bound === undefined && !isInRange(this.#before)) return false;
    const { value } = this.#numeral;
    const filters = this.#evidence.findings.flatMap(({ coverage }) =>
      coverage.filter === undefined ? [] : [coverage.filter],
    );
    if (
      filters.some((filter) =>
        [...filter.matchAll(/\d+(?:\.\d+)?(?:e[-+]?\d+)?/g)].some(([number]) => Number(number) === value),
      )
    )
      return true;
    if (bound === undefined) return this.#isEndOfRange();
    const isDenied = this.#sentence.shapes
      .slice(0, this.#at)
      .some((shape) => /^(?:no|none|not|never|neither|nothing|n't)$/.test(shape));
    const keeps = (own: number) =>
      (bound === 'more') !== isDenied
        ? own >= value && own <= value + Math.abs(value) * 0.6
        : own <= value && own >= value - Math.abs(value) * 0.6;
    const scale = this.#numeral.unit === 'percent' ? 100 : 1;
    const isRound =
      value % 5 === 0 &&
      !/(?:^| )T over$/.test(this.#before) &&
      !/(?:^| )(?:average[ds]?|mean|n|runs|computed|taken|figure|averages) over$/.test(this.#before);
    if (isCount && isRound && this.#evidence.counts.some((count) => keeps(count.value))) return true;
    const { owners, measures } = this.#said;
    const facts = this.#evidence.facts.all.filter(
      (fact) =>
        typeof fact.value === 'number' &&
        fact.kind !== 'time' &&
        (measures.length === 0 || measures.some((keys) => keys.has(fact.measure))) &&
        (owners.length === 0 ||
          owners.some((things) => things.some((thing) => fact.owner !== undefined && thing.owners.has(fact.owner)))),
    );
    return facts.some((fact) => keeps((fact.value as number) * (Math.abs(fact.value as number) <= 1 ? scale : 1)));
  }
}

const STATUS_NAMES: ReadonlySet<string> = new Set(STATUS_WORDS.values());
const MULTIPLE_AFTER = /^(?:times|fold|x|×|-fold)(?: |$)/;
const AFTER_MORE = /^(?:or (?:more|higher|above|better)|and (?:above|up|higher)|\+)(?: |$)/;
const AFTER_LESS = /^(?:or (?:less|fewer|lower|below)|and (?:below|lower))(?: |$)/;
const BARE_COUNT =
  /(?:^| )(?:of|all|the other|other|remaining|the|both|only|just|these|those|among|includes?|including|has|have|are|were|there (?:are|were)|total|count|number|:|=|\(|,|and|\+|with) N(?: |$)|^N(?: |$)|N (?:are|is|were|was|have|did|do|equal|of|in all|in total|more|others?|further|left|failed|finished)/;
const isInRange = (before: string): boolean =>
  BOUNDS.has(before.split(' ').at(-1) ?? '') ||
  /(?:^| )(?:between|from|range[sd]?|ranging|span\w*|within|lie|lies|lay|fall|falls|fell|in|of|stays?|went|goes)(?: \S+){0,2} N (?:and|to|–|-|up to)$|(?:^| )(?:between|from|range of)$|(?:^| )N (?:–|…|→)$/.test(
    before,
  );

const ownersOf = (said: Assignment): ReadonlySet<string> =>
  new Set(said.owners.flatMap((things) => things.flatMap(({ owners }) => [...owners])));

/** Who stands right before and behind these in the lists, and first. */
function neighboursOf(owners: readonly Owner[], { facts }: Evidence): Owner[] {
  return facts.columns.flatMap(({ facts: own }) => {
    const at = own.findIndex(({ owner }) => owner !== undefined && owners.includes(owner));
    return at < 0
      ? []
      : [own[0], own[at - 1], own[at + 1]].flatMap((fact) => (fact?.owner === undefined ? [] : [fact.owner]));
  });
}

// ---- durations and times

function isDuration(sentence: Sentence, at: number, evidence: Evidence): boolean {
  const { duration } = sentence.tokens[at]!;
  if (duration === undefined) return true;
  const named = assign(sentence, at);
  const said = {
    ...named,
    measures: named.measures.filter((keys) => [...keys].some((key) => /duration|time|latency/.test(key))),
  };
  const rough = ROUGHLY.test(shapesBefore(sentence, at, 5)) ? 0.06 : 0;
  const written: Written = {
    value: duration.ms,
    slack: duration.tolerance + duration.ms * (rough + 1e-9),
    isPercent: false,
    isDuration: true,
    signed: false,
  };
  const words = new Set(sentence.tokens.map(({ lower }) => lower).filter(isContentWord));
  if (isValueOf(written, said, evidence) || isInText(written, said, words, evidence)) return true;
  if (duration.single !== undefined && !/\s?(?:h|d|hours?|days?|min|minutes?|m)$/.test(duration.text)) {
    const amount = Number(duration.single.replaceAll(',', ''));
    const decimals = duration.single.split('.')[1]?.length ?? 0;
    const alone: Written = {
      value: amount,
      slack: 0.5 * 10 ** -decimals,
      isPercent: false,
      isDuration: false,
      signed: false,
    };
    if (isValueOf(alone, said, evidence)) return true;
  }
  const before = shapesBefore(sentence, at, 5);
  const bound = MORE.test(before) ? 1 : LESS.test(before) ? -1 : 0;
  if (bound !== 0) {
    const spans = evidence.facts.all.filter(({ kind, value }) => kind === 'duration' && typeof value === 'number');
    if (
      spans.some(
        ({ value }) =>
          (value as number) * bound >= duration.ms * bound &&
          Math.abs((value as number) - duration.ms) < duration.ms * 0.6,
      )
    )
      return true;
  }
  const owners = [...new Set([...sentence.things.flatMap((thing) => [...thing.owners]), ...sentence.context.named])];
  const pairs = [...pairsOf(owners.length >= 2 ? owners : [...owners, ...leaders(evidence)], [], evidence)].filter(
    ([a, b]) => a.kind === b.kind && (a.kind === 'duration' || a.kind === 'time'),
  );
  return (
    isDifferenceOf(written, pairs) ||
    pairs.some(
      ([a, b]) =>
        a.kind === 'time' &&
        Math.abs(Math.abs((a.value as number) - (b.value as number)) - duration.ms) <=
          Math.max(duration.tolerance * 2, 60_000, duration.ms * rough),
    )
  );
}

/** Whoever stands first in the lists: what others are measured against. */
const leaders = ({ facts }: Evidence, most = 8): Owner[] =>
  [
    ...new Set(
      facts.columns
        .filter(({ isMain }) => isMain || most > 3)
        .flatMap(({ facts: own }) => own.slice(0, most).flatMap(({ owner }) => (owner === undefined ? [] : [owner]))),
    ),
  ].slice(0, 12);

function isMoment(sentence: Sentence, at: number, evidence: Evidence): boolean {
  const { moment, meaning } = sentence.tokens[at]!;
  if (moment === undefined || (meaning !== undefined && meaning.owners.size > 0)) return true;
  const has = (times: TimeSet) => moment.parts.every((part) => times.has(part));
  const said = assign(sentence, at);
  const isTime = (value: unknown, kind: string): value is number => kind === 'time' && typeof value === 'number';
  const all = new TimeSet(evidence.timeZone);
  for (const { value, kind } of evidence.facts.all) if (isTime(value, kind)) all.add(value);
  if (!has(all)) return has(evidence.times) || hasDigits(sentence, at, evidence);
  for (const things of said.owners) {
    const own = evidence.facts.all.filter(
      ({ owner, kind, value }) =>
        isTime(value, kind) && owner !== undefined && things.some((thing) => thing.owners.has(owner)),
    );
    if (own.length === 0) return true;
    const times = new TimeSet(evidence.timeZone);
    for (const { value } of own) times.add(value as number);
    if (has(times)) return true;
  }
  return said.owners.length === 0 || has(evidence.times);
}

/** `12:30` may be a ratio or a place: what it says stands in a text. */
const hasDigits = (sentence: Sentence, at: number, evidence: Evidence): boolean =>
  evidence.names.find(sentence.tokens[at]!.text) !== undefined;
