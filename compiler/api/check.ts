/** Checking in memory: what `tessera check` does. */
import { checkModel } from '../driver/load-model.ts';
import { filesOf, type ModelSource } from './model-source.ts';
import { type Failure, failureOf, type Report, reportOf } from './outcome.ts';

export interface Checked extends Report {
  readonly ok: true;
}

/** Reads and verifies a model, and says all that is wrong with it. */
export function check(source: ModelSource): Checked | Failure {
  const sink = checkModel(source.main, { files: filesOf(source), isSplit: false });
  return sink.hasErrors ? failureOf(sink) : { ok: true, ...reportOf(sink) };
}
