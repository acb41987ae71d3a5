/** A pattern of which each part that is repeated a limited number of times may be repeated without a limit. */
export interface WidenedPattern {
  readonly pattern: string
  /** What was widened: outer parts before those within them. */
  readonly counted: readonly CountedPart[]
}

/** A quantifier with what it repeats. */
export interface CountedPart {
  /** As it is in the pattern. */
  readonly source: string
  /** As it is in the widened pattern. */
  readonly widened: string
  /** How often it is repeated at most, for all the times that what is around it is; infinitely where there is no limit. */
  readonly most: number
  /** Whether it repeats a group, so that what it matches may be shared among its repetitions in many ways. */
  readonly isGroup: boolean
}

/** A class or character that is repeated at most as often takes few steps, and few states. */
const SMALL_COUNT = 3

/** Exactly as many of a class or character can be shared in one way alone: they stay as they are while an automaton can have them. */
const SMALL_LENGTH = 64

const ATOM =
  /\\(?:u\{[^}]*\}|[pP]\{[^}]*\}|k<[^>]*>|u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|c[A-Za-z]|[1-9][0-9]*|.)|\[(?:\\.|[^\]\\])*\]|\((?:\?(?:<?[=!]|<[^>]*>|[a-z-]*:))?|./suy
const QUANTIFIER = /(?:[*+?]|\{(?<min>\d+)(?<range>,(?<max>\d*))?\})\??/uy

/**
 * Widens a regular expression with the u flag: `{2,9}` becomes `+` and `{0,9}` becomes `*`. What can be empty is written as a choice
 * between itself and itself, since what is counted may be empty any number of times, while what is not counted may not.
 *
 * Each way in which the pattern can try a text is a way in which the widened one can try it. So where that takes time in proportion
 * to the text's length, the pattern does too.
 *
 * @param pattern One that JavaScript accepts.
 */
export function widenCounts(pattern: string): WidenedPattern {
  const counted: CountedPart[] = []
  let at = 0
  const readGroup = (): string => {
    let widened = ''
    while (at < pattern.length && pattern[at] !== ')') widened += readPart()
    return widened
  }
  const readPart = (): string => {
    const start = at
    const place = counted.length
    let atom = read(ATOM, pattern, at)?.[0] ?? ''
    at += atom.length
    const isGroup = atom.startsWith('(')
    if (isGroup) {
      atom += `${readGroup()})`
      at++
    }
    const quantifier = read(QUANTIFIER, pattern, at)
    if (quantifier === undefined) return atom
    const body = pattern.slice(start, at)
    at += quantifier[0].length
    const times = countTimes(quantifier)
    if (!isWorthWidening(times, isGroup)) return `${atom}${quantifier[0]}`
    const source = `${body}${quantifier[0]}`
    const repeated = isGroup && times.least > 1 && canBeEmpty(body) ? `(?:${atom}|${nameless(body)})` : atom
    const widened = `${repeated}${times.least === 0 ? '*' : '+'}${source.endsWith('}?') ? '?' : ''}`
    const inner = counted.splice(place).map((part) => ({ ...part, most: part.most * times.most }))
    counted.push({ source, widened, most: times.most, isGroup }, ...inner)
    return widened
  }
  return { pattern: readGroup(), counted }
}

/** How often something is repeated. */
interface Times {
  readonly least: number
  readonly most: number
}

/** `?`, `*` and `+` have nothing to widen. */
function isWorthWidening({ least, most }: Times, isGroup: boolean): boolean {
  if (isGroup) return most === Number.POSITIVE_INFINITY ? least > 1 : most > 1
  if (most === Number.POSITIVE_INFINITY) return least > SMALL_COUNT
  return most > (least === most ? SMALL_LENGTH : SMALL_COUNT)
}

function read(what: RegExp, pattern: string, at: number): RegExpExecArray | undefined {
  what.lastIndex = at
  return what.exec(pattern) ?? undefined
}

function countTimes(quantifier: RegExpExecArray): Times {
  const { min, range, max } = quantifier.groups ?? {}
  if (min === undefined) {
    const most = quantifier[0].startsWith('?') ? 1 : Number.POSITIVE_INFINITY
    return { least: quantifier[0].startsWith('+') ? 1 : 0, most }
  }
  if (range === undefined) return { least: Number(min), most: Number(min) }
  return { least: Number(min), most: max === '' || max === undefined ? Number.POSITIVE_INFINITY : Number(max) }
}

/** A part that cannot stand alone, since it refers to a group outside it, is taken for one that can be empty. */
function canBeEmpty(part: string): boolean {
  try {
    return new RegExp(`^(?:${part})$`, 'u').test('')
  } catch {
    return true
  }
}

/** Two groups cannot have the same name. */
function nameless(part: string): string {
  return part.replaceAll(/\(\?<(?![=!])[^>]*>/gu, '(')
}
