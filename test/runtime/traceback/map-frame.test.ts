import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Frame } from '../../../runtime/errors/remote.js'
import { mapFrame } from '../../../runtime/traceback/map-frame.js'

// Line 1, column 1 of the generated file is line 3, column 5 of the source; column 11 is in generated code.
const map = { version: 3, sources: ['src/a.ts', 'src/b.ts'], names: [], mappings: 'AAEI,U;AACA' }
const dataUrl = (value: unknown): string =>
  `data:application/json;base64,${Buffer.from(JSON.stringify(value)).toString('base64')}`

let folder = ''
let count = 0

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'netgen map-'))
})
afterAll(() => rm(folder, { recursive: true }))

/** Writes a generated file that ends in a reference to a map. */
async function writeGenerated(url: string): Promise<string> {
  const path = join(folder, `generated-${count++}.js`)
  await writeFile(path, `throw 1\n//# sourceMappingURL=${url}\n`)
  return path
}

const frameAt = (file: string, column = 1): Frame => ({ function: 'f', file, line: 1, column, async: true })

describe('a frame of a file with a source map', () => {
  test('has the place in the source, with an inline map', async () => {
    const path = await writeGenerated(dataUrl(map))
    const want = { function: 'f', file: join(folder, 'src/a.ts'), line: 3, column: 5, async: true }
    expect(mapFrame(frameAt(path))).toEqual(want)
    expect(mapFrame(frameAt(pathToFileURL(path).href))).toEqual(want)
  })

  test('has the place in the source, with a map beside it', async () => {
    await mkdir(join(folder, 'maps'), { recursive: true })
    await writeFile(join(folder, 'maps', 'out file.map'), JSON.stringify(map))
    const path = await writeGenerated('maps/out%20file.map')
    expect(mapFrame(frameAt(path))).toMatchObject({ file: join(folder, 'src/a.ts'), line: 3, column: 5 })
  })

  test('has the place in the source, with an inline map that is not base64', async () => {
    const path = await writeGenerated(`data:application/json;charset=utf-8,${encodeURIComponent(JSON.stringify(map))}`)
    expect(mapFrame(frameAt(path))).toMatchObject({ line: 3, column: 5 })
  })

  test.each<[string, object, string]>([
    ['an absolute source', { sources: ['/elsewhere/a.ts'] }, '/elsewhere/a.ts'],
    ['a file URL', { sources: ['file:///elsewhere/a%20b.ts'] }, '/elsewhere/a b.ts'],
    ["a bundler's URL", { sources: ['webpack://app/./a.ts'] }, 'webpack://app/./a.ts'],
    ['a file URL of another host', { sources: ['file://host/a.ts'] }, 'file://host/a.ts'],
    ['a source root', { sources: ['a.ts'], sourceRoot: '/root' }, '/root/a.ts'],
    ['a source root that is a URL', { sources: ['a.ts'], sourceRoot: 'file:///root' }, '/root/a.ts'],
  ])('finds %s', async (_, change, file) => {
    expect(mapFrame(frameAt(await writeGenerated(dataUrl({ ...map, ...change }))))).toMatchObject({ file, line: 3 })
  })

  test('keeps its place where the map has none for it', async () => {
    const path = await writeGenerated(dataUrl(map))
    expect(mapFrame(frameAt(path, 11))).toEqual(frameAt(path, 11))
  })
})

describe('a frame comes back as it is', () => {
  test.each<[string, string]>([
    ['a file that is not there', '/nowhere/a.js'],
    ['a folder', '/'],
    ['another URL', 'https://host/a.js'],
    ['a file URL of another host', 'file://host/a.js'],
    ['a file URL with an escaped slash', 'file:///a%2Fb.js'],
    ['a name', 'evalmachine.<anonymous>'],
    ['nothing', ''],
  ])('for %s', (_, file) => {
    expect(mapFrame(frameAt(file))).toEqual(frameAt(file))
  })

  test.each<[string, string]>([
    ['a map that is not there', 'missing.map'],
    ['a map elsewhere', 'https://host/a.map'],
    ['an inline map that is no JSON', 'data:application/json;base64,AAAA'],
    ['an inline map of another type', 'data:text/plain,{}'],
    ['a map that is null', dataUrl(null)],
    ['a map without mappings', dataUrl({ version: 3 })],
    ['sources that are null', dataUrl({ ...map, sources: [null] })],
    ['a source that is not there', dataUrl({ ...map, sources: [] })],
    ['negative places', dataUrl({ ...map, mappings: 'ADDD' })],
    ['a broken escape', 'data:application/json,%E0%A4'],
  ])('for a file with %s', async (_, url) => {
    const path = await writeGenerated(url)
    expect(mapFrame(frameAt(path))).toEqual(frameAt(path))
  })
})
