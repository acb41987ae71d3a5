import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createFolder } from '../temporary-folder.js'
import { indexSource } from './index-source.js'

describe('a documentation comment', () => {
  it.each([
    ['/** One line. */', { text: 'One line.' }],
    ['/**One line.*/', { text: 'One line.' }],
    ['/**\n * First.\n *\n *   - indented\n */', { text: 'First.\n\n  - indented' }],
    ['/**\r\n * First.\r\n * Second.\r\n */', { text: 'First.\nSecond.' }],
    ['/**\n  No asterisk.\n  */', { text: 'No asterisk.' }],
    ['/** @deprecated */', { text: '', deprecated: '' }],
    ['/** @deprecated Use b. */', { text: '', deprecated: 'Use b.' }],
    [
      '/**\n * Text.\n *\n * @deprecated Use b,\n * or c.\n * @example a()\n */',
      { text: 'Text.\n\n@example a()', deprecated: 'Use b,\nor c.' },
    ],
    ['/** Not a tag: me@deprecated.example */', { text: 'Not a tag: me@deprecated.example' }],
    ['/** First. */\n/** Last. */', { text: 'Last.' }],
    ['/** Before. */\n// Between.\n', { text: 'Before.' }],
    ['/** */', undefined],
    ['/***/', undefined],
    ['/* Plain. */', undefined],
    ['// Plain.', undefined],
    ['const before = 1 /** Of the one before. */\n', undefined],
  ])('%j is read as %j', (comment, want) => {
    const folder = createFolder({ 'schema.ts': `${comment}\nexport const a = 1` })
    expect(indexSource(join(folder, 'schema.ts')).find('a', []).documentation).toEqual(want)
  })
})
