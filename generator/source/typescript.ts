/** TypeScript's compiler, as ts-morph brings it: its parser and its tree. ts-morph's own wrappers are quadratic in a loop. */
export { ts } from 'ts-morph'
