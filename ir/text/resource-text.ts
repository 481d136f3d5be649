/** The section at the end of a file that holds the payloads of `dense_resource`. */
import { writeResourceBlob } from './dense-text.ts';
import { keyText } from './name-text.ts';
import type { TextSink } from './text-sink.ts';

export function writeResources(sink: TextSink): void {
  if (sink.resources.size === 0) return;
  sink.write('\n{-#\n  dialect_resources: {\n    builtin: {\n');
  let separator = '';
  for (const [key, { alignment, bytes }] of sink.resources) {
    sink.write(`${separator}      ${keyText(key)}: `);
    writeResourceBlob(sink, alignment, bytes);
    separator = ',\n';
  }
  sink.write('\n    }\n  }\n#-}\n');
}
