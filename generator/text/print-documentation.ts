import type { Documentation } from '../source/source-index.js'
import { SourceText, source } from './source-text.js'

/** What stands in a documentation comment besides the schema's own words. */
export interface DocumentationExtras {
  /** Names of the classes that are thrown. */
  readonly throws?: readonly string[]
}

/** Prints a documentation comment with its line end; nothing where there is nothing to say. */
export function printDocumentation(
  documentation: Documentation | undefined,
  { throws = [] }: DocumentationExtras = {},
): SourceText {
  const text = documentation?.text.trim() ?? ''
  const tags = throws.map((name) => `@throws {${name}}`)
  if (documentation?.deprecated !== undefined) tags.push(`@deprecated ${documentation.deprecated}`.trim())
  const blocks = [...(text === '' ? [] : [text]), ...(tags.length === 0 ? [] : [tags.join('\n')])]
  if (blocks.length === 0) return source``

  const [only = '', ...others] = SourceText.comment(blocks.join('\n\n')).parts.join('').split('\n')
  if (others.length === 0) return source`/** ${SourceText.comment(only)} */\n`
  const lines = [only, ...others].map((line) => SourceText.comment(line.trimEnd()))
  return source`/**${lines.map((line) => (line.columns === 0 ? source`\n *` : source`\n * ${line}`))}\n */\n`
}
