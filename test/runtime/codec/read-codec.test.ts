import { Type as OlderType } from '@sinclair/typebox'
import { expect, test } from 'vitest'
import { readCodec } from '../../../runtime/codec/read-codec.js'
import { connection, map, Type } from '../../../schemas/schema.js'

const newer = Type.Codec(Type.Integer())
  .Decode((cents) => ({ cents }))
  .Encode(({ cents }) => cents)
const older = OlderType.Transform(OlderType.Integer())
  .Decode((cents) => ({ cents }))
  .Encode(({ cents }) => cents)

test.each<[string, unknown, (string | number)[]]>([
  ['an export', newer, []],
  ['an export of the older TypeBox', older, []],
  [
    'an optional part of a schema',
    Type.Object({ a: Type.Tuple([Type.Optional(newer)]) }),
    ['properties', 'a', 'items', 0],
  ],
  ['a part of the older TypeBox', OlderType.Object({ a: OlderType.Optional(older) }), ['properties', 'a']],
  [
    'a part of a connection',
    connection({ errors: { Full: map(Type.String(), newer) } }),
    ['errors', 'Full', 'x-netgen-codec', 'value'],
  ],
])('a codec is found where it stands: %s', (_, from, path) => {
  const codec = readCodec(from, path)
  expect(codec.decode(5)).toEqual({ cents: 5 })
  expect(codec.encode({ cents: 5 })).toBe(5)
})

test.each<[unknown, (string | number)[], string]>([
  [Type.Integer(), [], 'schema file has no codec at [] any more: run `netgen build` again'],
  [undefined, ['properties', 'a'], 'schema file has no codec at ["properties","a"] any more: run `netgen build` again'],
])('a codec that is gone is an error: %o', (from, path, message) => {
  expect(() => readCodec(from, path)).toThrow(new TypeError(message))
})
