import { isIdentifier } from '../model/names/identifier.js'
import { escapeComment, escapeGenerated, escapeString, escapeTemplate } from './escape.js'
import type { ModuleSymbol, SourcePart, Subject } from './module-symbol.js'

/** What a template of source text can hold. Strings and other plain values become literals. */
export type SourceValue = SourceText | readonly SourceText[] | string | number | boolean | null

/**
 * TypeScript source text.
 *
 * Nobody but this file can make one, and here every text from outside is either written as a literal, checked to be a name,
 * or escaped for a comment. So what a schema says can never become code.
 */
export class SourceText {
  /** Code, symbols whose names are not known yet, and markers. No two strings stand side by side. */
  readonly parts: readonly SourcePart[]

  private constructor(parts: readonly SourcePart[]) {
    this.parts = parts
  }

  /** How many columns it takes, if it is on one line and no symbol has to be renamed. */
  get columns(): number {
    let columns = 0
    for (const part of this.parts) columns += measurePart(part)
    return columns
  }

  /** Whether it is on one line. */
  get isOneLine(): boolean {
    return this.parts.every((part) => typeof part !== 'string' || !part.includes('\n'))
  }

  /**
   * Fills a template. A value of several lines is indented as the line that it begins in.
   *
   * A text is copied once for each level that it is nested in. That its strings are joined and no line is kept makes the main
   * file of a thousand connections twice as quick.
   */
  static fill(strings: readonly string[], values: readonly SourceValue[]): SourceText {
    const parts: SourcePart[] = []
    let text = ''
    const append = (part: SourcePart): void => {
      if (typeof part === 'string') {
        text += part
        return
      }
      if (text !== '') parts.push(text)
      parts.push(part)
      text = ''
    }
    const appendAll = (added: readonly SourcePart[], outer: string): void => {
      for (const part of added) {
        append(typeof part === 'string' && outer !== '' ? part.replaceAll('\n', `\n${outer}`) : part)
      }
    }
    // Not by `entries()` and lists of parts: each template of a large module would make several objects for nothing.
    for (let index = 0; index < strings.length; index++) {
      append(strings[index] as string)
      const value = values[index]
      const outer = value === undefined ? '' : readIndentation(parts, text)
      if (value instanceof SourceText) appendAll(value.parts, outer)
      else if (Array.isArray(value)) for (const { parts: inner } of value as SourceText[]) appendAll(inner, outer)
      else if (value !== undefined) append(typeof value === 'string' ? escapeString(value) : String(value))
    }
    if (text !== '') parts.push(text)
    return new SourceText(parts)
  }

  /** A name, as it is. Throws for anything that is no identifier. */
  static name(name: string): SourceText {
    if (!isIdentifier(name)) throw new TypeError(`${JSON.stringify(name)} is no identifier`)
    return new SourceText([name])
  }

  /** The name of a property or method, in quotes where it needs them. */
  static key(name: string): SourceText {
    // Without quotes, a method of this name is a construct signature.
    return new SourceText([isIdentifier(name) && name !== 'new' ? name : escapeString(name)])
  }

  /** A template literal, of fixed texts and of what is put in between them. */
  static template(parts: readonly (string | SourceText)[]): SourceText {
    const inside = parts.flatMap((part) => (typeof part === 'string' ? [escapeTemplate(part)] : ['${', part, '}']))
    const texts = inside.map((part) => (typeof part === 'string' ? new SourceText([part]) : part))
    return source`\`${texts}\``
  }

  /** The inside of a block comment. */
  static comment(text: string): SourceText {
    return new SourceText([escapeComment(text)])
  }

  /** Something that the module has to import, or takes from the global scope. */
  static symbol(symbol: ModuleSymbol): SourceText {
    return new SourceText([symbol])
  }

  /** What only TypeScript has, such as a type annotation: left out where the module is printed as JavaScript. */
  static typesOnly(text: SourceText): SourceText {
    return new SourceText([{ kind: 'types', at: 'start' }, ...text.parts, { kind: 'types', at: 'end' }])
  }

  /** The name of something that the schema declares: source maps lead from it to its place there. */
  static nameOf(subject: Subject, name: SourceText): SourceText {
    return new SourceText([
      { kind: 'subject', at: 'start', subject },
      ...name.parts,
      { kind: 'subject', at: 'end', subject },
    ])
  }

  /** Code that another code generator made, which has escaped what it took from outside. */
  static trustGenerated(code: string): SourceText {
    return new SourceText([escapeGenerated(code)])
  }
}

/** The white space that the line begins with at whose end the text stands. */
function readIndentation(parts: readonly SourcePart[], text: string): string {
  let part: SourcePart | undefined = text
  let index = parts.length
  while (index > 0 && !(typeof part === 'string' && part.includes('\n'))) part = parts[--index]
  if (typeof part !== 'string') return ''
  const line = part.slice(part.lastIndexOf('\n') + 1)
  return line.slice(0, line.length - line.trimStart().length)
}

function measurePart(part: SourcePart): number {
  if (typeof part === 'string') return part.length
  return 'name' in part ? part.name.length : 0
}

/** Makes source text from a template. Text that is interpolated becomes a string literal, unless it is source text itself. */
export function source(strings: TemplateStringsArray, ...values: readonly SourceValue[]): SourceText {
  return SourceText.fill(strings, values)
}

/** Joins texts, with another between each two. */
export function joinSource(texts: readonly SourceText[], separator: SourceText): SourceText {
  return source`${texts.flatMap((text, index) => (index === 0 ? [text] : [separator, text]))}`
}
