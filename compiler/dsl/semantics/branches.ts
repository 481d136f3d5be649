/** `if`: one branch where the condition is known at compile time, both and a choice where it is a tensor. */
import { Block as IrBlock, Region } from '../../../ir/operation.ts';
import { ifOp } from '../../../ir/ops/stablehlo/if.ts';
import type { DType } from '../../../ir/dtype.ts';
import type { Span } from '../../../ir/source.ts';
import type { If } from '../syntax/ast.ts';
import { isSameType, sameLiteral } from './carried.ts';
import { type Cell, ModelCell } from './cell.ts';
import type { Elaboration } from './elaboration.ts';
import type { Written } from './journal.ts';
import { UnknownOperand } from './language-error.ts';
import { isLiteral, literalTensor } from './literals.ts';
import { terminate } from './run-time-loop.ts';
import type { Scope } from './scope.ts';
import { describeKind, typeOf, typeText } from './type-text.ts';
import { unit } from './unit.ts';
import { type TensorValue, unknownValue, type Value } from './values.ts';

export function evaluateIf(el: Elaboration, expr: If, scope: Scope): Value {
  const condition = el.guard(() => el.evaluate(expr.condition, scope));
  const onTrue = (): Value => el.rules.runBlock(el, expr.then, scope);
  const onFalse = (): Value => {
    const { otherwise } = expr;
    if (otherwise === undefined) return unit;
    return otherwise.kind === 'if' ? evaluateIf(el, otherwise, scope) : el.rules.runBlock(el, otherwise, scope);
  };
  const hasElse = expr.otherwise !== undefined;
  switch (condition.kind) {
    case 'bool':
      if (condition.value === undefined) return undecided(el, expr, onTrue, onFalse);
      return condition.value ? valueOf(onTrue(), hasElse) : onFalse();
    case 'unknown':
      undecided(el, expr, onTrue, onFalse);
      return unknownValue;
    case 'tensor':
      if (condition.dtype === 'i1' && condition.dims.length === 0) return choose(el, expr, condition, onTrue, onFalse);
      return wrongCondition(el, expr, condition);
    case 'alias':
    case 'builtin':
    case 'dtype':
    case 'float':
    case 'fn':
    case 'instance':
    case 'int':
    case 'list':
    case 'model':
    case 'module':
    case 'str':
    case 'tuple':
    case 'type':
      return wrongCondition(el, expr, condition);
  }
}

/** Without `else` an `if` has no value, whichever way it goes. */
function valueOf(value: Value, hasElse: boolean): Value {
  return hasElse || value.kind === 'unknown' ? value : unit;
}

function wrongCondition(el: Elaboration, expr: If, value: Value): never {
  const isMask = value.kind === 'tensor' && value.dtype === 'i1';
  return el.fail('E6210', expr.condition.span, `the condition of \`if\` is one bool, not ${describeKind(value)}`, {
    hint: isMask
      ? '`where(mask, a, b)` chooses element by element; `any` and `all` make one bool of many'
      : 'compare it: `x != 0`',
  });
}

/** Where two sizes are equal there is more that fits than is known here: that branch is left to the numbers. */
function undecided(el: Elaboration, { condition, span }: If, onTrue: () => Value, onFalse: () => Value): Value {
  const equation = condition.kind === 'binary' ? condition.operator : undefined;
  const quietly = (branch: () => Value) => (): Value => {
    const { written } = el.trial(span, branch);
    for (const { cell } of written) el.journal.write(cell, unknownValue);
    return unknownValue;
  };
  if (equation === '==') return bothWays(el, span, quietly(onTrue), onFalse);
  return bothWays(el, span, onTrue, equation === '!=' ? quietly(onFalse) : onFalse);
}

/** The condition depends on sizes that are open: both ways are looked at, and what they agree on is kept. */
function bothWays(el: Elaboration, span: Span, onTrue: () => Value, onFalse: () => Value): Value {
  const { block } = el.ops.builder;
  const a = el.inFrame('branch', span, block, onTrue);
  const b = el.inFrame('branch', span, block, onFalse);
  for (const cell of writtenCells(a.written, b.written)) {
    const first = valueAfter(el, cell, a.written);
    el.journal.write(cell, agree(first, valueAfter(el, cell, b.written)) ? first : unknownValue);
  }
  return agree(a.result, b.result) ? a.result : unknownValue;
}

function agree(a: Value, b: Value): boolean {
  if (a.kind === 'unknown' || b.kind === 'unknown' || a.kind !== b.kind) return false;
  if (isLiteral(a)) return sameLiteral(a, b);
  return typeText(typeOf(a)) === typeText(typeOf(b));
}

function writtenCells(a: readonly Written[], b: readonly Written[]): readonly Cell[] {
  return [...new Set([...a, ...b].map(({ cell }) => cell))];
}

function valueAfter(el: Elaboration, cell: Cell, written: readonly Written[]): Value {
  return written.find((entry) => entry.cell === cell)?.value ?? el.read(cell);
}

// --------------------------------------------------------------------------------------------------------- at run time

