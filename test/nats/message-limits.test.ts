import { describe, expect, test } from 'vitest'
import { FrameWriter } from '../../runtime/transport/frame-writer.js'
import { createMessageLimits } from '../../runtime/transport/nats/calls/message-limits.js'

const MIB = 1024 * 1024

interface Burst {
  readonly lines: number
  readonly length: number
  readonly maxBytes: number
  readonly isIdle: boolean
}

/** Writes so many lines of a length, each with its LF, in one tick. Answers how many lines each message has. */
async function countLines({ lines, length, maxBytes, isIdle }: Burst): Promise<number[]> {
  const messages: string[] = []
  const writer = new FrameWriter(
    (message) => messages.push(message),
    createMessageLimits({ maxBytes }, () => isIdle),
  )
  for (let line = 0; line < lines; line++) writer.write('x'.repeat(length - 1))
  await new Promise((resolve) => process.nextTick(resolve))
  return messages.map((message) => message.length / length)
}

describe('calls of one tick leave', () => {
  test.each([
    {
      what: '8 records first where the peer has nothing to do',
      lines: 16,
      length: 1024,
      isIdle: true,
      messages: [8, 8],
    },
    { what: '32 records in each where it has', lines: 72, length: 1024, isIdle: false, messages: [32, 32, 8] },
    { what: '21 small calls first', lines: 64, length: 25, isIdle: true, messages: [21, 42, 1] },
    {
      what: '32 small calls first where it has something to do',
      lines: 64,
      length: 25,
      isIdle: false,
      messages: [32, 32],
    },
    { what: 'long ones alone', lines: 2, length: 33 * 1024, isIdle: false, messages: [1, 1] },
  ])('$what', async ({ messages, ...burst }) => {
    expect(await countLines({ ...burst, maxBytes: MIB })).toEqual(messages)
  })

  test.each([true, false])(
    'in messages that a server takes of 4 KiB at most, were each character three bytes (%s)',
    async (isIdle) => {
      const messages = await countLines({ lines: 64, length: 400, maxBytes: 4096, isIdle })
      expect(Math.max(...messages) * 400 * 3).toBeLessThanOrEqual(4096)
    },
  )
})

test('a server that takes less is heeded from the next tick on', async () => {
  const engine = { maxBytes: MIB }
  const choose = createMessageLimits(engine, () => false)
  expect(choose().maxLength).toBe(32 * 1024)
  engine.maxBytes = 4096
  expect(choose().maxLength).toBe(682)
})
