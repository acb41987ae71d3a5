import fc from 'fast-check'
import { expect, test } from 'vitest'
import { hintAt, suggest } from '../../../runtime/errors/suggest.js'

const CASES: readonly [name: string, candidates: readonly string[], want: string | undefined][] = [
  ['saveNoet', ['listNotes', 'saveNote'], 'saveNote'],
  ['savenote', ['saveNote'], 'saveNote'],
  ['per', ['peer', 'signal'], 'peer'],
  ['peer', ['peer'], 'peer'],
  ['peeer', ['signal', 'timeoutMs'], undefined],
  ['timeout', ['timeoutMs'], 'timeoutMs'],
  ['abc', ['xyz'], undefined],
  ['id', ['is', 'it'], 'is'],
  ['id', ['xy'], undefined],
  ['a', ['b'], undefined],
  ['a', ['A'], 'A'],
  ['', ['a'], undefined],
  ['abcdef', ['abcdxy', 'abcdey'], 'abcdey'],
  ['constructor', [], undefined],
]

test.each(CASES)('for %j among %j', (name, candidates, want) => {
  expect(suggest(name, candidates)).toBe(want)
})

test('finds a name that is among the candidates, in whatever case', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[a-z]{2,20}$/), fc.array(fc.stringMatching(/^[A-Z]{1,20}$/)), (name, others) => {
      expect(suggest(name, [...others, name])?.toLowerCase()).toBe(name)
    }),
  )
})

test('two neighbours that were swapped count as one letter', () => {
  expect(suggest('ab', ['ba'])).toBe('ba')
})

test('names and candidates from outside are bounded', () => {
  expect(suggest('x'.repeat(101), ['x'.repeat(101)])).toBeUndefined()
  const many = Array.from({ length: 1_000 }, () => 'other')
  expect(suggest('wanted', [...many, 'wanted'])).toBeUndefined()
})

test.each([
  ['peeer', ['peer', 'signal'], undefined, 'did you mean "peer"?'],
  ['peers', ['peer\u202e', 'signal'], undefined, 'did you mean "peer\\u202e"?'],
  ['wanted', ['peer', 'signal'], undefined, 'expected peer, signal'],
  ['wanted', ['peer', 'signal'], 'it has peer, signal', 'it has peer, signal'],
])('the hint at %j among %j', (name, known, otherwise, want) => {
  expect(hintAt(name, known, otherwise)).toBe(want)
})
