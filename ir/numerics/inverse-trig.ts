/** Inverse circular functions. */
export function asin(x: number): number {
  throw new Error(`asin(${[x].join(', ')}) is not written yet`);
}
export function acos(x: number): number {
  throw new Error(`acos(${[x].join(', ')}) is not written yet`);
}
export function atan(x: number): number {
  throw new Error(`atan(${[x].join(', ')}) is not written yet`);
}
export function atan2(y: number, x: number): number {
  throw new Error(`atan2(${[y, x].join(', ')}) is not written yet`);
}
