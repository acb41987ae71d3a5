import { HELLO, writeFrame } from '../fuzz/frames.js'

const MEBIBYTE = 1_048_576

/** What is sent over a session, as costly as its author could make it, in frames that have no more than 1 MiB together. */
export interface CostlyFrames {
  readonly what: string
  readonly bytes: () => Buffer
}

/** A frame full of lines. */
const fillLines = (what: string, line: (index: number) => string): CostlyFrames => ({
  what,
  bytes: () => {
    const lines: string[] = []
    for (let length = 0, index = 0; ; index++) {
      const next = line(index)
      length += Buffer.byteLength(next) + 1
      if (length > MEBIBYTE) break
      lines.push(next)
    }
    return Buffer.concat([writeFrame(HELLO), writeFrame(lines.join('\n'))])
  },
})

const repeatFrames = (what: string, frame: Buffer, count: number): CostlyFrames => ({
  what,
  bytes: () => Buffer.concat([writeFrame(HELLO), ...Array<Buffer>(count).fill(frame)]),
})

const id = (index: number): number => 2 * index + 1
const ZEROS = Array(256).fill('0').join(',')
const manyKeys = Array.from({ length: 80_000 }, (_, index) => `{"${index.toString(36)}":0}`).join(',')
const unsafe = '\u202e'.repeat(300_000)

/** All of them. */
export const COSTLY_FRAMES: readonly CostlyFrames[] = [
  fillLines('cancels', () => '[4,2]'),
  fillLines('cancels of its own calls', () => '[4,1]'),
  fillLines('ends', () => '[7,2]'),
  fillLines('items', () => '[5,2,0]'),
  fillLines('credit', () => '[6,2,1,1]'),
  fillLines('answers to calls that nobody made', () => '[2,2,0]'),
  fillLines('events that nobody asked for', (index) => `[10,1,${index + 1},1,0]`),
  fillLines('lines of 256 events that nobody asked for', (index) => `[13,1,${256 * index + 1},1,[${ZEROS}]]`),
  fillLines('subscriptions', (index) => `[9,${id(index)},"e${index}"]`),
  fillLines('calls', (index) => `[1,${id(index)},"costly.take",1000,0]`),
  fillLines('calls of what is not served', (index) => `[1,${id(index)},"costly.tale",1000,0]`),
  fillLines('calls with wrong inputs', (index) => `[1,${id(index)},"costly.say",1000,0]`),
  fillLines('streams', (index) => `[1,${id(index)},"schema.count",1000,100,{"credit":[1,1]}]`),
  fillLines('streams of inputs', (index) => `[1,${id(index)},"schema.sum",1000,null,{"items":true}]`),
  fillLines('named calls', (index) => `[1,${id(index)},"costly.take",1000,0,{"callId":"${index}"}]`),
  fillLines('lines without anything', () => ''),
  fillLines('one line that is no message', () => '['.repeat(MEBIBYTE - 1)),
  fillLines('a tag of 1 MiB', () => `[1,1,"${'costly.take'.repeat(90_000)}",1000,0]`),
  fillLines(
    'an error of 1 MiB',
    () => `[3,2,{"code":"internal","type":"Error","message":"${unsafe}","maybeExecuted":true}]`,
  ),
  ...['[5,1,', '[6,2,', '[9,1,', '[ 1,1,', '[99,1,'].map((head) =>
    fillLines(`a line ${head}\u2026 of keys where nobody has any`, () => `${head}[${manyKeys}]]`),
  ),
  fillLines('a farewell of 1 MiB', () => `[8,"${unsafe}"]`),
  fillLines('a named call of 1 MiB', () => `[1,1,"costly.take",1000,["${unsafe}"],{"callId":"a"}]`),
  ...['[2,2,', '[3,2,', '[11,2,', '[5,2,', '[10,1,1,1,', '[13,1,1,1,'].map((head) =>
    fillLines(`a line ${head}\u2026 of keys that nobody asked for`, () => `${head}[${manyKeys}]]`),
  ),
  repeatFrames('149,000 frames of a byte', writeFrame('\n'), 149_000),
  repeatFrames('pings', writeFrame('', { opcode: 9 }), 174_000),
  repeatFrames('pongs', writeFrame('', { opcode: 10 }), 174_000),
  {
    what: '200,000 fragments',
    bytes: () =>
      Buffer.concat([
        writeFrame(HELLO),
        writeFrame('[', { isFinal: false }),
        ...Array<Buffer>(200_000).fill(writeFrame('[', { opcode: 0, isFinal: false })),
      ]),
  },
]
