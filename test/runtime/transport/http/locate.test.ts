import { beforeEach, describe, expect, test, vi } from 'vitest'
import { locate } from '../../../../runtime/transport/http/locate.js'

const lookup = vi.hoisted(() => vi.fn<(name: string) => Promise<{ address: string }>>())
vi.mock('node:dns/promises', () => ({ lookup }))
beforeEach(() => {
  lookup.mockReset()
})

describe('where an address is', () => {
  test.each([
    ['192.0.2.2', '192.0.2.2'],
    ['::ffff:192.0.2.2', '192.0.2.2'],
    ['FD00::0:2', 'fd00::2'],
    ['LocalHost', '127.0.0.1'],
  ])('is known for %s without asking', async (host, want) => {
    expect(await locate({ host, port: 1 }, 1_000)).toEqual({ host: want, port: 1 })
    expect(lookup).not.toHaveBeenCalled()
  })

  test.each([
    ['192.0.2.2', '192.0.2.2'],
    ['::ffff:192.0.2.2', '192.0.2.2'],
  ])('is what its name stands for, %s as %s', async (found, want) => {
    lookup.mockResolvedValue({ address: found })
    expect(await locate({ host: 'notes.example', port: 1 }, 1_000)).toEqual({ host: want, port: 1 })
  })

  test.each([
    ['ENOTFOUND', 'notes.example:1 is nowhere: its name is unknown'],
    ['EAI_AGAIN', 'notes.example:1 was not found: no name server answers, so try again later'],
  ])('is unavailable for %s', async (code, message) => {
    const cause = Object.assign(new Error('getaddrinfo'), { code })
    lookup.mockRejectedValue(cause)
    await expect(locate({ host: 'notes.example', port: 1 }, 1_000)).rejects.toMatchObject({
      code: 'unavailable',
      message,
      cause,
    })
  })

  test('has to be said in time', async () => {
    lookup.mockReturnValue(new Promise(() => {}))
    await expect(locate({ host: 'notes.example', port: 1 }, 5)).rejects.toMatchObject({
      code: 'deadline_exceeded',
      message: 'notes.example:1 was not found by its name within 5 ms',
    })
  })
  test('keeps no process alive by its own clock', () => {
    const countTimers = (): number => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length
    lookup.mockReturnValue(new Promise(() => {}))
    const before = countTimers()
    locate({ host: 'notes.example', port: 1 }, 5).catch(() => {})
    expect(countTimers()).toBe(before)
  })
})
