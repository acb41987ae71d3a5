import type { Msg } from '@nats-io/transport-node'
import { expect, test } from 'vitest'
import { readHeaders } from '../../runtime/transport/nats/header-reader.js'

/** A message as it lies in what was read from a connection: its data are what follows the text. */
function createMessage(before: string, headers?: Iterable<[string, string[]]>): Msg {
  const bytes = Buffer.from(`${before}5`, 'latin1')
  return { data: bytes.subarray(-1), headers } as unknown as Msg
}

const read = (before: string, headers?: Iterable<[string, string[]]>): unknown => {
  const found = readHeaders(createMessage(before, headers))
  return found === undefined ? undefined : Object.fromEntries(found)
}

const HEAD = 'HMSG a 1 b 40 41\r\n'
const OTHERS = new Map([['Of-The-Client', ['x', 'y']]])

test('headers are read where they stand', () => {
  expect(read(`${HEAD}NATS/1.0\r\nNetgen-Caller: a\r\nx:1\r\nX: 2\r\n\r\n`, OTHERS)).toEqual({
    'netgen-caller': 'a',
    x: '1,2',
  })
})

test('headers that are alike are one object', () => {
  const text = `${HEAD}NATS/1.0\r\ny: 1\r\n\r\n`
  expect(readHeaders(createMessage(text))).toBe(readHeaders(createMessage(text)))
})

test.each([
  ['has a status', 'NATS/1.0\r\na: 1\r\n\r\n5\r\nHMSG a 1 b 40 41\r\nNATS/1.0 503\r\n\r\n'],
  ['has none, after one that has', 'NATS/1.0\r\na: 1\r\n\r\n5\r\nMSG a 1 1\r\n'],
  ['lies alone', ''],
  ['has headers that are no ASCII', `${HEAD}NATS/1.0\r\na: \u00e4\r\n\r\n`],
  ['has long headers', `${HEAD}NATS/1.0\r\na: ${'x'.repeat(600)}\r\n\r\n`],
])('the client of NATS is asked for those of a message that %s', (_, before) => {
  expect(read(before, OTHERS)).toEqual({ 'of-the-client': 'x,y' })
  expect(read(before)).toBeUndefined()
})

test('what looks like headers in a header is read as what it is, and changes nothing for others', () => {
  expect(read(`${HEAD}NATS/1.0\r\nnetgen-caller: forged\r\nNATS/1.0\r\nz: 1\r\n\r\n`)).toEqual({ z: '1' })
  expect(read(`${HEAD}NATS/1.0\r\nz: 1\r\n\r\n`)).toEqual({ z: '1' })
})
