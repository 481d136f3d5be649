/** `tessera params MODEL`: the parameters and the state of a program's model, as a table. */
import { dtypeText } from '../../dsl/semantics/type-text.ts';
import { readParameters } from '../../driver/load-model.ts';
import { type ModelParameters, parameterBytes, totalsOf } from '../../driver/model-parameters.ts';
import type { RegisterCommand } from '../command.ts';
import type { ExitCode } from '../exit-code.ts';
import { collectValues, parseSettings } from '../option-values.ts';
import { diskFiles } from '../read-file.ts';
import { showDiagnostics } from '../show-diagnostics.ts';
import type { Terminal } from '../terminal.ts';

interface ParamsOptions {
  readonly set?: readonly string[];
  readonly json?: boolean;
}

export const registerParams: RegisterCommand = (program, context) => {
  program
    .command('params')
    .summary('list the parameters of a model')
    .description(
      'Lists what weights a model takes: names (which are those of a safetensors file), dtypes, shapes, elements and bytes. ' +
        'A .mlir file has none: its weights are constants or arguments.',
    )
    .argument('<model>', 'a .tess file')
    .option('--set <name=value>', 'a compile-time parameter of the model (repeatable)', collectValues)
    .option('--json', 'write the list as JSON')
    .action(context.action((path: string, options: ParamsOptions) => params(path, options, context.terminal)));
};

function params(path: string, { set, json }: ParamsOptions, terminal: Terminal): ExitCode {
  const { sink, module, parameters } = readParameters(path, diskFiles, parseSettings(set));
  if (module !== undefined) terminal.out(json === true ? jsonText(parameters ?? []) : tableText(parameters ?? []));
  return showDiagnostics(sink, terminal);
}

function jsonText(parameters: ModelParameters): string {
  const list = parameters.map(({ name, dtype, shape, role, ...rest }) => ({
    name,
    role,
    dtype: dtypeText(dtype),
    shape,
    elements: elementsOf(shape),
    bytes: parameterBytes({ dtype, shape, ...rest }),
  }));
  return `${JSON.stringify({ parameters: list, ...totalsOf(parameters) }, undefined, 1)}\n`;
}

const header = ['name', 'dtype', 'shape', 'elements', 'bytes', ''];

function tableText(parameters: ModelParameters): string {
  if (parameters.length === 0) return 'no parameters\n';
  const rows = parameters.map((parameter) => {
    const { name, dtype, shape, role } = parameter;
    const sizes = [elementsOf(shape), parameterBytes(parameter)].map(grouped);
    return [name, dtypeText(dtype), `[${shape.join(', ')}]`, ...sizes, role === 'state' ? 'state' : ''];
  });
  const { count, elements, bytes } = totalsOf(parameters);
  const total = [`${count} in all`, '', '', grouped(elements), grouped(bytes), ''];
  const lines = [header, ...rows, total];
  const widths = header.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  return lines
    .map(
      (line) =>
        `${line
          .map((cell, column) => padded(cell, widths[column] ?? 0, column))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('');
}

/** Numbers stand at the right. */
function padded(cell: string, width: number, column: number): string {
  return column === 3 || column === 4 ? cell.padStart(width) : cell.padEnd(width);
}

function elementsOf(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** `1234567` -> `1,234,567`, wherever this runs. */
function grouped(count: number): string {
  return String(count).replaceAll(/\B(?=(?:\d{3})+$)/g, ',');
}
