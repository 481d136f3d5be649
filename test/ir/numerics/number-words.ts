/** Numbers as the tables of special values write them: decimal literals, `inf`, `nan`, `max`, and some multiples of pi. */

const names: Readonly<Record<string, number>> = {
  inf: Infinity,
  nan: Number.NaN,
  max: Number.MAX_VALUE,
  pi: Math.PI,
  'pi/2': Math.PI / 2,
  'pi/4': Math.PI / 4,
  '3pi/4': 2.356194490192345,
};

/** The numbers that `words`, separated by blanks, stand for; signs may stand before names too. */
export function readNumbers(words: string): readonly number[] {
  return words.split(' ').map(readNumber);
}

function readNumber(word: string): number {
  if (word.startsWith('-')) return -readNumber(word.slice(1));
  return names[word] ?? Number(word);
}
