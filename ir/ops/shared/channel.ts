/** `#stablehlo.channel_handle<handle = 1, type = 2>`: which channel, and between whom. */
import { i64, struct } from '../../attribute-schema.ts';

export const channelHandle = struct('stablehlo', 'channel_handle', { handle: i64(), type: i64() });

/** Values of a handle's `type` (spec.md, send and recv). */
export const channelTypes = { deviceToDevice: 1, deviceToHost: 2, hostToDevice: 3 } as const;
