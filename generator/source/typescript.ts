import { createRequire } from 'node:module'
import type { ts as Compiler } from 'ts-morph'

/** The types of the compiler's tree. */
export type { ts as Syntax } from 'ts-morph'

// An import would have all of it searched for exports first, which takes half of the time again.
const tsMorph: { readonly ts: typeof Compiler } = createRequire(import.meta.url)('ts-morph')

/**
 * TypeScript's compiler, as ts-morph brings it: its parser and its tree. ts-morph's own wrappers are quadratic in a loop.
 *
 * It takes 200 ms to load, so that whoever reads source loads this while something else runs.
 */
export const ts: typeof Compiler = tsMorph.ts
