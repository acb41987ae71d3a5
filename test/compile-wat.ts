// Compiles the WebAssembly text of the runtime into the module that the runtime imports: as text, since bundlers take no other file along.
import { readFileSync, writeFileSync } from 'node:fs'
import createWabt from 'wabt'

const FOLDER = new URL('../runtime/wire/', import.meta.url)
const NAME = 'level-scanner'

const wabt = await createWabt()
const source = wabt.parseWat(`${NAME}.wat`, readFileSync(new URL(`${NAME}.wat`, FOLDER), 'utf8'))
const bytes = Buffer.from(source.toBinary({}).buffer)
const lines = bytes.toString('base64').match(/.{1,100}/g) ?? []
const text = lines.map((line) => `  '${line}'`).join(' +\n')
writeFileSync(
  new URL(`${NAME}-bytes.ts`, FOLDER),
  `/** \`${NAME}.wat\`, compiled by \`npm run generate\`, in Base64. */\nexport const LEVEL_SCANNER: string =\n${text}\n`,
)
