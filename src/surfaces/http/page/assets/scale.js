/** Numbers to places on an axis, with round marks. */

/** @returns `{ at(value), ticks, isLog }`; places from `from` to `to` */
export function createScale(values, from, to, { isLog = false, zero = false } = {}) {
  const finite = values.filter((value) => Number.isFinite(value) && (!isLog || value > 0));
  const known = finite.length > 0 ? finite : isLog ? [1, 10] : [0, 1];
  let low = Math.min(...minMax(known));
  let high = Math.max(...minMax(known));
  if (zero) [low, high] = [Math.min(0, low), Math.max(0, high)];
  if (low === high)
    [low, high] = isLog ? [low / 2, high * 2] : [low - (Math.abs(low) || 1) / 2, high + (Math.abs(high) || 1) / 2];
  const toLine = isLog ? Math.log10 : (value) => value;
  const [start, end] = [toLine(low), toLine(high)];
  const at = (value) => from + ((toLine(value) - start) / (end - start)) * (to - from);
  return { at, low, high, isLog, ticks: isLog ? logTicks(low, high) : linearTicks(low, high) };
}

/** Spreading a long list into arguments would be too much for an engine. */
function minMax(values) {
  return values.reduce(([low, high], value) => [Math.min(low, value), Math.max(high, value)], [values[0], values[0]]);
}

function linearTicks(low, high) {
  const rough = (high - low) / 5;
  const size = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * size).find((one) => one >= rough) ?? rough;
  const ticks = [];
  for (let n = Math.ceil(low / step - 1e-9); n * step <= high + step * 1e-9; n++)
    ticks.push(Number((n * step).toPrecision(12)));
  return ticks;
}

function logTicks(low, high) {
  const ticks = [];
  const [first, last] = [Math.floor(Math.log10(low)), Math.ceil(Math.log10(high))];
  const factors = last - first > 3 ? [1] : [1, 2, 5];
  for (let power = first; power <= last; power++)
    for (const factor of factors)
      if (factor * 10 ** power >= low && factor * 10 ** power <= high)
        ticks.push(Number((factor * 10 ** power).toPrecision(12)));
  return ticks.length > 1 ? ticks : [low, high];
}
