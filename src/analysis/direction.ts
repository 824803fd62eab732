/** Which way a metric is better, read from its name: MLflow does not store it. */

const LOWER = words(
  `loss error err rmse mse mae mape smape rmsle logloss nll perplexity ppl wer cer fid kl divergence latency duration
   time cost tokens brier ece regret eer hamming toxicity hallucination`,
);
const HIGHER = words(
  `acc accuracy f1 auc auroc ap map precision recall r2 iou dice bleu rouge meteor ndcg mrr hit reward return score
   throughput correctness groundedness relevance`,
);

/** Of a change in a metric the metric's own direction says nothing: `loss_reduction`, `accuracy_gap`. */
const CHANGE = words('reduction improvement gain increase decrease drop change delta diff difference gap');

/** Undefined where the name says nothing or contradicts itself: then ask, never guess. */
export function directionOf(metric: string): 'higher' | 'lower' | undefined {
  const tokens = nameTokens(metric);
  const lower = tokens.some((token) => LOWER.has(token));
  const higher = tokens.some((token) => HIGHER.has(token));
  if (lower === higher || tokens.some((token) => CHANGE.has(token))) return undefined;
  return lower !== tokens.includes('neg') ? 'lower' : 'higher';
}

/** A name's words, lower-cased: split at `_ - / . space` and where camelCase turns. */
export function nameTokens(name: string): string[] {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((token) => token !== '');
}

function words(text: string): ReadonlySet<string> {
  return new Set(text.split(/\s+/));
}
