import { expect, test, vi } from 'vitest'
import type { PeerChange } from '../../../runtime/api/peer.js'
import type { PeerListener } from '../../../runtime/discovery/peer-table.js'
import { PeerWatch } from '../../../runtime/discovery/peer-watch.js'
import { createPeer } from './fake-provider.js'

type Step = `${PeerChange['type']} ${string}`

/** A watch of the group `notes`, what it follows, and what is read from it. */
function createWatch() {
  let listener: PeerListener = () => {}
  let close = (): void => {}
  const unfollow = vi.fn()
  const watch = new PeerWatch(
    {
      follow: (added, onClose = () => {}) => {
        listener = added
        close = onClose
        return unfollow
      },
    },
    ({ group }) => group === 'notes',
    undefined,
  )
  const tell = (...steps: Step[]): void => {
    for (const step of steps) {
      const [type, id = '', group = 'notes'] = step.split(' ')
      listener({ type: type as PeerChange['type'], peer: createPeer(id, { group }) })
    }
  }
  const read = async (): Promise<string> => {
    const { value } = await watch.next()
    return value === undefined ? 'end' : `${value.type} ${value.peer.id}`
  }
  return { watch, tell, read, unfollow, close: () => close() }
}

test.each<[Step[], Step[], string[]]>([
  [[], ['joined a', 'left a'], []],
  [[], ['joined a', 'suspect a', 'changed a', 'suspect a'], ['joined a', 'suspect a']],
  [[], ['joined a', 'suspect a', 'left a', 'joined a'], ['joined a']],
  [['joined a'], ['suspect a', 'changed a'], ['changed a']],
  [['joined a'], ['suspect a', 'left a'], ['left a']],
  [['joined a'], ['left a', 'joined a', 'suspect a'], ['left a', 'joined a', 'suspect a']],
  [['joined a'], ['left a', 'joined a', 'suspect a', 'left a'], ['left a']],
  [['joined a'], ['left a', 'joined a', 'left a', 'joined a', 'changed a'], ['left a', 'joined a', 'changed a']],
  [[], ['joined a', 'joined b', 'left a', 'joined c'], ['joined b', 'joined c']],
  [['joined a'], ['changed a others'], ['left a']],
  [[], ['joined a others', 'left a others'], []],
  [[], ['joined a others', 'changed a'], ['joined a']],
])('to whoever has read %j, what happens then, %j, is told as %j', async (before, then, want) => {
  const { tell, read, close } = createWatch()
  const first = before.map(() => read())
  const waiting = before.length === 0 ? read() : Promise.resolve('')
  tell(...before)
  await Promise.all(first)
  // Nobody reads now, but where nothing was read before: then somebody waits, and has to be given the first change.
  tell('joined filler')
  const filler = before.length === 0 ? await waiting : await read()
  tell(...then)
  const told: string[] = []
  for (let left = want.length; left > 0; left--) told.push(await read())
  expect(filler).toBe('joined filler')
  expect(told).toEqual(want)
  const rest = read()
  close()
  expect(await rest).toBe('end')
})

test('a reader that never reads holds at most three changes of each peer', async () => {
  const { tell, read, watch, close } = createWatch()
  const first = read()
  tell('joined z')
  await first
  tell('joined a')
  await read()
  for (let round = 0; round < 1_000; round++) tell('suspect a', 'left a', 'joined a', 'changed a')
  expect([await read(), await read(), await read()]).toEqual(['left a', 'joined a', 'changed a'])
  const next = watch.next()
  close()
  expect(await next).toEqual({ done: true, value: undefined })
})

test('several reads at once are answered in their order, and all of them by the end', async () => {
  const { tell, read, unfollow, watch } = createWatch()
  const reads = [read(), read(), read(), read()]
  tell('joined a', 'joined b')
  expect(unfollow).not.toHaveBeenCalled()
  await watch.return()
  expect(await Promise.all(reads)).toEqual(['joined a', 'joined b', 'end', 'end'])
  expect(unfollow).toHaveBeenCalled()
  tell('joined c')
  expect(await read()).toBe('end')
})
