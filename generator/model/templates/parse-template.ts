import type { Template, TemplatePart } from './template.js'

const ANY_TEXT = '[\\s\\S]*'
const INTEGER = '-?(?:0|[1-9][0-9]*)'
const NUMBER = `${INTEGER}(?:\\.[0-9]+)?`
const NATURAL = '(?:0|[1-9][0-9]*)'

type Slot = Extract<TemplatePart, { readonly is: 'slot' }>

/** What the two generations of TypeBox write into the pattern of a template, and how they read it. */
interface Notation {
  /** Tried in this order. */
  readonly slots: readonly (readonly [written: string, slot: Slot])[]
  /** Whether a backslash keeps the next character from meaning anything. */
  readonly escapes: boolean
  /** Characters that fixed text never holds as they are. */
  readonly special: RegExp
  /** Whether an arm of a choice may have no part, or several. */
  readonly hasAnyArms: boolean
}

/** That of 1.x. It escapes nothing, and takes each part of an arm for an arm of its own. */
const PLAIN_NOTATION: Notation = {
  slots: [
    // TypeBox wants an n at the end, which the type does not have.
    [`${INTEGER}n`, createSlot('bigint', INTEGER)],
    ['.*', createSlot('string', ANY_TEXT)],
    [NUMBER, createSlot('number', NUMBER)],
    [INTEGER, createSlot('number', INTEGER)],
  ],
  escapes: false,
  special: /[$]/,
  hasAnyArms: false,
}

/** That of 0.34. It writes the same for numbers, integers and bigints. */
const ESCAPED_NOTATION: Notation = {
  slots: [
    ['(.*)', createSlot('string', ANY_TEXT)],
    ['(0|[1-9][0-9]*)', createSlot('number', NATURAL)],
  ],
  escapes: true,
  special: /[.*+?^${}[\]]/,
  hasAnyArms: true,
}

/**
 * Reads a template back from the pattern that TypeBox wrote for it: nothing else of it is left in the schema.
 *
 * Answers undefined where that cannot be done, or TypeBox's own type reads it otherwise than its check does. In 1.x, that is
 * where fixed text holds one of `( ) | $`, where a choice holds empty texts or templates of several parts, and where a part is
 * null or undefined.
 *
 * @param isEscaped Whether fixed text is escaped in it, as 0.34 does and 1.x does not.
 */
export function parseTemplate(pattern: string, isEscaped: boolean): Template | undefined {
  const notation = isEscaped ? ESCAPED_NOTATION : PLAIN_NOTATION
  if (!pattern.startsWith('^') || !pattern.endsWith('$')) return undefined
  const text = pattern.slice(1, -1)
  const read = readSequence(text, 0, notation)
  return read?.end === text.length ? read.template : undefined
}

interface Sequence {
  readonly template: Template
  readonly end: number
}

/** Reads parts up to the end of the text, or up to a `|` or `)` that is not theirs. */
function readSequence(text: string, start: number, notation: Notation): Sequence | undefined {
  const parts: TemplatePart[] = []
  let fixed = ''
  let at = start
  const endText = (): void => {
    if (fixed !== '') parts.push({ is: 'text', text: fixed })
    fixed = ''
  }
  while (at < text.length && text[at] !== '|' && text[at] !== ')') {
    const slot = notation.slots.find(([written]) => text.startsWith(written, at))
    if (slot !== undefined) {
      endText()
      parts.push(slot[1])
      at += slot[0].length
    } else if (text[at] === '(') {
      // What 1.x writes for a part that no text can be.
      if (text.startsWith('(?!)', at)) return undefined
      endText()
      const choice = readChoice(text, at + 1, notation)
      if (choice === undefined) return undefined
      parts.push(choice.part)
      at = choice.end
    } else {
      const isEscaped = notation.escapes && text[at] === '\\'
      const character = text[isEscaped ? at + 1 : at] ?? ''
      if (!isEscaped && notation.special.test(character)) return undefined
      fixed += character
      at += isEscaped ? 2 : 1
    }
  }
  endText()
  return { template: parts, end: at }
}

/** Reads the arms of a choice and its closing parenthesis. */
function readChoice(text: string, start: number, notation: Notation): { part: TemplatePart; end: number } | undefined {
  const arms: Template[] = []
  let at = start
  while (true) {
    const arm = readSequence(text, at, notation)
    if (arm === undefined || (!notation.hasAnyArms && arm.template.length !== 1)) return undefined
    arms.push(arm.template)
    at = arm.end + 1
    if (text[arm.end] === ')') return { part: { is: 'choice', arms }, end: at }
    if (text[arm.end] !== '|') return undefined
  }
}

function createSlot(keyword: Slot['keyword'], pattern: string): Slot {
  return { is: 'slot', keyword, pattern }
}
