/** Case and separators do not tell names apart in prose: `F1 score` is `f1_score`. */
export const foldName = (name: string): string => name.toLowerCase().replace(/[-_\s./:]+/g, '_');
