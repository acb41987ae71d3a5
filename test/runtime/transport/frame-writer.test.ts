import { describe, expect, test } from 'vitest'
import { FrameWriter } from '../../../runtime/transport/frame-writer.js'

/** Writes so many lines of a length, each with its LF, in one tick. Answers how many lines each frame has. */
async function countLines(lines: number, length: number): Promise<number[]> {
  const frames: string[] = []
  const writer = new FrameWriter((frame) => frames.push(frame))
  for (let line = 0; line < lines; line++) writer.write('x'.repeat(length - 1))
  await new Promise((resolve) => process.nextTick(resolve))
  return frames.map((frame) => frame.length / length)
}

describe('lines of one tick leave', () => {
  test.each([
    { what: 'one frame', lines: 1, length: 64, frames: [1] },
    { what: 'one frame while they are few', lines: 15, length: 64, frames: [15] },
    {
      what: 'frames of 1 KiB, of twice as much each, and of 12 KiB',
      lines: 448,
      length: 64,
      frames: [16, 32, 64, 128, 192, 16],
    },
    { what: 'four at first where those are over 1 KiB', lines: 40, length: 1024, frames: [4, 8, 12, 12, 4] },
    { what: 'fewer at first where those are over 4 KiB', lines: 8, length: 2048, frames: [2, 4, 2] },
    { what: 'alone where they are long', lines: 3, length: 8193, frames: [1, 1, 1] },
  ])('$what: $lines of $length', async ({ lines, length, frames }) => {
    expect(await countLines(lines, length)).toEqual(frames)
  })
})

test('a long line leaves behind what was gathered, at once', () => {
  const frames: string[] = []
  const writer = new FrameWriter((frame) => frames.push(frame))
  writer.write('first')
  writer.write('x'.repeat(100_000))
  expect(frames).toEqual(['first\n', `${'x'.repeat(100_000)}\n`])
})

test('a new tick begins with a short frame again', async () => {
  const lengths: number[] = []
  const writer = new FrameWriter((frame) => lengths.push(frame.length))
  const writeBurst = async (): Promise<void> => {
    for (let line = 0; line < 48; line++) writer.write('x'.repeat(63))
    await new Promise((resolve) => process.nextTick(resolve))
  }
  await writeBurst()
  await writeBurst()
  expect(lengths).toEqual([1024, 2048, 1024, 2048])
})

test('what leaves before the tick is over says so', async () => {
  const left: boolean[] = []
  const writer = new FrameWriter((_frame, isEarly) => left.push(isEarly))
  for (let line = 0; line < 17; line++) writer.write('x'.repeat(63))
  writer.write('x'.repeat(8 * 1024))
  writer.write('last')
  await new Promise((resolve) => process.nextTick(resolve))
  expect(left).toEqual([true, true, true, false])
})
