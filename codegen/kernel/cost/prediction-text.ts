/** Predictions and measurements as text. */
import type { Prediction } from '../cost-model.ts';

/** `12.3 us`: three digits. */
export function secondsText(seconds: number): string {
  const [unit, scale] =
    seconds < 1e-6 ? ['ns', 1e9] : seconds < 1e-3 ? ['us', 1e6] : seconds < 1 ? ['ms', 1e3] : ['s', 1];
  const value = seconds * scale;
  return `${value.toFixed(value < 9.995 ? 2 : value < 99.95 ? 1 : 0)} ${unit}`;
}

/** `predicted 12.3 us: 45.6 GFLOP/s, 7.8 GB/s, bound by multiply`. */
export function predictionText({ seconds, flops, bytes, boundBy }: Prediction): string {
  const rate = (count: number): string => (count / seconds / 1e9).toFixed(1);
  return `predicted ${secondsText(seconds)}: ${rate(flops)} GFLOP/s, ${rate(bytes)} GB/s, bound by ${boundBy}`;
}
