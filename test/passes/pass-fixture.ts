/** What tests of passes share: text in, a pass over it, text out; and whether two programs compute the same. */
import { DiagnosticSink } from '../../ir/diagnostics/diagnostic.ts';
import type { Operation } from '../../ir/operation.ts';
import { SourceFile } from '../../ir/source.ts';
import { parseModule } from '../../ir/text/parser.ts';
import { printModule } from '../../ir/text/printer.ts';
import { verify } from '../../ir/verifier.ts';
import { runPasses } from '../../passes/pass-manager.ts';
import type { Pass, PassOptions } from '../../passes/pass.ts';

/** The verified module of a text; throws what is wrong with it. */
export function load(text: string): Operation {
  const sink = new DiagnosticSink();
  const parsed = parseModule(new SourceFile('test.mlir', text), sink);
  if (parsed !== undefined) verify(parsed.root, sink);
  if (parsed === undefined || sink.hasErrors) throw new Error(messages(sink).join('\n') + `\nin\n${text}`);
  return parsed.root;
}

function messages(sink: DiagnosticSink): string[] {
  return sink.all.map(({ code, message }) => `${code} ${message}`);
}

/** The text as the printer writes it: what two texts of the same module share. */
export function normalized(text: string): string {
  return printModule(load(text));
}

export interface Outcome {
  readonly text: string;
  readonly changed: boolean;
  /** Messages of remarks, warnings and errors. */
  readonly remarks: readonly string[];
}

/** Runs a pass over a module in text; the module is verified after. */
export function runPass(pass: Pass, text: string, options: PassOptions = {}): Outcome {
  const module = load(text);
  const sink = new DiagnosticSink();
  const [report] = runPasses(module, [{ pass, options }], sink);
  const remarks = sink.all.map(({ message }) => message);
  return { text: printModule(module), changed: report?.changed ?? false, remarks };
}

/** A function `@f` around a signature and the lines of its body. */
export function inFunction(signature: string, body: string): string {
  return `func.func @f${signature} {\n${body}\n}`;
}
