import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { compile, type StageKind } from '../../../../compiler/api/index.ts';

/** The file compiled to a stage, as text. */
function stage(name: string, emit: StageKind, dims: Readonly<Record<string, number>> = {}): string {
  const file = readFileSync(new URL(name, import.meta.url));
  const compiled = compile({ main: name, files: { [name]: file } }, { fn: 'main', emit, dims });
  if (!compiled.ok) throw new Error(compiled.text);
  return new TextDecoder().decode(compiled.artifacts[0].bytes);
}

/** What the ports are called is all that may differ. */
function withoutPorts(plan: string): string {
  return plan.replace(/^plan .*\n/, '');
}

describe('a function of the language', () => {
  it.each([
    ['dense', { n: 8 }],
    ['conv', { n: 2 }],
    ['attention', {}],
    ['lstm', { n: 2, t: 5 }],
  ])('%s has the kernels and the plan of the same function in StableHLO', (name, dims) => {
    const kernels = stage(`${name}.tess`, 'kernel', dims);
    expect(kernels.split('\n').length).toBeGreaterThan(30);
    expect(kernels).toBe(stage(`${name}.mlir`, 'kernel'));
    expect(withoutPorts(stage(`${name}.tess`, 'plan', dims))).toBe(withoutPorts(stage(`${name}.mlir`, 'plan')));
  });
});
