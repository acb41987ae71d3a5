import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { createFolder } from '../temporary-folder.js'
import { indexSource } from './index-source.js'

const NOTE = `Type.Object({ /** What it says. */ body: Type.String() })`

describe('the source of a schema file of CommonJS', () => {
  test.each<[how: string, text: string, line: number, column: number]>([
    ['of exports', `\n/** A note. */\nexports.Note = ${NOTE}`, 3, 9],
    ['of module.exports', `\n/** A note. */\nmodule.exports.Note = ${NOTE}`, 3, 16],
    ['of an object', `module.exports = {\n  /** A note. */\n  Note: ${NOTE},\n}`, 3, 3],
    ['of an object, by its name', `/** A note. */\nconst Note = ${NOTE}\nmodule.exports = { Note }`, 2, 7],
    ['of exports, by another name', `/** A note. */\nconst inner = ${NOTE}\nexports.Note = inner`, 2, 7],
  ])('has place and documentation of a part %s', (_how, text, line, column) => {
    const file = join(createFolder({ 'schema.js': `${text}\n` }), 'schema.js')
    const index = indexSource(file)
    expect(index.exportNames).toEqual(['Note'])
    expect(index.find('Note', [])).toEqual({ place: { file, line, column }, documentation: { text: 'A note.' } })
    expect(index.find('Note', ['properties', 'body']).documentation).toEqual({ text: 'What it says.' })
  })

  test.each(['other.exports = { a: 1 }', 'exports.a.b = 1', 'exports.a', 'exports.a === 1', 'module.exports = a()'])(
    'names nothing where it exports nothing, or what only running shows: %s',
    (text) => {
      const file = join(createFolder({ 'schema.js': text }), 'schema.js')
      expect(indexSource(file).exportNames).toEqual([])
    },
  )
})
