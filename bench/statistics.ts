/** Figures of samples. */
export function medianOf(samples: readonly number[]): number {
  return quantile(samples, 0.5);
}

/** Half the interquartile range over the median. */
export function spreadOf(samples: readonly number[]): number {
  return (quantile(samples, 0.75) - quantile(samples, 0.25)) / 2 / medianOf(samples);
}

function quantile(samples: readonly number[], share: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? NaN;
}
