/** Programs with marks for tests of the editor's questions: `¦` stands where the cursor is. */
import { DiagnosticError } from '../../../../ir/diagnostics/diagnostic.ts';
import { SourceFile, type Span } from '../../../../ir/source.ts';
import { analyse, type Analysis, type EditorFiles } from '../../../../compiler/dsl/editor/analysis.ts';
import { standardLibrary } from '../../../../compiler/dsl/standard-library.ts';

export interface Marked {
  readonly editor: EditorFiles;
  readonly offset: number;
}

/** `main.tess` without its mark, and other files beside it. */
export function marked(text: string, others: Readonly<Record<string, string>> = {}): Marked {
  const at = text.indexOf('¦');
  const files: Readonly<Record<string, string>> = { 'main.tess': text.replace('¦', ''), ...others };
  const open = (path: string): SourceFile => {
    const content = files[path];
    if (content === undefined) throw new DiagnosticError({ code: 'E5013', message: `${path}: no such file` });
    return new SourceFile(path, content);
  };
  const offset = new TextEncoder().encode(text.slice(0, Math.max(at, 0))).length;
  return { editor: { files: { open }, library: standardLibrary }, offset };
}

export function analysed({ editor }: Marked): Analysis {
  const analysis = analyse('main.tess', editor);
  if (analysis === undefined) throw new Error('main.tess is not there');
  return analysis;
}

/** `main.tess:3:5 name`. */
export function placeOf({ source, start, end }: Span): string {
  const { line, column } = source.lineColumn(start);
  return `${source.name}:${line}:${column} ${new TextDecoder().decode(source.bytes.subarray(start, end))}`.trimEnd();
}

/** A model, with a file that it uses. */
export const layers = `//! Layers of our own.

/// A dense layer: \`f32[n, d] -> f32[n, h]\`.
model Layer(d: int, h: int, rate: float = 0.5) {
  param weight: f32[d, h] = nn.glorot
  fn call[n](x: f32[n, d]) -> f32[n, h] = rate * x @ weight
}

/// Twice \`x\`.
fn double(x) = 2 * x
`;

export const net = `use "./layers.tess" (Layer, double)

export model Net {
  hidden: Layer(784, 64, rate: 0.25)
  head: nn.Dense(64, 10)

  fn logits[n](x: f32[n, 784]) -> f32[n, 10] {
    let h = x |> hidden |> relu
    head(double(h))
  }

  export fn predict[n](x: f32[n, 784]) -> (probs: f32[n, 10]) {
    let scores = logits(x)
    (probs: softmax(scores, axis: 1))
  }
}

test "adds up to 1" {
  let net = Net()
  let p = net.predict(ones(f32[2, 784])).probs
  assert_close(sum(p, axes: 1), ones(f32[2]), tolerance: 1e-5)
}
`;
