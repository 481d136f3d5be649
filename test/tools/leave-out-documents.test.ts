import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { withoutDocuments } from '../../tools/leave-out-documents.ts';

describe('what the bundle does without', () => {
  it('is the summary and the source of an op, and of a pass the summary', () => {
    const op = `export const abs = defineOp({
  name: 'stablehlo.abs',
  summary: 'The absolute value' + ' of each element.',
  spec: 'spec.md#abs',
  constraints: { C1: \`the same shape\` },
});
`;
    expect(withoutDocuments('/a/ir/ops/stablehlo/abs.ts', op)).toBe(`export const abs = defineOp({
  name: 'stablehlo.abs',
  
  
  constraints: { C1: \`the same shape\` },
});
`);
    expect(withoutDocuments('/a/passes/dce.ts', "definePass({ name: 'dce', summary: 'remove' })")).toBe(
      "definePass({ name: 'dce',  })",
    );
  });

  it('is no value that only has such a name', () => {
    const text = "const made = { spec, summary: base.summary };\ninterface Op {\n  summary: 'x';\n}\n";
    expect(withoutDocuments('/a/ir/ops/shared/x.ts', text)).toBe(text);
    expect(withoutDocuments('/a/compiler/driver/x.ts', "f({ summary: 'x' })")).toBeUndefined();
  });

  it('is the documentation of a builtin', () => {
    const text = "builtin('sin(x)', 'The sine. ' + `f32[n]`, (args) => args)";
    expect(withoutDocuments('/a/compiler/dsl/semantics/builtins/elementwise.ts', text)).toBe(
      "builtin('sin(x)', '', (args) => args)",
    );
  });

  it("is the library's own comments, its lines kept", () => {
    const path = 'compiler/dsl/library-texts.ts';
    const text = readFileSync(path, 'utf8');
    const left = withoutDocuments(`/a/${path}`, text) ?? '';
    expect(left.split('\n')).toHaveLength(text.split('\n').length);
    expect(left).not.toMatch(/^\/\/\/ /m);
    expect(left.length).toBeLessThan(text.length);
  });
});
