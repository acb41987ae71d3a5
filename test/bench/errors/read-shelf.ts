import { readFile } from 'node:fs/promises'

/** What every server does to answer: it fails, since there is no such file. */
export async function readShelf(item: string): Promise<number> {
  try {
    return Number(await readFile(`shelves/${item}.txt`, 'utf8'))
  } catch (cause) {
    throw new TypeError(`there is no shelf for ${item}`, { cause })
  }
}
