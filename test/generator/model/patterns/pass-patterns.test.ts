import { connection, Type } from 'netgen/schema'
import { expect, test } from 'vitest'
import { buildModel } from '../../../../generator/model/build-model.js'
import { createTagClaims } from '../../../../generator/model/declarations/tag-claims.js'
import type { PatternVerdict } from '../../../../generator/model/patterns/pattern-verdict.js'
import { BLIND_INDEX, readLive } from '../../read-live.js'

/** What is reported of a text with a pattern that got this verdict. */
function report(verdict: PatternVerdict, options: { readonly maxLength?: number } = {}): string[] {
  const save = connection({ input: Type.String({ pattern: '^a', ...options }) })
  const loaded = readLive({ save })
  const { diagnostics } = buildModel(
    '/project/schema.ts',
    loaded,
    BLIND_INDEX,
    createTagClaims(),
    undefined,
    () => verdict,
  )
  return diagnostics.map(({ code, message, remedy }) => `${code} ${message}: ${remedy}`)
}

const slow = (degree?: number): PatternVerdict => {
  return { is: 'slow', attack: "'b'.repeat(9)", parts: [], ...(degree !== undefined && { degree }) }
}
const REWRITE = 'write it so that each text can match in one way alone'

test.each<[PatternVerdict, number | undefined, string | undefined]>([
  [{ is: 'harmless' }, undefined, undefined],
  [slow(2), 32, undefined],
  [slow(2), 33, `takes quadratic time for texts such as 'b'.repeat(9): add maxLength: 32, or ${REWRITE}`],
  [slow(2), undefined, `takes quadratic time for texts such as 'b'.repeat(9): add maxLength: 32, or ${REWRITE}`],
  [slow(3), 5, undefined],
  [slow(3), 6, `takes cubic time for texts such as 'b'.repeat(9): add maxLength: 5, or ${REWRITE}`],
  [slow(4), 3, undefined],
  [slow(4), 4, `takes time that grows with the length to the power of 4 for texts such as 'b'.repeat(9): ${REWRITE}`],
  [
    { ...slow(2), isLeast: true } as PatternVerdict,
    2,
    `takes at least quadratic time for texts such as 'b'.repeat(9): ${REWRITE}`,
  ],
  [
    { ...slow(), attack: '😀'.repeat(81) } as PatternVerdict,
    1,
    `takes exponential time for texts such as ${'😀'.repeat(80)} …: ${REWRITE}`,
  ],
  [slow(8), 1, undefined],
  [slow(8), 2, `takes time that grows with the length to the power of 8 for texts such as 'b'.repeat(9): ${REWRITE}`],
  [slow(), 1, `takes exponential time for texts such as 'b'.repeat(9): ${REWRITE}`],
  [
    { ...slow(2), parts: ['a*', 'b'] } as PatternVerdict,
    undefined,
    `takes quadratic time in "a*" and "b" for texts such as 'b'.repeat(9): add maxLength: 32, or ${REWRITE}`,
  ],
  [
    { is: 'undecided', reason: 'it is odd' },
    1,
    'cannot be shown to be harmless: it is odd: write it more simply, or check the text in the handler',
  ],
])('a pattern that is %o, of texts of at most %s characters', (verdict, maxLength, want) => {
  const expected = want === undefined ? [] : [`NG3020 save.input.pattern is "^a", which ${want}`]
  expect(report(verdict, maxLength === undefined ? {} : { maxLength })).toEqual(expected)
})

test('that netgen and TypeBox write are never judged, so that nothing is loaded for them', () => {
  const names = Type.Record(Type.Number(), Type.Record(Type.Integer(), Type.Null()))
  const save = connection({ input: Type.Object({ names, word: Type.String() }) })
  const judge = (): never => {
    throw new Error('it was judged')
  }
  const { diagnostics } = buildModel(
    '/project/schema.ts',
    readLive({ save }),
    BLIND_INDEX,
    createTagClaims(),
    undefined,
    judge,
  )
  expect(diagnostics).toEqual([])
})
