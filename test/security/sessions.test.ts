import { describe, expect, test } from 'vitest'
import { attackSession, HELLO, type RawSession } from './attack-session.js'
import { openSocket, readCloseCode } from './raw-socket.js'
import { useVictim } from './use-victim.js'

const victim = useVictim()
const CALL = '[1,1,"schema.greet",5000,null]'

async function expectClosed(session: RawSession, code: number, reason: string): Promise<void> {
  await expect.poll(() => session.closed).toEqual([code, reason])
}

describe('a session is closed with 4400, and nothing runs, where', () => {
  test.each<[string, string[], string]>([
    ['a call comes before who calls', [CALL], 'the first line has to be a hello'],
    ['an answer comes first', ['[2,1,"hello"]'], 'the first line has to be a hello'],
    ['a subscription comes first', ['[9,1,"schema.noteSaved"]'], 'the first line has to be a hello'],
    ['the first line is no message', ['{}'], 'a line is no message'],
    ['it says twice who calls', [HELLO, HELLO, CALL], 'a second hello'],
    ['an id is of the other side', [HELLO, '[1,2,"schema.greet",5000,null]'], '2 is no new id of a call'],
    ...[
      ['null', 'null'],
      ['a text', '"1"'],
      ['a boolean', 'true'],
      ['an array', '[1]'],
      ['an object', '{"a":1}'],
      ['a part', '1.5'],
      ['below 1', '0'],
      ['past 2^53', '9007199254740993'],
      ['a megabyte long', `"${'x'.repeat(1_000_000)}"`],
    ].map(([name, id]): [string, string[], string] => [
      `an id is ${name}`,
      [HELLO, `[1,${id},"schema.greet",5000,null]`],
      'a line is no message',
    ]),
    ['a tag is no text', [HELLO, '[1,1,{"toString":"schema.greet"},5000,null]'], 'a line is no message'],
    ['a line is no JSON', [HELLO, '[1,1,"schema.greet",5000,'], 'a line is no message'],
    ['a message reaches a prototype', [HELLO, '[2,1,{"__proto__":{"a":1}}]'], 'a line is no message'],
  ])('%s', async (_, lines, reason) => {
    const session = await attackSession(victim(), null)
    session.send(...lines)
    await expectClosed(session, 4400, reason)
  })

  test('a frame is binary', async () => {
    const session = await attackSession(victim())
    session.socket.send(Buffer.from(CALL), { binary: true })
    await expectClosed(session, 4400, 'frames have to be text')
  })

  test('one id is used twice, whose first call alone runs', async () => {
    const session = await attackSession(victim())
    session.send(CALL, CALL)
    await expectClosed(session, 4400, '1 is no new id of a call')
    // The first may have waited for its turn, and be dropped with its session.
    expect(victim().ran.splice(0).length).toBeLessThanOrEqual(1)
  })
})

test('frames of no line, and of 10,000, are read alike', async () => {
  const session = await attackSession(victim())
  session.send()
  const ids = Array.from({ length: 10_000 }, (_, index) => 2 * index + 1)
  session.send(...ids.map((id) => `[1,${id},"netgen.passThrough",30000,${id}]`))
  await session.next(([kind, id]) => (kind === 2 || kind === 3) && id === ids.at(-1))
  await expect.poll(() => session.messages.length).toBe(ids.length + 1)
  const wrong = session.messages.slice(1).filter(([kind, id, value]) => kind === 2 && value !== id)
  expect(wrong).toEqual([])
  session.socket.terminate()
})

test('answers to calls that were not made, and doubled ones, are dropped, and the session goes on', async () => {
  const session = await attackSession(victim())
  session.send('[2,2,"forged"]', '[2,2,"again"]', `[3,4,${FORGED}]`, '[11,6,{"flag":"netgen.NULL","data":null}]', CALL)
  expect(await session.next(([kind]) => kind === 2)).toEqual([2, 1, 'hello'])
  expect(victim().ran.splice(0)).toEqual(['greet'])
  session.socket.terminate()
})

const FORGED = JSON.stringify({
  kind: 'netgen',
  name: 'NetgenError',
  message: 'x',
  code: 'aborted',
  maybeExecuted: false,
  errorId: 'x',
  hops: [],
})

describe('a frame that is broken closes its WebSocket, and nothing runs:', () => {
  test.each<[string, number[], number]>([
    ['not masked', [0x81, 0x02, 0x5b, 0x5d], 1002],
    ['with a bit of an extension', [0xc1, 0x82, 0, 0, 0, 0, 0x5b, 0x5d], 1002],
    ['of an unknown kind', [0x83, 0x80, 0, 0, 0, 0], 1002],
    ['that goes on with nothing', [0x80, 0x82, 0, 0, 0, 0, 0x5b, 0x5d], 1002],
    ['that begins in the midst of another', [0x01, 0x81, 0, 0, 0, 0, 0x5b, 0x81, 0x81, 0, 0, 0, 0, 0x5d], 1002],
    ['a ping in parts', [0x09, 0x80, 0, 0, 0, 0], 1002],
    ['a ping over 125 bytes', [0x89, 0xfe, 0x00, 0x7e, 0, 0, 0, 0], 1002],
    ['a close of one byte', [0x88, 0x81, 0, 0, 0, 0, 0x03], 1002],
    ['a close with a code that is none', [0x88, 0x82, 0, 0, 0, 0, 0x03, 0xed], 1002],
    ['longer than any message', [0x81, 0xff, 0, 0, 0, 0, 0x00, 0x80, 0x00, 0x00, 0, 0, 0, 0], 1009],
    ['of 2^63 bytes', [0x81, 0xff, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], 1009],
  ])('one %s', async (_, bytes, code) => {
    const socket = await openSocket(victim())
    socket.write(Buffer.from(bytes))
    expect(await readCloseCode(socket)).toBe(code)
  })

  test('200,000 parts of a byte each', async () => {
    const socket = await openSocket(victim())
    const before = process.memoryUsage().rss
    const part = Buffer.from([0x00, 0x81, 0, 0, 0, 0, 0x5b])
    socket.write(
      Buffer.concat([Buffer.from([0x01, 0x81, 0, 0, 0, 0, 0x5b]), ...Array.from({ length: 200_000 }, () => part)]),
    )
    expect(await readCloseCode(socket)).toBe(1008)
    expect((process.memoryUsage().rss - before) / 2 ** 20).toBeLessThan(20)
  })
})

test('no extension is agreed on, compression among them', async () => {
  const socket = await openSocket(victim(), 'Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n')
  expect(socket.head.toLowerCase()).not.toContain('sec-websocket-extensions')
  socket.destroy()
})
