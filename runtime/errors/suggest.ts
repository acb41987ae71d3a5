import { printValue } from './print-value.js'

/** How many names are looked at. They come from outside too: their number and length may not stall whoever answers. */
export const MAX_CANDIDATES = 1_000
const MAX_LENGTH = 100

/**
 * The candidate that is nearest to a mistyped name, if one is near: at most a third of its letters differ, or one of a
 * shorter name's. Case does not count. Only the first 1,000 candidates are looked at, and no name over 100 letters.
 */
export function suggest(name: string, candidates: readonly string[]): string | undefined {
  if (name.length > MAX_LENGTH) return undefined
  let best: string | undefined
  // A name of one letter has nothing in common with what differs from it in one.
  let bestDistance = Math.min(Math.max(1, Math.floor(name.length / 3)) + 1, name.length)
  for (const candidate of candidates.slice(0, MAX_CANDIDATES)) {
    if (Math.abs(candidate.length - name.length) >= bestDistance) continue
    const distance = countEdits(name.toLowerCase(), candidate.toLowerCase())
    if (distance < bestDistance) {
      best = candidate
      bestDistance = distance
    }
  }
  return best
}

/**
 * What to do about a name that is unknown: the known one that it may have been meant for, else all of them, or `otherwise`,
 * which is what to say where no name is near.
 */
export function hintAt(name: string, known: readonly string[], otherwise = `expected ${known.join(', ')}`): string {
  const near = suggest(name, known)
  return near === undefined ? otherwise : `did you mean ${printValue(near)}?`
}

/** How many letters to insert, delete, replace or swap with their neighbour (the restricted Damerau-Levenshtein distance). */
function countEdits(from: string, to: string): number {
  let beforePrevious: number[] = []
  let previous = Array.from({ length: to.length + 1 }, (_, index) => index)
  for (let row = 1; row <= from.length; row++) {
    const current = [row]
    for (let column = 1; column <= to.length; column++) {
      const isSame = from[row - 1] === to[column - 1]
      let edits = Math.min(
        at(previous, column) + 1,
        at(current, column - 1) + 1,
        at(previous, column - 1) + (isSame ? 0 : 1),
      )
      const isSwap = row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1]
      if (isSwap) edits = Math.min(edits, at(beforePrevious, column - 2) + 1)
      current.push(edits)
    }
    beforePrevious = previous
    previous = current
  }
  return at(previous, to.length)
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Number.POSITIVE_INFINITY
}
