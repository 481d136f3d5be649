/** The pretty form of an op read by its definition's assembly. */
import type { OpParser, ParsedAssembly } from './op-parser.ts';

export function readAssembly(parser: OpParser): ParsedAssembly {
  throw parser.fail({ code: 'E1108', message: `${parser.definition.name} has only the generic form` });
}
