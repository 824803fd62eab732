/** What a value is of the values that it was taken from. */
import { wordMap } from './words.ts';

export type SaidStatistic = 'mean' | 'median' | 'sd' | 'min' | 'max' | 'first' | 'last' | 'best';

export const STATISTICS = wordMap<SaidStatistic>({
  mean: 'mean average averaged averages avg averaging',
  median: 'median medians',
  sd: 'sd std stdev deviation spread',
  min: 'min minimum minima lowest bottom',
  max: 'max maximum maxima highest peak peaked peaks',
  first: 'first start started starts starting initial initially begins began',
  best: 'best',
  last: 'last final finally end ended ending ends',
});
