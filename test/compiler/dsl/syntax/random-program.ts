/** Random programs as text, with line breaks and comments wherever they may stand. */
import fc from 'fast-check';

/** A place where a line break means nothing: `space` is replaced by one of these. */
const space = '\u0000';
const spaces = [' ', ' ', ' ', '', '\n', ' // c\n', '\n  // own line\n', '\n\n\n'];

const name = fc.constantFrom('x', 'y', 'weights', 'nn', 'state', 'model', 'a_rather_long_name_of_a_value', 'T', '_b1');
const literal = fc.constantFrom('0', '1_000', '0xff', '1.5', '1e-5', '"same"', '"a \\n \\" b"', 'true', 'false', 'inf');
const infix = fc.constantFrom('|>', 'or', 'and', '+', '-', '*', '/', '%', '@', '**');
const comparison = fc.constantFrom('==', '!=', '<', '<=', '>', '>=');

function list(element: fc.Arbitrary<string>, { min = 0, max = 3 } = {}): fc.Arbitrary<string> {
  const elements = fc.array(element, { minLength: min, maxLength: max });
  return fc.tuple(elements, fc.boolean()).map(([parts, comma]) => {
    const trailing = comma && parts.length > 0 ? `${space},` : '';
    return `${space}${parts.join(`${space},${space}`)}${trailing}${space}`;
  });
}

/** Past this depth of a choice the first of its alternatives is taken, which is the simplest. */
const limit = { maxDepth: 4, depthIdentifier: fc.createDepthIdentifier() };

type Part =
  | 'atom'
  | 'operand'
  | 'expression'
  | 'type'
  | 'argument'
  | 'named'
  | 'indexItem'
  | 'pattern'
  | 'parameter'
  | 'block'
  | 'statement'
  | 'fn'
  | 'member'
  | 'item';

