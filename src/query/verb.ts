/** What can be asked of things. */
export type Verb =
  | 'list'
  | 'count'
  /** Of the population `from`, the part that meets `where`. */
  | 'share'
  | 'rank'
  | 'summarize'
  | 'compare'
  | 'detail'
  | 'history'
  /** Which of them show a diagnosis, by their curves. */
  | 'diagnose'
  | 'correlate'
  | 'impact'
  | 'describe';
