import { writeItem } from '../message.js'

/** What a line has around its item: kind, id and brackets. */
export const MAX_LINE_EXTRA_BYTES = 32

/** Sends one item. Answers the bytes of its line, which is what its credit is measured in. */
export function sendItem(id: number, item: string, write: (line: string) => void): number {
  const line = writeItem(id, item)
  write(line)
  // All that is around the item is ASCII.
  return Buffer.byteLength(item) + line.length - item.length
}
