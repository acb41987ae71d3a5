import { expect, onTestFinished, test } from 'vitest'
import { NatsLink } from '../../runtime/transport/nats/nats-link.js'
import type { Closing } from '../../runtime/transport/session/link.js'
import { FakeEngine } from './fake-engine.js'

function createLink(): { engine: FakeEngine; link: NatsLink; frames: string[]; closings: Closing[]; listen(): void } {
  const engine = new FakeEngine()
  const link = new NatsLink(engine, 'here')
  onTestFinished(() => link.terminate())
  const frames: string[] = []
  const closings: Closing[] = []
  const listen = (): void =>
    link.listen({ onFrame: (frame) => frames.push(frame), onClose: (closing) => closings.push(closing) })
  return { engine, link, frames, closings, listen }
}

test('a link gives the frames that came before somebody listened, in their order', () => {
  const { engine, link, frames, listen } = createLink()
  engine.arrive('1\na\n')
  engine.arrive('2+\nb')
  engine.arrive('3\nc\n')
  link.aim('there')
  listen()
  expect(frames).toEqual(['a\n', 'bc\n'])
})

test('a link sends what is too long for one message in parts', () => {
  const { engine, link, listen } = createLink()
  link.aim('there')
  listen()
  link.send('x'.repeat(5_000))
  expect(engine.published.map((text) => [text.slice(0, 9), text.length])).toEqual([
    ['there 1+\n', 4_064 + 9],
    ['there 2\nx', 936 + 8],
  ])
})

test('a link that ended before somebody listened says so to whoever does', async () => {
  const { engine, link, closings, listen } = createLink()
  engine.arrive('')
  link.aim('there')
  listen()
  expect(link.isClosed).toBe(true)
  await expect.poll(() => closings).toEqual([{ code: 1006, reason: '', by: 'there' }])
})

test('a link is silent to whoever asks before it knows where the other end is', () => {
  const { engine, link } = createLink()
  engine.arrive('?', 'somewhere')
  expect(engine.published).toEqual([])
  link.aim('there')
  engine.arrive('?', 'somewhere')
  expect(engine.published).toEqual(['there ?'])
})

const PART = Buffer.alloc(1_000_000, 'x')

test.each<[string, (engine: FakeEngine) => void, number]>([
  ['a number is missing', (engine) => engine.arrive('2\na'), 1006],
  ['a message has no number', (engine) => engine.arrive('a\nb'), 4400],
  ['a message has no end of its number', (engine) => engine.arrive('1x'), 4400],
  ['a part is empty', (engine) => engine.arrive('1+\n'), 4400],
  ['a frame is not UTF-8', (engine) => engine.arrive(Buffer.from([0x31, 0x0a, 0xff])), 4400],
  [
    'parts have no end',
    (engine) => {
      for (let number = 1; number < 10; number++) engine.arrive(Buffer.concat([Buffer.from(`${number}+\n`), PART]))
    },
    4400,
  ],
  ['it is closed there', (engine) => engine.arrive('!4413 too slow'), 4413],
])('a link ends where %s', async (_, act, code) => {
  const { engine, link, closings, listen } = createLink()
  link.aim('there')
  listen()
  act(engine)
  await expect.poll(() => closings.map((closing) => closing.code)).toEqual([code])
})

test('a link ends where too much comes before it knows where the other end is, and tells nobody', async () => {
  const { engine, link, closings, listen } = createLink()
  for (let number = 1; number < 50; number++) engine.arrive(Buffer.concat([Buffer.from(`${number}\n`), PART]))
  expect(link.isClosed).toBe(true)
  expect(engine.published).toEqual([])
  listen()
  await expect.poll(() => closings).toMatchObject([{ code: 4413, by: 'here' }])
})

test('a link ends where too much waits that may not arrive', async () => {
  const { engine, link, closings, listen } = createLink()
  link.aim('there')
  listen()
  link.pause()
  for (let number = 1; number < 50; number++) engine.arrive(Buffer.concat([Buffer.from(`${number}\n`), PART]))
  await expect.poll(() => closings).toMatchObject([{ code: 4413, by: 'here' }])
})
