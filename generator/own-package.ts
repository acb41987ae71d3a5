import { existsSync, readFileSync } from 'node:fs'

/** What netgen knows of its own package.json. */
export interface OwnPackage {
  readonly version: string
  readonly devDependencies: Readonly<Record<string, string>>
}

/** Reads netgen's own package.json: the nearest one above this file, in the sources as in `dist`. */
export function readOwnPackage(): OwnPackage {
  let url = new URL('package.json', import.meta.url)
  while (!existsSync(url)) {
    const above = new URL('../package.json', url)
    if (above.href === url.href) throw new Error('package.json of netgen is missing: install netgen again')
    url = above
  }
  return JSON.parse(readFileSync(url, 'utf8')) as OwnPackage
}
