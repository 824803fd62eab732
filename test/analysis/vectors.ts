/** The data sets of the reference's test vectors. */

/** Vector A. */
export const twelveRuns = {
  lr: ['1e-5', '3e-5', '1e-4', '3e-4', '1e-3', '3e-3', '1e-2', '3e-2', '1e-1', '1e-4', '1e-3', '1e-2'],
  batch: ['16', '32', '64', '16', '32', '64', '16', '32', '64', '32', '16', '64'],
  opt: ['adam', 'adam', 'sgd', 'adam', 'sgd', 'adam', 'sgd', 'adam', 'sgd', 'adam', 'adam', 'sgd'],
  f1: [0.61, 0.66, 0.72, 0.79, 0.84, 0.83, 0.74, 0.6, 0.41, 0.75, 0.85, 0.71],
};

/** Vector C: f1 is an arch over log10 lr, a step for sgd, a little dropout, and nothing of bs. */
export const fortyRuns = Array.from({ length: 40 }, (_, i) => {
  const logLr = -5 + (4 * ((7 * i) % 40)) / 39;
  const dropout = (((11 * i) % 40) / 39) * 0.5;
  const opt = ['adam', 'sgd', 'rmsprop'][(5 * i) % 3]!;
  const step = opt === 'sgd' ? 0.03 : 0;
  return {
    lr: String(10 ** logLr),
    bs: String([16, 32, 64, 128][i % 4]),
    opt,
    dropout: dropout.toFixed(6),
    f1: 0.85 - 0.06 * (logLr + 3) ** 2 - step - 0.02 * Math.abs(dropout - 0.2) + 0.0005 * Math.sin(i),
  };
});
