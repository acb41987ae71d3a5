import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const readme = readFileSync(fileURLToPath(new URL('../../README.md', import.meta.url)), 'utf8')

/** The README's TypeScript, by the file name in the first line of each block. */
export const readmeFiles: ReadonlyMap<string, string> = new Map(
  [...readme.matchAll(/```ts\n\/\/ (\S+\.ts)\n([\s\S]*?)```/g)].map(([, name = '', code = '']) => [name, code]),
)

/** What the README says is printed for a mistake, by the comment above the block. */
export const readmeMistakes: ReadonlyMap<string, string> = new Map(
  [...readme.matchAll(/<!-- mistake: (.+) -->\n```\n([\s\S]*?)```/g)].map(([, name = '', text = '']) => [
    name,
    text.trim(),
  ]),
)

/** The README's first commands of a shell: what is installed, then what builds and runs. */
export const [readmeInstall = '', readmeRun = ''] = [
  ...readme.matchAll(/```sh\n(npm i netgen|npx netgen build)([\s\S]*?)```/g),
].map(([, start = '', rest = '']) => start + rest)

/** The README's command lines that put a program into one file, each as one line. */
export const readmeBundling: readonly string[] = [...readme.matchAll(/```sh\n(npx esbuild [\s\S]*?)```/g)].flatMap(
  ([, block = '']) => block.replaceAll('\\\n', ' ').trim().split('\n'),
)

/** The README's lines of curl, each with the file that serves it and what it says that is printed. */
export const readmeCurls: readonly (readonly [server: string, command: string, printed: string])[] = [
  ...readme.matchAll(/<!-- curl ([\w-]+\.ts) -->\n```sh\n([\s\S]*?)```/g),
].flatMap(([, server = '', block = '']) =>
  block
    .trim()
    .split('\n\n')
    .map((part) => {
      const [command = '', ...printed] = part.split('\n# ')
      return [server, command, printed.join('\n')] as const
    }),
)

/** A file of the README. Throws where it has none of this name. */
export function readReadmeFile(name: string): string {
  const code = readmeFiles.get(name)
  if (code === undefined) throw new Error(`README.md has no block that begins with // ${name}`)
  return code
}

/** What the README says that something prints, by the comment above the block. Throws where it says nothing. */
export function readReadmeOutput(name: string): string {
  const [, text] = new RegExp(`<!-- printed: ${name} -->\\n\`\`\`\\n([\\s\\S]*?)\`\`\``).exec(readme) ?? []
  if (text === undefined) throw new Error(`README.md has no block below <!-- printed: ${name} -->`)
  return text.trimEnd()
}
