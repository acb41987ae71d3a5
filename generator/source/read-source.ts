import { readFileSync } from 'node:fs'

/** Reads the text of a source file; a file that is gone counts as empty. */
export function readSource(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    // It was there when it was bundled: an editor is just replacing it.
    return ''
  }
}
