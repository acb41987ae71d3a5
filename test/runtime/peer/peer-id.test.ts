import { decodePeerId, encodePeerId } from 'netgen/runtime'
import { describe, expect, test } from 'vitest'

describe("app-net's id of a peer", () => {
  test.each([
    [{ host: '192.168.1.7', port: 3010, group: 'None' }, 'MTkyLjE2OC4xLjc6MzAxMCAtPiBOb25l'],
    [{ host: 'notes.example', port: 1, group: 'größe -> 1\n' }, undefined],
    [{ host: '::1', port: 65_535, group: 'x' }, undefined],
  ])('says where a peer is, and of which group: %j', (place, text) => {
    const encoded = encodePeerId(place)
    expect(encoded).toBe(text ?? encoded)
    expect(decodePeerId(encoded)).toEqual(place)
  })

  test.each(['', 'x', 'MTkyLjE2OC4xLjc6MzAxMCAtPiBOb25l=', btoa('no place'), btoa('host:0 -> x'), btoa('host:1 -> ')])(
    'is not what it could not have made: %j',
    (text) => {
      expect(decodePeerId(text)).toBeUndefined()
    },
  )
})
