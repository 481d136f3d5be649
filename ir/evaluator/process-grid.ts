/**
 * The simulated machine: a grid of replicas x partitions (spec.md, "Execution"). Each process is a generator that yields a `Wait`
 * where it needs another one; the scheduler resumes them in turn, so that a run is deterministic, and reports a deadlock when
 * all that are left wait.
 */
import { invariant } from '../diagnostics/diagnostic.ts';
import type { EvaluationContext, ProcessHandle, ProcessId, RuntimeValue, Wait, Waiting } from './runtime-value.ts';

export type Program = Waiting<readonly RuntimeValue[]>;

/** Processes that meet at a collective. */
interface Meeting {
  readonly arrived: Map<string, readonly RuntimeValue[]>;
  readonly size: number;
}

/** A channel between a sender and a receiver: filled by `send`, emptied by `receive`. */
interface Channel {
  waitingReceivers: number;
  readonly messages: (readonly RuntimeValue[])[];
}

export class ProcessGrid {
  readonly replicaCount: number;
  readonly partitionCount: number;
  readonly outfeed: (readonly RuntimeValue[])[] = [];
  readonly #infeed: readonly string[];
  #infeedPosition = 0;
  readonly #meetings = new Map<string, Meeting>();
  readonly #channels = new Map<number, Channel>();

  constructor(replicaCount: number, partitionCount: number, infeed: readonly string[] = []) {
    this.replicaCount = replicaCount;
    this.partitionCount = partitionCount;
    this.#infeed = infeed;
  }

  process(replica: number, partition: number): ProcessHandle {
    return new Process(this, { replica, partition });
  }

  nextInfeed(): string | undefined {
    return this.#infeed[this.#infeedPosition++];
  }

  /** Brings `values` to the current meeting of a group; the last to come closes it, so that the next one is a new meeting. */
  arrive(key: string, size: number, self: string, values: readonly RuntimeValue[]): Meeting | undefined {
    const meeting = this.#meetings.get(key) ?? { arrived: new Map(), size };
    if (meeting.arrived.has(self)) return undefined;
    meeting.arrived.set(self, values);
    if (meeting.arrived.size === meeting.size) this.#meetings.delete(key);
    else this.#meetings.set(key, meeting);
    return meeting;
  }

  channel(id: number): Channel {
    const known = this.#channels.get(id);
    if (known !== undefined) return known;
    const channel: Channel = { waitingReceivers: 0, messages: [] };
    this.#channels.set(id, channel);
    return channel;
  }
}

class Process implements ProcessHandle {
  readonly replicaId: number;
  readonly partitionId: number;
  readonly #grid: ProcessGrid;

  constructor(grid: ProcessGrid, id: ProcessId) {
    this.#grid = grid;
    this.replicaId = id.replica;
    this.partitionId = id.partition;
  }

  get replicaCount(): number {
    return this.#grid.replicaCount;
  }

  get partitionCount(): number {
    return this.#grid.partitionCount;
  }

  *rendezvous(
    context: EvaluationContext,
    group: readonly ProcessId[],
    channel: number,
    values: readonly RuntimeValue[],
  ): Waiting<readonly (readonly RuntimeValue[])[]> {
    const names = group.map(describeProcess);
    const self = describeProcess({ replica: this.replicaId, partition: this.partitionId });
    const meeting = this.#grid.arrive(`${channel}:${names.join('')}`, group.length, self, values);
    if (meeting === undefined) throw context.failure('E4011', `process ${self} arrives twice at one collective`);
    while (meeting.arrived.size < meeting.size) {
      const missing = names.filter((name) => !meeting.arrived.has(name)).join(', ');
      yield wait(context, `process ${self} waits for ${missing}`, () => meeting.arrived.size === meeting.size);
    }
    return names.map((name) => meeting.arrived.get(name) ?? []);
  }

  *send(context: EvaluationContext, channelId: number, values: readonly RuntimeValue[]): Waiting<void> {
    const channel = this.#grid.channel(channelId);
    const isAwaited = (): boolean => channel.waitingReceivers > channel.messages.length;
    while (!isAwaited()) yield wait(context, `a send on channel ${channelId} waits for its recv`, isAwaited);
    channel.messages.push(values);
  }

  *receive(context: EvaluationContext, channelId: number): Waiting<readonly RuntimeValue[]> {
    const channel = this.#grid.channel(channelId);
    const hasMessage = (): boolean => channel.messages.length > 0;
    channel.waitingReceivers++;
    while (!hasMessage()) yield wait(context, `a recv on channel ${channelId} waits for its send`, hasMessage);
    channel.waitingReceivers--;
    const message = channel.messages.shift();
    invariant(message !== undefined, 'a channel reported a message it does not have');
    return message;
  }

  nextInfeed(): string | undefined {
    return this.#grid.nextInfeed();
  }

  outfeed(values: readonly RuntimeValue[]): void {
    this.#grid.outfeed.push(values);
  }
}

/** `(0, 1)`: replica and partition. */
export function describeProcess(id: ProcessId): string {
  return `(${id.replica}, ${id.partition})`;
}

function wait(context: EvaluationContext, reason: string, isReady: () => boolean): Wait {
  return { reason, isReady, deadlock: (all) => context.failure('E4007', `no process can go on: ${all}`) };
}

/** Runs the programs of all processes to their end, in turn; their results in the order given. */
export function runProcesses(programs: readonly Program[]): readonly (readonly RuntimeValue[])[] {
  const results: (readonly RuntimeValue[] | undefined)[] = programs.map(() => undefined);
  const waits = new Map<Program, Wait>();
  const running = new Map(programs.map((program, index) => [program, index]));
  while (running.size > 0) {
    let hasProgress = false;
    for (const [program, index] of running) {
      if (waits.get(program)?.isReady() === false) continue;
      hasProgress = true;
      const step = program.next();
      if (step.done === true) {
        results[index] = step.value;
        running.delete(program);
        waits.delete(program);
      } else waits.set(program, step.value);
    }
    if (!hasProgress) reportDeadlock([...waits.values()]);
  }
  return results.map((result) => result ?? []);
}

function reportDeadlock(waits: readonly Wait[]): never {
  const [first] = waits;
  invariant(first !== undefined, 'no process is left, yet some run');
  throw first.deadlock(waits.map((other) => other.reason).join('; '));
}
