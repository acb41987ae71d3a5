import { printValue } from '../errors/print-value.js'
import type { OwnCodec } from './codec-plan.js'

/**
 * Finds the codec of a live schema, made with `Type.Codec` of TypeBox 1.x or `Type.Transform` of 0.34.
 *
 * Throws a TypeError where there is none: the schema file was changed since `netgen build`, or its bundler dropped it.
 *
 * @param from An export of the schema file: a declaration or a schema.
 * @param path From there to the schema.
 */
export function readCodec(from: unknown, path: readonly (string | number)[]): OwnCodec {
  let found: unknown = readProperty(from, '~netgen') === undefined ? from : readProperty(from, 'declaration')
  for (const part of path) found = readProperty(found, part)
  const codec = readNewer(found) ?? readOlder(found)
  if (codec !== undefined) return codec
  throw new TypeError(`schema file has no codec at ${printValue(path)} any more: run \`netgen build\` again`)
}

function readNewer(schema: unknown): OwnCodec | undefined {
  const codec = readProperty(schema, '~codec')
  return pairFunctions(readProperty(codec, 'decode'), readProperty(codec, 'encode'))
}

/** Every copy of TypeBox 0.34 has a symbol of its own, which is known by its description. */
function readOlder(schema: unknown): OwnCodec | undefined {
  if (typeof schema !== 'object' || schema === null) return undefined
  const symbol = Object.getOwnPropertySymbols(schema).find(({ description }) => description === 'TypeBox.Transform')
  if (symbol === undefined) return undefined
  const codec = readProperty(schema, symbol)
  return pairFunctions(readProperty(codec, 'Decode'), readProperty(codec, 'Encode'))
}

function pairFunctions(decode: unknown, encode: unknown): OwnCodec | undefined {
  if (typeof decode !== 'function' || typeof encode !== 'function') return undefined
  return { decode: (value) => decode(value), encode: (value) => encode(value) }
}

function readProperty(object: unknown, key: string | number | symbol): unknown {
  if (typeof object !== 'object' || object === null) return undefined
  return (object as Readonly<Record<string | number | symbol, unknown>>)[key]
}
