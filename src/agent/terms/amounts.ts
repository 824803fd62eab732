/** How text words an amount: as about, as a bound, as a gap, as a multiple, as a count. Tried on shapes: N number, M measure, T thing. */

/** Stands before a number that is rounded off. */
export const ROUGHLY =
  /(?:^| )(?:near|about|around|roughly|approximately|nearly|almost|close to|just (?:over|under|above|below)|some|a good|~|≈|circa|ca|well (?:over|under)|slightly (?:over|under|above|below|more than|less than)|a little (?:over|under|above|below|more than|less than)|a bit (?:over|under|above|below|more than|less than))(?: a)?$/;

/** Stand before a bound. */
export const MORE_THAN =
  /(?:^| )(?:clears?|cleared|passe[sd]|crosse[sd]|tops|above|over|more than|greater than|higher than|exceed\w*|at least|beyond|better than|>|≥|> =|well over|no (?:fewer|less) than|or more|longer than|upwards of)(?: a| an)?(?: M(?: of)?| mean(?: of)?)?$/;
export const LESS_THAN =
  /(?:^| )(?:below|under|less than|fewer than|lower than|smaller than|at most|within|<|≤|< =|well under|no more than|not even|shorter than)(?: a| an)?(?: M(?: of)?| mean(?: of)?)?$/;

/** Stand behind one. */
export const OR_MORE = /^(?:or (?:more|higher|above|better)|and (?:above|up|higher)|\+)(?: |$)/;
export const OR_LESS = /^(?:or (?:less|fewer|lower|below)|and (?:below|lower))(?: |$)/;

/** Stands before either end of a range. */
export const RANGE_BEFORE =
  /(?:^| )(?:between|from|range[sd]?|ranging|span\w*|within|lie|lies|lay|fall|falls|fell|in|of|stays?|went|goes)(?: \S+){0,2} N (?:and|to|–|-|up to)$|(?:^| )(?:between|from|range of|spans?|spanning|ranging)$|(?:^| )N (?:–|…|→)$/;

/** A number that says how far apart two values are. */
export const COMES_AS_GAP =
  /(?:^| )(?:by|gap|difference|differences|margin|lead|edge|advantage|delta|distance|spread|loses|lost|gains?|gained|drops?|dropped|change|changed|drop|gain|increase|decrease|shift|range|improvement|costs?|apart|another|swing|cushion|minus|−|diff|higher|lower|ahead|behind|within|amounting|amounts|separated?|separates|differ|differs|up|down|r)(?: [^N ]\S*)* ?$/;
export const GAP_ANYWHERE = /(?:^| )(?:gap|difference|margin|lead|exceeds|exceeded|over the|apart)(?: |$)/;
export const GAP_AFTER =
  /^(?:\( ?)?(?:M )?(?:absolute |relative |percentage )?(?:points?|pp|higher|lower|above|below|ahead|behind|better|worse|gap|difference|margin|lead|more|less|fewer|back|apart|short|larger|smaller|greater|faster|slower|longer|shorter|away|off|up|down|drop|rise|increase|decrease|reduction|improvement|edge|off the|in front|later|earlier|under|over|between|wide|difference|the forest|in favou?r)(?: |$)/;

export const STEP_BEFORE =
  /(?:^| )(?:steps?|epochs?)(?: (?:number|no|from|between|#|\(|is|was|of|at|:|to|,))*(?: N (?:to|and|–))?$/;

/** A number by which something is multiplied. */
export const RATIO_BEFORE =
  /(?:^| )(?:ratio|factor)(?: (?:the|N|M|T|counts?|two|between|and|to|former|latter|of|is|was|being|approximately|about|roughly|only|=|:))*$/;
export const MULTIPLE_AFTER = /^(?:times|fold|x|×|-fold)(?: |$)/;

/** Behind a factor of counts, and of what one thing reached itself. */
export const COUNT_FACTOR = /^(?:times |fold )?(?:as |more )?(?:many|often|frequent\w*|common\w*|numerous)(?: |$)/;
export const OF_ITS_OWN = /(?:^| )its(?: own)? (?:best|start|first|lowest|highest)(?: |$)/;

/** Behind a part: what it is a part of is a value and no count. */
export const PART_OF_VALUE =
  /^(?:of )?(?:(?:the|its|that|T|M|that of|what|a|start\w*|mean|median|best|value|score|of|in|week|run) ?)*(?:T|M|start\w*|best|value|score|level|'s|’s)/;

/** A place in an order, or how many of its first places. */
export const RANK_BEFORE =
  /(?:^| )(?:top|first|last|best|worst|latest|newest|oldest|rank|place|no|#)(?: (?:-|of|\.))*$/;

/** A whole number that counts though no noun stands behind it. */
export const BARE_COUNT =
  /(?:^| )(?:of|all|the other|other|remaining|the|both|only|just|these|those|among|includes?|including|has|have|are|were|there (?:are|were)|total|count|number|:|=|\(|,|and|\+|with) N(?: |$)|^N(?: |$)|N (?:are|is|were|was|have|did|do|equal|of|in all|in total|more|others?|further|left|failed|finished)/;

/** A measure whose value the number is. */
export const MEASURE_BEFORE =
  /(?:^| )M(?: (?:of|is|was|at|=|:|to|from|an?|about|only|just|with|has|had|got|stands|stood))*$/;

/** What is left of a list, before and behind its number. */
export const REST_BEFORE = /(?:^| )(?:other|next|remaining|rest|others|further|another|more)(?: of)?$/;
export const REST_AFTER =
  /^(?:others?|more|further|remaining|weakest|strongest|best|worst|lowest|highest|newest|oldest|latest|earliest|slowest|fastest|largest|smallest|top|most|least)(?: |$)/;

/** Two counts are said to be taken as one. */
export const TAKEN_TOGETHER =
  /(?:^| )(?:together|combined|sum|altogether|jointly|account|between them|come to|add up|adding|total)(?: |$)/;

/** A count is said to be what another one leaves. */
export const LEFT_BY_ANOTHER =
  /(?:^| )(?:other|others|rest|remaining|equal|identical|same|left|n't|not|further|unchanged|agree|without|excluding|minus|but)(?: |$)/;
