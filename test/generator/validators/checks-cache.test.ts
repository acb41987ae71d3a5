import { readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { type ChecksCache, openChecksCache } from '../../../generator/validators/checks-cache.js'
import type { ChecksCode } from '../../../generator/validators/compile-checks.js'
import { createFolder, writeFile } from '../temporary-folder.js'

const CHECKS: ChecksCode = {
  code: 'function validate0(data) {}\n// “ü”',
  helpers: ['formats'],
  functions: { input: 'validate0', error_DiskFull: 'validate1' },
}
const OTHER: ChecksCode = { code: '', helpers: [], functions: {} }

/** The one folder of entries in a cache. */
function findEntries(folder: string): string {
  const [name = ''] = readdirSync(folder)
  return join(folder, name)
}

function fill(cache: ChecksCache, entries: number): void {
  for (let index = 0; index < entries; index++) cache.write(`schemas ${index}`, CHECKS)
}

describe('the cache of checks', () => {
  test('gives back what was written for the same text, to this and to the next process', () => {
    const folder = join(createFolder(), 'not/there/yet')
    const cache = openChecksCache(folder)
    expect(cache.read('a')).toBeUndefined()
    cache.write('a', CHECKS)
    cache.write('b', OTHER)
    expect(cache.read('a')).toEqual(CHECKS)
    expect(openChecksCache(folder).read('b')).toEqual(OTHER)
    expect(cache.read('c')).toBeUndefined()
  })

  test.each<[what: string, damage: (path: string) => void]>([
    ['emptied', (path) => writeFileSync(path, '')],
    ['cut short', (path) => writeFileSync(path, readFileSync(path, 'utf8').slice(0, -1))],
    [
      'changed in one place',
      (path) => writeFileSync(path, readFileSync(path, 'utf8').replace('validate0', 'validate9')),
    ],
    ['filled with something else', (path) => writeFileSync(path, '{}\n{}')],
    [
      'replaced by a folder',
      (path) => {
        rmSync(path)
        writeFile(path, 'file', '')
      },
    ],
    ['deleted', (path) => rmSync(path)],
    ['deleted with its folder', (path) => rmSync(join(path, '..'), { recursive: true })],
  ])('takes an entry for missing that was %s, and can write it again', (_what, damage) => {
    const folder = createFolder()
    const cache = openChecksCache(folder)
    cache.write('a', CHECKS)
    const entries = findEntries(folder)
    damage(join(entries, readdirSync(entries)[0] ?? ''))
    expect(cache.read('a')).toBeUndefined()
    rmSync(entries, { recursive: true, force: true })
    cache.write('a', CHECKS)
    expect(cache.read('a')).toEqual(CHECKS)
  })

  test('does nothing where it cannot write', () => {
    const folder = createFolder({ taken: '' })
    const cache = openChecksCache(join(folder, 'taken'))
    cache.write('a', CHECKS)
    cache.sweep()
    expect(cache.read('a')).toBeUndefined()
    expect(readdirSync(folder)).toEqual(['taken'])
  })

  test('does not find what another compiler wrote, and removes that after a week', () => {
    const folder = createFolder({ 'checks-older/entry': '', 'checks-newer/entry': '', 'mine.txt': '' })
    const longAgo = new Date(Date.now() - 8 * 24 * 60 * 60 * 1000)
    utimesSync(join(folder, 'checks-older'), longAgo, longAgo)
    const cache = openChecksCache(folder)
    cache.write('a', CHECKS)
    cache.sweep()
    const own = readdirSync(folder).filter((name) => !['checks-newer', 'mine.txt'].includes(name))
    expect(own).toEqual([expect.stringMatching(/^checks-[\w-]{22}$/)])
    expect(cache.read('a')).toEqual(CHECKS)
  })

  test('removes the oldest where there are too many', () => {
    const folder = createFolder()
    const cache = openChecksCache(folder, 3)
    fill(cache, 5)
    const entries = findEntries(folder)
    cache.write('new', OTHER)
    for (const name of readdirSync(entries)) {
      const isNew = statSync(join(entries, name)).size < 120
      const time = isNew ? new Date() : new Date(1_000_000_000_000)
      utimesSync(join(entries, name), time, time)
    }
    cache.sweep()
    expect(readdirSync(entries)).toHaveLength(3)
    expect(cache.read('new')).toEqual(OTHER)
  })

  test('leaves no other file behind', () => {
    const folder = createFolder()
    fill(openChecksCache(folder), 2)
    expect(readdirSync(findEntries(folder)).filter((name) => !/^[\w-]{43}$/.test(name))).toEqual([])
  })
})
