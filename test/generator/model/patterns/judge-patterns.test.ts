import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { createPatternJudge } from '../../../../generator/model/patterns/create-pattern-judge.js'
import { judgePattern } from '../../../../generator/model/patterns/judge-pattern.js'
import type { Finding } from '../../../../generator/model/patterns/run-recheck.js'
import { createFolder } from '../../temporary-folder.js'

const judge = createPatternJudge()

/** The power of the length with which time grows; undefined where it grows exponentially. */
const EVIL: readonly (readonly [pattern: string, degree: number | undefined])[] = [
  ['^(a+)+$', undefined],
  ['^([a-zA-Z]+)*$', undefined],
  ['^(a|aa)+$', undefined],
  ['^(a|a?)+$', undefined],
  ['^(?:a*)*$', undefined],
  ['^((ab)*)+$', undefined],
  ['^(\\w+\\s?)*$', undefined],
  ['^([a-z0-9]+[-.]?)+$', undefined],
  ['^(([a-z])+.)+[A-Z]([a-z])+$', undefined],
  ['^(\\d+)*x$', undefined],
  ['^(?:\\d+|\\w+)+$', undefined],
  ['^(a|b|ab)*c$', undefined],
  ['^(?:x+x+)+y$', undefined],
  ['(a+)+b', undefined],
  ['^(?:[\\s\\S]*,)*$', undefined],
  ['^(?:\\p{L}+)+$', undefined],
  ['^(?:\\p{L}|\\p{Lu})+$', undefined],
  ['^(?:[^"]|\\\\.)*"$', undefined],
  ['^(?=(a+)+$)', undefined],
  ['^(?:-?\\d+)*$', undefined],
  ['^(?:\\w*\\d)*$', undefined],
  ['(?:a*b*)*c', undefined],
  ['^([0-9]+,?)+$', undefined],
  ['^a*a*$', 2],
  ['\\s+$', 2],
  ['^[^@\\s]+@[^@\\s]+\\.[^@\\s]+$', 2],
  ['^[\\s\\S]*-[\\s\\S]*!$', 2],
  ['^\\d*\\d*\\d*$', 3],
  ['^.*.*=.*$', 3],
  ['^(?:[a-z]{1,5}-?){1,12}$', undefined],
  ["^(?:\\p{L}{1,20}[ '-]?){1,6}$", undefined],
  ['^(?:\\d{1,10}){1,10}$', undefined],
  ['^(?:a|a){28}$', undefined],
  ['^(?:a|a){30}', undefined],
  ['^(?:\\w|\\d){1,30}$', undefined],
  ['^(?:a?){30}$', undefined],
  ['^(?:(?:(?:a?){3}){3}){3}$', undefined],
  ['^(?:x{1,3}){1,20}$', undefined],
  ['^(?:\\d{1,256}-?)+$', undefined],
  ['^\\d{8}(?:[a-z]{1,5}-?){1,12}$', undefined],
  ['^(?=(?:a?){25}b)a*$', undefined],
  ['[a-z]{1,1000}!', 2],
  ['\\d{1,255}x', 2],
  ['\\s{0,500}$', 2],
  ['^https?:\\/\\/(?:www\\.)?[-a-zA-Z0-9@:%._+~#=]{1,256}\\.[a-zA-Z0-9()]{1,6}\\b(?:[-a-zA-Z0-9()@:%_+.~#?&//=]*)$', 2],
]

const HARMLESS: readonly (readonly [what: string, pattern: string])[] = [
  ['a slug', '^[a-z0-9]+(?:-[a-z0-9]+)*$'],
  ['a name', '^(?:\\p{L}+ )*\\p{L}+$'],
  ['a name with apostrophes', "^\\p{L}[\\p{L}\\p{M}' -]*$"],
  ['names of capitals', '^\\p{Lu}\\p{Ll}+(?:[ -]\\p{Lu}\\p{Ll}+)*$'],
  ['a nickname', '^[\\p{L}\\p{N}_-]{1,32}$'],
  ['an address of mail', '^[a-zA-Z0-9._%+-]+@[a-zA-Z0-9.-]+\\.[a-zA-Z]{2,}$'],
  ['an address of mail with any letters', '^[^@\\s]+@[^@\\s.]+(?:\\.[^@\\s.]+)+$'],
  ['a UUID', '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$'],
  ['a date', '^\\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\\d|3[01])$'],
  ['a time', '^(?:[01]\\d|2[0-3]):[0-5]\\d(?::[0-5]\\d)?$'],
  ['a duration', '^P(?:\\d+Y)?(?:\\d+M)?(?:\\d+D)?(?:T(?:\\d+H)?(?:\\d+M)?(?:\\d+S)?)?$'],
  [
    'a semantic version',
    '^(0|[1-9]\\d*)\\.(0|[1-9]\\d*)\\.(0|[1-9]\\d*)(?:-((?:0|[1-9]\\d*|\\d*[a-zA-Z-][0-9a-zA-Z-]*)(?:\\.(?:0|[1-9]\\d*|\\d*[a-zA-Z-][0-9a-zA-Z-]*))*))?(?:\\+([0-9a-zA-Z-]+(?:\\.[0-9a-zA-Z-]+)*))?$',
  ],
  ['an identifier', '^[A-Za-z_$][\\w$]*$'],
  ['a colour', '^#(?:[0-9a-fA-F]{3}){1,2}$'],
  ['a telephone number', '^\\+[1-9]\\d{1,14}$'],
  ['an IBAN', '^[A-Z]{2}\\d{2}[A-Z0-9]{11,30}$'],
  ['base64', '^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$'],
  ['a decimal', '^-?\\d+(?:\\.\\d+)?$'],
  ['a link', '^https?://[^\\s/]+(?:/\\S*)?$'],
  ['a language', '^[a-z]{2}(?:-[A-Z]{2})?$'],
  ['an address of IPv4', '^(?:(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)(?:\\.(?!$)|$)){4}$'],
  ['a name of a host', '^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z]{2,}$'],
  ['a path', '^/(?:[^/]+/)*[^/]*$'],
  ['a list', '^(?:[^,]*,)*[^,]*$'],
  ['a quoted text', '^"(?:[^"\\\\]|\\\\.)*"$'],
  ['a beginning', '^x-'],
  ['a template', '^x-[\\s\\S]*$'],
  ['one line', '^[^\\r\\n]*$'],
  ['no blanks around', '^\\S(?:.*\\S)?$'],
  ['a choice', '^(?:red|green|blue)$'],
  ['a digest', '^sha256:[0-9a-f]{64}$'],
  ['a longer digest', '^[0-9a-f]{128}$'],
  ['numbers with dots', '^\\d{1,3}(\\.\\d{1,3}){3}$'],
  ['words with hyphens', '^[a-z]{2,10}(-[a-z]{2,10}){0,4}$'],
  ['a telephone number with blanks', '^\\+?\\d{1,3}(?:[ -]?\\d{2,4}){2,4}$'],
  ['an address of hardware', '^(?:[0-9A-F]{2}:){5}[0-9A-F]{2}$'],
  ['an address of IPv6', '^(?:[0-9a-f]{1,4}:){7}[0-9a-f]{1,4}$'],
  ['a name of a domain', '^(?:[a-z0-9-]{1,63}\\.){1,8}[a-z]{2,63}$'],
  ['a password', '^(?=.*\\d)(?=.*[a-z]).{8,64}$'],
  ['a number of a card', '^\\d{4}(?:[ -]?\\d{4}){3}$'],
  ['an amount', '^\\d{1,3}(?:,\\d{3}){0,4}(?:\\.\\d{1,2})?$'],
  ['a point in time', '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(?:\\.\\d{1,9})?Z$'],
  ['a long text', '^[\\s\\S]{0,10000}$'],
  ['a key', '^[A-Z]{2,8}-\\d{1,8}$'],
]

