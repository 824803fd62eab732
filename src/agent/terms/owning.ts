/** How text says whose a value is. Tried on shapes: N number, D duration, M measure, T thing, O place in an order, U what is not read. */

/** What may stand between the members of a list. */
export const LIST_WORD =
  /^(?:id|runs?|as|opposed|compared|rather|than|,|and|&|or|\/|vs|versus|then|to|→|->|-|>|<|=|\(|\)|both|with|against|respectively|;|\||U|)$/;

/** Stand for what was named. */
export const STANDS_FOR_NAMED = /^(?:it|its|it's|they|their|this|that|which|both|he|the)$/;

/** Any of those named before. */
export const POINTS_BACK = /(?:^| )(?:former|latter|other|each|both|respectively|runner-up|runner)(?: |$)/;

export const POSSESSIVE_MARK = /^(?:'s|’s)$/;

/** After "X beats Y": what follows speaks of X. */
export const LINKS_TO_SUBJECT =
  /^(?:,? ?)(?:with|at|by|scoring|reaching|posting|having|on|and|getting|in|for|as|,|its|—|–|-)(?: |$)/;

/** Between a value and whose it is: `0.73 is what run-145 got`. */
export const LINKS_TO_NEXT =
  /^(?:,? ?)(?:\(? ?(?:in the |of the )?week of(?: the)?|(?:for|by|of|in|from) (?:the )?(?:N|single|only|one)|for|by|from|of|in|on|with|at|is the of|was the of|that of|is that of|was that of|the of|\(|=|←|goes to|belongs to|(?:was|is|were|are) (?:for|by|from|of|reached by|what|that of|recorded for|obtained by|held by|the value of|achieved by)|(?:was )?(?:recorded|obtained|achieved|reached|held|logged|set|got|scored|reported) (?:for|by|in)|(?:f1 )?(?:runs? )?(?:for|of|in) (?:the )?(?:run|group|runs?|algorithm|week|status)?|in the case of|on the part of)$/;

/** Words that stand for a thing by its place: which one it is, the sentence does not say. */
export const TOLD_BY_PLACE =
  /^(?:each|all|ranks|rest|more|O|runner-up|runner|next|former|latter|second-best|second-placed|others?|rest|winner|leader|best|worst|top|champion|lowest|highest|first|last|bottom|front-runner|baseline|following|previous|preceding|subsequent|before|after|then|again|afterwards|later|earlier|second|third|fourth|fifth|remaining|newest|oldest|latest|earliest|longest|shortest|fastest|slowest|largest|smallest)$/;

/** `five lie between 660 and 691`: some of those counted, whichever they are. */
export const SOME_COUNTED =
  /(?:^|[,;:] |(?:^| )and )N (?:of (?:them|these|the runs) |runs? |others? |rows )?(?:\w+ )?(?:between|over|above|below|under|near|at|around|about)(?: N (?:and|to))?$/;

/** Behind a value whose owner is told by its place. */
export const PLACED_AFTER =
  /^(?:(?:is|was|comes|came|being|ranks?) (?:the )?(?:O|next|second|runner-up|last)|(?:for|of|by|in|from) the (?:other|others|remaining|rest|N|latter|former|leaders?|winners?)(?: |$))/;