const { item } = fc.letrec<Record<Part, string>>((tie: (part: Part) => fc.Arbitrary<string>) => {
  const expression = tie('expression');
  const group = expression.map((inner) => `(${space}${inner}${space})`);
  const block = tie('block');
  return {
    atom: fc.oneof(limit, name, literal, group),
    operand: fc.oneof(
      limit,
      { arbitrary: tie('atom'), weight: 4 },
      fc.tuple(fc.oneof(limit, name, group), fc.oneof(limit, list(tie('argument')), list(tie('named')))).map(([callee, list]) => `${callee}(${list})`),
      fc.tuple(fc.oneof(limit, name, group), list(tie('indexItem'), { min: 1 })).map(([operand, items]) => `${operand}[${items}]`),
      fc.tuple(fc.oneof(limit, name, group), fc.constantFrom('weight', '0', '1')).map(([operand, member]) => `${operand}.${member}`),
      fc.tuple(fc.constantFrom('-', 'not ', '--'), tie('atom')).map(([sign, operand]) => `(${sign}${operand})`),
      list(expression, { min: 2 }).map((elements) => `(${elements})`),
      list(fc.tuple(name, expression).map(([field, value]) => `${field}:${space}${value}`), { min: 1 }).map((fields) => `(${fields})`),
      expression.map((only) => `(${only},)`),
      fc.constantFrom('()', '[]'),
      list(expression).map((elements) => `[${elements}]`),
      fc.tuple(expression, expression).map(([value, count]) => `[${value};${space}${count}]`),
      fc
        .tuple(expression, tie('pattern'), expression, fc.option(expression))
        .map(([value, pattern, sequence, condition]) => {
          const filter = condition === null ? '' : `${space} if ${space}${condition}`;
          return `[${value}${space} for ${pattern} in${space} ${sequence}${filter}${space}]`;
        }),
      fc
        .tuple(expression, block, fc.option(block))
        .map(([condition, then, otherwise]) => `(if (${condition}) ${then}${otherwise === null ? '' : ` else ${otherwise}`})`),
      fc.tuple(list(tie('parameter')), expression).map(([parameters, body]) => `(fn(${parameters}) =${space} ${body})`),
      fc.tuple(list(tie('parameter')), block).map(([parameters, body]) => `fn(${parameters}) ${body}`),
      block.map((inner) => `(${inner})`),
    ),
    expression: fc.oneof(
      limit,
      { arbitrary: tie('operand'), weight: 3 },
      fc
        .tuple(tie('operand'), fc.array(fc.tuple(infix, tie('operand')), { minLength: 1, maxLength: 5 }))
        .map(([first, rest]) => first + rest.map(([sign, operand]) => `${space} ${sign} ${space}${operand}`).join('')),
      fc.tuple(tie('operand'), comparison, tie('operand')).map(([lhs, sign, rhs]) => `${lhs} ${sign}${space} ${rhs}`),
      fc.tuple(tie('atom'), tie('atom'), fc.option(tie('atom'))).map(([lower, upper, step]) => {
        return `(${lower}..${upper}${step === null ? '' : ` by ${step}`})`;
      }),
      fc.tuple(tie('atom'), tie('atom')).map(([base, exponent]) => `${base} ** -${exponent}`),
    ),
    type: fc.oneof(
      limit,
      fc.constantFrom('f32', 'i32[n, 4*h]', 'f32[...s, 2 * (n + 1)]', '(k: f32[n], v: bool)', '[Kv[n, t]; depth]', 'tree'),
      fc.tuple(list(tie('type'), { max: 2 }), tie('type')).map(([parameters, result]) => `fn(${parameters}) ->${space} ${result}`),
    ),
    argument: fc.oneof(limit, 
      expression,
      name.map((place) => `&${place}[0].x`),
    ),
    named: fc.tuple(name, expression).map(([field, value]) => `${field}:${space}${value}`),
    indexItem: fc.oneof(limit, 
      expression,
      fc.constantFrom(':', '...', '...s', 'new', '-1', ': by 2', '..', '.. by 3'),
      fc.tuple(tie('atom'), tie('atom')).map(([lower, upper]) => `${lower}..${upper}`),
      tie('atom').map((upper) => `..${upper} by 2`),
      tie('atom').map((lower) => `${lower}..`),
    ),
    pattern: fc.oneof(
      limit,
      fc.constantFrom('x', 'y', '_'),
      fc.array(tie('pattern'), { minLength: 1, maxLength: 3 }).map((elements) => `(${elements.join(', ')}${elements.length === 1 ? ',' : ''})`),
    ),
    parameter: fc.tuple(fc.constantFrom('', 'static ', 'inout '), name, fc.option(tie('type')), fc.option(expression)).map(
      ([mode, name, type, value]) =>
        `${mode}${name}${type === null ? '' : `: ${type}`}${value === null ? '' : ` =${space} ${value}`}`,
    ),
    block: fc.oneof(limit, 
      tie('statement').map((only) => `{ ${only} }`),
      fc.array(tie('statement'), { maxLength: 3 }).map((statements) => `{${statements.map((one) => `\n${one}\n`).join('')}\n// last\n}`),
      fc.constant('{}'),
    ),
    statement: fc.oneof(
      limit,
      fc.tuple(fc.constantFrom('let', 'var'), tie('pattern'), fc.option(tie('type')), expression).map(
        ([keyword, pattern, type, value]) => `${keyword} ${pattern}${type === null ? '' : `: ${type}`} =${space} ${value}`,
      ),
      expression,
      fc.tuple(fc.constantFrom('x', 'kv.k[:, pos]', '(m, v)'), expression).map(([place, value]) => `${place} := ${value}`),
      fc.tuple(tie('pattern'), expression, block).map(([pattern, sequence, body]) => `for ${pattern} in (${sequence}) ${body}`),
      fc.tuple(expression, block).map(([condition, body]) => `while (${condition}) ${body}`),
      fc.tuple(expression, block, block).map(([condition, a, b]) => `if (${condition}) ${a} else if x ${b} else {}`),
    ),
    fn: fc
      .tuple(fc.constantFrom('', 'export ', 'export mut '), fc.constantFrom('', '[n]', '[P: tree, ...s, T: dtype]'), list(tie('parameter')), fc.option(tie('type')), fc.oneof(block, expression.map((body) => `=${space} ${body}`)))
      .map(([words, binders, parameters, result, body]) => `${words}fn f${binders}(${parameters})${result === null ? '' : ` -> ${result}`} ${body}`),
    member: fc.oneof(limit, 
      tie('fn'),
      fc.tuple(tie('type'), fc.option(expression)).map(([type, value]) => `param w: ${type}${value === null ? '' : ` = ${value}`}`),
      fc.tuple(tie('type'), expression).map(([type, value]) => `@name("a.b")\nstate s: ${type} = ${value}`),
      fc.constant('state key // a key'),
      expression.map((value) => `sub: ${value}`),
      expression.map((value) => `let size = ${value}`),
      expression.map((value) => `export train step = ${value}`),
    ),
    item: fc.oneof(limit, 
      tie('fn'),
      fc
        .tuple(list(tie('parameter')), fc.array(tie('member'), { maxLength: 4 }))
        .map(([parameters, members]) => `/// About it.\nmodel M(${parameters}) {\n${members.join('\n\n')}\n}`),
      tie('type').map((type) => `type T[n] = ${type}`),
      expression.map((value) => `let x = ${value}`),
      block.map((body) => `test "works" ${body}`),
      fc.constantFrom('use nn', 'use nn.losses as l', 'use "./f.tess" (a, b)'),
    ),
  };
}); // prettier-ignore

/** Programs without syntax errors. */
export const randomProgram: fc.Arbitrary<string> = fc
  .tuple(fc.array(item, { minLength: 1, maxLength: 4 }), fc.infiniteStream(fc.nat(spaces.length - 1)))
  .map(([items, choices]) => {
    const text = items.join('\n// between\n\n');
    return text.replaceAll(space, () => spaces[choices.next().value ?? 0] ?? ' ');
  });
