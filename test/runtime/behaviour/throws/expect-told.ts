import { type Disclosure, NetgenError } from 'netgen/runtime'
import { expect } from 'vitest'
import { listTexts } from './list-texts.js'
import type { Thrown } from './thrown.js'

/** An error with what else it has. */
export type CaughtError = Error & Record<string, unknown>

/** Fails where an error that came from another peer is not what that level tells of what was thrown there. */
export function expectTold(level: Disclosure, error: CaughtError, thrown: Thrown): void {
  EXPECT[level](error, thrown)
}

const EXPECT: Readonly<Record<Disclosure, (error: CaughtError, thrown: Thrown) => void>> = {
  stack: (error, { type, says, code, has }) => {
    expect(Object.getPrototypeOf(error)).toBe(type.prototype)
    expect([error.name, error.message]).toEqual(says)
    expect(error['code']).toBe(code)
    expect(error).toMatchObject({ ...has })
  },
  message: (error, { type, says, tells = says, code, has }) => {
    expect(Object.getPrototypeOf(error)).toBe(type.prototype)
    expect([error.name, error.message]).toEqual(tells)
    // The code of a NetgenError, or of its class; one of its own is a property.
    expect(error['code']).toBe(error instanceof NetgenError || error instanceof DOMException ? code : undefined)
    expect(error['data']).toEqual((has as { data?: unknown } | undefined)?.data)
    expect(error).toMatchObject({ remote: { hops: [{ frames: [] }], properties: {} } })
    expect([error.cause, error['errors'] ?? []]).toEqual([undefined, []])
  },
  none: (error, { type, code }) => {
    expect(Object.getPrototypeOf(error)).toBe(NetgenError.prototype)
    expect(error.name).toBe('NetgenError')
    expect(error.message).toMatch(
      /^\w+\.\w+ failed at \S+, which tells this caller no more: its log has the error under [\w-]{36}$/,
    )
    expect(error['code']).toBe(isNetgens(type) ? code : 'unknown')
    expect(Object.keys(error)).toEqual(['code', 'maybeExecuted'])
    expect(error).toMatchObject({ remote: { hops: [{ frames: [] }], properties: {}, cuts: [] } })
    expect(error.cause).toBe(undefined)
  },
}

const isNetgens = (type: Thrown['type']): boolean => type === NetgenError || type.prototype instanceof NetgenError

/** What may not be in any byte: the frames' file, and where nothing is told, any text of what was thrown but its code. */
export function listForbidden(level: Disclosure, { create, code }: Thrown): string[] {
  if (level === 'stack') return []
  const texts = level === 'none' ? listTexts(create()).filter((text) => text !== code) : []
  return ['thrown.ts', ...texts]
}
