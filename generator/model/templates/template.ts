import { createKeywordType, type TypeNode } from '../type-node.js'

/** A part of a template: fixed text, a word of the language such as `number`, or one of several templates. */
export type TemplatePart =
  | { readonly is: 'text'; readonly text: string }
  | { readonly is: 'slot'; readonly keyword: 'string' | 'number' | 'bigint'; readonly pattern: string }
  | { readonly is: 'choice'; readonly arms: readonly Template[] }

/** The parts of a template literal type, in order. No two texts stand side by side. */
export type Template = readonly TemplatePart[]

/** Makes the TypeScript type of a template. */
export function typeTemplate(template: Template): TypeNode {
  const [first, ...others] = template
  if (first === undefined) return { kind: 'literal', value: '' }
  if (others.length === 0 && first.is === 'text') return { kind: 'literal', value: first.text }
  if (others.length === 0 && first.is === 'slot' && first.keyword === 'string') return createKeywordType('string')
  return { kind: 'template', parts: template.map((part) => (part.is === 'text' ? part.text : typeSlot(part))) }
}

/**
 * Writes the regular expression, for the u flag and without anchors, of the texts that a template's type allows. Unlike
 * TypeBox's own it takes a dot of the template for a dot, and a line break for a part of any text.
 */
export function writeTemplatePattern(template: Template): string {
  return template.map(writePart).join('')
}

/** The type of what stands between the fixed texts, where `number` means the text of one. */
function typeSlot(part: Exclude<TemplatePart, { readonly is: 'text' }>): TypeNode {
  if (part.is === 'slot') return createKeywordType(part.keyword)
  const arms = part.arms.map((arm) => {
    const [first, ...others] = arm
    return first === undefined || first.is === 'text' || others.length > 0 ? typeTemplate(arm) : typeSlot(first)
  })
  const [only] = arms
  if (arms.length === 1 && only) return only
  return isBoolean(arms) ? createKeywordType('boolean') : { kind: 'union', arms }
}

function writePart(part: TemplatePart): string {
  switch (part.is) {
    case 'text':
      return part.text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')
    case 'slot':
      return part.pattern
    case 'choice':
      return `(?:${part.arms.map(writeTemplatePattern).join('|')})`
  }
}

/** Both generations of TypeBox write `${boolean}` as the choice of its two words. */
function isBoolean(arms: readonly TypeNode[]): boolean {
  const words = arms.map((arm) => (arm.kind === 'literal' ? arm.value : undefined))
  return words.length === 2 && words.includes('true') && words.includes('false')
}