function choose(el: Elaboration, expr: If, condition: TensorValue, onTrue: () => Value, onFalse: () => Value): Value {
  const { span } = expr;
  const blocks = [new IrBlock(), new IrBlock()] as const;
  const a = el.inFrame('branch', span, blocks[0], onTrue);
  const b = el.inFrame('branch', span, blocks[1], onFalse);
  const join = new Join(el, blocks, span);
  const cells = writtenCells(a.written, b.written).map((cell) => {
    const name = `\`${cell instanceof ModelCell ? cell.path : cell.name}\``;
    const before = cell.value;
    if (before !== undefined && isLiteral(before)) refuseCompileTime(el, cell, before, a.written, b.written, span);
    return { cell, build: join.pair(valueAfter(el, cell, a.written), valueAfter(el, cell, b.written), name) };
  });
  const value = expr.otherwise === undefined ? () => unit : join.pair(a.result, b.result, 'the value of the `if`');
  const results = join.finish(condition);
  for (const { cell, build } of cells) el.journal.write(cell, build(results));
  return value(results);
}

function refuseCompileTime(
  el: Elaboration,
  cell: Cell,
  before: Value,
  a: readonly Written[],
  b: readonly Written[],
  span: Span,
): void {
  const values = [valueAfter(el, cell, a), valueAfter(el, cell, b)];
  if (values.every((value) => !isLiteral(value) || sameLiteral(value, before))) return;
  el.fail(
    'E6409',
    span,
    `\`${cell.name}\` is ${describeKind(before)}, known at compile time, but this \`if\` is decided at run time`,
    {
      notes: [{ message: 'declared here', span: cell.span }],
      hint: 'start from a run-time value, such as `i32(0)` or `f32(0)`',
    },
  );
}

/** Makes two branches give the same types, and one op of them. */
class Join {
  readonly #el: Elaboration;
  readonly #blocks: readonly [IrBlock, IrBlock];
  readonly #span: Span;
  readonly #results: readonly [TensorValue[], TensorValue[]] = [[], []];

  constructor(el: Elaboration, blocks: readonly [IrBlock, IrBlock], span: Span) {
    this.#el = el;
    this.#blocks = blocks;
    this.#span = span;
  }

  /** Gives what builds the joined value from the results of the op. */
  pair(a: Value, b: Value, name: string): (results: readonly TensorValue[]) => Value {
    if (a === b || (a.kind === 'tensor' && b.kind === 'tensor' && a.ir === b.ir)) return () => a;
    if (a.kind === 'unknown' || b.kind === 'unknown') return () => unknownValue;
    if (isLiteral(a) && isLiteral(b)) {
      if (sameLiteral(a, b)) return () => a;
      const dtype = commonDType(a.kind, b.kind) ?? this.#differ(a, b, name);
      return this.#leaf(this.#scalar(0, a, dtype), this.#scalar(1, b, dtype));
    }
    if (a.kind === 'tensor' && isLiteral(b) && a.dims.length === 0) return this.#leaf(a, this.#scalar(1, b, a.dtype));
    if (b.kind === 'tensor' && isLiteral(a) && b.dims.length === 0) return this.#leaf(this.#scalar(0, a, b.dtype), b);
    if (a.kind === 'tensor' && b.kind === 'tensor' && isSameType(a, b)) return this.#leaf(a, b);
    if (a.kind === 'tuple' && b.kind === 'tuple' && a.fields.length === b.fields.length) {
      const fields = a.fields.map(({ name: field, value }, index) => {
        const other = b.fields[index];
        if (other === undefined || other.name !== field) return this.#differ(a, b, name);
        return { name: field, build: this.pair(value, other.value, `${name}.${field ?? index}`) };
      });
      return (results) => ({
        kind: 'tuple',
        fields: fields.map(({ name: field, build }) => ({ name: field, value: build(results) })),
      });
    }
    if (a.kind === 'list' && b.kind === 'list' && a.elements.length === b.elements.length) {
      const builds = a.elements.map((value, index) =>
        this.pair(value, b.elements[index] ?? unknownValue, `${name}[${index}]`),
      );
      return (results) => ({ ...a, elements: builds.map((build) => build(results)) });
    }
    return this.#differ(a, b, name);
  }

  finish(condition: TensorValue): readonly TensorValue[] {
    const regions = this.#blocks.map((block, index) => {
      this.#el.ops.inBlock(block, () => terminate(this.#el, this.#results[index] ?? [], this.#span));
      return new Region(block);
    });
    const [shapes] = this.#results;
    return this.#el.site(this.#span).ops.makeMany(ifOp, [condition], {}, shapes, regions);
  }

  #leaf(a: TensorValue, b: TensorValue): (results: readonly TensorValue[]) => Value {
    const index = this.#results[0].push(a) - 1;
    this.#results[1].push(b);
    return (results) => {
      const result = results[index];
      if (result === undefined) throw new UnknownOperand();
      return result;
    };
  }

  #scalar(branch: 0 | 1, value: Value, dtype: DType): TensorValue {
    if (!isLiteral(value)) throw new UnknownOperand();
    return this.#el.ops.inBlock(this.#blocks[branch], () =>
      literalTensor(value, dtype, this.#span, this.#el.site(this.#span)),
    );
  }

  #differ(a: Value, b: Value, name: string): never {
    const notes = [a, b].flatMap((value) =>
      value.kind === 'tensor' ? [{ message: describeKind(value), span: value.origin }] : [],
    );
    return this.#el.fail(
      'E6211',
      this.#span,
      `${name} is ${describeKind(a)} in one branch and ${describeKind(b)} in the other`,
      {
        notes,
        hint: 'which branch runs is only known at run time, so both must give the same type',
      },
    );
  }
}

function commonDType(a: 'int' | 'float' | 'bool', b: 'int' | 'float' | 'bool'): DType | undefined {
  if (a === 'bool' || b === 'bool') return a === b ? 'i1' : undefined;
  return a === 'int' && b === 'int' ? 'i32' : 'f32';
}
