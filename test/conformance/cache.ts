/**
 * Verdicts remembered by content: the text of the case, the compiled code of the compiler, target and passes. A change
 * anywhere runs the case again.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Status, TargetWork } from './verdict.ts';

export interface CachedVerdict {
  readonly status: Status;
  readonly message: string;
  /** On compiled targets. */
  readonly work?: TargetWork;
}

/** SHA-256 over all compiled files below these folders, names and contents. */
export function hashCode(folders: readonly string[]): string {
  const hash = createHash('sha256');
  for (const folder of folders) hashFolder(folder, hash);
  return hash.digest('hex');
}

function hashFolder(folder: string, hash: ReturnType<typeof createHash>): void {
  for (const entry of readdirSync(folder).sort()) {
    const path = join(folder, entry);
    if (statSync(path).isDirectory()) hashFolder(path, hash);
    else if (entry.endsWith('.js')) hash.update(entry).update(readFileSync(path));
  }
}

export class VerdictCache {
  readonly #path: string;
  readonly #salt: string;
  readonly #verdicts: Record<string, CachedVerdict>;
  #dirty = false;

  constructor(path: string, salt: string) {
    this.#path = path;
    this.#salt = salt;
    this.#verdicts = read(path, salt);
  }

  key(text: string): string {
    return createHash('sha256').update(this.#salt).update(text).digest('hex').slice(0, 32);
  }

  get(key: string): CachedVerdict | undefined {
    return this.#verdicts[key];
  }

  set(key: string, verdict: CachedVerdict): void {
    this.#verdicts[key] = verdict;
    this.#dirty = true;
  }

  save(): void {
    if (!this.#dirty) return;
    mkdirSync(dirname(this.#path), { recursive: true });
    const temporary = `${this.#path}.${process.pid}`;
    writeFileSync(temporary, JSON.stringify({ salt: this.#salt, verdicts: this.#verdicts }));
    renameSync(temporary, this.#path);
  }
}

/** A cache written by another state of the code starts empty. */
function read(path: string, salt: string): Record<string, CachedVerdict> {
  if (!existsSync(path)) return {};
  try {
    const stored: unknown = JSON.parse(readFileSync(path, 'utf8'));
    if (!isStored(stored) || stored.salt !== salt) return {};
    return stored.verdicts;
  } catch {
    return {};
  }
}

function isStored(value: unknown): value is { salt: string; verdicts: Record<string, CachedVerdict> } {
  return typeof value === 'object' && value !== null && 'salt' in value && 'verdicts' in value;
}
