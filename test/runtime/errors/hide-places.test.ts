import { describe, expect, test } from 'vitest'
import { createHidePlaces } from '../../../runtime/errors/hide-places.js'

const hide = createHidePlaces('/home/ada/my app', '/home/ada')

describe('what leaves a peer', () => {
  test.each<[string, string, string]>([
    ['a path below the root', "open '/home/ada/my app/src/a.ts'", "open 'src/a.ts'"],
    ['a file URL below the root', 'at file:///home/ada/my%20app/src/a.ts:1:2', 'at src/a.ts:1:2'],
    ['the root itself', "scandir '/home/ada/my app'", "scandir '.'"],
    ['a folder beside the root', '/home/ada/my app2/x', '~/my app2/x'],
    ['a path below the home', '/home/ada/.ssh/id', '~/.ssh/id'],
    ['a file URL below the home', 'file:///home/ada/x.js', '~/x.js'],
    ['the home itself', '/home/ada', '~'],
    ["another user's home", 'see /home/bob/x and /Users/eve/y', 'see ~/x and ~/y'],
    ['a home on Windows', 'C:\\Users\\eve\\x.js', '~\\x.js'],
    ['a folder that only ends like a home', '/srv/home/ada/x', '/srv/home/ada/x'],
    ['a path elsewhere', '/usr/lib/x.js', '/usr/lib/x.js'],
    ['a password', 'postgres://ada:pa@ss@db.local/notes', 'postgres://db.local/notes'],
    ['a user alone', 'https://token@example.org/x', 'https://example.org/x'],
    ['an address without either', 'https://example.org/a@b', 'https://example.org/a@b'],
    ['parameters', 'GET /x?id=1&access_token=abc&api-key=d#e', 'GET /x?id=1&access_token=…&api-key=…#e'],
    ['no place at all', 'no such thing', 'no such thing'],
  ])('has no %s', (_, text, want) => {
    expect(hide(text)).toBe(want)
  })

  test('is as it was where the root is the top of the file system', () => {
    expect(createHidePlaces('/', '/')('/usr/lib/x.js')).toBe('/usr/lib/x.js')
  })

  test('is made in time that grows with its length only', () => {
    const hostile = ['x://', '?token', '/home/', '&secret=', 'a'].map((part) => part.repeat(200_000 / part.length))
    const startMs = performance.now()
    for (const text of hostile) hide(text)
    expect(performance.now() - startMs).toBeLessThan(2_000)
  })

  test('is the same the second time, and after many others', () => {
    const text = "open '/home/ada/my app/src/a.ts' for https://ada:secret@example.org"
    const hidden = "open 'src/a.ts' for https://example.org"
    expect([hide(text), hide(text)]).toEqual([hidden, hidden])
    for (let index = 0; index < 2_000; index++) expect(hide(`/home/ada/${index}`)).toBe(`~/${index}`)
    expect(hide(text)).toBe(hidden)
  })
})
