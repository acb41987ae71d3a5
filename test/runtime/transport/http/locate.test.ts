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
    await expect(locate({ host: 'silent.example', port: 1 }, 5)).rejects.toMatchObject({
      code: 'deadline_exceeded',
      message: 'silent.example:1 was not found by its name within 5 ms',
    })
  })

  test('is asked again only when the answer before has come, however often it was not waited for', async () => {
    let answer: (found: { address: string }) => void = () => {}
    lookup.mockImplementation(() => new Promise((resolve) => (answer = resolve)))
    const notes = { host: 'slow.example', port: 1 }
    for (const timeoutMs of [1, 2, 3]) {
      await expect(locate(notes, timeoutMs)).rejects.toMatchObject({ code: 'deadline_exceeded' })
    }
    const [first, second] = [locate(notes, 1_000), locate({ ...notes, port: 2 }, 1_000)]
    answer({ address: '192.0.2.2' })
    expect(await Promise.all([first, second])).toEqual([
      { host: '192.0.2.2', port: 1 },
      { host: '192.0.2.2', port: 2 },
    ])
    expect(lookup).toHaveBeenCalledTimes(1)
    lookup.mockResolvedValue({ address: '192.0.2.3' })
    expect(await locate(notes, 1_000)).toEqual({ host: '192.0.2.3', port: 1 })
    expect(lookup).toHaveBeenCalledTimes(2)
  })

  test('keeps no process alive by its own clock', () => {
    const countTimers = (): number => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length
    lookup.mockReturnValue(new Promise(() => {}))
    const before = countTimers()
    locate({ host: 'notes.example', port: 1 }, 5).catch(() => {})
    expect(countTimers()).toBe(before)
  })
})
