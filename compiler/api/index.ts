/** `import { compile } from 'tessera'`: the compiler as a library, in Node and in browsers. docs/embedding.md shows how. */
export type { InputArray, OutputArray, ArrayData } from './arrays.ts';
export { check, type Checked } from './check.ts';
export {
  type ArtifactFile,
  type Compilation,
  compile,
  type CompileOptions,
  type StageKind,
  type StageOptions,
  type StageText,
} from './compile.ts';
export type { DimensionSize, ModelOptions } from './model-options.ts';
export type { ModelSource, VirtualFiles } from './model-source.ts';
export type { Failure, Report } from './outcome.ts';
export { parameters, type Parameter, type ParameterList } from './parameters.ts';
export { run, type Run, type RunOptions } from './run.ts';
export type { DiagnosticData, NoteData, PlaceData } from '../diagnostics/diagnostic-data.ts';
