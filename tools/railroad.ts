// Railroad diagrams as SVG: a track from left to right through boxes; rounded boxes are text as it is written, square ones other diagrams.

export type Track =
  | { readonly kind: 'box'; readonly text: string; readonly isTerminal: boolean }
  | { readonly kind: 'sequence'; readonly parts: readonly Track[] }
  | { readonly kind: 'choice'; readonly parts: readonly Track[] }
  | { readonly kind: 'optional'; readonly part: Track }
  /** Once or more. */
  | { readonly kind: 'loop'; readonly part: Track };

/** What a track takes: its width, and how far it reaches above and below its line. In pixels. */
interface Size {
  readonly width: number;
  readonly up: number;
  readonly down: number;
}

const letterWidth = 8;
const boxHeight = 24;
const padding = 10;
const gap = 10;
const radius = 8;
const side = 2 * radius + 4;

function sizeOf(track: Track): Size {
  switch (track.kind) {
    case 'box':
      return { width: track.text.length * letterWidth + 2 * padding, up: boxHeight / 2, down: boxHeight / 2 };
    case 'sequence': {
      const sizes = track.parts.map(sizeOf);
      const width = sizes.reduce((sum, size) => sum + size.width + gap, -gap);
      return { width: Math.max(width, 0), up: most(sizes, 'up'), down: most(sizes, 'down') };
    }
    case 'choice': {
      const sizes = track.parts.map(sizeOf);
      const [first] = sizes;
      const below = sizes.slice(1).reduce((sum, { up, down }) => sum + gap + up + down, first?.down ?? 0);
      return { width: most(sizes, 'width') + 2 * side, up: first?.up ?? 0, down: below };
    }
    case 'optional': {
      const size = sizeOf(track.part);
      return { width: size.width + 2 * side, up: size.up + gap, down: size.down };
    }
    case 'loop': {
      const size = sizeOf(track.part);
      return { width: size.width + 2 * side, up: size.up, down: size.down + gap };
    }
    default:
      return track satisfies never;
  }
}

function most(sizes: readonly Size[], key: keyof Size): number {
  return Math.max(0, ...sizes.map((size) => size[key]));
}

/** The SVG elements of a track whose line starts at (x, y). */
function draw(track: Track, x: number, y: number): string[] {
  const { width } = sizeOf(track);
  switch (track.kind) {
    case 'box':
      return box(track.text, track.isTerminal, x, y, width);
    case 'sequence':
      return drawSequence(track.parts, x, y);
    case 'choice':
      return drawChoice(track.parts, x, y, width);
    case 'optional': {
      const size = sizeOf(track.part);
      return [...through(track.part, x, y, width), bypass(x, y, width, -(size.up + gap))];
    }
    case 'loop': {
      const size = sizeOf(track.part);
      return [...through(track.part, x, y, width), loopBack(x, y, width, size.down + gap)];
    }
    default:
      return track satisfies never;
  }
}

function box(text: string, isTerminal: boolean, x: number, y: number, width: number): string[] {
  const corner = isTerminal ? boxHeight / 2 : 0;
  const place = `x="${x}" y="${y - boxHeight / 2}" width="${width}" height="${boxHeight}" rx="${corner}"`;
  return [`<rect ${place}/>`, `<text x="${x + width / 2}" y="${y + 4}">${escaped(text)}</text>`];
}

function drawSequence(parts: readonly Track[], x: number, y: number): string[] {
  let at = x;
  return parts.flatMap((part, index) => {
    const { width } = sizeOf(part);
    const elements = draw(part, at, y);
    if (index > 0) elements.unshift(path(`M${at - gap} ${y}h${gap}`));
    at += width + gap;
    return elements;
  });
}

function drawChoice(parts: readonly Track[], x: number, y: number, width: number): string[] {
  let at = y;
  return parts.flatMap((part, index) => {
    const { up, down, width: own } = sizeOf(part);
    if (index > 0) at += up;
    const right = x + width - side;
    const elements = draw(part, x + side, at);
    if (index === 0) elements.push(path(`M${x} ${y}h${side}M${x + side + own} ${y}H${x + width}`));
    else {
      const drop = at - y - 2 * radius;
      const arc = `a${radius} ${radius} 0 0`;
      elements.push(
        path(`M${x} ${y}h2${arc} 1 ${radius} ${radius}v${drop}${arc} 0 ${radius} ${radius}h2`),
        path(
          `M${x + side + own} ${at}H${right}h2${arc} 0 ${radius} -${radius}v-${drop}${arc} 1 ${radius} -${radius}h2`,
        ),
      );
    }
    at += down + gap;
    return elements;
  });
}

function through(part: Track, x: number, y: number, width: number): string[] {
  return [path(`M${x} ${y}h${side}M${x + width - side} ${y}h${side}`), ...draw(part, x + side, y)];
}

/** From the start of a part to its end, above it. */
function bypass(x: number, y: number, width: number, rise: number): string {
  const drop = -rise - 2 * radius;
  const across = width - 4 * radius - 4;
  const arc = `a${radius} ${radius} 0 0`;
  return path(
    `M${x} ${y}h2${arc} 0 ${radius} -${radius}v-${drop}${arc} 1 ${radius} -${radius}h${across}${arc} 1 ${radius} ${radius}v${drop}${arc} 0 ${radius} ${radius}h2`,
  );
}

/** From the end of a part back to its start, below it. */
function loopBack(x: number, y: number, width: number, depth: number): string {
  const drop = depth - 2 * radius;
  const across = width - 2 * side;
  const arc = `a${radius} ${radius} 0 0`;
  return path(
    `M${x + width - side} ${y}${arc} 1 ${radius} ${radius}v${drop}${arc} 1 -${radius} ${radius}h-${across}${arc} 1 -${radius} -${radius}v-${drop}${arc} 1 ${radius} -${radius}`,
  );
}

function path(data: string): string {
  return `<path d="${data}"/>`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

const style =
  'rect{fill:#fff;stroke:#444}path{fill:none;stroke:#444}text{font:13px monospace;text-anchor:middle;fill:#111}.sheet{stroke:none}';

/** A whole diagram, with a bar at each end. */
export function railroadSvg(track: Track): string {
  const { width, up, down } = sizeOf(track);
  const [left, top] = [20, up + 10];
  const [right, height] = [left + width + 20, up + down + 20];
  const ends = path(`M8 ${top - 8}v16M8 ${top}H${left}M${left + width} ${top}H${right - 8}M${right - 8} ${top - 8}v16`);
  const body = [`<rect class="sheet" width="${right}" height="${height}"/>`, ends, ...draw(track, left, top)];
  const head = `<svg xmlns="http://www.w3.org/2000/svg" width="${right}" height="${height}" viewBox="0 0 ${right} ${height}">`;
  return `${head}\n<style>${style}</style>\n${body.join('\n')}\n</svg>\n`;
}