// The slowest of them takes 3 s on a machine with nothing else to do.
const MAX_TEST_MS = 60_000

describe('a pattern', { timeout: MAX_TEST_MS }, () => {
  test.each(EVIL)('takes too long: %s', (pattern, degree) => {
    const verdict = judge(pattern)
    expect(verdict).toMatchObject({ is: 'slow', attack: expect.stringContaining('repeat') })
    expect('degree' in verdict ? verdict.degree : undefined).toBe(degree)
  })

  test.each(HARMLESS)('is harmless: %s', (_, pattern) => {
    expect(judge(pattern)).toEqual({ is: 'harmless' })
  })

  test.each(['^(\\w*)(\\w*)\\1\\2$', '^(a*)\\1$', '^(?=.*a.*b)\\w+$'])(
    'may take longer than the texts that were tried: %s',
    (pattern) => {
      expect(judge(pattern)).toMatchObject({ is: 'slow', degree: expect.any(Number), isLeast: true })
    },
  )

  test('that cannot be judged is left undecided, with the reason', () => {
    expect(judge('(?i:a)')).toEqual({ is: 'undecided', reason: expect.stringMatching(/./) })
    expect(judge('(?i:c{4,9})')).toEqual({ is: 'undecided', reason: expect.stringMatching(/, with "c\{4,9\}" in it$/) })
  })

  test('is judged once: what a cache says is believed, and what is broken in it judged again', () => {
    const folder = createFolder()
    // What one process has judged it remembers: each of these is in no other test.
    const pattern = (name: string): string => `^${name}a*a*$`
    const first = createPatternJudge(folder)(pattern('x'))
    expect(first).toMatchObject({ is: 'slow', degree: 2 })
    const [name = ''] = readdirSync(folder)
    expect(name).toMatch(/^patterns-\d+\.\d+\.\d+-\d+$/)
    const entries = (): string[] => readdirSync(join(folder, name))
    const [entry = ''] = entries()
    expect(
      readFileSync(join(folder, name, entry))
        .subarray(32)
        .toString(),
    ).toBe(JSON.stringify(first))
    createPatternJudge(folder)('(?i:b)')
    expect(entries()).toHaveLength(2)
    const both = new Set(entries())
    createPatternJudge(folder)(pattern('y'))
    const other = entries().find((path) => !both.has(path)) ?? ''
    writeFileSync(join(folder, name, other), 'broken')
    expect(createPatternJudge(folder)(pattern('y'))).toMatchObject({ is: 'slow', degree: 2 })
  })

  test('is judged again by the next build where its time was up', () => {
    const folder = createFolder()
    const late = createPatternJudge(folder, () => ({ is: 'undecided', reason: 'it took too long', isLate: true }))
    expect(late('^late$')).toMatchObject({ is: 'undecided' })
    expect(readdirSync(folder)).toEqual([])
  })

  test('with counts is judged again by the next build where only the widened one was looked at in time', () => {
    const folder = createFolder()
    const pattern = '^a{1,9}a{1,3}$'
    const attack = { attack: "'a'.repeat(99)", pumps: [], suffix: '', parts: [] }
    const run = (asked: string): Finding =>
      asked === pattern
        ? { is: 'undecided', reason: 'it took too long', isLate: true }
        : { is: 'slow', degree: 2, ...attack }
    const late = createPatternJudge(folder, (each) => judgePattern(each, run))
    expect(late(pattern)).toMatchObject({ is: 'slow', degree: 2, isLate: true })
    expect(readdirSync(folder)).toEqual([])
  })
})
