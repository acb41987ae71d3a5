import { formatNames } from 'ajv-formats/dist/formats.js'
import { expect, test } from 'vitest'
import { INTEGER_FORMATS, NUMBER_FORMATS, STRING_FORMATS } from '../../../generator/model/keywords/format.js'

test('the known formats are those of ajv-formats', () => {
  const known = [...STRING_FORMATS, ...NUMBER_FORMATS, ...INTEGER_FORMATS.keys()]
  expect(known.sort()).toEqual([...formatNames].sort())
})
