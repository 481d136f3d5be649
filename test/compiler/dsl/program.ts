/** Programs as text for tests: loaded, elaborated, run on the reference evaluator. */
import { readFileSync } from 'node:fs';
import { checkProgram } from '../../../compiler/dsl/check-program.ts';
import { type ElaboratedProgram, elaborateProgram, type SizeChoice } from '../../../compiler/dsl/elaborate.ts';
import { type LibraryFiles, loadProgram, type Program } from '../../../compiler/dsl/load-program.ts';
import { programParameters } from '../../../compiler/dsl/program-parameters.ts';
import { renderDiagnostic } from '../../../compiler/diagnostics/render.ts';
import { DiagnosticError, DiagnosticSink } from '../../../ir/diagnostics/diagnostic.ts';
import { evaluateFunction } from '../../../ir/evaluator/interpreter.ts';
import { Tensor } from '../../../ir/evaluator/tensor.ts';
import { SourceFile } from '../../../ir/source.ts';
import { verify } from '../../../ir/verifier.ts';

const libraryFolder = new URL('../../../compiler/dsl/library/', import.meta.url);

export const diskLibrary: LibraryFiles = {
  read: (path) => {
    try {
      return readFileSync(new URL(path, libraryFolder), 'utf8');
    } catch {
      return undefined;
    }
  },
};

export interface Loaded {
  readonly program: Program | undefined;
  readonly sink: DiagnosticSink;
}

/** `main.tess` with this text, and other files beside it. */
export function load(text: string, others: Readonly<Record<string, string>> = {}): Loaded {
  const sink = new DiagnosticSink();
  const files: Readonly<Record<string, string>> = { 'main.tess': text, ...others };
  const open = (path: string): SourceFile => {
    const content = files[path];
    if (content === undefined) throw new DiagnosticError({ code: 'E5013', message: `${path}: no such file` });
    return new SourceFile(path, content);
  };
  return { program: loadProgram('main.tess', { open }, diskLibrary, sink), sink };
}

export function messages(sink: DiagnosticSink): string {
  return sink.all.map((diagnostic) => renderDiagnostic(diagnostic)).join('\n');
}

export interface ElaborationChoices {
  readonly dims?: Readonly<Record<string, SizeChoice>>;
  readonly set?: Readonly<Record<string, string>>;
  readonly only?: string;
}

/** Throws with the messages when something is wrong; what is made passes the verifier. */
export function elaborate(text: string, { dims = {}, set = {}, only }: ElaborationChoices = {}): ElaboratedProgram {
  const { program, sink } = load(text);
  const made =
    program === undefined || sink.hasErrors
      ? undefined
      : elaborateProgram(
          program,
          { dims: new Map(Object.entries(dims)), settings: new Map(Object.entries(set)), only },
          sink,
        );
  if (made === undefined) throw new Error(messages(sink));
  verify(made.module, sink);
  verify(made.initials, sink);
  if (sink.hasErrors) throw new Error(messages(sink));
  return made;
}

/** What the checker says of a program. */
export function check(text: string, others: Readonly<Record<string, string>> = {}): DiagnosticSink {
  const { program, sink } = load(text, others);
  if (program !== undefined) checkProgram(program, sink);
  return sink;
}

/** What the only exported function (or `only`) gives on the reference evaluator: numbers by the names of its outputs. */
export function run(
  text: string,
  inputs: Readonly<Record<string, Tensor>> = {},
  choices: ElaborationChoices = {},
): Readonly<Record<string, readonly number[]>> {
  const made = elaborate(text, choices);
  const [fn] = made.functions;
  if (fn === undefined) throw new Error('nothing is exported');
  const initial = new Map(programParameters(made).map((parameter) => [parameter.name, parameter]));
  const args = fn.inputs.map(({ name }) => inputs[name] ?? initial.get(name)?.initial(0n));
  const missing = fn.inputs.find((_, index) => args[index] === undefined);
  if (missing !== undefined) throw new Error(`no value for ${missing.name}`);
  const results = evaluateFunction(
    made.module,
    fn.name,
    args.filter((arg) => arg !== undefined),
  );
  return Object.fromEntries(
    fn.outputs.map(({ name }, index) => {
      const value = results[index];
      return [name, value?.kind === 'tensor' ? Array.from(value.values, Number) : []];
    }),
  );
}

/** `f32[n]`, or a scalar of one number. */
export function floats(...values: readonly number[]): Tensor {
  return new Tensor('f32', [values.length], Float32Array.from(values));
}

export function scalar(value: number, dtype: 'f32' | 'i32' = 'f32'): Tensor {
  return new Tensor(dtype, [], dtype === 'f32' ? Float32Array.of(value) : Int32Array.of(value));
}
