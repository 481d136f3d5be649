import { arrayOf, optional, symbol } from '../../attribute-schema.ts';
import { defineOp } from '../../op-definition.ts';
import { anyTensor, either, token } from '../../type-constraints.ts';
import { functionTypeOf, lookupCallee } from '../shared/callee.ts';
import { compatibleTypeLists, describeTypes } from '../shared/region-signature.ts';

export const runParallel = defineOp({
  name: 'interpreter.run_parallel',
  code: 'E2413',
  summary: 'The results of functions that run as a grid of replicas and partitions.',
  spec: 'InterpreterOps.td#run_parallel',
  operands: [{ name: 'inputs', type: either(anyTensor, token), arity: 'variadic' }],
  results: [{ name: 'results', type: either(anyTensor, token), arity: 'variadic' }],
  traits: ['storage-view'],
  attributes: { infeed: optional(arrayOf(symbol())), programs: arrayOf(arrayOf(symbol())) },
  effects: 'effect',
  constraints: {
    P1: 'programs is a grid with as many partitions in each replica, at least one of each',
    P2: 'programs and infeed name functions of the module',
    P3: 'types(inputs...) = the input types of all programs, in order',
    P4: 'types(results...) = the result types of all programs, in order',
    P5: 'infeed functions take no inputs',
  },
  verify(site, check) {
    const { programs, infeed } = site.attrs;
    const width = programs[0]?.length ?? 0;
    const isGrid = width > 0 && programs.every((row) => row.length === width);
    check.require(isGrid, 'P1', () => `the rows have ${programs.map((row) => row.length).join(', ')} programs`);
    const { op } = site;
    if (op === undefined) return;
    const signature = (name: string) => {
      const callee = lookupCallee(op, name);
      const found = callee === undefined ? undefined : functionTypeOf(callee);
      check.require(found !== undefined, 'P2', () => `there is no function @${name}`);
      return found;
    };
    for (const name of infeed ?? []) {
      const inputs = signature(name)?.inputs ?? [];
      check.require(inputs.length === 0, 'P5', () => `@${name} takes ${describeTypes(inputs)}`);
    }
    const signatures = programs.flat().map(signature);
    if (signatures.includes(undefined)) return;
    const inputs = signatures.flatMap((found) => found?.inputs ?? []);
    const results = signatures.flatMap((found) => found?.results ?? []);
    check.require(
      compatibleTypeLists(site.operandTypes, inputs),
      'P3',
      () => `${describeTypes(site.operandTypes)} for ${describeTypes(inputs)}`,
    );
    check.require(
      compatibleTypeLists(site.resultTypes, results),
      'P4',
      () => `${describeTypes(site.resultTypes)} for ${describeTypes(results)}`,
    );
  },
  evaluate: (site, inputs, context) =>
    context.runGrid({ programs: site.attrs.programs, infeed: site.attrs.infeed ?? [] }, inputs),
});
