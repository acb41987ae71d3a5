import { beforeEach, expect, test } from 'vitest'
import { type FollowedFolder, followFolder } from '../../../../runtime/discovery/local/follow-folder.js'

let version: number
/** What the system says. */
let say: (name: string | undefined) => void
let told: (string | undefined)[]
let folder: FollowedFolder

beforeEach(async () => {
  version = 1
  told = []
  const watched = {
    readVersion: async () => version,
    watch: (onChange: typeof say) => {
      say = onChange
      return () => {}
    },
  }
  folder = followFolder(watched, (name) => told.push(name))
  await folder.check()
})

test('the whole folder is read at first, and then when it changes without a word of the system', async () => {
  expect(told).toEqual([undefined])
  await folder.check()
  expect(told).toEqual([undefined])
  version = 2
  await folder.check()
  expect(told).toEqual([undefined, undefined])
})

test('only what the system names is read, and the whole after 32 checks if it has changed meanwhile', async () => {
  for (let check = 1; check < 32; check++) {
    version++
    say(`${version}.json`)
    await folder.check()
  }
  expect(told.slice(1)).not.toContain(undefined)
  expect(told).toHaveLength(32)
  await folder.check()
  expect(told).toHaveLength(33)
  expect(told.at(-1)).toBeUndefined()
  for (let check = 0; check < 64; check++) await folder.check()
  expect(told).toHaveLength(33)
})
