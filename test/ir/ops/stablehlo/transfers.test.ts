import { describe, expect, it } from 'vitest';
import { problems, run, values } from '../run-text.ts';

const handle = (channel: number, type: number) =>
  `channel_handle = #stablehlo.channel_handle<handle = ${channel}, type = ${type}>`;
const token = '!stablehlo.token';

describe('send and recv', () => {
  const pair = (sent: string, received: string) => `func.func @main() -> tensor<i32> {
  %x = stablehlo.constant dense<7> : tensor<i32>
  %token = stablehlo.after_all : ${token}
  %r:2 = "interpreter.run_parallel"(%x, %token, %token) {programs = [[@f], [@g]]} : (tensor<i32>, ${token}, ${token}) -> (${token}, tensor<i32>)
  return %r#1 : tensor<i32>
}
func.func private @f(%x: tensor<i32>, %token: ${token}) -> ${token} {
  %r = "stablehlo.send"(%x, %token) {${sent}} : (tensor<i32>, ${token}) -> ${token}
  return %r : ${token}
}
func.func private @g(%token: ${token}) -> tensor<i32> {
  %r:2 = "stablehlo.recv"(%token) {${received}} : (${token}) -> (tensor<i32>, ${token})
  return %r#0 : tensor<i32>
}`;

  it('meet on a channel', () => {
    expect(values(pair(handle(4, 1), handle(4, 1)))).toEqual([[7]]);
  });

  it('wait in vain on different channels', () => {
    expect(() => run(pair(handle(4, 1), handle(5, 1)))).toThrow(
      'a send on channel 4 waits for its recv; a recv on channel 5',
    );
  });

  it('use the type of channel that fits the other side', () => {
    expect(problems(pair(handle(4, 2), handle(4, 1)))).toEqual([
      expect.stringContaining('E2428 send C1: channel_type = DEVICE_TO_HOST'),
    ]);
    expect(problems(pair(handle(4, 1), `${handle(4, 1)}, is_host_transfer = true`))).toEqual([
      expect.stringContaining('E2426 recv C1: channel_type = HOST_TO_DEVICE'),
    ]);
  });

  it('give values first and a token last', () => {
    const results = (types: string) =>
      problems(`func.func @main(%token: ${token}) {
  "stablehlo.recv"(%token) {${handle(1, 1)}} : (${token}) -> ${types}
  return
}`);
    expect(results('()')).toEqual([expect.stringContaining('E2426 recv C2')]);
    expect(results(`(${token}, ${token})`)).toEqual([expect.stringContaining('E2426 recv C3')]);
    expect(results('tensor<i32>')).toEqual([expect.stringContaining('E2426 recv C4')]);
  });
});

describe('infeed and outfeed', () => {
  const text = (count: number) => `func.func @main() -> tensor<i32> {
  %token = stablehlo.after_all : ${token}
  %r = "interpreter.run_parallel"(%token) {infeed = [@first, @second], programs = [[@f]]} : (${token}) -> tensor<i32>
  return %r : tensor<i32>
}
func.func private @first() -> tensor<i32> {
  %x = stablehlo.constant dense<1> : tensor<i32>
  return %x : tensor<i32>
}
func.func private @second() -> tensor<i32> {
  %x = stablehlo.constant dense<2> : tensor<i32>
  return %x : tensor<i32>
}
func.func private @f(%t0: ${token}) -> tensor<i32> {
${Array.from({ length: count }, (_, index) => `  %r${index}, %t${index + 1} = "stablehlo.infeed"(%t${index}) : (${token}) -> (tensor<i32>, ${token})`).join('\n')}
  %o = "stablehlo.outfeed"(%r0, %t0) : (tensor<i32>, ${token}) -> ${token}
  return %r${count - 1} : tensor<i32>
}`;

  it('take what the queue holds, in order', () => {
    expect(values(text(1))).toEqual([[1]]);
    expect(values(text(2))).toEqual([[2]]);
  });

  it('fail when the queue is empty', () => {
    expect(() => run(text(3))).toThrow('stablehlo.infeed: there is nothing left in the infeed');
  });

  it('give values first and a token last', () => {
    const results = (types: string, attributes = '') =>
      problems(`func.func @main(%token: ${token}) {
  "stablehlo.infeed"(%token) {${attributes}} : (${token}) -> ${types}
  return
}`);
    expect(results('()')).toEqual([expect.stringContaining('E2423 infeed C1')]);
    expect(results(`(${token}, ${token})`)).toEqual([expect.stringContaining('E2423 infeed C2')]);
    expect(results('tensor<i32>')).toEqual([expect.stringContaining('E2423 infeed C3')]);
    expect(results(`(tensor<2xi32>, ${token})`, 'layout = [[0], [1]]')).toEqual([
      expect.stringContaining('E2423 infeed V1: layout has an entry for each tensor: 2 entries for 1 tensors'),
    ]);
  });
});
