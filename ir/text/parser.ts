/**
 * Text to module: MLIR's generic form and the pretty forms of the ops' definitions. What is wrong is reported to the sink, several
 * mistakes in one run; nothing is thrown for bad input.
 */
import type { Attribute, ResourceBlob } from '../attributes.ts';
import { type DiagnosticSink, invariant } from '../diagnostics/diagnostic.ts';
import { fileLocation, type Location } from '../location.ts';
import { Block, Operation, Region } from '../operation.ts';
import { lookupOp } from '../ops/registry.ts';
import type { SourceFile } from '../source.ts';
import type { Type } from '../types.ts';
import { AliasTable } from './aliases.ts';
import { assemblyReader } from './assembly-reader.ts';
import { parseAttribute as parseAttributeAt } from './attribute-parser.ts';
import { checkBlob } from './dense-parser.ts';
import { parseLocation as parseLocationAt } from './location-parser.ts';
import { OperationParser } from './operation-parser.ts';
import { ParseFailure } from './op-parser.ts';
import type { ParserContext } from './parser-context.ts';
import { parseFileMetadata, ResourceTable } from './resources.ts';
import { SliceTable } from './slice-table.ts';
import { splitSources } from './split-source.ts';
import { TokenStream } from './token-stream.ts';
import { parseType as parseTypeAt } from './type-parser.ts';

export { splitSources };

export interface ParsedModule {
  /** A `builtin.module`: the one in the text, or one made around several ops or none. */
  readonly root: Operation;
  /** By key, as the file's metadata declares them. */
  readonly resources: ReadonlyMap<string, ResourceBlob>;
  /**
   * Functions in which something was not read: broken ops are missing in them, and stand-ins take the place of values. What else a
   * verifier says about them may be a consequence.
   */
  readonly unread: ReadonlySet<Operation>;
}

/** Reads one module. Undefined when too much is wrong to give any; with errors in the sink it may be incomplete. */
export function parseModule(source: SourceFile, sink: DiagnosticSink): ParsedModule | undefined {
  return guarded(source, sink, (parser) => parser.parseModule());
}

/** Reads the modules of a file split by `// -----`, each on its own. */
export function parseModules(source: SourceFile, sink: DiagnosticSink): (ParsedModule | undefined)[] {
  return splitSources(source).map((part) => parseModule(part, sink));
}

/** Reads a text that is one type. */
export function parseType(source: SourceFile, sink: DiagnosticSink): Type | undefined {
  return parseAlone(source, sink, (context) => context.parseType());
}

/** Reads a text that is one attribute. */
export function parseAttribute(source: SourceFile, sink: DiagnosticSink): Attribute | undefined {
  return parseAlone(source, sink, (context) => context.parseAttribute());
}

function parseAlone<T>(source: SourceFile, sink: DiagnosticSink, parse: (context: ParserContext) => T): T | undefined {
  return guarded(source, sink, (parser) => {
    const value = parse(parser);
    if (parser.tokens.kind !== 'end') throw parser.tokens.expected('the end of the text');
    return parser.tokens.errorCount > 0 ? undefined : value;
  });
}

function guarded<T>(source: SourceFile, sink: DiagnosticSink, parse: (parser: TextParser) => T): T | undefined {
  const parser = new TextParser(source, sink);
  try {
    return parse(parser);
  } catch (error) {
    if (error instanceof ParseFailure) return undefined;
    throw error;
  } finally {
    parser.tokens.flush();
  }
}

/** One run of the reader over one part of a source. */
class TextParser implements ParserContext {
  readonly tokens: TokenStream;
  readonly aliases = new AliasTable();
  readonly resources = new ResourceTable();
  readonly knownTypes: SliceTable<Type>;

  constructor(source: SourceFile, sink: DiagnosticSink) {
    this.tokens = new TokenStream(source, sink);
    this.knownTypes = new SliceTable(source.bytes);
  }

  parseType(): Type {
    return parseTypeAt(this);
  }

  parseAttribute(expectedType?: Type): Attribute {
    return parseAttributeAt(this, expectedType);
  }

  parseLocation(): Location {
    return parseLocationAt(this);
  }

  parseModule(): ParsedModule {
    const { tokens } = this;
    const operations = new OperationParser(this, assemblyReader);
    const block = new Block();
    for (;;) {
      operations.parseOps(block, () => this.#parseTopLevel());
      if (tokens.kind === 'end') break;
      tokens.report({ code: 'E1303', message: "'}' closes nothing" });
      if (tokens.isFull) break;
      while (tokens.consumeIf('}'));
      tokens.openBraces = 0;
    }
    operations.names.close();
    this.resources.link((attribute, at) => checkBlob(tokens, attribute, at));
    const { blobs } = this.resources;
    return { root: this.#toModule(block), resources: blobs, unread: operations.unread };
  }

  /** An alias definition or the file's metadata, where the current token starts one. */
  #parseTopLevel(): boolean {
    const { kind } = this.tokens;
    if (kind === 'attribute-name') this.#parseAttributeAlias();
    else if (kind === 'type-name') this.#parseTypeAlias();
    else if (kind === '{-#') parseFileMetadata(this.tokens, this.resources);
    else return false;
    return true;
  }

  /** `#name = attribute`. An alias that was used before has been read already. */
  #parseAttributeAlias(): void {
    const { tokens, aliases } = this;
    const { tokenText: name } = tokens;
    this.#expectAliasName(name);
    const value = this.parseAttribute();
    aliases.attributes.set(name, value);
  }

  #parseTypeAlias(): void {
    const { tokens, aliases } = this;
    const { tokenText: name } = tokens;
    this.#expectAliasName(name);
    const value = this.parseType();
    aliases.types.set(name, value);
  }

  #expectAliasName(name: string): void {
    const { tokens, aliases } = this;
    const at = { start: tokens.start, end: tokens.end };
    tokens.advance();
    if (name.includes('.')) {
      tokens.report({ code: 'E1806', message: `an alias cannot have a dot in its name: '${name}'` }, at);
    }
    tokens.expect('=');
    const first = aliases.definition(tokens, name);
    if (first !== undefined && first < at.start) {
      tokens.report(
        {
          code: 'E1503',
          message: `the alias '${name}' is defined twice`,
          notes: [{ message: 'first defined here', span: tokens.span(first - 1, first) }],
        },
        at,
      );
    }
  }

  /** The only op when it is a module, else a module around the ops. */
  #toModule(block: Block): Operation {
    const only = block.size === 1 ? block.first : undefined;
    if (only?.name === 'builtin.module') {
      only.detach();
      return only;
    }
    const definition = lookupOp('builtin.module');
    invariant(definition !== undefined, 'builtin.module has no definition');
    const { source } = this.tokens;
    return new Operation(definition, {
      regions: [new Region(block)],
      location: fileLocation(source.name, 1, 1),
      span: this.tokens.span(this.tokens.origin, this.tokens.limit),
    });
  }
}
